"""The home plan's facts laid out as other places lay out theirs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plans.parsing import ParsedPlan, ParsedTask
from plans.parsing.lexicon.traditional import TRADITIONAL

Layout = Callable[[ParsedTask], str]


@dataclass(frozen=True)
class Numbering:
    """How the numbers of chapters, measures and sub-items are written."""

    chapter: Callable[[int], str]
    measure: Callable[[int], str]
    item: Callable[[int], str]
    head: str = ""


def laid_out(plan: ParsedPlan, layout: Layout) -> str:
    """Return a plan with the same parts, measures, names and days in another layout."""
    return "\n".join(_lines(plan, layout)) + "\n"


def _lines(plan: ParsedPlan, layout: Layout) -> Iterator[str]:
    yield "利通区法治政府建设实施方案（2016—2020年）"
    yield "一、主要任务"
    part, measure = None, None
    for task in plan.tasks:
        if task.part_ordinal != part:
            part = task.part_ordinal
            found = next(p for p in plan.parts if p.ordinal == part)
            yield f"{found.number}{found.title}" if "(" in found.number else f"二、{found.title}"
        if task.sub and task.measure != measure:
            yield f"{task.measure}.{task.measure_title}。"
        measure = task.measure
        number = f"（{task.sub}）" if task.sub else f"{task.measure}."
        yield f"{number}{task.title}。{layout(task)}"


def numbered(plan: ParsedPlan, numbering: Numbering, layout: Layout) -> str:
    """Return the assigned measures under other numbers, parts as chapters."""
    lines = ["利通区法治政府建设实施方案（2016—2020年）", *filter(None, [numbering.head])]
    chapter, part, measure = 0, None, None
    for task in plan.tasks:
        if not task.responsibility:
            continue
        if task.part_ordinal != part:
            part, chapter = task.part_ordinal, chapter + 1
            title = next(p.title for p in plan.parts if p.ordinal == part)
            lines.append(f"{numbering.chapter(chapter)}{title}")
        if task.sub and task.measure != measure:
            lines.append(f"{numbering.measure(int(task.measure))}{task.measure_title}。")
        measure = task.measure
        number = numbering.measure(int(task.measure))
        if task.sub:
            number = numbering.item(int(task.sub))
        lines.append(f"{number}{task.title}。{layout(task)}")
    return "\n".join(lines) + "\n"


def chinese(number: int) -> str:
    """Return a number below 100 as it is written in headings: 二十三."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return lead + (DIGITS[ones] if ones or not tens else "")


DIGITS = "零一二三四五六七八九"
NUMBERINGS = {
    "chapters and articles": Numbering(
        lambda n: f"第{chinese(n)}章　",
        lambda n: f"第{chinese(n)}条　",
        lambda n: f"（{chinese(n)}）",
    ),
    "brackets that run on": Numbering(
        lambda n: f"{chinese(n)}、", lambda n: f"（{chinese(n)}）", lambda n: f"{n}．"
    ),
    "named tasks": Numbering(
        lambda n: f"{chinese(n)}、", lambda n: f"任务{chinese(n)}：", lambda n: f"{n}）"
    ),
    "circles below numbers": Numbering(
        lambda n: f"（{chinese(n)}）", lambda n: f"{n}、", lambda n: chr(0x245F + n), "二、任务"
    ),
    "sections without chapters": Numbering(
        lambda n: f"第{chinese(n)}节 ", lambda n: f"{n}.", lambda n: f"（{n}）"
    ),
}


def labelled_bracket(task: ParsedTask) -> str:
    """…（牵头单位：A；配合单位：B；完成时限：2016年12月底前）。"""
    return f"做好有关工作（{'；'.join(_labels(task, '、'))}）。" if task.responsibility else ""


def label_lines(task: ParsedTask) -> str:
    """Lines 牵头单位：A, 配合单位：B and 完成时限：… under the measure."""
    return "做好有关工作。\n" + "\n".join(_labels(task, "、")) if task.responsibility else ""


def spaced_label_lines(task: ParsedTask) -> str:
    """The same with blanks between the names."""
    return "做好有关工作。\n" + "\n".join(_labels(task, "  ")) if task.responsibility else ""


def closing_sentence(task: ParsedTask) -> str:
    """…由A牵头，B配合。"""
    if not task.responsibility:
        return ""
    lead = "、".join(name.text for name in task.lead)
    support = "、".join(name.text for name in task.support)
    days = "".join(f"{found.text}完成有关工作。" for found in task.deadlines)
    return f"{days}由{lead}牵头，{support}配合。"


def state_council_bracket(task: ParsedTask) -> str:
    """…（A牵头，B按职责分工负责）, with the days in the text."""
    if not task.responsibility:
        return ""
    lead = "、".join(name.text for name in task.lead)
    support = "、".join(name.text for name in task.support)
    days = "".join(f"{found.text}，完成有关工作。" for found in task.deadlines)
    return f"{days}（{lead}牵头，{support}按职责分工负责）"


def dated_bracket(task: ParsedTask) -> str:
    """…【A牵头，B配合，2016年12月底前完成】."""
    if not task.responsibility:
        return ""
    lead = "、".join(name.text for name in task.lead)
    support = "、".join(name.text for name in task.support)
    days = "".join(f"；{found.text}完成" for found in task.deadlines)
    return f"做好有关工作。【{lead}牵头；{support}配合{days}】"


def boxed_labels(task: ParsedTask) -> str:
    """Lines 【牵头单位】A, 【配合单位】B and 【完成时限】… under the measure."""
    if not task.responsibility:
        return ""
    boxed = (line.replace("：", "】", 1) for line in _labels(task, "、"))
    return "做好有关工作。\n" + "\n".join(f"【{line}" for line in boxed)


def labels_without_colon(task: ParsedTask) -> str:
    """A line 牵头单位, then a line with the names, and so on."""
    if not task.responsibility:
        return ""
    return "做好有关工作。\n" + "\n".join(_labels(task, "、")).replace("：", "\n")


def in_one_paragraph(plan: ParsedPlan) -> str:
    """Return the plan with the sub-items of every measure in its paragraph."""
    return laid_out(plan, state_council_bracket).replace("\n（", "（")


COLUMNS = ("序号", "工作任务", "完成时限", "牵头单位", "责任单位")


def tabled(plan: ParsedPlan, comma: str, end: str = "\n") -> str:
    """Return the assigned tasks in a table; cells are parted by `comma`, rows closed by `end`."""
    lines = ["利通区法治政府建设任务分工表（2016—2020年）"]
    edge = comma.strip() if comma.strip() else ""
    lines.append(edge + comma.join(COLUMNS) + edge)
    assigned = (task for task in plan.tasks if task.responsibility)
    for number, task in enumerate(assigned, start=1):
        cells = (
            str(number),
            task.title,
            "，".join(found.text for found in task.deadlines) or "长期坚持",
            "、".join(name.text for name in task.lead),
            "、".join(name.text for name in task.support),
        )
        lines.append(edge + comma.join(cells) + edge)
    return end.join(lines) + "\n"


def in_chinese_numerals(text: str) -> str:
    """Return a text with days and shares in Chinese numerals: 二〇一六年十二月, 百分之八十."""
    text = re.sub(r"(?<![\d.])([1-9]\d?)%", lambda share: f"百分之{chinese(int(share[1]))}", text)
    text = text.replace("100%", "百分之百")
    text = re.sub(r"20\d\d(?=年)", lambda year: year.group().translate(CHINESE), text)
    return re.sub(r"(?<=年)(\d{1,2})(?=月)", lambda month: MONTHS[int(month.group())], text)


CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
MONTHS = ("", *"一二三四五六七八九十", "十一", "十二")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def in_traditional_characters(text: str) -> str:
    """Return a text in traditional characters, one for one."""
    return text.translate({ord(new): chr(old) for old, new in reversed(TRADITIONAL.items())})


def _labels(task: ParsedTask, comma: str) -> Iterator[str]:
    yield "牵头单位：" + comma.join(name.text for name in task.lead)
    label = "责任单位：" if any(n.role == "share" for n in task.support) else "配合单位："
    yield label + comma.join(name.text for name in task.support)
    if task.deadlines:
        yield "完成时限：" + "，".join(found.text for found in task.deadlines)


def wrapped(text: str, *, width: int, lines_on_a_page: int) -> str:
    """Return a text in lines of one width with page numbers, as a converted PDF has it."""
    lines: list[str] = []
    for paragraph in filter(None, (line.strip() for line in text.split("\n"))):
        rest = "\u3000\u3000" + paragraph
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
            if len(lines) % lines_on_a_page == 0:
                lines.append(f"- {len(lines) // lines_on_a_page} -")
    return "\n".join(lines) + "\n"

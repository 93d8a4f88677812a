"""The home plan's facts laid out as other places lay out theirs."""

from collections.abc import Callable, Iterator

from plans.parsing import ParsedPlan, ParsedTask

Layout = Callable[[ParsedTask], str]


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

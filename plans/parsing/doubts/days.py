"""Doubts about when it has to be done."""

from collections.abc import Iterator
from datetime import date

from plans.parsing.dates import STARTED, TOLD
from plans.parsing.doubts.reading import Reading, of_task
from plans.parsing.lexicon.doubts import CONDITION, OWES_REPORT, VERBLESS, YEARS_OF_DUTY
from plans.parsing.plan import ParsedDoubt, Severity

LONGEST_YEARS = 30
UNSURE_DAYS = {STARTED: "只写明何时启动，没有写明何时完成", TOLD: "可能说的是已有进展"}
Ask = tuple[str, Severity, str, str | None]


def deadlines(reading: Reading) -> Iterator[ParsedDoubt]:
    """Days that cannot be, lie before the notice, or are not written in full."""
    dated = reading.front.dated_on
    for read in reading.tasks:
        for found, parsed in zip(read.deadlines, read.task.deadlines, strict=True):
            when = f"时限“{parsed.text}”"
            ask = [*_about_year(found.year_from), *_about_day(parsed.due, dated)]
            elsewhere = not read.task.span.start <= parsed.span.start < read.task.span.end
            repeats = read.leaf.item.repeats
            if elsewhere and not (repeats and read.leaf.item.is_repeat_sure):
                ask.append(("inherited", "check", "取自上级条款或上一行的共同时限", None))
            if found.is_impossible:
                ask.append(("no_year", "error", "不是有效的日期", None))
            if found.is_vague:
                meant = f"按{parsed.due:%Y年%m月%d日}理解" if parsed.due else None
                two = found.precision == "year" and parsed.text.endswith("前")
                vague = "可指年初以前，也可指年底以前" if two else "没有写明具体日期"
                ask.append(("vague_date", "check", vague, meant))
            if found.unsure:
                ask.append(("unsure_day", "check", UNSURE_DAYS[found.unsure], "请确认是否作为时限"))
            stretch = read.leaf.item.view.text[found.what_start : found.what_end]
            if condition := CONDITION.match(stretch):
                limits = f"只约束“{condition.group()[:12]}”"
                ask.append(("limited_deadline", "check", limits, None))
            if VERBLESS.match(stretch):
                ask.append(("missing_verb", "check", f"所限“{stretch[:24]}”缺动词", "疑漏“完成”"))
            for code, severity, message, suggestion in ask:
                yield of_task(read.task, code, severity, when + message, parsed.span, suggestion)


def recurrences(reading: Reading) -> Iterator[ParsedDoubt]:
    """Periods that have no name, that end with some year, or that nobody has set for a report."""
    for read in reading.tasks:
        for found in read.task.recurrences:
            start, end = found.span
            years = YEARS_OF_DUTY.search(
                reading.plain, max(read.task.span.start, start - LONGEST_YEARS), start
            )
            if found.rrule and found.freq == "unspecified":
                message = f"“{found.text}”没有对应的周期，请确认每次的时间"
                yield of_task(read.task, "unsure_period", "check", message, found.span)
            elif found.freq == "unspecified" and OWES_REPORT.match(reading.plain, end):
                message = f"“{found.text}”没有写明多久一次"
                yield of_task(
                    read.task, "unsure_period", "check", message, found.span, "请填写周期"
                )
            if years:
                message = f"“{found.text}”只在{years['years']}，请确认起止年份"
                yield of_task(read.task, "unsure_period", "check", message, found.span)


def _about_year(year_from: str | None) -> Iterator[Ask]:
    if year_from == "none":
        yield "no_year", "error", "没有写明年份", "请填写年份"
    elif year_from == "short":
        yield "year_from_context", "check", "只写了年份的后两位", "请确认"
    elif year_from is not None:
        source = "前文" if year_from == "before" else "标题、印发日期或起止时间"
        yield "year_from_context", "check", f"没有写明年份，取自{source}", "请确认"


def _about_day(due: date | None, dated: date | None) -> Iterator[Ask]:
    if due is not None and dated is not None and due < dated:
        yield "before_plan", "check", "早于本通知日期", "补报完成情况、另定时限或属笔误"

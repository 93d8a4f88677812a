"""What a person should look at: one function per question, each over the whole reading."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from plans.parsing.deadlines import STARTED, TOLD
from plans.parsing.lexicon.assigning import NOT_ALL
from plans.parsing.lexicon.doubts import CONDITION, EACH_UNIT, MAYBE_ASSIGNS, SHARE_NAME, VERBLESS
from plans.parsing.lexicon.targets import AIMED, WHOLE_COST
from plans.parsing.outline import Node
from plans.parsing.plan import ParsedDoubt, Severity
from plans.parsing.reading import Reading, of_task
from plans.parsing.sense import find_sense
from plans.parsing.spans import Span
from plans.parsing.table_doubts import columns, days_not_read, rows_alone, rows_that_differ


def find_doubts(reading: Reading) -> tuple[ParsedDoubt, ...]:
    """Return all doubts: errors first, then checks and notes, each in document order."""
    order = {"error": 0, "check": 1, "note": 2}
    found = [doubt for question in QUESTIONS for doubt in question(reading)]
    return tuple(sorted(found, key=lambda d: (order[d.severity], d.span.start)))


def draft(reading: Reading) -> Iterator[ParsedDoubt]:
    """A draft has neither number nor day of issue."""
    if reading.front.stage == "征求意见稿":
        span = reading.front.title_span or Span(0, 0)
        message = "本件是征求意见稿，没有文号和印发日期"
        yield ParsedDoubt("draft", "error", message, span, suggestion="可以先核对，印发后再交办")


def no_lead(reading: Reading) -> Iterator[ParsedDoubt]:
    """A task that names nobody, or helpers only."""
    for read in reading.tasks:
        task = read.task
        if all(name.kind == "person" for name in task.lead):
            suggestion = "作为共性任务由各单位落实，或者不交办并写明理由"
            missing = "没有写明牵头单位" if task.support else "没有写明责任单位"
            yield of_task(task, "no_lead", "error", missing, suggestion=suggestion)


def lead_from_text(reading: Reading) -> Iterator[ParsedDoubt]:
    """A lead that was read from running text."""
    for read in reading.tasks:
        if read.is_charged:
            span = Span(read.task.lead[0].span.start, read.task.lead[-1].span.end)
            yield of_task(read.task, "lead_from_text", "check", "责任单位取自正文", span, "请确认")


def several_leads(reading: Reading) -> Iterator[ParsedDoubt]:
    """Several organs marked as lead."""
    for read in reading.tasks:
        leads = [name for name in read.task.lead if name.kind != "person"]
        if len(leads) > 1:
            span = Span(leads[0].span.start, leads[-1].span.end)
            marked = all(name.role == "lead" for name in leads)
            message = f"有{len(leads)}个牵头单位" if marked else f"由{len(leads)}个单位共同负责"
            yield of_task(read.task, "several_leads", "check", message, span, "排名第一的填报")


def responsibilities(reading: Reading) -> Iterator[ParsedDoubt]:
    """Brackets that are open, hold stray marks, or only look like an assignment."""
    for read in reading.tasks:
        item = read.leaf.item
        for found in item.assignments:
            span = item.view.span(found.outer_start, found.outer_end)
            if not found.closed:
                yield of_task(
                    read.task, "unclosed_bracket", "error", "责任括号不完整", span, "请核对责任单位"
                )
            if found.stray:
                marks = found.stray
                stray = item.view.text[slice(*marks)]
                full = stray.replace(",", "，").replace(";", "；")
                yield of_task(
                    read.task,
                    "stray_mark",
                    "check",
                    f"括号内“{full}”，可能漏列单位",
                    item.view.span(*marks),
                )
            if found.unread:
                words = item.view.text[slice(*found.unread)]
                yield of_task(
                    read.task,
                    "maybe_responsibility",
                    "check",
                    f"责任分工中的“{words[:16]}”不像单位名称，未采用",
                    item.view.span(*found.unread),
                )
            if found.names and not found.sure:
                where = "句首" if found.is_running else "括号内"
                message = f"{where}只列单位，按责任单位识别"
                yield of_task(read.task, "maybe_responsibility", "check", message, span)
            if found.names and (left_out := NOT_ALL.search(item.view.text, found.start, found.end)):
                message = f"“{left_out[0]}”没有列全，请补充单位"
                span = item.view.span(*left_out.span())
                yield of_task(read.task, "maybe_responsibility", "check", message, span)
        names = (*read.task.lead, *read.task.support)
        name = next((n for n in names if n.inherited), None)
        if name is not None and not (item.repeats and item.is_repeat_sure):
            above = "表格的上一行" if item.node.row else "所在条款的共同括号"
            source = "附表中相近的一行" if item.repeats else above
            yield of_task(read.task, "inherited", "check", f"责任单位取自{source}", name.span)


def outside_tasks(reading: Reading) -> Iterator[ParsedDoubt]:
    """Words of assignment in items that were not taken for tasks."""
    tasks = {id(read.leaf.item.node) for read in reading.tasks}
    givers = {
        id(giver.node)
        for read in reading.tasks
        for giver in (*read.leaf.item.givers, *read.leaf.item.repeats)
    }
    for item in reading.measures.items.values():
        if id(item.node) in tasks or id(item.node) in givers or item.node.children:
            continue
        match = MAYBE_ASSIGNS.search(item.view.text)
        if match and reading.tasks:
            yield ParsedDoubt(
                "maybe_responsibility",
                "check",
                f"“{item.title[:24]}”未识别为任务，但提到“{match.group()}”",
                item.view.span(*match.span()),
            )


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


UNSURE_DAYS = {STARTED: "只写明何时启动，没有写明何时完成", TOLD: "可能说的是已有进展"}
Ask = tuple[str, Severity, str, str | None]


def _about_year(year_from: str | None) -> Iterator[Ask]:
    if year_from == "none":
        yield "no_year", "error", "没有写明年份", "请填写年份"
    elif year_from is not None:
        source = "前文" if year_from == "before" else "标题、印发日期或起止时间"
        yield "year_from_context", "check", f"没有写明年份，取自{source}", "请确认"


def _about_day(due: date | None, dated: date | None) -> Iterator[Ask]:
    if due is not None and dated is not None and due < dated:
        yield "before_plan", "check", "早于本通知日期", "补报完成情况、另定时限或属笔误"


def targets(reading: Reading) -> Iterator[ParsedDoubt]:
    """Targets without a figure, and sums that may be of what was reached."""
    for read in reading.tasks:
        for metric in read.task.metrics:
            words = metric.span.of(reading.plain)
            if metric.op == "qualitative":
                message = f"“{metric.name[-16:]}”没有写明数值，请填写目标值"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)
            elif WHOLE_COST.search(words):
                message = f"“{words[-16:]}”可能说的是项目规模，不是要完成的数"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)
            elif "累计" in words and not AIMED.search(words):
                message = f"“{words[-16:]}”是累计数，可能包括已完成的部分"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)


def percentages(reading: Reading) -> Iterator[ParsedDoubt]:
    """Shares of more than the whole."""
    for read in reading.tasks:
        for metric in read.task.metrics:
            if _is_over(metric.name, metric.value, metric.unit) and metric.change is None:
                yield of_task(
                    read.task, "over_100", "check", f"目标值{metric.value}%超过100%", metric.span
                )
    for part in reading.parts:
        for indicator in part.indicators:
            for metric in indicator.metrics:
                if _is_over(metric.name, metric.value, metric.unit) and metric.change is None:
                    yield ParsedDoubt(
                        "over_100",
                        "check",
                        f"{part.number}效果指标{indicator.number}的目标值{metric.value}%超过100%",
                        metric.span,
                        None,
                        part.number,
                        part.ordinal,
                    )


def _is_over(name: str, value: object, unit: str | None) -> bool:
    return (
        unit == "%"
        and value is not None
        and float(str(value)) > 100
        and bool(SHARE_NAME.search(name))
    )


def numbering(reading: Reading) -> Iterator[ParsedDoubt]:
    """Numbers that are skipped or said twice."""
    last: dict[str, int] = {}
    for node in reading.outline.root.walk():
        yield from _gaps(node, last)


def _gaps(node: Node, last: dict[str, int]) -> Iterator[ParsedDoubt]:
    previous: Node | None = None
    for child in node.children:
        assert child.mark is not None
        value, style = child.mark.value, child.style
        before = (
            previous.mark.value if previous and previous.mark and previous.style == style else None
        )
        expected = {1, last.get(style, 0) + 1} if before is None else {before + 1}
        if value not in expected:
            wanted = max(expected)
            yield ParsedDoubt(
                "number_gap",
                "check",
                f"序号{child.mark.bare}与前文不连续，应为{wanted}",
                child.mark.span,
            )
        last[style] = value
        previous = child


def name_variants(reading: Reading) -> Iterator[ParsedDoubt]:
    """One office written in several ways, an elided level apart."""
    places: dict[str, Span] = {}
    for read in reading.tasks:
        for name in (*read.task.lead, *read.task.support):
            places.setdefault(name.text, name.span)
    for canonical, texts in reading.register.variants().items():
        different = [text for text in texts if not _is_elided(text, canonical)]
        if len(different) > 1 and (span := next((places[t] for t in texts if t in places), None)):
            written = "、".join(texts)
            yield ParsedDoubt(
                "name_variants",
                "check",
                f"同一单位有{len(texts)}种写法：{written}",
                span,
                suggestion=f"合并为“{canonical}”",
            )


def _is_elided(text: str, name: str) -> bool:
    """Tell whether only the level (one to three characters) was left out in front."""
    return (
        text != name
        and name.endswith(text)
        and len(name) - len(text) in (1, 3)
        and (name[: len(name) - len(text)] in ("省", "市", "县", "区", "州", "旗", "自治区"))
    )


def each_unit(reading: Reading) -> Iterator[ParsedDoubt]:
    """Tasks whose words bind every unit of a kind."""
    for read in reading.tasks:
        item = read.leaf.item
        end = min((a.outer_start for a in item.assignments), default=len(item.view.text))
        groups = any(n.kind == "group" for n in (*read.task.lead, *read.task.support))
        match = EACH_UNIT.search(item.view.text, 0, end)
        if match and groups:
            yield of_task(
                read.task,
                "each_unit",
                "check",
                f"写明“{match.group()}”，按文意应由各单位分别落实",
                item.view.span(*match.span()),
                "列为共性任务",
            )


def sense(reading: Reading) -> Iterator[ParsedDoubt]:
    """Tasks whose words bind every unit of a kind, and what else their meaning makes doubtful."""
    bound = list(each_unit(reading))
    yield from bound
    tasks = tuple(read.task for read in reading.tasks)
    said_each = frozenset(doubt.task for doubt in bound if doubt.task)
    yield from find_sense(reading.source, tasks, said_each)


def repaired(reading: Reading) -> Iterator[ParsedDoubt]:
    """What was read over, one note for each kind of slip."""
    counted = Counter(repair.reason for repair in reading.repairs)
    for reason, count in counted.items():
        first = next(r for r in reading.repairs if r.reason == reason)
        message = f"{reason}{count}处，如“{first.before[:12]}”读作“{first.after[:12]}”"
        yield ParsedDoubt("repair", "note", message, first.span)


QUESTIONS: tuple[Callable[[Reading], Iterator[ParsedDoubt]], ...] = (
    draft,
    no_lead,
    lead_from_text,
    several_leads,
    responsibilities,
    rows_alone,
    rows_that_differ,
    days_not_read,
    outside_tasks,
    deadlines,
    columns,
    targets,
    percentages,
    numbering,
    name_variants,
    sense,
    repaired,
)

"""Doubts about who has to do it."""

from collections.abc import Iterator

from plans.parsing.clauses import Stretches
from plans.parsing.doubts.reading import Reading, of_task
from plans.parsing.lexicon.assigning import NOT_ALL, SAME_AS_ABOVE
from plans.parsing.lexicon.doubts import EACH_UNIT, RUNNING_LEAD
from plans.parsing.names import is_organ
from plans.parsing.plan import ParsedDoubt
from plans.parsing.spans import Span
from plans.parsing.tasks import ReadTask


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
        yield from _named_apart(read)
        names = (*read.task.lead, *read.task.support)
        name = next((n for n in names if n.inherited), None)
        if name is not None and not (item.repeats and item.is_repeat_sure):
            above = "表格的上一行" if item.node.row else "所在条款的共同括号"
            source = "附表中相近的一行" if item.repeats else above
            yield of_task(read.task, "inherited", "check", f"责任单位取自{source}", name.span)


def _named_apart(read: ReadTask) -> Iterator[ParsedDoubt]:
    """An organ that running text lets lead beside those that a bracket or label names."""
    item = read.leaf.item
    text = item.view.text
    same = SAME_AS_ABOVE.search(text) if item.assigns else None
    if same and any(a.start <= same.start() < a.end for a in item.assignments):
        span = item.view.span(*same.span())
        yield of_task(read.task, "maybe_responsibility", "check", "“同上”未采用，请补充单位", span)
    known = {name.text for name in (*read.task.lead, *read.task.support)}
    outer = Stretches((a.outer_start, a.outer_end) for a in item.assignments)
    for found in RUNNING_LEAD.finditer(text) if item.assigns else ():
        who = found["who"]
        if is_organ(who) and not (outer.hold(found.start()) or any(who.endswith(n) for n in known)):
            message = f"正文另写明“{found.group()}”，未采用"
            span = item.view.span(*found.span())
            yield of_task(read.task, "maybe_responsibility", "check", message, span)
            return


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

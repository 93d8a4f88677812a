"""From the leaves of the outline to tasks: names, dates, recurrences and targets put together."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from plans.parsing.annexes import Difference, completing, other_days, unsaid
from plans.parsing.cells import assigning_places, told_cells
from plans.parsing.clauses import Places, Stretches
from plans.parsing.common_days import MOST_INHERITED, CommonDays, periods_of_rows
from plans.parsing.days import FoundDeadline, YearContext
from plans.parsing.deadlines import find_deadlines
from plans.parsing.departments import Register, read_register
from plans.parsing.items import Item
from plans.parsing.lexicon.assigning import FIRST_LEADS, OTHERS_HELP
from plans.parsing.lexicon.outline import PUT_RIGHT
from plans.parsing.measures import Leaf, Measures
from plans.parsing.metrics import FoundMetric, task_metrics
from plans.parsing.names import charged_organs
from plans.parsing.plan import (
    ParsedDeadline,
    ParsedMetric,
    ParsedName,
    ParsedRecurrence,
    ParsedResponsibility,
    ParsedTask,
    Role,
    Verb,
)
from plans.parsing.recurrences import FoundRecurrence, find_recurrences
from plans.parsing.responsibility import Assignment, FoundName
from plans.parsing.spans import View, clean, trimmed

Name = tuple[View, FoundName, bool]


class ReadTask(NamedTuple):
    """A task with what its doubts are made of; `differs` is what a table says otherwise."""

    task: ParsedTask
    leaf: Leaf
    deadlines: tuple[FoundDeadline, ...]
    is_charged: bool
    differs: tuple[Difference, ...] = ()


def read_tasks(
    source: str, plain: str, measures: Measures, parts: dict[int, int], years: YearContext
) -> tuple[tuple[ReadTask, ...], Register]:
    """Return the tasks in document order, and what the document calls its organs."""
    rest = _rest(plain)
    told = [_named(leaf, rest=rest) for leaf in measures.leaves]
    named = [names for names, _ in told]
    known = {name.text for names in named for _, name, _ in names}
    for leaf, names in zip(measures.leaves, named, strict=True):
        if not names:
            names += _charged(leaf.item, known)
    register = read_register(
        (name.text for names in named for _, name, _ in names if name.kind == "department"),
        plain,
    )
    common = CommonDays(measures, years)
    read = [
        _task(source, measures, leaf, *entry, register, parts, years, common)
        for leaf, entry in zip(measures.leaves, told, strict=True)
    ]
    return tuple(read), register


def _rest(plain: str) -> Role | None:
    """Return what those do who are not named first, where the document lets the first lead."""
    rule = FIRST_LEADS.search(plain)
    if rule is None:
        return None
    return "support" if OTHERS_HELP.match(plain, rule.end()) else "share"


def _named(leaf: Leaf, *, rest: Role | None) -> tuple[list[Name], list[Difference]]:
    """Return the names of a leaf, its own or those inherited, and where a table names others."""
    item = leaf.item
    own = [(item, name) for name in _all_names(item, rest=rest)]
    is_led = any(name.role != "support" for _, name in own)
    given = [
        (owner, name)
        for owner in item.givers
        for name in islice(_all_names(owner, rest=rest), MOST_INHERITED)
        if not (name.role == "lead" and is_led)
    ]
    differs: list[Difference] = []
    if is_led and item.restated:
        added, differs = completing(own, _restated(item, rest=rest))
        given += added
    found: dict[str, Name] = {}
    for owner, name in (*own, *given):
        found.setdefault(name.text, (owner.view, name, owner is not item))
    return list(found.values()), differs


def _restated(item: Item, *, rest: Role | None) -> list[tuple[Item, FoundName]]:
    """Return the names in the rows that say an item again."""
    return [
        (owner, name)
        for row in item.restated
        for owner in (row, *row.extra)
        for name in islice(_all_names(owner, rest=rest), MOST_INHERITED)
    ]


def _charged(item: Item, known: set[str]) -> Iterator[Name]:
    """Yield the organs that running text charges."""
    seen: set[str] = set()
    for start, end in charged_organs(item.view, known):
        text = item.view.text[start:end]
        if text not in seen:
            seen.add(text)
            yield item.view, FoundName(text, start, end, "lead", "department", 0), False


def _all_names(owner: Item, *, rest: Role | None) -> Iterator[FoundName]:
    for assignment in owner.assignments:
        yield from _ranked(assignment, rest=rest)


def _ranked(assignment: Assignment, *, rest: Role | None) -> Iterator[FoundName]:
    """Let the first-named lead and the `rest` do what the document says, if nobody is marked."""
    names = assignment.names
    if rest is None or any(name.role == "lead" and name.kind != "person" for name in names):
        yield from names
        return
    first = next((name for name in names if name.kind != "person"), None)
    for name in names:
        given: Role = "lead" if name is first else rest
        yield name._replace(role=given) if name.role == "share" else name


def _task(
    source: str,
    measures: Measures,
    leaf: Leaf,
    names: list[Name],
    differs: list[Difference],
    register: Register,
    parts: dict[int, int],
    years: YearContext,
    common: CommonDays,
) -> ReadTask:
    item = leaf.item
    view, text = item.view, item.view.text
    node = item.node
    parsed = [_name(source, register, *entry) for entry in names]
    has_lead = any(name.role == "lead" and name.kind != "person" for name in parsed)
    stretches = [(a.start, a.end) for a in item.assignments]
    outer = [(a.outer_start, a.outer_end) for a in item.assignments]
    if node.row:
        stretches = outer = assigning_places(view, node.row.cells)
    stops = sorted(start for start, _ in outer)
    remedy = PUT_RIGHT.search(text)
    asked = remedy.start() if remedy else 0
    recurrences = list(_said_once(list(find_recurrences(text, stops)), stretches))
    repeated = Places((r.start, r.end) for r in recurrences)
    found = [d for d in find_deadlines(text, years, stretches, stops) if not repeated.hold(d.start)]
    found = [d for d in found if d.start >= asked or any(a <= d.start < b for a, b in stretches)]
    deadlines = list(_once(found, stretches))
    timed = [(item, deadline) for deadline in deadlines]
    of_rows = common.of_rows(item)
    differences = [*differs, *other_days(timed, of_rows)]
    timed += unsaid(timed, of_rows)
    if not timed:
        timed = common.from_above(item)
    freqs = {r.freq for r in recurrences}
    again = [(item.view, r) for r in recurrences]
    again += [(row.view, r) for row, r in periods_of_rows(item) if r.freq not in freqs]
    taken = [
        *((r.start, r.end) for r in recurrences),
        *((d.start, d.end) for d in found),
        *outer,
    ]
    cells = told_cells(view, node.row.cells) if node.row else [(asked, len(text))]
    metrics = [*_yearly_metrics(view, recurrences), *task_metrics(text, taken, cells, years.first)]
    span = trimmed(source, node.body)
    title = title_of(source, item)
    task = ParsedTask(
        id=leaf.id,
        part=leaf.part.mark.bare if leaf.part and leaf.part.mark else None,
        part_ordinal=parts.get(id(leaf.part)),
        measure=str(leaf.measure.mark.value) if leaf.measure.mark else "",
        sub=leaf.sub,
        measure_title=title if leaf.measure is node else _measure_title(source, measures, leaf),
        title=title,
        text=span.of(source),
        span=span,
        responsibility=_responsibility(source, item),
        lead=tuple(n for n in parsed if n.role == "lead" or (n.role == "share" and not has_lead)),
        support=tuple(n for n in parsed if n.role == "support" or (n.role == "share" and has_lead)),
        deadlines=tuple(_deadline(source, owner, item, found) for owner, found in timed),
        recurrences=tuple(_recurrence(source, *entry, item) for entry in again),
        metrics=tuple(parsed_metric(source, view, m) for m in metrics),
    )
    told = tuple(found for _, found in timed)
    is_charged = bool(parsed) and not item.is_assigned
    return ReadTask(task, leaf, told, is_charged, tuple(differences))


def _once(found: list[FoundDeadline], stretches: list[tuple[int, int]]) -> Iterator[FoundDeadline]:
    """Yield the deadlines; a day that the text has said already is not repeated by a label."""
    if not found:
        return
    within = Stretches(stretches)
    labelled = {id(d) for d in found if within.hold(d.start)}
    said = {d.due for d in found if d.due and id(d) not in labelled}
    for deadline in found:
        if id(deadline) in labelled and deadline.due is not None:
            if deadline.due in said:
                continue
            said.add(deadline.due)
        yield deadline


def _said_once(
    found: list[FoundRecurrence], stretches: list[tuple[int, int]]
) -> Iterator[FoundRecurrence]:
    """Yield the recurrences; a label that only says the period again is left out."""
    if not found:
        return
    within = Stretches(stretches)
    known = {r.freq for r in found if not within.hold(r.start)}
    for recurrence in found:
        is_labelled = within.hold(recurrence.start)
        if not (is_labelled and recurrence.times is None and recurrence.freq in known):
            yield recurrence


def _measure_title(source: str, measures: Measures, leaf: Leaf) -> str:
    """Return the title of a measure; rows that share a number are named by the first of them."""
    title = title_of(source, measures.item(leaf.measure))
    children = leaf.measure.children
    return title or (title_of(source, measures.item(children[0])) if children else "")


def title_of(source: str, item: Item) -> str:
    """Return the heading sentence of an item as written, without its final mark."""
    return clean(source, item.view.span(item.title_start, item.title_end)).strip(",，;；:：、")


def _name(
    source: str, register: Register, view: View, name: FoundName, inherited: bool
) -> ParsedName:
    span = view.span(name.start, name.end)
    written = clean(source, span)
    department = register.canonical.get(name.text, name.text)
    if department == name.text and len(department) == len(written):
        department = written
    return ParsedName(written, department, name.role, name.kind, inherited, span)


def _responsibility(source: str, item: Item) -> ParsedResponsibility | None:
    """Return the words that assign; of several stretches the last, with the verb of all."""
    for owner in [item] if item.assigns else item.givers:
        found = [a for a in owner.assignments if a.names]
        if not found:
            continue
        verbs = {a.verb for a in found}
        span = owner.view.span(found[-1].start, found[-1].end)
        verb: Verb | None = "配合" if "配合" in verbs else "负责" if "负责" in verbs else None
        return ParsedResponsibility(clean(source, span), verb, span)
    return None


def _deadline(source: str, owner: Item, item: Item, found: FoundDeadline) -> ParsedDeadline:
    view = owner.view
    if (found.what_start, found.what_end) == (0, 0):
        what = item.view.span(item.title_start, item.title_end)
    else:
        what = view.span(found.what_start, found.what_end)
    return ParsedDeadline(
        clean(source, view.span(found.start, found.end)),
        found.kind,
        found.due,
        found.precision,
        clean(source, what),
        view.span(found.start, found.end),
    )


def _recurrence(source: str, view: View, found: FoundRecurrence, item: Item) -> ParsedRecurrence:
    span = view.span(found.start, found.end)
    what = view.span(found.what_start, found.what_end)
    if view is not item.view:
        what = item.view.span(item.title_start, item.title_end)
    return ParsedRecurrence(
        clean(source, span),
        found.freq,
        found.times,
        found.due_in_period,
        found.rrule,
        clean(source, what),
        span,
    )


def _yearly_metrics(view: View, found: list[FoundRecurrence]) -> Iterator[FoundMetric]:
    """Yield the target that a yearly minimum sets (每年至少举办一期)."""
    for item in found:
        if item.is_least and item.times is not None:
            text = view.text
            name = text[item.end : item.what_end] or text[item.what_start : item.start]
            name = name or text[item.start : item.end]
            value = Decimal(item.times)
            yield FoundMetric(name, ">=", value, None, item.unit, None, None, item.start, item.end)


def parsed_metric(source: str, view: View, found: FoundMetric) -> ParsedMetric:
    """Return a target with its place in the source."""
    return ParsedMetric(
        found.name,
        found.op,
        found.value,
        found.high,
        _unit(source, view, found),
        found.baseline,
        found.change,
        view.span(found.start, found.end),
    )


def _unit(source: str, view: View, found: FoundMetric) -> str | None:
    """Return the unit as written, wide signs apart."""
    if not found.unit:
        return found.unit
    at = view.text.rfind(found.unit, found.start, found.end)
    if at < 0:
        return found.unit
    return normalize("NFKC", clean(source, view.span(at, at + len(found.unit))))

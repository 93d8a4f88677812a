"""A parsed plan as rows: the same few inserts for any number of measures."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from plans.choices import STRENGTH, NameSort, PassageKind
from plans.models import (
    Deadline,
    Edition,
    Indicator,
    Measure,
    Metric,
    Part,
    Passage,
    Recurrence,
    Responsibility,
)
from plans.parsing import Block, ParsedMetric, ParsedName, ParsedPlan, ParsedTask, Span
from plans.register import Register
from plans.usecases.doubt_rows import DoubtRows

LARGEST = Decimal(10) ** 12


def make_rows(edition: Edition, parsed: ParsedPlan, register: Register) -> None:
    """Insert everything that was read below an edition that has just been made."""
    register.add_missing_groups(
        edition.plan.district, (name.department for name in _names(parsed) if _is_group(name))
    )
    parts = _make_parts(edition, parsed)
    tree = _make_measures(edition, parsed, parts)
    doubts = DoubtRows(edition, parsed, parts, tree.leaves)
    _make_responsibilities(parsed, tree.leaves, register, doubts)
    _make_times(parsed, tree.leaves)
    indicators = _make_indicators(parsed, parts)
    _make_metrics(parsed, tree.leaves, indicators)
    _make_passages(edition, parsed, parts, tree, indicators, doubts)
    doubts.insert()


def _names(parsed: ParsedPlan) -> Iterator[ParsedName]:
    for task in parsed.tasks:
        yield from (*task.lead, *task.support)


def _is_group(name: ParsedName) -> bool:
    return name.kind == "group"


def _make_parts(edition: Edition, parsed: ParsedPlan) -> dict[int, Part]:
    """Return the parts by their ordinal in the document."""
    made = Part.objects.bulk_create(
        Part(
            edition=edition,
            ordinal=part.ordinal,
            number=part.number[:20],
            title=part.title,
            goal=part.goal.text if part.goal else "",
            start=part.span.start,
            end=part.span.end,
        )
        for part in parsed.parts
    )
    return {part.ordinal: part for part in made}


@dataclass
class _Tree:
    """Measures by the ids of tasks (leaves) and by the start of their heading block (parents)."""

    leaves: dict[str, Measure] = field(default_factory=dict)
    parents: dict[int, Measure] = field(default_factory=dict)


def _make_measures(edition: Edition, parsed: ParsedPlan, parts: dict[int, Part]) -> _Tree:
    """Insert parents first, then leaves; ordinals follow the document, a parent before its own."""
    tasks = {task.id: task for task in parsed.tasks}
    taken = Counter(list(tasks))
    tree = _Tree()
    above: dict[str, Measure] = {}
    blocks = [block for block in parsed.blocks if block.measure or block.task]
    for ordinal, block in enumerate(blocks, start=1):
        part = parts.get(block.part_ordinal or 0)
        if block.task:
            task = tasks[block.task]
            tree.leaves[task.id] = _leaf(edition, task, part, ordinal)
            tree.leaves[task.id].parent = above.get(task.measure) if task.sub else None
        elif block.measure:
            taken[block.measure] += 1
            again = taken[block.measure]
            path = block.measure if again == 1 else f"{block.measure}/{again}"
            above[block.measure] = _parent(edition, parsed, block, part, ordinal, path)
            tree.parents[block.span.start] = above[block.measure]
    Measure.objects.bulk_create(tree.parents.values())
    Measure.objects.bulk_create(tree.leaves.values())
    return tree


def _leaf(edition: Edition, task: ParsedTask, part: Part | None, ordinal: int) -> Measure:
    return Measure(
        edition=edition,
        part=part,
        ordinal=ordinal,
        path=task.id[:80],
        number=task.measure[:20],
        sub_number=(task.sub or "")[:20],
        title=task.title,
        text=task.text,
        bracket=task.responsibility.text if task.responsibility else "",
        start=task.span.start,
        end=task.span.end,
    )


def _parent(
    edition: Edition, parsed: ParsedPlan, block: Block, part: Part | None, ordinal: int, path: str
) -> Measure:
    return Measure(
        edition=edition,
        part=part,
        ordinal=ordinal,
        path=path[:80],
        number=(block.measure or "")[:20],
        is_leaf=False,
        title=block.title or "",
        text=block.span.of(parsed.text).strip(),
        start=block.span.start,
        end=block.span.end,
    )


def _make_responsibilities(
    parsed: ParsedPlan, leaves: dict[str, Measure], register: Register, doubts: DoubtRows
) -> None:
    """Link names to the register; a unit stands once in a measure, in its strongest role."""
    rows: list[Responsibility] = []
    unknown: dict[str, list[tuple[ParsedTask, ParsedName]]] = defaultdict(list)
    for task in parsed.tasks:
        linked: dict[int, Responsibility] = {}
        names = (*task.lead, *task.support)
        made = []
        for ordinal, name in enumerate(names, start=1):
            row = _responsibility(leaves[task.id], name, ordinal, register)
            made.append((name, row))
            if row.sort == NameSort.DEPARTMENT and row.department is None:
                unknown[name.department].append((task, name))
        for name, row in sorted(made, key=lambda pair: STRENGTH[pair[1].role]):
            if row.department is None:
                continue
            first = linked.setdefault(row.department.pk, row)
            if first is not row:
                doubts.named_twice(task, name, first)
                row.department = None
        rows += (row for _, row in made)
    Responsibility.objects.bulk_create(rows)
    for places in unknown.values():
        doubts.unknown_department(places, register)


def _responsibility(
    measure: Measure, name: ParsedName, ordinal: int, register: Register
) -> Responsibility:
    is_department = name.kind == "department"
    return Responsibility(
        measure=measure,
        ordinal=ordinal,
        name=name.text,
        canonical=name.department,
        role=name.role,
        sort=name.kind,
        department=register.unit(name.department, name.text) if is_department else None,
        group=register.groups.get(name.department[:60]) if _is_group(name) else None,
        is_inherited=name.inherited,
        start=name.span.start,
        end=name.span.end,
    )


def _make_times(parsed: ParsedPlan, leaves: dict[str, Measure]) -> None:
    Deadline.objects.bulk_create(
        Deadline(
            measure=leaves[task.id],
            ordinal=ordinal,
            text=deadline.text,
            kind=deadline.kind,
            due_on=deadline.due,
            precision=deadline.precision or "",
            what=deadline.what,
            start=deadline.span.start,
            end=deadline.span.end,
        )
        for task in parsed.tasks
        for ordinal, deadline in enumerate(task.deadlines, start=1)
    )
    Recurrence.objects.bulk_create(
        Recurrence(
            measure=leaves[task.id],
            ordinal=ordinal,
            text=again.text,
            frequency=again.freq,
            times=again.times,
            due_in_period=(again.due_in_period or "")[:20],
            what=again.what,
            start=again.span.start,
            end=again.span.end,
        )
        for task in parsed.tasks
        for ordinal, again in enumerate(task.recurrences, start=1)
    )


def _make_indicators(
    parsed: ParsedPlan, parts: dict[int, Part]
) -> dict[tuple[int, int], Indicator]:
    """Return the indicators by the ordinals of their part and of themselves."""
    rows = {
        (part.ordinal, ordinal): Indicator(
            part=parts[part.ordinal],
            ordinal=ordinal,
            number=indicator.number[:20],
            text=indicator.text,
            start=indicator.span.start,
            end=indicator.span.end,
        )
        for part in parsed.parts
        for ordinal, indicator in enumerate(part.indicators, start=1)
    }
    Indicator.objects.bulk_create(rows.values())
    return rows


def _make_metrics(
    parsed: ParsedPlan, leaves: dict[str, Measure], indicators: dict[tuple[int, int], Indicator]
) -> None:
    rows = [
        _metric(metric, ordinal, indicator=indicators[part.ordinal, number])
        for part in parsed.parts
        for number, indicator in enumerate(part.indicators, start=1)
        for ordinal, metric in enumerate(indicator.metrics, start=1)
    ]
    rows += [
        _metric(metric, ordinal, measure=leaves[task.id])
        for task in parsed.tasks
        for ordinal, metric in enumerate(task.metrics, start=1)
    ]
    Metric.objects.bulk_create(rows)


def _metric(
    metric: ParsedMetric,
    ordinal: int,
    *,
    indicator: Indicator | None = None,
    measure: Measure | None = None,
) -> Metric:
    return Metric(
        indicator=indicator,
        measure=measure,
        ordinal=ordinal,
        name=metric.name,
        operator=metric.op,
        value=fitting(metric.value),
        high=fitting(metric.high),
        unit=(metric.unit or "")[:20],
        baseline="" if metric.baseline is None else str(metric.baseline),
        change=metric.change or "",
        start=metric.span.start,
        end=metric.span.end,
    )


def fitting(value: Decimal | None) -> Decimal | None:
    """Return the value as its column holds it; a figure of more than twelve digits is no target."""
    return None if value is None or abs(value) >= LARGEST else round(value, 4)


def _make_passages(
    edition: Edition,
    parsed: ParsedPlan,
    parts: dict[int, Part],
    tree: _Tree,
    indicators: dict[tuple[int, int], Indicator],
    doubts: DoubtRows,
) -> None:
    """Cut the whole text once; a stretch that no block covers is a passage and a doubt."""
    at_start = {row.start: row for row in indicators.values()}
    rows: list[Passage] = []
    at = 0
    for block in (*parsed.blocks, None):
        start = block.span.start if block else len(parsed.text)
        if at < start:
            rows.append(Passage(kind=PassageKind.INTRO, start=at, end=start))
            doubts.uncovered(Span(at, start))
        if block is None:
            break
        measure = tree.leaves.get(block.task or "") or tree.parents.get(block.span.start)
        rows.append(
            Passage(
                kind=block.kind,
                level=block.level,
                part=parts.get(block.part_ordinal or 0),
                measure=measure,
                indicator=next((at_start[i] for i in range(*block.span) if i in at_start), None)
                if block.indicator
                else None,
                start=start,
                end=block.span.end,
            )
        )
        at = block.span.end
    for ordinal, row in enumerate(rows, start=1):
        row.edition, row.ordinal = edition, ordinal
    Passage.objects.bulk_create(rows)

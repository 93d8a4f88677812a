"""What a person should look at: one function per question, each over the whole reading."""

from collections.abc import Callable, Iterator

from plans.parsing.doubts.days import deadlines, recurrences
from plans.parsing.doubts.layout import (
    draft,
    numbering,
    outside_tasks,
    repaired,
)
from plans.parsing.doubts.names import (
    each_unit,
    lead_from_text,
    name_variants,
    no_lead,
    responsibilities,
    several_leads,
)
from plans.parsing.doubts.reading import Reading
from plans.parsing.doubts.tables import (
    columns,
    days_not_read,
    rows_alone,
    rows_by_looks,
    rows_that_differ,
    strays,
)
from plans.parsing.doubts.targets import percentages, targets
from plans.parsing.plan import ParsedDoubt
from plans.parsing.sense import find_sense


def find_doubts(reading: Reading) -> tuple[ParsedDoubt, ...]:
    """Return all doubts: errors first, then checks and notes, each in document order."""
    order = {"error": 0, "check": 1, "note": 2}
    found = [doubt for question in QUESTIONS for doubt in question(reading)]
    return tuple(sorted(found, key=lambda d: (order[d.severity], d.span.start)))


def sense(reading: Reading) -> Iterator[ParsedDoubt]:
    """Tasks whose words bind every unit of a kind, and what else their meaning makes doubtful."""
    bound = list(each_unit(reading))
    yield from bound
    tasks = tuple(read.task for read in reading.tasks)
    said_each = frozenset(doubt.task for doubt in bound if doubt.task)
    yield from find_sense(reading.source, tasks, said_each)


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
    recurrences,
    columns,
    rows_by_looks,
    strays,
    targets,
    percentages,
    numbering,
    name_variants,
    sense,
    repaired,
)

"""What the questions are asked of, and how a doubt about a task is said."""

from dataclasses import dataclass

from plans.parsing.departments import Register
from plans.parsing.front import Front
from plans.parsing.measures import Measures
from plans.parsing.outline import Outline
from plans.parsing.plan import ParsedDoubt, ParsedPart, ParsedTask, Repair, Severity
from plans.parsing.sense import shown
from plans.parsing.spans import Span
from plans.parsing.tasks import ReadTask


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read of a document."""

    source: str
    plain: str
    front: Front
    outline: Outline
    measures: Measures
    register: Register
    tasks: tuple[ReadTask, ...]
    parts: tuple[ParsedPart, ...]
    repairs: tuple[Repair, ...]


def of_task(
    task: ParsedTask,
    code: str,
    severity: Severity,
    message: str,
    span: Span | None = None,
    suggestion: str | None = None,
) -> ParsedDoubt:
    """Return a doubt about a task, or a stretch of it."""
    return ParsedDoubt(
        code,
        severity,
        f"{shown(task)}{message}",
        span or task.span,
        task.id,
        task.part,
        task.part_ordinal,
        suggestion,
    )

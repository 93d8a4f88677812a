"""Reading a plan from its text: pure Python, no clock, no settings, no database."""

from plans.parsing.pipeline import parse_plan
from plans.parsing.plan import (
    Block,
    ParsedConsultation,
    ParsedDeadline,
    ParsedDoubt,
    ParsedGoal,
    ParsedIndicator,
    ParsedMetric,
    ParsedName,
    ParsedPart,
    ParsedPeriod,
    ParsedPlan,
    ParsedRecurrence,
    ParsedResponsibility,
    ParsedTask,
    Repair,
)
from plans.parsing.spans import Span

__all__ = [
    "Block",
    "ParsedConsultation",
    "ParsedDeadline",
    "ParsedDoubt",
    "ParsedGoal",
    "ParsedIndicator",
    "ParsedMetric",
    "ParsedName",
    "ParsedPart",
    "ParsedPeriod",
    "ParsedPlan",
    "ParsedRecurrence",
    "ParsedResponsibility",
    "ParsedTask",
    "Repair",
    "Span",
    "parse_plan",
]

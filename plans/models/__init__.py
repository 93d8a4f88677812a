"""The plan as written: every row keeps the span of characters it was read from."""

from plans.models.checking import Correction, Doubt, Passage
from plans.models.editions import SOON_DAYS, Edition, Part, Plan, Spanned
from plans.models.import_jobs import ImportJob
from plans.models.measures import Deadline, Measure, Recurrence, Responsibility
from plans.models.targets import Indicator, Metric

__all__ = [
    "SOON_DAYS",
    "Correction",
    "Deadline",
    "Doubt",
    "Edition",
    "ImportJob",
    "Indicator",
    "Measure",
    "Metric",
    "Part",
    "Passage",
    "Plan",
    "Recurrence",
    "Responsibility",
    "Spanned",
]

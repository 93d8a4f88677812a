"""What people do with the plan as written; each function is one transaction."""

from plans.usecases.changes import Changes, Dated, Named, Targeted
from plans.usecases.corrections import (
    check_measure,
    correct_measure,
    uncheck_measure,
    undo_correction,
)
from plans.usecases.doubts import NewUnit, confirm_doubts, reopen_doubt, settle_doubt
from plans.usecases.importing import import_plan

__all__ = [
    "Changes",
    "Dated",
    "Named",
    "NewUnit",
    "Targeted",
    "check_measure",
    "confirm_doubts",
    "correct_measure",
    "import_plan",
    "reopen_doubt",
    "settle_doubt",
    "uncheck_measure",
    "undo_correction",
]

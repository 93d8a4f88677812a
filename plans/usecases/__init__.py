"""What people do with the plan as written; each function is one transaction."""

from plans.usecases.changes import Again, Changes, Dated, Named, Targeted
from plans.usecases.corrections import (
    check_measure,
    correct_measure,
    uncheck_measure,
    undo_correction,
)
from plans.usecases.doubts import NewUnit, confirm_doubts, reopen_doubt, settle_doubt
from plans.usecases.import_jobs import (
    cancel_import,
    queue_import,
    read_waiting,
    start_import,
)
from plans.usecases.importing import import_plan, read_again
from plans.usecases.matches import match_measure
from plans.usecases.restructuring import (
    assign_text,
    make_measure,
    merge_measures,
    split_measure,
)

__all__ = [
    "Again",
    "Changes",
    "Dated",
    "Named",
    "NewUnit",
    "Targeted",
    "assign_text",
    "cancel_import",
    "check_measure",
    "confirm_doubts",
    "correct_measure",
    "import_plan",
    "make_measure",
    "match_measure",
    "merge_measures",
    "queue_import",
    "read_again",
    "read_waiting",
    "reopen_doubt",
    "settle_doubt",
    "split_measure",
    "start_import",
    "uncheck_measure",
    "undo_correction",
]

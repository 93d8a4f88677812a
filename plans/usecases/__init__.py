"""What people do with the plan as written; each function is one transaction."""

from plans.usecases.doubts import NewUnit, confirm_doubts, reopen_doubt, settle_doubt
from plans.usecases.importing import import_plan

__all__ = ["NewUnit", "confirm_doubts", "import_plan", "reopen_doubt", "settle_doubt"]

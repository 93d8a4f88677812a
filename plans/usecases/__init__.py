"""What people do with the plan as written; each function is one transaction."""

from plans.usecases.doubts import NewUnit, reopen_doubt, settle_doubt
from plans.usecases.importing import import_plan

__all__ = ["NewUnit", "import_plan", "reopen_doubt", "settle_doubt"]

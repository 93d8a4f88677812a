"""What people do with the plan as written; each function is one transaction."""

from plans.usecases.importing import import_plan

__all__ = ["import_plan"]

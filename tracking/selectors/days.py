"""Days that lists ask for."""

from datetime import date

from accounts.calendar import WorkCalendar
from plans.models import Plan

SOON_DAYS = 30


def soon_until(today: date, plan: Plan | None = None) -> date:
    """Return the last due day that counts as near: the plan's number of working days ahead."""
    return WorkCalendar.load().after(today, plan.soon_days if plan else SOON_DAYS)

"""Days that lists ask for."""

from datetime import date

from accounts.calendar import WorkCalendar
from plans.models import SOON_DAYS


def soon_until(today: date) -> date:
    """Return the last due day that counts as near: the usual number of working days ahead."""
    return WorkCalendar.load().after(today, SOON_DAYS)

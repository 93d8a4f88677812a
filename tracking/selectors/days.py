"""Days that lists ask for."""

from datetime import date

from accounts.calendar import WorkCalendar
from plans.models import SOON_DAYS


def soon_until(today: date) -> date:
    """Return the last due day that counts as near: the usual number of working days ahead."""
    return WorkCalendar.load().after(today, SOON_DAYS)


def past_day(text: str, *, today: date) -> date | None:
    """Return the day before today that an address names as 2017-06-30; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < today else None

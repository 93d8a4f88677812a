"""The clock of the house: FIXED_TODAY moves it, but not sessions, tokens and leases."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def real_now() -> datetime:
    """Return the moment by the machine's clock, for leases and expiry."""
    return timezone.now()  # noqa: TID251


def now() -> datetime:
    """Return the moment in UTC; under FIXED_TODAY the time of day runs on that date."""
    moment = real_now()
    if settings.FIXED_TODAY is None:
        return moment
    local = timezone.localtime(moment)
    return timezone.make_aware(
        datetime.combine(settings.FIXED_TODAY, local.time().replace(tzinfo=None))
    )


def today() -> date:
    """Return the date in Asia/Shanghai."""
    return timezone.localdate(now())

"""The clock of the house: FIXED_TODAY moves it, but not sessions, tokens and leases."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
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


def agrees() -> bool:
    """Say whether the machine's clock and the database's are within CLOCK_SKEW_SECONDS of each
    other; SQLite has no clock of its own."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    here = timezone.now()  # noqa: TID251
    return bool(abs(here - there) <= timedelta(seconds=settings.CLOCK_SKEW_SECONDS))


def today() -> date:
    """Return the date in Asia/Shanghai."""
    return timezone.localdate(now())

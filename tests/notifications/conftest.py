"""A district on the real working days, and the engine's clock."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from accounts import clock
from accounts.calendar import published_days
from accounts.models import CalendarDay
from notifications.channels.mailbox import MailboxChannel
from notifications.usecases import Swept, send_outbox, sweep
from tests.conftest import SHANGHAI

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)
MoveClock = Callable[[datetime], None]


@pytest.fixture
def calendar(db: None) -> None:
    """The State Council's days of the years of the story."""
    for year in (2016, 2017, 2018):
        CalendarDay.objects.bulk_create(published_days(year))


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def sweep_on(day: date, hour: int = 9) -> Swept:
    return sweep(at=moment(day, hour), today=day)


def send_on(day: date, hour: int = 9) -> int:
    return send_outbox(channel=MailboxChannel(), at=moment(day, hour))


@pytest.fixture
def at_real_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Move the machine's clock, which leases and pauses go by."""

    def move(to: datetime) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: to)

    return move


@pytest.fixture
def real_time(at_real_time: MoveClock) -> None:
    at_real_time(NOW)

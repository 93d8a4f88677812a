"""The engine from outside: the task, the commands, the clock and the cost."""

import re
import signal
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.choices import Role
from accounts.models import Department, User
from config import celery
from notifications.channels.mailbox import keys_of
from notifications.digest import make_digest
from notifications.health import health_of
from notifications.management.commands import run_sweeper
from notifications.matters import Matters
from notifications.models import SweepState
from notifications.tasks import tick
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, member
from tests.notifications.conftest import sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
def owing(bureau: Department, liaison: User, settings: Settings) -> User:
    MilestoneFactory.create(department=bureau)
    settings.REMIND_UNTIL = time.max
    settings.REMIND_FROM = time.min
    settings.FIXED_TODAY = TODAY
    return liaison


def test_the_task_sweeps_and_sends(owing: User) -> None:
    tick()

    assert len(keys_of(owing.email)) == 1


def test_the_last_tick_stands_on_the_real_clock(
    owing: User, at_real_time: Callable[[datetime], None]
) -> None:
    at_real_time(datetime(2026, 1, 5, 9, 0, tzinfo=NOON.tzinfo))
    tick()

    assert SweepState.objects.get().last_tick_at == datetime(2026, 1, 5, 9, 0, tzinfo=NOON.tzinfo)


def test_the_command_acts_for_the_moment_it_is_given(
    owing: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sweep", at=datetime(2017, 11, 17, 9, 0, tzinfo=NOON.tzinfo))
    before = len(keys_of(owing.email))
    call_command("sweep", "--at", "2017-11-20T09:00")

    assert before == 0
    assert len(keys_of(owing.email)) == 1
    assert "1 reminders planned, 1 digests queued" in capsys.readouterr().err


def test_the_command_wants_a_moment_it_can_read(db: None) -> None:
    with pytest.raises(CommandError, match="not an ISO date"):
        call_command("sweep", "--at", "tomorrow")


def test_the_loop_stops_at_sigterm(owing: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = []

    def tick_once() -> None:
        ticks.append(1)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(run_sweeper, "tick", tick_once)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    call_command("run_sweeper", "--every", "60")
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])

    assert ticks == [1]


def test_a_sweep_asks_as_much_for_many_as_for_few(district: object) -> None:
    asked = []
    for size in (2, 20):
        for _ in range(size):
            bureau = DepartmentFactory.create()
            member(bureau, Role.LIAISON)
            MilestoneFactory.create_batch(2, department=bureau)
        SweepState.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            swept = sweep_on(TODAY, hour=7)
        asked.append((swept.planned, len(queries)))

    assert [planned for planned, _ in asked] == [4, 40]
    assert asked[0][1] == asked[1][1]


def test_nothing_is_planned_or_sent_while_the_clocks_disagree(
    owing: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "agrees", lambda: False)
    tick()
    health = health_of(today=TODAY, now=clock.real_now())

    assert keys_of(owing.email) == []
    assert not SweepState.objects.exists()
    assert not health.is_well


def test_the_clock_of_this_machine_is_compared_with_the_databases(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_own_clock = connection.vendor == "postgresql"
    now = timezone.now()  # noqa: TID251
    agreed = clock.agrees()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=5))

    assert agreed
    assert clock.agrees() is not has_own_clock


def test_the_guide_names_every_delay_with_its_default() -> None:
    source = (settings.BASE_DIR / "config/settings.py").read_text(encoding="utf-8")
    guide = (settings.BASE_DIR / "docs/operations.zh-CN.md").read_text(encoding="utf-8")
    delays = re.findall(r'env\.\w+\("([A-Z_]+_SECONDS)"(?:, float)?, ([^)]+)\)', source)

    assert len(delays) >= 12
    for name, default in delays:
        assert f"| `{name}` | {default.strip('[]')} |" in guide


def test_a_broker_that_is_away_is_asked_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    asked = []

    def away(**options: object) -> None:
        asked.append(options)
        raise OperationalError

    monkeypatch.setattr(celery, "_away_until", 0.0)
    monkeypatch.setattr(celery.app, "connection_for_write", away)
    for _ in range(3):
        celery.wake()
    monkeypatch.setattr(celery, "_away_until", 0.0)
    celery.wake()

    assert len(asked) == 2


def test_a_digest_asks_as_much_for_many_things_as_for_few(
    bureau: Department, liaison: User
) -> None:
    asked = []
    for size in (2, 20):
        MilestoneFactory.create_batch(size, department=bureau)
        liaison = User.objects.get(pk=liaison.pk)  # who keeps nothing from the time before
        rows = Milestone.objects.filter(department=bureau).values_list("pk", flat=True)
        with CaptureQueriesContext(connection) as queries:
            make_digest(liaison, Matters(milestones=list(rows)), at=NOON)
        asked.append(len(queries))

    assert asked[0] == asked[1]

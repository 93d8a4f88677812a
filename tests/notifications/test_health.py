"""What those who watch are told: readiness, the banner, and what must always hold."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.files import path_of
from accounts.models import StoredFile, User
from notifications.choices import OutboxStatus, ReminderStatus
from notifications.invariants import breaches
from notifications.models import Outbox, Reminder, SweepState
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory, StoredFileFactory, SubmissionFactory
from tests.notifications.conftest import send_on, sweep_on

BANNER = "提醒扫描已停"


def ready(client: Client) -> dict[str, object]:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    read: dict[str, object] = answer.json()
    return read


def test_a_sweep_that_is_away_for_five_minutes_is_degraded_and_then_well_again(
    client: Client, liaison: User
) -> None:
    sweep_on(TODAY)
    assert ready(client)["status"] == "ok"
    SweepState.objects.update(last_tick_at=clock.real_now() - timedelta(minutes=6))

    assert ready(client)["status"] == "degraded"

    sweep_on(TODAY)
    assert ready(client)["status"] == "ok"


@pytest.mark.parametrize(
    "address", ["redis://127.0.0.1:1/0", "redis+socket:///no/such/socket?virtual_host=0"]
)
def test_a_lost_redis_is_degraded_and_not_dead(
    client: Client, liaison: User, settings: Settings, address: str
) -> None:
    sweep_on(TODAY)
    settings.REDIS_URL = address

    assert (ready(client)["status"], ready(client)["redis"]) == ("degraded", "away")


def test_messages_that_wait_too_long_or_fail_are_told(client: Client, liaison: User) -> None:
    sweep_on(TODAY)
    Outbox.objects.create(
        dedupe_key="late",
        recipient=liaison,
        day=TODAY,
        created_at=NOON,
        next_at=clock.real_now() - timedelta(hours=1),
    )

    assert (ready(client)["status"], ready(client)["unsent"]) == ("degraded", 1)

    Outbox.objects.update(status=OutboxStatus.DEAD, day=clock.today())
    assert (ready(client)["status"], ready(client)["dead"]) == ("degraded", 1)


def test_who_runs_the_service_sees_a_banner_when_the_sweep_is_away(
    client: Client, coordinator: User, liaison: User
) -> None:
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    assert BANNER in client.get("/").content.decode()
    sweep_on(TODAY)
    assert BANNER not in client.get("/").content.decode()
    SweepState.objects.update(last_tick_at=None)
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    assert BANNER not in client.get("/").content.decode()


@pytest.mark.usefixtures("calendar")
def test_what_the_engine_leaves_behind_is_whole(liaison: User, settings: Settings) -> None:
    MilestoneFactory.create(department=liaison.memberships.get().department)
    sweep_on(TODAY)
    send_on(TODAY)

    settings.MEDIA_ROOT.mkdir()
    for stored in StoredFile.objects.all():
        path_of(stored).write_bytes(b"x" * stored.size)

    assert Outbox.objects.get().status == OutboxStatus.SENT
    assert breaches(today=TODAY, now=clock.real_now()) == []
    call_command("verify_invariants")


@pytest.mark.usefixtures("calendar")
def test_each_breach_is_named_and_ends_with_a_failure(liaison: User) -> None:
    MilestoneFactory.create(department=liaison.memberships.get().department)
    sweep_on(TODAY, hour=7)
    Reminder.objects.update(status=ReminderStatus.SUPPRESSED, reason="")
    SubmissionFactory.create(accepted=True)
    StoredFileFactory.create()
    Outbox.objects.create(
        dedupe_key="lost", recipient=liaison, day=TODAY, created_at=NOON, next_at=NOON, losses=3
    )

    with pytest.raises(CommandError) as failed:
        call_command("verify_invariants")

    said = str(failed.value)
    assert "I1 不再发出但没有写明原因的提醒：1" in said
    assert "I3 交付中断两次以上的发件：1" in said
    assert "I5 已有结论但没有审核记录的反馈：1" in said
    assert f"I8 有记录而磁盘上没有的文件：{StoredFile.objects.count()}" in said

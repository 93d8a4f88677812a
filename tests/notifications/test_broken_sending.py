"""Every way in which sending may go wrong, and what is lost: nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from notifications.channels.base import AwayError, LostError, NotNowError, RefusedError
from notifications.channels.mailbox import MailboxChannel
from notifications.choices import OutboxStatus
from notifications.models import Notice, Outbox, Reminder
from tests.conftest import TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, member
from tests.notifications.breaking import WorkerKilledError, break_at, messages_to, send_by
from tests.notifications.conftest import NOW, MoveClock, send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar", "real_time")


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau)


def test_a_worker_killed_after_the_claim_loses_nothing(
    milestone: Milestone, liaison: User, at_real_time: MoveClock
) -> None:
    sweep_on(TODAY)
    break_at("offer", WorkerKilledError())
    held = send_on(TODAY)
    at_real_time(NOW + timedelta(minutes=6))
    send_on(TODAY)

    assert held == 0
    assert len(messages_to(liaison.email)) == 1
    assert Outbox.objects.get().status == OutboxStatus.SENT


@pytest.mark.parametrize(("step", "copies"), [("before_data", 1), ("after_data", 2)])
def test_a_worker_killed_inside_data_sends_one_copy_more_at_most(
    milestone: Milestone, liaison: User, at_real_time: MoveClock, step: str, copies: int
) -> None:
    sweep_on(TODAY)
    break_at(step, WorkerKilledError())
    at_real_time(NOW + timedelta(minutes=6))
    send_on(TODAY)
    status = Outbox.objects.get().status
    at_real_time(NOW + timedelta(minutes=17))
    send_on(TODAY)

    mails = messages_to(liaison.email)
    assert status == OutboxStatus.UNCERTAIN
    assert Outbox.objects.get().status == OutboxStatus.SENT
    assert len(mails) == copies
    assert len({mail.message_id for mail in mails}) == 1


def test_a_line_that_broke_twice_is_left_uncertain_and_shown(
    milestone: Milestone, at_real_time: MoveClock
) -> None:
    sweep_on(TODAY)
    for minutes in (0, 11, 30, 60):
        at_real_time(NOW + timedelta(minutes=minutes))
        break_at("before_data", LostError("reset"))

    message = Outbox.objects.get()
    assert (message.status, message.losses) == (OutboxStatus.UNCERTAIN, 2)
    assert "不再自动重发" in message.reason


def test_a_refusal_for_now_waits_longer_each_time(
    milestone: Milestone, liaison: User, at_real_time: MoveClock
) -> None:
    sweep_on(TODAY)
    now, pauses = NOW, []
    for _ in range(4):
        break_at("offer", NotNowError("451 try later"))
        next_at = Outbox.objects.get().next_at
        pauses.append((next_at - now) / timedelta(minutes=1))
        now = next_at
        at_real_time(now)
    send_on(TODAY)

    for pause, minutes in zip(pauses, (1, 2, 5, 10), strict=True):
        assert 0.8 * minutes <= pause <= 1.2 * minutes
    assert len(messages_to(liaison.email)) == 1


def test_twelve_refusals_are_enough(milestone: Milestone, at_real_time: MoveClock) -> None:
    sweep_on(TODAY)
    for hours in range(13):
        at_real_time(NOW + timedelta(hours=3 * hours))
        break_at("offer", NotNowError("451 try later"))

    message = Outbox.objects.get()
    assert (message.status, message.attempts) == (OutboxStatus.DEAD, 12)
    assert "451 try later" in message.reason


def test_a_refusal_for_good_is_told_to_the_coordinator(
    milestone: Milestone, district: object, coordinator: User
) -> None:
    sweep_on(TODAY)
    break_at("offer", RefusedError("550 no such user"))
    sweep_on(TODAY)

    assert Outbox.objects.get().status == OutboxStatus.DEAD
    notice = Notice.objects.get(recipient=coordinator)
    assert "550 no such user" in notice.text


def test_a_person_without_an_address_is_told_to_the_coordinator(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    User.objects.filter(pk=liaison.pk).update(email="")
    sweep_on(TODAY)
    send_on(TODAY)
    sweep_on(TODAY)

    assert Outbox.objects.get().reason == "没有登记电子邮箱"
    assert Notice.objects.filter(recipient=coordinator, text__contains="没有登记").exists()


def test_a_server_that_is_away_costs_no_try(
    milestone: Milestone, liaison: User, at_real_time: MoveClock
) -> None:
    colleague = member(milestone.department, Role.LIAISON)
    sweep_on(TODAY)
    break_at("offer", AwayError("refused"))
    rows = list(Outbox.objects.all())
    meanwhile = send_on(TODAY)
    at_real_time(NOW + timedelta(minutes=6))
    send_on(TODAY)

    assert {(row.status, row.attempts, row.reason) for row in rows} == {("queued", 0, "refused")}
    assert meanwhile == 0
    assert len(messages_to(liaison.email)) == len(messages_to(colleague.email)) == 1


def test_a_name_that_breaks_a_header_delays_nobody_else(
    milestone: Milestone, liaison: User
) -> None:
    poisoned = DepartmentFactory.create(district=milestone.department.district, name="区\n局")
    member(poisoned, Role.LIAISON)
    MilestoneFactory.create(department=poisoned)
    sweep_on(TODAY)
    send_on(TODAY)

    assert len(messages_to(liaison.email)) == 1
    assert "换行" in Outbox.objects.get(status=OutboxStatus.DEAD).reason


POISON = {
    "sqlite": """
        CREATE TRIGGER poison BEFORE INSERT ON notifications_outbox
        WHEN NEW.recipient_id = {person} BEGIN SELECT RAISE(ABORT, 'poison'); END""",
    "postgresql": """
        CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
        CREATE TRIGGER poison BEFORE INSERT ON notifications_outbox FOR EACH ROW
        WHEN (NEW.recipient_id = {person}) EXECUTE FUNCTION poison()""",
}


def test_a_digest_that_the_database_refuses_delays_nobody_else(
    milestone: Milestone, liaison: User
) -> None:
    poisoned = member(milestone.department, Role.LIAISON)
    with connection.cursor() as cursor:
        cursor.execute(POISON[connection.vendor].format(person=poisoned.pk))

    swept = sweep_on(TODAY)

    assert swept.digests == 1
    assert Outbox.objects.get().recipient == liaison
    assert Reminder.objects.planned().get().recipient == poisoned


def test_a_broken_template_leaves_the_message_for_later(
    milestone: Milestone, settings: Settings, tmp_path: object
) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False}]
    sweep_on(TODAY)
    send_on(TODAY)

    message = Outbox.objects.get()
    assert (message.status, message.attempts) == (OutboxStatus.RETRY_WAIT, 1)


def test_a_lease_that_is_over_sends_nothing(
    milestone: Milestone, liaison: User, at_real_time: MoveClock
) -> None:
    class SlowChannel(MailboxChannel):
        def offer(self, sender: str, address: str) -> None:
            at_real_time(NOW + timedelta(minutes=6))

    sweep_on(TODAY)
    sent = send_by(SlowChannel())
    at_real_time(NOW + timedelta(minutes=12))
    send_on(TODAY)

    assert sent == 0
    assert len(messages_to(liaison.email)) == 1

"""From a planned reminder to a mail in a mailbox, and every way in which it may go wrong."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError
from accounts.models import Department, Event, Membership, User
from notifications.channels.base import AwayError, LostError, NotNowError, RefusedError
from notifications.channels.mailbox import LocalMail, MailboxChannel, keys_of, read
from notifications.choices import OutboxStatus, ReminderStatus
from notifications.models import Notice, Outbox, Reminder
from notifications.usecases import resend, send_outbox
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=NOON.tzinfo)
MoveClock = Callable[[datetime], None]


class WorkerKilledError(BaseException):
    """Nothing may catch this: the worker is gone."""


class BreakingChannel(MailboxChannel):
    """Breaks with the error at one step, before or after the step is taken."""

    def __init__(self, step: str, error: BaseException) -> None:
        super().__init__()
        self.step = step
        self.error = error

    def offer(self, sender: str, address: str) -> None:
        super().offer(sender, address)
        self._break("offer")

    def hand_over(self, message: EmailMessage) -> None:
        self._break("before_data")
        super().hand_over(message)
        self._break("after_data")

    def _break(self, step: str) -> None:
        if step == self.step:
            raise self.error


def messages_to(address: str) -> list[LocalMail]:
    return read(address, keys_of(address))


@pytest.fixture(autouse=True)
def real_time(at_real_time: MoveClock) -> None:
    at_real_time(NOW)


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau)


def send_by(channel: MailboxChannel, hour: int = 9) -> int:
    return send_outbox(channel=channel, at=moment(TODAY, hour))


def break_at(step: str, error: BaseException) -> None:
    with suppress(WorkerKilledError):
        send_by(BreakingChannel(step, error))


def test_two_sweeps_and_two_runs_send_one_mail(milestone: Milestone, liaison: User) -> None:
    for _ in range(2):
        sweep_on(TODAY)
        send_on(TODAY)

    assert len(messages_to(liaison.email)) == 1
    assert Outbox.objects.get().status == OutboxStatus.SENT


@pytest.mark.parametrize(("hour", "digests"), [(8, 0), (9, 1), (17, 1), (18, 0)])
def test_digests_leave_in_office_hours_only(milestone: Milestone, hour: int, digests: int) -> None:
    assert sweep_on(TODAY, hour).digests == digests
    assert Reminder.objects.count() == 1


def test_no_digest_leaves_on_a_day_off(milestone: Milestone) -> None:
    sweep_on(TODAY, hour=7)

    assert sweep_on(date(2017, 11, 25)).digests == 0


def test_three_days_stopped_end_in_one_mail(bureau: Department, liaison: User) -> None:
    MilestoneFactory.create(department=bureau, due_on=date(2017, 12, 29))
    sweep_on(date(2017, 12, 27))
    sweep_on(date(2018, 1, 2))
    send_on(date(2018, 1, 2))

    (mail,) = messages_to(liaison.email)
    assert "已逾期4天" in mail.text


def test_a_report_sent_before_the_mail_takes_it_back(milestone: Milestone, liaison: User) -> None:
    sweep_on(TODAY)
    SubmissionFactory.create(milestone=milestone, author=liaison, waiting=True)
    send_on(TODAY)

    assert messages_to(liaison.email) == []
    assert Outbox.objects.get().status == OutboxStatus.CANCELLED
    reminder = Reminder.objects.get()
    assert (reminder.status, reminder.reason) == (ReminderStatus.SUPPRESSED, "已报送待审核")


def test_a_report_sent_before_office_hours_stops_the_digest(
    milestone: Milestone, liaison: User
) -> None:
    sweep_on(TODAY, hour=7)
    SubmissionFactory.create(milestone=milestone, author=liaison, waiting=True)
    sweep_on(TODAY)

    assert not Outbox.objects.exists()
    assert Reminder.objects.get().status == ReminderStatus.SUPPRESSED


def test_a_day_moved_before_the_claim_is_never_mailed(milestone: Milestone, liaison: User) -> None:
    MilestoneFactory.create(department=milestone.department, due_on=date(2017, 11, 20))
    sweep_on(TODAY)
    Milestone.objects.filter(pk=milestone.pk).update(
        due_on=date(2018, 6, 30), report_by=date(2018, 6, 29)
    )
    send_on(TODAY)

    (mail,) = messages_to(liaison.email)
    assert "12月31日" not in mail.text
    moved = Reminder.objects.get(subject_id=milestone.pk)
    assert (moved.status, moved.reason) == ("suppressed", "完成时限已改为2018年6月30日")


def test_a_person_who_left_gets_nothing(milestone: Milestone, liaison: User) -> None:
    sweep_on(TODAY)
    Membership.objects.filter(user=liaison).update(until_on=TODAY)
    send_on(TODAY)

    assert messages_to(liaison.email) == []
    assert Reminder.objects.get().reason == "已不是该单位的提醒对象"


def test_a_new_reminder_joins_the_digest_that_has_not_left(milestone: Milestone) -> None:
    sweep_on(TODAY)
    MilestoneFactory.create(department=milestone.department)
    sweep_on(TODAY)

    assert Outbox.objects.get().reminders.count() == 2


def test_a_reminder_that_comes_after_the_mail_waits_for_the_next_day(
    milestone: Milestone, liaison: User
) -> None:
    sweep_on(TODAY)
    send_on(TODAY)
    MilestoneFactory.create(department=milestone.department)
    sweep_on(TODAY)
    waiting = Reminder.objects.planned().count()
    sweep_on(date(2017, 11, 21))
    send_on(date(2017, 11, 21))

    assert waiting == 1
    assert len(messages_to(liaison.email)) == 2


def test_a_digest_that_missed_its_day_gives_its_items_to_the_next(
    milestone: Milestone, liaison: User
) -> None:
    sweep_on(TODAY)
    send_on(date(2017, 11, 21))
    sweep_on(date(2017, 11, 21))
    send_on(date(2017, 11, 21))

    assert len(messages_to(liaison.email)) == 1
    assert list(Outbox.objects.order_by("id").values_list("status", flat=True)) == [
        OutboxStatus.CANCELLED,
        OutboxStatus.SENT,
    ]


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


def test_a_failed_mail_is_sent_again_by_a_coordinator(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    sweep_on(TODAY)
    break_at("offer", RefusedError("550 no such user"))
    message = Outbox.objects.get()

    resend(outbox_id=message.pk, by=coordinator, at=NOON, today=TODAY)
    send_on(TODAY)

    message.refresh_from_db()
    assert message.status == OutboxStatus.SENT
    assert Event.objects.about(message).latest("seq").action == "resend"
    assert len(messages_to(liaison.email)) == 1


def test_a_mail_that_was_sent_is_not_sent_again(milestone: Milestone, coordinator: User) -> None:
    sweep_on(TODAY)
    send_on(TODAY)

    with pytest.raises(ConflictError):
        resend(outbox_id=Outbox.objects.get().pk, by=coordinator, at=NOON, today=TODAY)


def test_a_coordinator_of_another_district_cannot_send_again(milestone: Milestone) -> None:
    sweep_on(TODAY)
    stranger = member(DepartmentFactory.create(), Role.COORDINATOR)

    with pytest.raises(ForbiddenError):
        resend(outbox_id=Outbox.objects.get().pk, by=stranger, at=NOON, today=TODAY)


def test_the_identity_of_a_mail_names_the_configured_host(
    milestone: Milestone, liaison: User, settings: Settings
) -> None:
    settings.BASE_URL = "https://plan.example:8443"
    sweep_on(TODAY)
    send_on(TODAY)

    (mail,) = messages_to(liaison.email)
    assert mail.message_id.endswith("@plan.example>")

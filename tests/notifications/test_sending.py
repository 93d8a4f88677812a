"""From a planned reminder to a mail in a mailbox, and what takes it back on the way."""

from datetime import date

import pytest
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError
from accounts.models import Department, Event, Membership, User
from notifications.channels.base import RefusedError
from notifications.choices import OutboxStatus, ReminderStatus
from notifications.models import Outbox, Reminder
from notifications.usecases import resend
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.breaking import break_at, messages_to
from tests.notifications.conftest import send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar", "real_time")


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau)


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

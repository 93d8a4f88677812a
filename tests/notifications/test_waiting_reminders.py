"""Papers nobody signed for, reports that wait for a signature or a decision."""

from datetime import date

import pytest

from accounts.choices import Role
from accounts.models import Department, Event, User
from notifications.models import Outbox, Reminder
from tests.factories import DispatchFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.choices import SubmissionStatus
from tracking.models import Dispatch, Milestone, Submission
from tracking.usecases import send_for_sign_off

pytestmark = pytest.mark.usefixtures("calendar")
FRIDAY = date(2017, 11, 17)
FAR = date(2019, 12, 31)


def recipients_on(day: date) -> set[int]:
    Reminder.objects.all().delete()
    sweep_on(day, hour=7)
    return set(Reminder.objects.filter(day=day).values_list("recipient", flat=True))


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    milestone = MilestoneFactory.create(department=bureau, due_on=FAR)
    Dispatch.objects.update(acknowledged_at=moment(FRIDAY))
    return milestone


def test_a_paper_nobody_signs_for_is_told_to_the_unit_then_to_the_coordinator_too(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    DispatchFactory.create(
        department=bureau, edition__plan__district=bureau.district, issued_on=FRIDAY
    )

    assert recipients_on(date(2017, 11, 21)) == set()
    assert recipients_on(date(2017, 11, 22)) == {liaison.pk}
    assert recipients_on(date(2017, 11, 24)) == {liaison.pk, coordinator.pk}
    sweep_on(date(2017, 11, 24))
    send_on(date(2017, 11, 24))

    said = {row.recipient_id: row.subject for row in Outbox.objects.all()}
    assert "交办单待签收1份" in said[liaison.pk]
    assert "1家单位未签收交办单" in said[coordinator.pk]


def test_a_paper_signed_for_before_the_mail_is_not_spoken_of(
    bureau: Department, liaison: User
) -> None:
    DispatchFactory.create(
        department=bureau, edition__plan__district=bureau.district, issued_on=FRIDAY
    )
    sweep_on(date(2017, 11, 22), hour=7)
    Dispatch.objects.update(acknowledged_at=moment(date(2017, 11, 22)))

    sweep_on(date(2017, 11, 22))

    assert Reminder.objects.get().reason == "已签收"


def test_a_report_two_days_before_the_head_is_told_to_the_head_alone(
    milestone: Milestone, bureau: Department, liaison: User
) -> None:
    head = member(bureau, Role.HEAD)
    draft = SubmissionFactory.create(milestone=milestone, author=liaison)
    send_for_sign_off(submission_id=draft.pk, by=liaison, at=moment(FRIDAY))

    assert recipients_on(date(2017, 11, 20)) == set()
    assert recipients_on(date(2017, 11, 21)) == {head.pk}
    sweep_on(date(2017, 11, 21))
    send_on(date(2017, 11, 21))

    assert "待审签1件" in Outbox.objects.get().subject


def test_a_report_nobody_decides_on_is_told_to_those_who_may(
    milestone: Milestone, liaison: User, supervisor: User, coordinator: User, outsider: User
) -> None:
    report = SubmissionFactory.create(
        milestone=milestone, author=liaison, waiting=True, submitted_at=moment(FRIDAY)
    )

    assert recipients_on(date(2017, 11, 21)) == set()
    assert recipients_on(date(2017, 11, 22)) == {supervisor.pk, coordinator.pk}
    sweep_on(date(2017, 11, 22), hour=7)
    Submission.objects.filter(pk=report.pk).update(status=SubmissionStatus.ACCEPTED)
    sweep_on(date(2017, 11, 22))

    assert set(Reminder.objects.values_list("reason", flat=True)) == {"已审核"}


def test_the_reviewers_mail_names_the_unit_and_the_day(
    milestone: Milestone, liaison: User, supervisor: User
) -> None:
    SubmissionFactory.create(
        milestone=milestone, author=liaison, waiting=True, submitted_at=moment(FRIDAY)
    )

    sweep_on(date(2017, 11, 22))
    send_on(date(2017, 11, 22))

    message = Outbox.objects.get(recipient=supervisor)
    assert "待审核1件" in message.subject
    assert f"{milestone.department}11月17日报送，还没有审核。" in message.body
    assert "您有1项需要办理" in message.body


def test_nothing_of_a_head_who_signed_is_said_twice(
    milestone: Milestone, bureau: Department, liaison: User
) -> None:
    member(bureau, Role.HEAD)
    draft = SubmissionFactory.create(milestone=milestone, author=liaison)
    send_for_sign_off(submission_id=draft.pk, by=liaison, at=moment(FRIDAY))
    for _ in range(2):
        sweep_on(date(2017, 11, 21))
        send_on(date(2017, 11, 21))

    assert Outbox.objects.count() == 1
    assert Event.objects.filter(action="send_for_sign_off").count() == 1

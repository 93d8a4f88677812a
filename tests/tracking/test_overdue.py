"""What is overdue, as the lists ask it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.choices import Role
from tests.conftest import TODAY
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tracking.choices import Decision, SubmissionStatus
from tracking.models import Milestone, Review

PAST = date(2017, 10, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")
IN_TIME = datetime(2017, 10, 30, 9, tzinfo=SHANGHAI)
LATE = datetime(2017, 11, 9, 9, tzinfo=SHANGHAI)


def returned(*, sent_at: datetime, redo_by: date) -> Milestone:
    milestone = MilestoneFactory.create(due_on=PAST)
    submission = SubmissionFactory.create(
        milestone=milestone, status=SubmissionStatus.RETURNED, submitted_at=sent_at
    )
    Review.objects.create(
        submission=submission,
        by=member(milestone.department, Role.SUPERVISOR),
        at=sent_at,
        decision=Decision.RETURNED,
        note="缺少佐证材料",
        redo_by=redo_by,
    )
    return milestone


def test_what_was_never_reported_is_overdue_the_day_after(db: None) -> None:
    milestone = MilestoneFactory.create(due_on=PAST)

    overdue = Milestone.objects.overdue(today=date(2017, 11, 1))

    assert list(overdue) == [milestone]
    assert not Milestone.objects.overdue(today=PAST).exists()


def test_what_waits_for_review_is_not_overdue(db: None) -> None:
    SubmissionFactory.create(milestone=MilestoneFactory.create(due_on=PAST), waiting=True)

    assert not Milestone.objects.overdue(today=TODAY).exists()


def test_a_return_of_what_was_sent_in_time_is_overdue_only_after_its_own_day(db: None) -> None:
    milestone = returned(sent_at=IN_TIME, redo_by=date(2017, 11, 24))

    assert not Milestone.objects.overdue(today=date(2017, 11, 24)).exists()
    assert list(Milestone.objects.overdue(today=date(2017, 11, 25))) == [milestone]


def test_a_return_of_what_was_sent_late_is_overdue_all_the_time(db: None) -> None:
    milestone = returned(sent_at=LATE, redo_by=date(2017, 11, 24))

    assert list(Milestone.objects.overdue(today=TODAY)) == [milestone]

from datetime import timedelta

import pytest

from accounts.choices import Role
from accounts.models import Department, Event, User
from notifications.models import Notice, SweepState
from notifications.usecases import read_notices, sweep
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tracking.choices import Decision, WorkStatus
from tracking.models import Submission
from tracking.usecases import accept_submission, record_extension, return_submission, submit


def told(person: User) -> list[tuple[str, str]]:
    """Sweep and return what the person has been told, the newest first."""
    sweep(at=NOON, today=TODAY)
    return list(Notice.objects.visible_to(person).values_list("text", "path"))


@pytest.fixture
def draft(bureau: Department, liaison: User) -> Submission:
    milestone = MilestoneFactory.create(department=bureau)
    return SubmissionFactory.create(
        milestone=milestone,
        author=liaison,
        work_status=WorkStatus.COMPLETED,
        completed_on=TODAY,
    )


@pytest.fixture
def waiting(draft: Submission, liaison: User) -> Submission:
    return submit(
        submission_id=draft.pk, signed_by="张××", signed_on=TODAY, by=liaison, at=NOON, today=TODAY
    )


def reference(submission: Submission) -> str:
    return submission.milestone.assignment.measure.reference


def test_reviewers_are_told_of_a_report_but_not_those_of_the_office_itself(
    waiting: Submission, supervisor: User, coordinator: User
) -> None:
    insider = member(waiting.milestone.department, Role.SUPERVISOR)
    expected = [
        (
            f"{waiting.milestone.department}报送了{reference(waiting)}的进展反馈，请审核。",
            f"/submissions/{waiting.pk}/review/",
        )
    ]

    assert told(supervisor) == expected
    assert told(coordinator) == expected
    assert told(insider) == []


def test_the_unit_is_told_why_and_until_when_to_mend(
    waiting: Submission, supervisor: User, liaison: User
) -> None:
    head = member(waiting.milestone.department, Role.HEAD)
    return_submission(
        submission_id=waiting.pk,
        note="缺少佐证材料。",
        redo_by=TODAY + timedelta(days=4),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    expected = (
        f"{reference(waiting)}的反馈被退回，请于11月24日前补正。理由：缺少佐证材料。",
        f"/milestones/{waiting.milestone_id}/",
    )
    assert told(liaison) == [expected]
    assert told(head) == [expected]


def test_the_unit_is_told_of_an_acceptance(
    waiting: Submission, supervisor: User, liaison: User
) -> None:
    accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=supervisor, at=NOON)

    assert told(liaison)[0][0] == f"{reference(waiting)}的反馈审核通过（认定办结）。"


def test_the_unit_is_told_of_a_day_that_was_moved(
    draft: Submission, coordinator: User, liaison: User
) -> None:
    record_extension(
        milestone_id=draft.milestone_id,
        asked_on=TODAY,
        reason="等待上级规范",
        new_due_on=TODAY.replace(year=2018),
        approved_by="×××",
        approved_on=TODAY,
        by=coordinator,
        at=NOON,
    )

    assert told(liaison)[0][0] == f"{reference(draft)}的完成时限延至2018年11月20日。"


def test_an_event_is_told_once(waiting: Submission, supervisor: User) -> None:
    told(supervisor)

    assert len(told(supervisor)) == 1
    assert SweepState.objects.get().last_event_seq > 0


def test_what_happened_long_ago_is_not_told(waiting: Submission, supervisor: User) -> None:
    later = NOON + timedelta(days=8)

    assert sweep(at=later, today=later.date()).notices == 0


def test_an_event_that_cannot_be_read_does_not_stop_the_sweep(
    waiting: Submission, supervisor: User, liaison: User
) -> None:
    Submission.objects.filter(pk=waiting.pk).update(status="accepted")
    Event.objects.filter(action="submit").update(action="return", data={})
    MilestoneFactory.create(department=waiting.milestone.department)

    swept = sweep(at=NOON, today=TODAY)

    assert (swept.planned, swept.notices) == (2, 0)


def test_a_person_reads_only_their_own(waiting: Submission, supervisor: User) -> None:
    told(supervisor)
    other = member(DepartmentFactory.create(), Role.VIEWER)

    assert read_notices(notice_ids=None, by=other, at=NOON) == 0
    assert read_notices(notice_ids=None, by=supervisor, at=NOON) == 1
    assert not Notice.objects.unread().filter(recipient=supervisor).exists()


def test_what_is_to_be_done_stands_above_what_is_only_to_be_known(
    waiting: Submission, supervisor: User, liaison: User, coordinator: User
) -> None:
    return_submission(
        submission_id=waiting.pk,
        note="缺少佐证材料。",
        redo_by=TODAY + timedelta(days=4),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )
    record_extension(
        milestone_id=waiting.milestone_id,
        asked_on=TODAY,
        reason="等待上级规范",
        new_due_on=TODAY.replace(year=2018),
        approved_by="×××",
        approved_on=TODAY,
        by=coordinator,
        at=NOON,
    )
    sweep(at=NOON, today=TODAY)
    mine = Notice.objects.visible_to(liaison).worst_first()

    assert [notice.is_urgent for notice in mine] == [True, False]
    read_notices(notice_ids=[mine[0].pk], by=liaison, at=NOON)
    assert [notice.is_urgent for notice in mine.all()] == [False, True]

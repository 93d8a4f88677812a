"""审核: the decision on a report and what follows from it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.timezone import localdate, localtime

from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import (
    STILL_OWED,
    AssignmentStatus,
    Decision,
    MilestoneKind,
    WorkStatus,
)
from tracking.models import Assignment, Milestone, Review, Submission
from tracking.transitions import SUBMISSION, move
from tracking.usecases.history import record_work


@usecase
def accept_submission(
    *,
    submission_id: int,
    decision: Decision,
    by: User,
    at: datetime,
    note: str = "",
    stands: bool = False,
    expected_version: int | None = None,
) -> Submission:
    """Accept a report: DONE finishes its milestone, NOTED leaves it open unless it is one of
    those that come every year, which any accepted report answers.

    When the last open milestone of an assignment is done, the assignment is, and with it those
    that report through it; one that ``stands`` (长期坚持) goes on and is answered for each year.
    """
    submission = _lock_undecided(submission_id, expected_version)
    return _accept(submission, decision, by=by, at=at, note=note, stands=stands)


@usecase
def accept_rows(*, versions: Mapping[int, int], by: User, at: datetime) -> list[Submission]:
    """Accept several reports at once, each with a decision of its own: all or none.

    ``versions`` are those that were on the screen, by submission id. What is completed on a day is
    DONE, everything else NOTED.
    """
    refuse_unless(versions, "请先勾选要审核通过的行。")
    accepted = []
    for pk in sorted(versions):
        submission = _lock_undecided(pk, versions[pk])
        is_done = (
            submission.work_status == WorkStatus.COMPLETED and submission.completed_on is not None
        )
        decision = Decision.DONE if is_done else Decision.NOTED
        accepted.append(_accept(submission, decision, by=by, at=at))
    return accepted


def _lock_undecided(pk: int, expected_version: int | None) -> Submission:
    """Lock a report; whoever comes second to a decision is told who took it, and how."""
    submission = lock(Submission, pk)
    decided = Review.objects.filter(submission=submission).select_related("by").first()
    if decided is not None:
        raise ConflictError(already_decided(decided), code="already_decided")
    if expected_version is not None and submission.version != expected_version:
        raise StaleError
    return submission


def already_decided(review: Review) -> str:
    """Tell who decided on a report, when and how, to somebody who came second."""
    at = localtime(review.at)
    return (
        f"{review.by.name}已于{at.year}年{at.month}月{at.day}日{at:%H:%M}审核了这次反馈："
        f"{review.get_decision_display()}。您的意见没有提交。"
    )


def _accept(
    submission: Submission,
    decision: Decision,
    *,
    by: User,
    at: datetime,
    note: str = "",
    stands: bool = False,
) -> Submission:
    authorize(by, SUBMISSION["accept"].permission, submission)
    if decision not in (Decision.DONE, Decision.NOTED):
        raise InvalidError("审核通过时请选择“认定办结”或“继续推进”。")
    if decision == Decision.DONE and submission.completed_on is None:
        raise InvalidError(
            "这次反馈没有写实际完成日期，不能认定办结；可以选“继续推进”或退回补正。",
            code="no_completed_on",
        )
    move(submission, "accept")
    submission.version += 1
    submission.save(update_fields=["status", "version"])
    Review.objects.create(submission=submission, by=by, at=at, decision=decision, note=note)
    record_work(submission, "accept", by=by, at=at, note=note, data={"decision": decision})
    if decision == Decision.DONE or not submission.milestone.is_dated:
        _finish(submission, by=by, at=at, stands=stands)
    return submission


def _finish(submission: Submission, *, by: User, at: datetime, stands: bool) -> None:
    milestone = lock(Milestone, submission.milestone_id)
    move(milestone, "finish")
    assert submission.submitted_at is not None
    # What recurs each year is answered by the report itself.
    milestone.completed_on = submission.completed_on or localdate(submission.submitted_at)
    milestone.done_at = at
    milestone.version += 1
    milestone.save(update_fields=["status", "completed_on", "done_at", "version"])
    assignment = lock(Assignment, milestone.assignment_id)
    record_work(milestone, "finish", by=by, at=at)
    if milestone.kind != MilestoneKind.DEADLINE:
        return  # what comes again is never the end of a task
    if assignment.milestones.dated().filter(status__in=STILL_OWED).exists():
        return
    if stands and not assignment.is_standing:
        assignment.is_standing = True
        assignment.version += 1
        assignment.save(update_fields=["is_standing", "version"])
        record_work(assignment, "stand", by=by, at=at)
    if assignment.is_standing or assignment.status != AssignmentStatus.IN_PROGRESS:
        return
    followers = assignment.reporters.filter(status=AssignmentStatus.IN_PROGRESS)
    for row in [assignment, *followers.select_for_update()]:
        move(row, "finish")
        row.done_at = at
        row.version += 1
        row.save(update_fields=["status", "done_at", "version"])
        record_work(row, "finish", by=by, at=at)


@usecase
def return_submission(
    *,
    submission_id: int,
    note: str,
    redo_by: date,
    by: User,
    at: datetime,
    today: date,
    expected_version: int | None = None,
) -> Submission:
    """Send a report back with the reason and the day by which to mend it; due_on stays."""
    submission = _lock_undecided(submission_id, expected_version)
    authorize(by, SUBMISSION["return"].permission, submission)
    if redo_by < today:
        raise InvalidError("补正期限不能早于今天。", code="redo_by_past")
    move(submission, "return", note=note)
    submission.version += 1
    submission.save(update_fields=["status", "version"])
    Review.objects.create(
        submission=submission,
        by=by,
        at=at,
        decision=Decision.RETURNED,
        note=note.strip(),
        redo_by=redo_by,
    )
    record_work(
        submission,
        "return",
        by=by,
        at=at,
        note=note.strip(),
        data={"redo_by": redo_by.isoformat()},
    )
    return submission

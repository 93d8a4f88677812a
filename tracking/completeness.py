"""What a report still lacks before it can leave the house."""

from datetime import date

from accounts.errors import InvalidError
from tracking.choices import SubmissionStatus, WorkStatus
from tracking.models import Submission

MOST_TIMES = 9_999


def require_complete(
    submission: Submission, *, on: date | None, has_before: bool | None = None
) -> None:
    """Raise InvalidError with what the report lacks on the day.

    ``has_before`` says whether an earlier report on the assignment was accepted; None asks.
    """
    if not submission.work_status:
        raise InvalidError("请选择办理状态。", code="no_work_status")
    if submission.work_status == WorkStatus.COMPLETED:
        if submission.completed_on is None:
            raise InvalidError("办理状态为已完成的，请填写实际完成日期。", code="no_completed_on")
        if on is not None and submission.completed_on > on:
            raise InvalidError("实际完成日期不能晚于今天。", code="completed_in_the_future")
    if submission.narrative:
        return
    if not submission.is_unchanged:
        raise InvalidError("请填写进展情况，没有新进展的请勾选“无变化”。", code="no_narrative")
    if submission.number == 1 and not (
        _has_before(submission) if has_before is None else has_before
    ):
        raise InvalidError("第一次反馈不能只填“无变化”，请写明进展情况。", code="nothing_before")


def require_row_complete(
    submission: Submission, *, on: date | None, has_before: bool | None = None
) -> None:
    """Raise InvalidError with what a row of a sheet lacks; also 次数, where the plan counts."""
    require_complete(submission, on=on, has_before=has_before)
    if submission.milestone.times_asked and submission.times is None:
        raise InvalidError("请填写本年次数，没有开展的填0。", code="no_times")


def _has_before(submission: Submission) -> bool:
    return Submission.objects.filter(
        milestone__assignment=submission.milestone.assignment_id, status=SubmissionStatus.ACCEPTED
    ).exists()

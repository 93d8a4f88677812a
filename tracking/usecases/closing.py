"""销号: a task struck off the ledger after it is done, and taken up again with a reason."""

from collections.abc import Mapping
from datetime import datetime

from accounts.authorize import authorize
from accounts.errors import StaleError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import AssignmentStatus, MilestoneKind, MilestoneStatus
from tracking.models import Assignment, Milestone
from tracking.transitions import ASSIGNMENT, move
from tracking.usecases.history import record_work

RECORDED = {"reopen": "take_up"}
"""A task taken up again is told apart from one that a later text opened."""


@usecase
def close_assignments(*, versions: Mapping[int, int], by: User, at: datetime) -> list[Assignment]:
    """Strike tasks off, each with its own entry: all or none.

    ``versions`` are those that were on the screen, by assignment id. Units that report through a
    task follow it.
    """
    refuse_unless(versions, "请先勾选要销号的事项。")
    closed = []
    for pk in sorted(versions):
        assignment = lock(Assignment, pk)
        authorize(by, ASSIGNMENT["close"].permission, assignment)
        refuse_unless(assignment.reports_through_id is None, "请在填报单位的交办事项上销号。")
        if assignment.version != versions[pk]:
            raise StaleError(f"{assignment}刚有变动，请刷新后核对再销号。")
        closed += _move_with_followers(assignment, "close", by=by, at=at)
    return closed


@usecase
def reopen_assignment(
    *,
    assignment_id: int,
    reason: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """Take a task up again that was done or struck off; its last dated milestone is owed anew."""
    assignment = lock(Assignment, assignment_id, expected_version)
    authorize(by, ASSIGNMENT["reopen"].permission, assignment)
    refuse_unless(assignment.reports_through_id is None, "请在填报单位的交办事项上恢复办理。")
    _move_with_followers(assignment, "reopen", by=by, at=at, reason=reason.strip())
    last = (
        Milestone.objects.select_for_update(of=("self",))
        .filter(assignment=assignment, kind=MilestoneKind.DEADLINE, status=MilestoneStatus.DONE)
        .order_by("-due_on", "-id")
        .first()
    )
    if last is not None:
        move(last, "reopen")
        last.completed_on = last.done_at = None
        last.version += 1
        last.save(update_fields=["status", "completed_on", "done_at", "version"])
    return assignment


def _move_with_followers(
    assignment: Assignment, step: str, *, by: User, at: datetime, reason: str = ""
) -> list[Assignment]:
    sources = ASSIGNMENT[step].sources
    followers = assignment.reporters.select_for_update(of=("self",)).filter(status__in=sources)
    rows = [assignment, *followers.order_by("id")]
    for row in rows:
        move(row, step, note=reason)
        if row.status == AssignmentStatus.IN_PROGRESS:
            row.done_at = None
        row.version += 1
        row.save(update_fields=["status", "done_at", "version"])
        record_work(row, RECORDED.get(step, step), by=by, at=at, note=reason)
    return rows

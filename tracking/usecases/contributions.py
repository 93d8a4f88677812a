"""配合情况: what supporting units add to the report of the unit that owes it."""

from dataclasses import replace
from datetime import datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError, StaleError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import Contribution, Milestone, Submission
from tracking.usecases.history import record_work
from tracking.usecases.submissions import Report, keep_draft, refuse_secrets, said

WRITABLE = (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)


@usecase
def contribute(
    *,
    milestone_id: int,
    department_id: int,
    text: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Contribution:
    """Keep a supporting unit's part until a report takes it over; empty words are refused.

    ``expected_version`` is that of the part on the screen, 0 where there was none.
    """
    milestone = lock(Milestone, milestone_id)
    follower = milestone.assignment.reporters.filter(department=department_id).first()
    authorize(by, "tracking.contribute", follower)
    refuse_unless(milestone.status == MilestoneStatus.OPEN, "这个时间节点已经办结，不用再填。")
    if not text.strip():
        raise InvalidError("请填写配合情况。", code="no_contribution")
    refuse_secrets(text)
    part = (
        milestone.contributions.open()
        .select_for_update(of=("self",))
        .filter(department=department_id)
        .first()
    )
    if expected_version is not None and (part.version if part else 0) != expected_version:
        raise StaleError
    if part is None:
        part = Contribution(milestone=milestone, department_id=department_id, version=0)
    part.text, part.author, part.at = text.strip(), by, at
    part.version += 1
    part.save()
    record_work(milestone, "contribute", by=by, at=at, data={"unit": part.department.name})
    return part


@usecase
def take_over_contribution(
    *, contribution_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Submission:
    """Append a supporting unit's part to the draft of the report, which is begun where needed.

    ``expected_version`` is that of the draft on the screen, 0 where there was none.
    """
    part = lock(Contribution, contribution_id)
    milestone = lock(Milestone, part.milestone_id)
    authorize(by, "tracking.edit_submission", milestone)
    refuse_unless(part.taken_into_id is None, "这份配合情况已经采用。")
    newest = milestone.submissions.order_by("-number").first()
    before = said(newest) if newest and newest.status in WRITABLE else Report()
    words = f"{part.department.name}配合情况：{part.text}"
    draft = keep_draft(
        milestone,
        replace(before, narrative="\n".join(filter(None, [before.narrative, words]))),
        by=by,
        at=at,
        expected_version=expected_version,
    )
    part.taken_into = draft
    part.version += 1
    part.save(update_fields=["taken_into", "version"])
    return draft

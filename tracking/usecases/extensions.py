"""延期: a day moved with a leader's consent, asked for by the unit or agreed on paper."""

from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import MilestoneStatus
from tracking.models import Extension, ExtensionRequest, Milestone
from tracking.usecases.history import record_work
from tracking.usecases.requests import answer, take
from tracking.usecases.submissions import refuse_secrets


@usecase
def ask_extension(
    *,
    milestone_id: int,
    reason: str,
    progress: str,
    new_due_on: date,
    by: User,
    at: datetime,
    today: date,
) -> ExtensionRequest:
    """Ask for a later day, with the reason and how far the work is; one request at a time."""
    milestone = lock(Milestone, milestone_id)
    authorize(by, "tracking.ask", milestone)
    _refuse_unless_open(milestone)
    refuse_unless(
        not milestone.extension_requests.open().exists(), "已有一份延期申请待批，批复后再申请。"
    )
    if not reason.strip() or not progress.strip():
        raise InvalidError("请写明延期理由和目前进展。", code="no_reason")
    refuse_secrets(reason)
    refuse_secrets(progress)
    _refuse_unless_later(milestone, new_due_on)
    request = ExtensionRequest.objects.create(
        milestone=milestone,
        reason=reason.strip(),
        progress=progress.strip(),
        old_due_on=milestone.due_on,
        new_due_on=new_due_on,
        asked_by=by,
        asked_at=at,
        asked_on=today,
    )
    record_work(
        milestone,
        "ask_extension",
        by=by,
        at=at,
        note=request.reason,
        data={"new_due_on": new_due_on.isoformat()},
    )
    return request


@usecase
def grant_extension(
    *,
    request_id: int,
    new_due_on: date,
    approved_by: str,
    approved_on: date,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ExtensionRequest:
    """Grant what a leader agreed to, who may have set another day than was asked for."""
    request = take(ExtensionRequest, request_id, "grant", by=by, expected_version=expected_version)
    request.extension = _extend(
        lock(Milestone, request.milestone_id),
        asked_on=request.asked_on,
        reason=request.reason,
        new_due_on=new_due_on,
        approved_by=approved_by,
        approved_on=approved_on,
        by=by,
        at=at,
    )
    return answer(request, by=by, at=at)


@usecase
def refuse_extension(
    *,
    request_id: int,
    note: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ExtensionRequest:
    """Refuse, with the reason; the day stays."""
    request = take(
        ExtensionRequest, request_id, "refuse", by=by, expected_version=expected_version, note=note
    )
    record_work(request.milestone, "refuse_extension", by=by, at=at, note=note.strip())
    return answer(request, by=by, at=at, words=note.strip())


@usecase
def withdraw_extension(
    *, request_id: int, by: User, at: datetime, expected_version: int | None = None
) -> ExtensionRequest:
    """Take back what nobody has decided."""
    request = take(
        ExtensionRequest, request_id, "withdraw", by=by, expected_version=expected_version
    )
    record_work(request.milestone, "withdraw_extension", by=by, at=at)
    return answer(request, by=by, at=at)


@usecase
def record_extension(
    *,
    milestone_id: int,
    asked_on: date,
    reason: str,
    new_due_on: date,
    approved_by: str,
    approved_on: date,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Extension:
    """Move a due day that a leader agreed to move; his name and day are on record."""
    milestone = lock(Milestone, milestone_id, expected_version)
    authorize(by, "tracking.record_extension", milestone)
    return _extend(
        milestone,
        asked_on=asked_on,
        reason=reason,
        new_due_on=new_due_on,
        approved_by=approved_by,
        approved_on=approved_on,
        by=by,
        at=at,
    )


def _extend(
    milestone: Milestone,
    *,
    asked_on: date,
    reason: str,
    new_due_on: date,
    approved_by: str,
    approved_on: date,
    by: User,
    at: datetime,
) -> Extension:
    """Move the day of one locked milestone."""
    _refuse_unless_open(milestone)
    _refuse_unless_later(milestone, new_due_on)
    if not reason.strip() or not approved_by.strip():
        raise InvalidError("请填写延期理由和批准领导。", code="no_consent")
    if approved_on > localdate(at):
        raise InvalidError("批准日期不能晚于今天。", code="approved_in_the_future")
    extension = Extension.objects.create(
        milestone=milestone,
        asked_on=asked_on,
        reason=reason.strip(),
        old_due_on=milestone.due_on,
        new_due_on=new_due_on,
        approved_by=approved_by.strip(),
        approved_on=approved_on,
        recorded_by=by,
        recorded_at=at,
    )
    milestone.due_on = new_due_on
    milestone.report_by = WorkCalendar.load().last_on_or_before(new_due_on)
    milestone.version += 1
    milestone.save(update_fields=["due_on", "report_by", "version"])
    record_work(
        milestone,
        "extend",
        by=by,
        at=at,
        note=reason.strip(),
        data={"new_due_on": new_due_on.isoformat()},
    )
    return extension


def _refuse_unless_open(milestone: Milestone) -> None:
    refuse_unless(
        milestone.status == MilestoneStatus.OPEN,
        f"这个时间节点{milestone.get_status_display()}，不能再延期。",
    )


def _refuse_unless_later(milestone: Milestone, new_due_on: date) -> None:
    if new_due_on <= milestone.due_on:
        raise InvalidError("延期后的时限要晚于现在的完成时限。", code="not_later")

"""集中填报: a yearly sheet kept row by row, and sent as one with one signature."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import SubmissionStatus
from tracking.completeness import require_row_complete
from tracking.fingerprint import ON_A_ROW
from tracking.models import Milestone, Sheet, Submission
from tracking.querysets import SENT
from tracking.transitions import SUBMISSION, move
from tracking.usecases.history import record_work
from tracking.usecases.submissions import Report, keep_draft, said, send, signature_of

UNSENT = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What is written on one row; ``expected_version`` is that of the draft on the screen, 0
    where there was none."""

    report: Report
    expected_version: int | None = None


@usecase
def save_sheet(*, sheet_id: int, rows: Mapping[int, SheetRow], by: User, at: datetime) -> Sheet:
    """Keep the rows (by milestone id) of an open sheet as drafts, whole or not; all or none."""
    sheet = lock(Sheet, sheet_id)
    authorize(by, "tracking.edit_submission", sheet)
    _refuse_before_opening(sheet, localdate(at))
    milestones = _locked_rows(sheet)
    drafts = {
        draft.milestone_id: draft
        for draft in Submission.objects.filter(milestone__in=rows, status__in=UNSENT)
    }
    for pk, row in rows.items():
        if pk not in milestones:
            raise InvalidError("这张表里没有这一行，请刷新后再填。")
        report = _completed(row.report, drafts.get(pk))
        keep_draft(milestones[pk], report, by=by, at=at, expected_version=row.expected_version)
    return sheet


def _completed(report: Report, draft: Submission | None) -> Report:
    """Return the row with what its own page alone asks for, as it was kept there."""
    if draft is None:
        return report
    row = {name: getattr(report, name) for name in ON_A_ROW}
    return replace(said(draft), **row)


@usecase
def submit_sheet(
    *,
    sheet_id: int,
    signed_by: str,
    signed_on: date,
    by: User,
    at: datetime,
    today: date,
    expected_version: int | None = None,
) -> Sheet:
    """Send every row that is written, under one signature.

    The first time no row may be missing; a row that came back goes again alone. InvalidError names
    every row that lacks something.
    """
    sheet = lock(Sheet, sheet_id, expected_version)
    authorize(by, "tracking.sign_submission", sheet)
    _refuse_before_opening(sheet, today)
    milestones = _locked_rows(sheet)
    drafts = {
        draft.milestone_id: draft
        for draft in Submission.objects.select_for_update(of=("self",)).filter(
            milestone__in=milestones, status__in=UNSENT
        )
    }
    for pk, draft in drafts.items():
        draft.milestone = milestones[pk]
    _refuse_gaps(milestones, drafts, on=today)
    refuse_unless(drafts, "这张表没有要报送的内容。")
    for pk in milestones:
        if pk in drafts:
            send(drafts[pk], signed_by=signed_by, signed_on=signed_on, by=by, at=at, today=today)
    sheet.signed_by, sheet.signed_on = signature_of(
        sheet.department, signed_by.strip(), signed_on, by=by, today=today
    )
    sheet.submitted_at = sheet.submitted_at or at
    sheet.version += 1
    sheet.save(update_fields=["signed_by", "signed_on", "submitted_at", "version"])
    return sheet


@usecase
def take_back_sheet(
    *, sheet_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Sheet:
    """Make drafts again of all rows on which nobody has decided; decided ones stay."""
    sheet = lock(Sheet, sheet_id, expected_version)
    authorize(by, SUBMISSION["take_back"].permission, sheet)
    waiting = (
        Submission.objects.waiting()
        .filter(milestone__sheet=sheet)
        .select_for_update(of=("self",))
        .select_related("milestone__assignment")
        .order_by("id")
    )
    refuse_unless(waiting, "这张表已经审核，不能收回；退回的行改好后可以单独再报。")
    for row in waiting:
        move(row, "take_back")
        row.version += 1
        row.save(update_fields=["status", "version"])
        record_work(row, "take_back", by=by, at=at)
    if not Submission.objects.filter(
        milestone__sheet=sheet, status__in=(SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED)
    ).exists():
        sheet.submitted_at = None
        sheet.version += 1
        sheet.save(update_fields=["submitted_at", "version"])
    return sheet


def _refuse_before_opening(sheet: Sheet, today: date) -> None:
    opens_on = sheet.year.opens_on
    refuse_unless(
        opens_on <= today,
        f"{sheet.year.year}年度集中填报{opens_on.month}月{opens_on.day}日开始，现在可以先看，不用填。",
    )


def _locked_rows(sheet: Sheet) -> dict[int, Milestone]:
    """Return what is still owed on the sheet, in the order of the plan."""
    rows = (
        sheet.milestones.open()
        .select_for_update(of=("self",))
        .select_related("assignment__measure", "department", "recurrence")
        .defer("assignment__measure__text")
        .order_by("assignment__measure__ordinal", "id")
    )
    return {row.pk: row for row in rows}


def _refuse_gaps(
    milestones: Mapping[int, Milestone], drafts: Mapping[int, Submission], *, on: date
) -> None:
    sent = set(
        Submission.objects.filter(milestone__in=milestones, status__in=SENT).values_list(
            "milestone_id", flat=True
        )
    )
    lacking = []
    for pk, milestone in milestones.items():
        if pk in sent and pk not in drafts:
            continue
        try:
            if pk not in drafts:
                raise InvalidError("还没有填写。")
            require_row_complete(drafts[pk], on=on)
        except InvalidError as error:
            lacking.append(f"{milestone.reference}：{error.message}")
    if lacking:
        raise InvalidError("还不能报送。" + "".join(lacking), code="rows_lacking")

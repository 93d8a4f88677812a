"""集中填报: a yearly sheet kept row by row, and sent as one with one signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import SubmissionStatus
from tracking.models import Milestone, Sheet, Submission
from tracking.usecases.submissions import Report, keep_draft, require_complete, send

UNSENT = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What is written on one row; ``expected_version`` is that of the draft on the screen, 0
    where there was none."""

    report: Report
    expected_version: int | None = None


@usecase
def save_sheet(*, sheet_id: int, rows: Mapping[int, SheetRow], by: User, at: datetime) -> Sheet:
    """Keep the rows (by milestone id) of a sheet as drafts, whole or not; all or none."""
    sheet = lock(Sheet, sheet_id)
    authorize(by, "tracking.edit_submission", sheet)
    milestones = _locked_rows(sheet)
    for pk, row in rows.items():
        if pk not in milestones:
            raise InvalidError("这张表里没有这一行，请刷新后再填。")
        keep_draft(milestones[pk], row.report, by=by, at=at, expected_version=row.expected_version)
    return sheet


@usecase
def submit_sheet(
    *, sheet_id: int, signed_by: str, signed_on: date, by: User, at: datetime, today: date
) -> Sheet:
    """Send every row that is written, under one signature.

    The first time no row may be missing; a row that came back goes again alone. InvalidError names
    every row that lacks something.
    """
    sheet = lock(Sheet, sheet_id)
    authorize(by, "tracking.sign_submission", sheet)
    milestones = _locked_rows(sheet)
    drafts = {
        draft.milestone_id: draft
        for draft in Submission.objects.select_for_update(of=("self",)).filter(
            milestone__in=milestones, status__in=UNSENT
        )
    }
    _refuse_gaps(milestones, drafts, on=today)
    refuse_unless(drafts, "这张表没有要报送的内容。")
    for pk in milestones:
        if pk in drafts:
            draft = drafts[pk]
            draft.milestone = milestones[pk]
            send(draft, signed_by=signed_by, signed_on=signed_on, by=by, at=at, today=today)
    sheet.signed_by, sheet.signed_on = signed_by.strip(), signed_on
    sheet.submitted_at = sheet.submitted_at or at
    sheet.version += 1
    sheet.save(update_fields=["signed_by", "signed_on", "submitted_at", "version"])
    return sheet


def _locked_rows(sheet: Sheet) -> dict[int, Milestone]:
    """Return what is still owed on the sheet, in the order of the plan."""
    rows = (
        sheet.milestones.open()
        .select_for_update(of=("self",))
        .select_related("assignment__measure", "department")
        .defer("assignment__measure__text")
        .order_by("assignment__measure__ordinal", "id")
    )
    return {row.pk: row for row in rows}


def _refuse_gaps(
    milestones: Mapping[int, Milestone], drafts: Mapping[int, Submission], *, on: date
) -> None:
    sent = set(
        Submission.objects.waiting()
        .filter(milestone__in=milestones)
        .values_list("milestone_id", flat=True)
    )
    lacking = []
    for pk, milestone in milestones.items():
        if pk in sent:
            continue
        try:
            if pk not in drafts:
                raise InvalidError("还没有填写。")
            require_complete(drafts[pk], on=on)
        except InvalidError as error:
            lacking.append(f"{milestone.reference}：{error.message}")
    if lacking:
        raise InvalidError("还不能报送。" + "".join(lacking), code="rows_lacking")

"""交办: from a checked edition to dispatches, assignments and milestones; and its receipt."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import EditionStatus
from plans.models import Edition
from plans.usecases.codes import give_codes
from tracking.models import Dispatch, Milestone
from tracking.selectors.distribution import Choice, distribute, home_of
from tracking.selectors.past import PastDay
from tracking.usecases.handing_out import hand_out
from tracking.usecases.past import check_past, record_past


@usecase
def issue_plan(
    *,
    edition_id: int,
    document_number: str,
    issued_on: date,
    by: User,
    at: datetime,
    choices: Mapping[int, Choice] | None = None,
    left_out: Collection[int] = (),
    past: Mapping[int, PastDay] | None = None,
    expected_version: int | None = None,
) -> Edition:
    """Hand the edition out: a dispatch per department, an assignment per leaf and department.

    The document number and the day of issue are typed by a person; a text sent out for comments
    has neither. ``choices`` (by measure id) say who reports and who answers for itself; where they
    are silent the recommendation holds: of several leads the first reports and the others through
    it, a measure that addresses each unit is a common duty of all members of its groups but
    ``left_out``, one without a lead is not handed out. ``past`` (by deadline id) says what holds
    for days that have passed; one that it does not name waits for a decision. ConflictError while
    a doubt stops the issue.
    """
    edition = lock(Edition, edition_id, expected_version)
    authorize(by, "tracking.issue_plan", edition)
    refuse_unless(edition.status == EditionStatus.DRAFT, "这份方案已经交办过了。")
    refuse_unless(
        edition.plan.editions.in_force() is None,
        "这个方案已有交办过的文本，请用“启用新文本”，正在办理的事项随之延续。",
    )
    stopping = edition.doubts.stopping().count()
    refuse_unless(not stopping, f"还有{stopping}处必须处理的待核实事项，处理完才能交办。")
    if not document_number.strip():
        raise InvalidError("请填写发文字号。征求意见稿没有文号，印发后再交办。")
    today, decided = localdate(at), past or {}
    check_past(decided, today=today)
    edition.status = EditionStatus.ISSUED
    edition.document_number = document_number.strip()
    edition.issued_on = issued_on
    edition.dispatched_at = at
    edition.version += 1
    edition.save()
    give_codes(edition)
    found = distribute(edition, choices or {}, home=home_of(by, edition), left_out=left_out)
    made = hand_out(
        edition,
        found.handouts,
        issued_on=issued_on,
        calendar=WorkCalendar.load(),
        past=decided,
        today=today,
    )
    record_past(made, decided, by=by, at=at)
    Milestone.objects.bulk_update(made, ["past_chosen_at"])
    for dispatch in edition.dispatches.all():
        record(dispatch, "issue", by=by, at=at, within=edition, department=dispatch.department_id)
    record(edition, "issue", by=by, at=at, note=edition.document_number)
    return edition


@usecase
def acknowledge_dispatch(*, dispatch_id: int, by: User, at: datetime) -> Dispatch:
    """Sign for a dispatch, once."""
    dispatch = lock(Dispatch, dispatch_id)
    authorize(by, "tracking.acknowledge_dispatch", dispatch)
    refuse_unless(dispatch.acknowledged_at is None, "这份交办单已经签收。")
    dispatch.acknowledged_at = at
    dispatch.acknowledged_by = by
    dispatch.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(
        dispatch,
        "acknowledge",
        by=by,
        at=at,
        within=dispatch.edition,
        department=dispatch.department_id,
    )
    return dispatch

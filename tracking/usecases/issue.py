"""交办: from a checked edition to dispatches, assignments and milestones; and its receipt."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import EditionStatus
from plans.models import Edition, Responsibility
from tracking.models import Assignment, Dispatch, Milestone
from tracking.selectors.distribution import Handout, departments_of, distribute


@usecase
def issue_plan(
    *,
    edition_id: int,
    document_number: str,
    issued_on: date,
    by: User,
    at: datetime,
    reporters: Mapping[int, int] | None = None,
    expected_version: int | None = None,
) -> Edition:
    """Hand the edition out: a dispatch per department, an assignment per leaf and department.

    The document number and the day of issue are typed by a person; a text sent out for comments
    has neither. Of several leads the first owes the milestones, unless ``reporters`` (measure id →
    department id) names another; everybody else reports through it. A leaf without a lead
    department is not handed out. ConflictError while a doubt stops the issue.
    """
    edition = lock(Edition, edition_id, expected_version)
    authorize(by, "tracking.issue_plan", edition)
    refuse_unless(edition.status == EditionStatus.DRAFT, "这份方案已经交办过了。")
    stopping = edition.doubts.stopping().count()
    refuse_unless(not stopping, f"还有{stopping}处必须处理的待核实事项，处理完才能交办。")
    if not document_number.strip():
        raise InvalidError("请填写发文字号。征求意见稿没有文号，印发后再交办。")
    edition.status = EditionStatus.ISSUED
    edition.document_number = document_number.strip()
    edition.issued_on = issued_on
    edition.dispatched_at = at
    edition.version += 1
    edition.save()
    handouts, _ = distribute(edition, reporters or {})
    leaders = _hand_out(edition, handouts, issued_on)
    _make_milestones(edition, handouts, leaders)
    for dispatch in edition.dispatches.all():
        record(dispatch, "issue", by=by, at=at, within=edition, department=dispatch.department_id)
    record(edition, "issue", by=by, at=at, note=edition.document_number)
    return edition


def _hand_out(
    edition: Edition, handouts: Sequence[Handout], issued_on: date
) -> dict[int, Assignment]:
    """Make dispatches and assignments; return the reporting assignment of each leaf."""
    dispatches = {
        dispatch.department_id: dispatch
        for dispatch in Dispatch.objects.bulk_create(
            Dispatch(edition=edition, department_id=department, issued_on=issued_on)
            for department in departments_of(handouts)
        )
    }

    def assignment(row: Responsibility, through: Assignment | None) -> Assignment:
        assert row.department_id is not None
        return Assignment(
            dispatch=dispatches[row.department_id],
            measure_id=row.measure_id,
            department_id=row.department_id,
            role=row.role,
            reports_through=through,
        )

    leaders = {
        made.measure_id: made
        for made in Assignment.objects.bulk_create(
            assignment(handout.reporter, None) for handout in handouts
        )
    }
    Assignment.objects.bulk_create(
        assignment(row, leaders[handout.measure.pk])
        for handout in handouts
        for row in handout.others
    )
    return leaders


def _make_milestones(
    edition: Edition, handouts: Sequence[Handout], leaders: Mapping[int, Assignment]
) -> None:
    calendar = WorkCalendar.load()
    Milestone.objects.bulk_create(
        Milestone(
            assignment=leaders[handout.measure.pk],
            plan_id=edition.plan_id,
            department_id=leaders[handout.measure.pk].department_id,
            deadline=dated.deadline,
            mark=dated.mark,
            what=dated.deadline.what or handout.measure.title,
            due_on=dated.due_on,
            original_due_on=dated.due_on,
            report_by=calendar.last_on_or_before(dated.due_on),
        )
        for handout in handouts
        for dated in handout.dated
    )


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

"""交办: from a checked edition to dispatches, assignments and milestones; and its receipt."""

from collections.abc import Mapping
from datetime import date, datetime

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import DeadlineKind, EditionStatus, ResponsibilityRole
from plans.models import Edition, Measure, Responsibility
from tracking.models import Assignment, Dispatch, Milestone

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STRENGTH = {
    ResponsibilityRole.LEAD: 0,
    ResponsibilityRole.SHARE: 1,
    ResponsibilityRole.SUPPORT: 2,
}


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
    leaders = _hand_out(edition, reporters or {}, issued_on)
    _make_milestones(edition, leaders)
    for dispatch in edition.dispatches.all():
        record(dispatch, "issue", by=by, at=at, within=edition, department=dispatch.department_id)
    record(edition, "issue", by=by, at=at, note=edition.document_number)
    return edition


def _hand_out(
    edition: Edition, reporters: Mapping[int, int], issued_on: date
) -> dict[int, Assignment]:
    """Make dispatches and assignments; return the reporting assignment of each leaf."""
    named: dict[int, list[Responsibility]] = {}
    rows = Responsibility.objects.filter(
        measure__edition=edition, measure__is_leaf=True, department__isnull=False
    ).order_by("measure__ordinal", "ordinal")
    for row in rows:
        named.setdefault(row.measure_id, []).append(row)
    led = {
        measure: sorted(names, key=lambda row: STRENGTH[ResponsibilityRole(row.role)])
        for measure, names in named.items()
        if any(row.role == ResponsibilityRole.LEAD for row in names)
    }
    departments = {row.department_id for names in led.values() for row in names}
    dispatches = {
        dispatch.department_id: dispatch
        for dispatch in Dispatch.objects.bulk_create(
            Dispatch(edition=edition, department_id=department, issued_on=issued_on)
            for department in sorted(filter(None, departments))
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

    chosen = {
        measure: next(
            (row for row in names if row.department_id == reporters.get(measure)), names[0]
        )
        for measure, names in led.items()
    }
    leaders = {
        made.measure_id: made
        for made in Assignment.objects.bulk_create(assignment(row, None) for row in chosen.values())
    }
    Assignment.objects.bulk_create(
        assignment(row, leaders[measure])
        for measure, names in led.items()
        for row in names
        if row is not chosen[measure]
    )
    return leaders


def _make_milestones(edition: Edition, leaders: Mapping[int, Assignment]) -> None:
    calendar = WorkCalendar.load()
    milestones = []
    for measure in Measure.objects.filter(pk__in=leaders).prefetch_related("deadlines"):
        dated = [
            deadline
            for deadline in measure.deadlines.all()
            if deadline.kind == DeadlineKind.DATE and deadline.due_on
        ]
        for index, deadline in enumerate(dated):
            assert deadline.due_on is not None
            leader = leaders[measure.pk]
            milestones.append(
                Milestone(
                    assignment=leader,
                    plan_id=edition.plan_id,
                    department_id=leader.department_id,
                    deadline=deadline,
                    mark=CIRCLED[index : index + 1] if len(dated) > 1 else "",
                    what=deadline.what or measure.title,
                    due_on=deadline.due_on,
                    original_due_on=deadline.due_on,
                    report_by=calendar.last_on_or_before(deadline.due_on),
                )
            )
    Milestone.objects.bulk_create(milestones)


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

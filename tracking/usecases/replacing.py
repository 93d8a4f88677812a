"""How one department takes part in a measure, or takes the place of another, after the issue."""

from datetime import datetime

from django.db.models import F, Max
from django.utils.timezone import localdate

from accounts.events import record
from accounts.models import Department, User
from accounts.usecase import refuse_unless
from plans.choices import ResponsibilityRole
from tracking.choices import STILL_OWED
from tracking.models import Assignment, Dispatch, Milestone, Sheet


def assignment_of(near: Assignment, unit: Department) -> Assignment | None:
    """Return the live assignment of a unit to the same measure."""
    rows = Assignment.objects.filter(measure=near.measure_id, department=unit)
    return rows.live().first()


def take_part(
    reporter: Assignment, unit: Department, *, role: str, by: User, at: datetime
) -> Assignment:
    """Give a unit its own assignment to the measure, reporting through the one that reports."""
    return Assignment.objects.create(
        dispatch=_supplementary(reporter, unit, by=by, at=at),
        measure=reporter.measure,
        department=unit,
        role=role,
        status=reporter.status,
        reports_through=reporter,
    )


def take_over(former: Assignment, unit: Department, *, by: User, at: datetime) -> Assignment:
    """Let a unit stand in the place of another: what is open, and who reports through it.

    A unit that takes part already keeps its assignment, with the stronger role.
    """
    through = former.reports_through
    heir = assignment_of(former, unit) or take_part(
        through or former, unit, role=former.role, by=by, at=at
    )
    refuse_unless(
        through is not None or heir.gathered_by_id is None,
        f"{unit}已按共性任务单独反馈这一项，不能再接办汇总，请选择另一个单位。",
    )
    if former.role == ResponsibilityRole.LEAD:
        heir.role = ResponsibilityRole.LEAD
    if through is None:
        heir.reports_through, heir.gathered_by = None, former.gathered_by
        others = Assignment.objects.exclude(pk__in=(heir.pk, former.pk))
        newer = F("version") + 1
        others.filter(reports_through=former).update(reports_through=heir, version=newer)
        others.filter(gathered_by=former).update(gathered_by=heir, version=newer)
    heir.version += 1
    heir.save(update_fields=["role", "reports_through", "gathered_by", "version"])
    if through is None:
        for milestone in former.milestones.select_for_update(of=("self",)).filter(
            status__in=STILL_OWED
        ):
            _move(milestone, heir)
    return heir


def _move(milestone: Milestone, heir: Assignment) -> None:
    milestone.assignment, milestone.department = heir, heir.department
    if milestone.sheet is not None:
        milestone.sheet, _ = Sheet.objects.get_or_create(
            year=milestone.sheet.year, department=heir.department
        )
    milestone.version += 1
    milestone.save(update_fields=["assignment", "department", "sheet", "version"])


def _supplementary(near: Assignment, unit: Department, *, by: User, at: datetime) -> Dispatch:
    """Make a further dispatch; the one that was signed for stays as it was."""
    edition = near.measure.edition_id
    before = Dispatch.objects.filter(edition=edition, department=unit)
    last = before.aggregate(last=Max("serial"))["last"] or 0
    dispatch = Dispatch.objects.create(
        edition_id=edition, department=unit, issued_on=localdate(at), serial=last + 1
    )
    record(
        dispatch, "issue", by=by, at=at, within=dispatch.edition, department=unit, note="补充交办"
    )
    return dispatch

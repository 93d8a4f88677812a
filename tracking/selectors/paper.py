"""交办单: the rows of the paper by which a unit received its work, as they stood that day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.calendar import WorkCalendar
from plans.choices import ResponsibilityRole
from plans.models import Measure, Responsibility
from tracking.models import Assignment, Dispatch, Milestone


@dataclass(frozen=True, slots=True)
class PaperDay:
    """A day by which a clause of a row is due, before any extension."""

    mark: str
    what: str
    due_on: date
    report_by: date


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A measure on the paper of one unit."""

    measure: Measure
    partners: str
    days: list[PaperDay]
    reporter: str

    @property
    def is_reported_by_another(self) -> bool:
        """Whether another unit gathers and sends the report."""
        return bool(self.reporter)


@dataclass(frozen=True, slots=True)
class Paper:
    """What one unit has to do by one issue of an edition."""

    lead: list[PaperRow]
    others: list[PaperRow]


def paper_of(dispatch: Dispatch) -> Paper:
    """Return the rows of the paper in the order of the plan."""
    calendar = WorkCalendar.load()
    rows = dispatch.assignments.select_related(
        "measure", "reports_through__department"
    ).prefetch_related(
        "milestones",
        "continued_by__milestones",
        "reports_through__milestones",
        "reports_through__continued_by__milestones",
        Prefetch("measure__responsibilities", queryset=Responsibility.objects.order_by("ordinal")),
    )
    lead: list[PaperRow] = []
    others: list[PaperRow] = []
    for row in rows.order_by("measure__ordinal", "id"):
        (lead if row.role == ResponsibilityRole.LEAD else others).append(_row(row, calendar))
    return Paper(lead, others)


def _row(row: Assignment, calendar: WorkCalendar) -> PaperRow:
    owing = row.reports_through or row
    return PaperRow(
        measure=row.measure,
        partners=_partners(row),
        days=[_day(milestone, calendar) for milestone in _days_of(owing)],
        reporter=row.reports_through.department.name if row.reports_through else "",
    )


def _days_of(owing: Assignment) -> list[Milestone]:
    """Return what it owed; what another unit goes on with since is found there."""
    mine = list(owing.milestones.all())
    return mine or (list(owing.continued_by.milestones.all()) if owing.continued_by else [])


def _day(milestone: Milestone, calendar: WorkCalendar) -> PaperDay:
    return PaperDay(
        mark=milestone.mark,
        what=milestone.what,
        due_on=milestone.original_due_on,
        report_by=calendar.last_on_or_before(milestone.original_due_on),
    )


def _partners(row: Assignment) -> str:
    names: dict[str, list[str]] = {}
    for other in row.measure.responsibilities.all():
        if other.department_id != row.department_id:
            names.setdefault(other.role, []).append(other.canonical)
    told = []
    for role, partners in names.items():
        listed = "、".join(partners)
        if role != ResponsibilityRole.LEAD:
            told.append(f"{listed}{ResponsibilityRole(role).label}")
        elif row.role != ResponsibilityRole.LEAD:
            told.append(f"{listed}牵头")
        elif row.reports_through:
            told.append(f"共同牵头：{listed}（由{row.reports_through.department}填报）")
        else:
            told.append(f"共同牵头：{listed}（由贵单位填报）")
    return "；".join(told)

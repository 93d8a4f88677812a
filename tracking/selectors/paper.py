"""交办单: the rows of the paper by which a unit received its work, as they stood that day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.calendar import WorkCalendar
from plans.choices import ResponsibilityRole
from plans.models import Measure, Responsibility
from tracking.models import Assignment, Dispatch
from tracking.selectors.distribution import Dated, dates_of


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
    """Return the rows of the paper as its own text has them, whatever came later."""
    calendar = WorkCalendar.load()
    rows = dispatch.assignments.select_related("measure", "reports_through__department")
    measures = {
        measure.lineage: measure
        for measure in Measure.objects.filter(
            edition=dispatch.edition_id, lineage__in=[row.measure.lineage for row in rows]
        ).prefetch_related(
            "deadlines",
            Prefetch("responsibilities", queryset=Responsibility.objects.order_by("ordinal")),
        )
    }
    lead: list[PaperRow] = []
    others: list[PaperRow] = []
    for row in sorted(rows, key=lambda row: (measures[row.measure.lineage].ordinal, row.pk)):
        measure = measures[row.measure.lineage]
        role = _role(row, measure)
        (lead if role == ResponsibilityRole.LEAD else others).append(_row(row, measure, calendar))
    return Paper(lead, others)


def _role(row: Assignment, measure: Measure) -> str:
    """Return the unit's role as the paper's own text has it."""
    named = (other for other in measure.responsibilities.all())
    return next(
        (other.role for other in named if other.department_id == row.department_id), row.role
    )


def _row(row: Assignment, measure: Measure, calendar: WorkCalendar) -> PaperRow:
    return PaperRow(
        measure=measure,
        partners=_partners(row, measure),
        days=[_day(dated, measure, calendar) for dated in dates_of(measure)],
        reporter=row.reports_through.department.name if row.reports_through else "",
    )


def _day(dated: Dated, measure: Measure, calendar: WorkCalendar) -> PaperDay:
    return PaperDay(
        mark=dated.mark,
        what=dated.deadline.what or measure.title,
        due_on=dated.due_on,
        report_by=calendar.last_on_or_before(dated.due_on),
    )


def _partners(row: Assignment, measure: Measure) -> str:
    names: dict[str, list[str]] = {}
    for other in measure.responsibilities.all():
        if other.department_id != row.department_id:
            names.setdefault(other.role, []).append(other.canonical)
    told = []
    for role, partners in names.items():
        listed = "、".join(partners)
        if role != ResponsibilityRole.LEAD:
            told.append(f"{listed}{ResponsibilityRole(role).label}")
        elif _role(row, measure) != ResponsibilityRole.LEAD:
            told.append(f"{listed}牵头")
        elif row.reports_through:
            told.append(f"共同牵头：{listed}（由{row.reports_through.department}填报）")
        else:
            told.append(f"共同牵头：{listed}（由贵单位填报）")
    return "；".join(told)

"""交办单: the rows of the paper by which a unit received its work, as they stood that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from accounts.calendar import WorkCalendar
from accounts.models import Event
from plans.cadence import cadence_words
from plans.choices import ResponsibilityRole
from plans.models import Measure, Responsibility
from tracking.choices import MilestoneStatus
from tracking.models import Assignment, Dispatch, Milestone
from tracking.selectors.distribution import Dated, dates_of, owed_by_each, recurring_of
from tracking.selectors.history import past_words
from tracking.selectors.owed import recurs_by_period

OPEN_WORDS = "时限已过，怎样办理另行通知"


@dataclass(frozen=True, slots=True)
class PaperDay:
    """A day by which a clause of a row is due, before any extension; ``past`` says what holds where
    it had passed at the issue."""

    mark: str
    what: str
    due_on: date
    report_by: date
    past: str = ""


@dataclass(frozen=True, slots=True)
class PaperPeriod:
    """A duty of each half year, quarter or month, and by when it is due in it."""

    what: str
    when: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A measure on the paper of one unit."""

    measure: Measure
    partners: str
    days: list[PaperDay]
    periods: list[PaperPeriod]
    recurrences: list[str]
    reporter: str
    summed_up_by: str

    @property
    def is_reported_by_another(self) -> bool:
        """Whether another unit gathers and sends the report."""
        return bool(self.reporter)


@dataclass(frozen=True, slots=True)
class Paper:
    """What one unit has to do by one issue of an edition."""

    lead: list[PaperRow]
    others: list[PaperRow]
    common: list[PaperRow]

    @property
    def common_days(self) -> list[tuple[date, list[str]]]:
        """The days of the common duties, each with the clauses that are due on it."""
        found: dict[date, list[str]] = {}
        for row in self.common:
            for day in row.days:
                found.setdefault(day.due_on, []).append(f"{row.measure.reference}{day.mark}")
        return sorted(found.items())


def paper_of(dispatch: Dispatch) -> Paper:
    """Return the rows of the paper as its own text has them, whatever came later."""
    calendar = WorkCalendar.load()
    past = _past_days(dispatch)
    rows = dispatch.assignments.select_related(
        "measure", "reports_through__department", "gathered_by__department"
    )
    measures = {
        measure.lineage: measure
        for measure in Measure.objects.filter(
            edition=dispatch.edition_id, lineage__in=[row.measure.lineage for row in rows]
        ).prefetch_related(
            "deadlines",
            "recurrences",
            Prefetch("responsibilities", queryset=Responsibility.objects.order_by("ordinal")),
        )
    }
    lead: list[PaperRow] = []
    others: list[PaperRow] = []
    common: list[PaperRow] = []
    for row in sorted(rows, key=lambda row: (measures[row.measure.lineage].ordinal, row.pk)):
        measure = measures[row.measure.lineage]
        if row.gathered_by:
            kind = common
        else:
            kind = lead if _role(row, measure) == ResponsibilityRole.LEAD else others
        kind.append(_row(row, measure, calendar, past))
    return Paper(lead, others, common)


def _role(row: Assignment, measure: Measure) -> str:
    """Return the unit's role as the paper's own text has it."""
    named = (other for other in measure.responsibilities.all())
    return next(
        (other.role for other in named if other.department_id == row.department_id), row.role
    )


def _past_days(dispatch: Dispatch) -> dict[tuple[Any, str], str]:
    """Return what holds, by lineage and day, where a day had passed when the paper was made; what
    was decided later does not change the paper."""
    owed = Milestone.objects.filter(
        Q(status=MilestoneStatus.UNDECIDED) | ~Q(past_choice=""),
        assignment__measure__lineage__in=dispatch.assignments.values("measure__lineage"),
        plan=dispatch.edition.plan_id,
        gathered_by=None,
    )
    lineages = dict(owed.values_list("pk", "assignment__measure__lineage"))
    open_days = owed.filter(status=MilestoneStatus.UNDECIDED)
    found = {
        (lineage, day.isoformat()): OPEN_WORDS
        for lineage, day in open_days.values_list("assignment__measure__lineage", "due_on")
    }
    told = Event.objects.filter(
        object_kind="tracking.milestone", action="decide", object_id__in=lineages
    )
    for event in told:
        is_on_paper = event.at == dispatch.edition.dispatched_at
        words = past_words(event.data) if is_on_paper else OPEN_WORDS
        found[lineages[event.object_id], event.data["old_due_on"]] = words
    return found


def _row(
    row: Assignment,
    measure: Measure,
    calendar: WorkCalendar,
    past: Mapping[tuple[Any, str], str],
) -> PaperRow:
    dated, recurring = owed_by_each(measure)
    if not row.gathered_by:
        dated, recurring = dates_of(measure), recurring_of(measure)
    return PaperRow(
        measure=measure,
        partners=_partners(row, measure),
        days=[_day(day, measure, calendar, past) for day in dated],
        periods=[
            PaperPeriod(found.what, cadence_words(found.frequency, found.due_in_period))
            for found in recurring
            if recurs_by_period(found) and not row.reports_through
        ],
        recurrences=[
            found.what for found in recurring if row.gathered_by and not recurs_by_period(found)
        ],
        reporter=row.reports_through.department.name if row.reports_through else "",
        summed_up_by=row.gathered_by.department.name if row.gathered_by else "",
    )


def _day(
    dated: Dated,
    measure: Measure,
    calendar: WorkCalendar,
    past: Mapping[tuple[Any, str], str],
) -> PaperDay:
    return PaperDay(
        mark=dated.mark,
        what=dated.deadline.what or measure.title,
        due_on=dated.due_on,
        report_by=calendar.last_on_or_before(dated.due_on),
        past=past.get((measure.lineage, dated.due_on.isoformat()), ""),
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

"""Dispatches, assignments, milestones and yearly sheets, made set by set for an issue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from accounts.calendar import WorkCalendar
from accounts.models import Department
from plans.models import Edition
from tracking.models import Assignment, Dispatch, Milestone, ReportingYear, Sheet
from tracking.selectors.distribution import Handout, Part
from tracking.selectors.owed import Horizon, Owed, horizon_of, owed_by, years_of
from tracking.selectors.past import PastDay, put_past
from tracking.selectors.years import proposed_year


def plan_years(edition: Edition, years: Iterable[int], calendar: WorkCalendar) -> None:
    """Make the calendar of each year that has none; the coordinator can change its days."""
    known = set(edition.plan.reporting_years.values_list("year", flat=True))
    ReportingYear.objects.bulk_create(
        proposed_year(edition.plan, year, calendar) for year in years if year not in known
    )


def hand_out(
    edition: Edition,
    handouts: Sequence[Handout],
    *,
    issued_on: date,
    calendar: WorkCalendar,
    past: Mapping[int, PastDay],
    today: date,
) -> list[Milestone]:
    """Make a dispatch per department, its assignments, and everything dated that they owe.

    Return what was due before ``today``, as ``past`` (by deadline id) decides.
    """
    dispatches = {
        dispatch.department_id: dispatch
        for dispatch in Dispatch.objects.bulk_create(
            Dispatch(edition=edition, department_id=department, issued_on=issued_on)
            for department in sorted(
                {part.department.pk for handout in handouts for part in handout.parts}
            )
        )
    }
    assignments = _assignments(handouts, dispatches)
    years = years_of(edition, handouts, issued_on)
    plan_years(edition, years, calendar)
    maker = Milestones(
        edition,
        handouts,
        assignments,
        calendar,
        past=past,
        today=today,
    )
    return maker.make(horizon_of(edition, years, issued_on, today))


def _assignments(
    handouts: Sequence[Handout], dispatches: Mapping[int, Dispatch]
) -> dict[tuple[int, int], Assignment]:
    """Make the assignments, reporters first; return them by measure and department."""

    def assignment(handout: Handout, part: Part, **to: Assignment) -> Assignment:
        return Assignment(
            dispatch=dispatches[part.department.pk],
            measure=handout.measure,
            department=part.department,
            role=part.role,
            **to,
        )

    reporters = {
        made.measure_id: made
        for made in Assignment.objects.bulk_create(
            assignment(handout, handout.reporter) for handout in handouts
        )
    }

    def others() -> Iterator[Assignment]:
        for handout in handouts:
            reporter = reporters[handout.measure.pk]
            for part in handout.followers:
                yield assignment(handout, part, reports_through=reporter)
            for part in handout.gathered:
                yield assignment(handout, part, gathered_by=reporter)

    made = [*reporters.values(), *Assignment.objects.bulk_create(others())]
    return {(row.measure_id, row.department_id): row for row in made}


class Milestones:
    """Makes what is dated: first what reporters owe, then what is gathered into it."""

    def __init__(
        self,
        edition: Edition,
        handouts: Sequence[Handout],
        assignments: Mapping[tuple[int, int], Assignment],
        calendar: WorkCalendar,
        *,
        past: Mapping[int, PastDay],
        today: date,
    ) -> None:
        self.past = past
        self.today = today
        self.edition = edition
        self.handouts = handouts
        self.assignments = assignments
        self.calendar = calendar
        self.years = {year.year: year for year in edition.plan.reporting_years.all()}
        self.sheets = {
            (sheet.year.year, sheet.department_id): sheet
            for sheet in Sheet.objects.filter(year__plan=edition.plan_id).select_related("year")
        }

    def make(self, horizon: Horizon) -> list[Milestone]:
        """Make everything that the handouts ask for; return what was due before today."""
        reporters = [
            (handout, handout.reporter, owed)
            for handout in self.handouts
            for owed in self._owed(handout, horizon, is_reporter=True)
        ]
        gathered = [
            (handout, part, owed)
            for handout in self.handouts
            for owed in self._owed(handout, horizon, is_reporter=False)
            for part in handout.gathered
        ]
        self.make_sheets((*reporters, *gathered))
        made = Milestone.objects.bulk_create(
            self.row(handout, part, owed) for handout, part, owed in reporters
        )
        into = {
            (handout.measure.pk, owed.key): row
            for (handout, _, owed), row in zip(reporters, made, strict=True)
        }
        made += Milestone.objects.bulk_create(
            self.row(handout, part, owed, into.get((handout.measure.pk, owed.key)))
            for handout, part, owed in gathered
        )
        return [row for row in made if row.past_choice]

    def _owed(self, handout: Handout, horizon: Horizon, *, is_reporter: bool) -> Iterator[Owed]:
        dated = handout.dated if is_reporter else handout.dated_for_each
        recurring = handout.recurring if is_reporter else handout.recurring_for_each
        owed = owed_by(dated, recurring, self.years, is_reporter=is_reporter)
        return filter(horizon.asks_for, owed)

    def make_sheets(self, rows: Iterable[tuple[Handout, Part, Owed]]) -> None:
        """Make the sheets that these rows stand on and that are not there yet."""
        wanted = {
            (self.sheet_year(owed.year), part.department.pk)
            for handout, part, owed in rows
            if self._is_on_sheet(handout, part, owed)
        }
        made = Sheet.objects.bulk_create(
            Sheet(year=self.years[year], department_id=department)
            for year, department in sorted(wanted - self.sheets.keys())
        )
        self.sheets |= {(sheet.year.year, sheet.department_id): sheet for sheet in made}

    def _is_on_sheet(self, handout: Handout, part: Part, owed: Owed) -> bool:
        if owed.is_periodic:
            return False
        return owed.dated is None or part is not handout.reporter

    def sheet_of(self, year: int, department: Department) -> Sheet:
        """Return the sheet of a unit for something of a year, made where there is none."""
        key = (self.sheet_year(year), department.pk)
        if key not in self.sheets:
            self.sheets[key] = Sheet.objects.create(year=self.years[key[0]], department=department)
        return self.sheets[key]

    def sheet_year(self, year: int) -> int:
        """Return the year on whose sheet something of a year stands."""
        return min(max(year, min(self.years)), max(self.years))

    def row(
        self, handout: Handout, part: Part, owed: Owed, gathered_by: Milestone | None = None
    ) -> Milestone:
        """Return a milestone that is not saved yet."""
        sheet = (
            self.sheets[self.sheet_year(owed.year), part.department.pk]
            if self._is_on_sheet(handout, part, owed)
            else None
        )
        due_on = owed.own_day or self.years[owed.year].closes_on
        milestone = Milestone(
            assignment=self.assignments[handout.measure.pk, part.department.pk],
            plan_id=self.edition.plan_id,
            department=part.department,
            kind=owed.kind,
            deadline=owed.dated.deadline if owed.dated else None,
            recurrence=owed.recurrence,
            period="" if owed.dated else owed.period,
            sheet=sheet,
            gathered_by=gathered_by,
            mark=owed.dated.mark if owed.dated else "",
            what=owed.what(handout.measure),
            due_on=due_on,
            original_due_on=due_on,
            report_by=self.calendar.last_on_or_before(due_on),
        )
        if owed.dated and due_on < self.today:
            put_past(milestone, self.past, today=self.today, calendar=self.calendar)
        return milestone

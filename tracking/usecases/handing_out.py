"""Dispatches, assignments, milestones and yearly sheets, made set by set for an issue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.calendar import WorkCalendar
from plans.models import Edition, Recurrence
from tracking.choices import MilestoneKind
from tracking.models import Assignment, Dispatch, Milestone, ReportingYear, Sheet
from tracking.selectors.distribution import Dated, Handout, Part

LONGEST = 10  # years for which sheets are made, whatever a document says
MIDSUMMER = 6  # a plan issued after this month asks for yearly reports from the next year on


def years_of(edition: Edition, handouts: Iterable[Handout], issued_on: date) -> range:
    """Return the years from the issue to the end of the plan or its last day."""
    days = [dated.due_on.year for handout in handouts for dated in handout.dated]
    last = max([issued_on.year, edition.period_end or issued_on.year, *days])
    return range(issued_on.year, min(last, issued_on.year + LONGEST) + 1)


def plan_years(edition: Edition, years: Iterable[int], calendar: WorkCalendar) -> None:
    """Make the calendar of each year that has none: sheet in December, reports in the spring.

    The days move to working days and keep their order; the coordinator can change them.
    """
    known = set(edition.plan.reporting_years.values_list("year", flat=True))
    ReportingYear.objects.bulk_create(
        ReportingYear(
            plan_id=edition.plan_id,
            year=year,
            opens_on=calendar.after(date(year, 12, 10), 1),
            closes_on=calendar.last_on_or_before(date(year, 12, 22)),
            reports_on=calendar.last_on_or_before(date(year + 1, 2, 28)),
            draft_on=calendar.last_on_or_before(date(year + 1, 3, 9)),
            sent_on=calendar.last_on_or_before(date(year + 1, 3, 30)),
        )
        for year in years
        if year not in known
    )


def hand_out(
    edition: Edition, handouts: Sequence[Handout], *, issued_on: date, calendar: WorkCalendar
) -> None:
    """Make a dispatch per department, its assignments, and everything dated that they owe."""
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
    plan_years(edition, years_of(edition, handouts, issued_on), calendar)
    first = issued_on.year + (issued_on.month > MIDSUMMER)
    _Milestones(edition, handouts, assignments, calendar, first_yearly=first).make()


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


@dataclass(frozen=True, slots=True)
class _Owed:
    """What makes a milestone one of its kind for an assignment."""

    kind: MilestoneKind
    year: int
    dated: Dated | None = None
    recurrence: Recurrence | None = None

    @property
    def key(self) -> tuple[object, ...]:
        deadline = self.dated.deadline.pk if self.dated else None
        recurrence = self.recurrence.pk if self.recurrence else None
        return (self.kind, deadline, recurrence, self.year if not self.dated else None)


class _Milestones:
    """Makes what is dated: first what reporters owe, then what is gathered into it."""

    def __init__(
        self,
        edition: Edition,
        handouts: Sequence[Handout],
        assignments: Mapping[tuple[int, int], Assignment],
        calendar: WorkCalendar,
        *,
        first_yearly: int,
    ) -> None:
        self.first_yearly = first_yearly
        self.edition = edition
        self.handouts = handouts
        self.assignments = assignments
        self.calendar = calendar
        self.years = {year.year: year for year in edition.plan.reporting_years.all()}
        self.sheets = {
            (sheet.year.year, sheet.department_id): sheet
            for sheet in Sheet.objects.filter(year__plan=edition.plan_id).select_related("year")
        }

    def make(self) -> None:
        reporters = [
            (handout, handout.reporter, owed)
            for handout in self.handouts
            for owed in self._owed(handout, handout.dated, handout.recurring, is_reporter=True)
        ]
        gathered = [
            (handout, part, owed)
            for handout in self.handouts
            for owed in self._owed(
                handout, handout.dated_for_each, handout.recurring_for_each, is_reporter=False
            )
            for part in handout.gathered
        ]
        self._make_sheets((*reporters, *gathered))
        made = Milestone.objects.bulk_create(
            self._row(handout, part, owed) for handout, part, owed in reporters
        )
        into = {
            (handout.measure.pk, owed.key): row
            for (handout, _, owed), row in zip(reporters, made, strict=True)
        }
        Milestone.objects.bulk_create(
            self._row(handout, part, owed, into.get((handout.measure.pk, owed.key)))
            for handout, part, owed in gathered
        )

    def _owed(
        self,
        handout: Handout,
        dated: Sequence[Dated],
        recurring: Sequence[Recurrence],
        *,
        is_reporter: bool,
    ) -> Iterator[_Owed]:
        """Yield the dates, the yearly occurrences, and, where no duty recurs, a row each year.

        A unit of a common duty owes no yearly row beside its dates: it answers once.
        """
        for day in dated:
            yield _Owed(MilestoneKind.DEADLINE, day.due_on.year, dated=day)
        for year in sorted(self.years):
            if year < self.first_yearly:
                continue
            for recurrence in recurring:
                yield _Owed(MilestoneKind.OCCURRENCE, year, recurrence=recurrence)
            if not recurring and (is_reporter or not dated):
                yield _Owed(MilestoneKind.CYCLE, year)

    def _make_sheets(self, rows: Iterable[tuple[Handout, Part, _Owed]]) -> None:
        wanted = {
            (self._sheet_year(owed), part.department.pk)
            for handout, part, owed in rows
            if self._is_on_sheet(handout, part, owed)
        }
        made = Sheet.objects.bulk_create(
            Sheet(year=self.years[year], department_id=department)
            for year, department in sorted(wanted - self.sheets.keys())
        )
        self.sheets |= {(sheet.year.year, sheet.department_id): sheet for sheet in made}

    def _is_on_sheet(self, handout: Handout, part: Part, owed: _Owed) -> bool:
        return owed.dated is None or part is not handout.reporter

    def _sheet_year(self, owed: _Owed) -> int:
        return min(max(owed.year, min(self.years)), max(self.years))

    def _row(
        self, handout: Handout, part: Part, owed: _Owed, gathered_by: Milestone | None = None
    ) -> Milestone:
        sheet = (
            self.sheets[self._sheet_year(owed), part.department.pk]
            if self._is_on_sheet(handout, part, owed)
            else None
        )
        due_on = owed.dated.due_on if owed.dated else self.years[owed.year].closes_on
        clause = owed.dated.deadline.what if owed.dated else ""
        if owed.recurrence:
            clause = owed.recurrence.what
        return Milestone(
            assignment=self.assignments[handout.measure.pk, part.department.pk],
            plan_id=self.edition.plan_id,
            department=part.department,
            kind=owed.kind,
            deadline=owed.dated.deadline if owed.dated else None,
            recurrence=owed.recurrence,
            period="" if owed.dated else str(owed.year),
            sheet=sheet,
            gathered_by=gathered_by,
            mark=owed.dated.mark if owed.dated else "",
            what=clause or handout.measure.title,
            due_on=due_on,
            original_due_on=due_on,
            report_by=self.calendar.last_on_or_before(due_on),
        )

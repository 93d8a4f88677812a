"""What recurs goes on: the clock makes the periods that come within a year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from accounts.calendar import WorkCalendar
from accounts.events import record
from accounts.usecase import usecase
from plans.choices import EditionStatus
from plans.models import Recurrence
from tracking.choices import AssignmentStatus, MilestoneKind
from tracking.models import Assignment, Milestone, ReportingYear
from tracking.periods import MONTHS, due_day, period_words, periods_in, year_of
from tracking.selectors.owed import AHEAD, Owed, comes_within_a_year

Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Missing:
    """A period that one unit owes of one duty and that is not there yet."""

    assignment: Assignment
    recurrence: Recurrence
    period: str

    @property
    def key(self) -> Key:
        return self.assignment.pk, self.recurrence.pk, self.period


@usecase
def make_periods(*, at: datetime, today: date) -> int:
    """Make the half years, quarters and months of duties in progress that begin within a year;
    return how many.

    What was missed stays, what had passed before it was made is not asked for, and nothing comes
    after the plan's end. It can run any number of times.
    """
    found = list(_to_come(_recurrences(), today))
    if not found:
        return 0
    # An adoption that runs meanwhile has these rows locked; what it ended is not gone on with.
    going_on = {
        row.pk: row
        for row in Assignment.objects.select_for_update(of=("self",))
        .filter(pk__in={pk for pk, _, _ in found}, status=AssignmentStatus.IN_PROGRESS)
        .order_by("id")
    }
    missing = [
        _Missing(going_on[pk], recurrence, period)
        for pk, recurrence, period in found
        if pk in going_on and going_on[pk].measure_id == recurrence.measure_id
    ]
    calendar = WorkCalendar.load()
    own = [row for row in missing if row.assignment.gathered_by_id is None]
    gathered = [row for row in missing if row.assignment.gathered_by_id is not None]
    Milestone.objects.bulk_create((_made(row, calendar) for row in own), ignore_conflicts=True)
    into = _summed_up_by(gathered)
    Milestone.objects.bulk_create(
        (
            _made(row, calendar, into.get((row.assignment.gathered_by_id or 0, *row.key[1:])))
            for row in gathered
        ),
        ignore_conflicts=True,
    )
    _tell(missing, at=at)
    return len(missing)


def _recurrences() -> dict[int, Recurrence]:
    """Return the duties of plans in force that may be owed by period."""
    rows = Recurrence.objects.filter(
        frequency__in=MONTHS, measure__edition__status=EditionStatus.ISSUED
    )
    return {
        row.pk: row
        for row in rows.select_related("measure__edition").defer(
            "measure__text", "measure__edition__text", "measure__edition__places"
        )
    }


def _to_come(
    recurrences: Mapping[int, Recurrence], today: date
) -> Iterator[tuple[int, Recurrence, str]]:
    """Yield the periods that follow on the newest of each duty, with the key of the assignment."""
    newest = list(
        Milestone.objects.dated()
        .filter(recurrence__in=recurrences, assignment__status=AssignmentStatus.IN_PROGRESS)
        .order_by()
        .values_list("assignment_id", "recurrence_id")
        .annotate(newest=Max("period"))
    )
    plans = {row.measure.edition.plan_id for row in recurrences.values()}
    years = ReportingYear.objects.filter(plan__in=plans).order_by()
    last_years = dict(years.values_list("plan_id").annotate(last=Max("year")))
    for assignment, recurrence_id, period in newest:
        recurrence = recurrences[recurrence_id or 0]
        edition = recurrence.measure.edition
        until = date(edition.period_end or last_years[edition.plan_id], 12, 31)
        for year in range(year_of(period), (today + AHEAD).year + 1):
            for after in periods_in(recurrence.frequency, year):
                is_to_come = due_day(after, recurrence.due_in_period) >= today
                if after > period and is_to_come and comes_within_a_year(after, today, until):
                    yield assignment, recurrence, after


def _made(row: _Missing, calendar: WorkCalendar, gathered_by: Milestone | None = None) -> Milestone:
    owed = Owed(MilestoneKind.OCCURRENCE, row.period, recurrence=row.recurrence)
    due_on = due_day(row.period, row.recurrence.due_in_period)
    return Milestone(
        assignment=row.assignment,
        plan_id=row.recurrence.measure.edition.plan_id,
        department_id=row.assignment.department_id,
        kind=owed.kind,
        recurrence=row.recurrence,
        period=owed.period,
        gathered_by=gathered_by,
        what=owed.what(row.recurrence.measure),
        due_on=due_on,
        original_due_on=due_on,
        report_by=calendar.last_on_or_before(due_on),
    )


def _summed_up_by(gathered: Iterable[_Missing]) -> dict[Key, Milestone]:
    """Return what the units that sum up owe of the same duties and periods."""
    rows = Milestone.objects.filter(
        assignment__in={row.assignment.gathered_by_id for row in gathered},
        recurrence__in={row.recurrence.pk for row in gathered},
        period__in={row.period for row in gathered},
    )
    return {(row.assignment_id, row.recurrence_id or 0, row.period): row for row in rows}


def _tell(missing: Iterable[_Missing], *, at: datetime) -> None:
    """Record on each assignment which periods came to it."""
    periods: dict[int, tuple[Assignment, list[str]]] = {}
    for row in missing:
        periods.setdefault(row.assignment.pk, (row.assignment, []))[1].append(row.period)
    for assignment, found in periods.values():
        record(
            assignment,
            "recur",
            by=None,
            at=at,
            department=assignment.department_id,
            data={"periods": "、".join(period_words(period) for period in found)},
        )

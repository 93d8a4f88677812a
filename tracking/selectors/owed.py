"""What a unit owes for a measure: the dates, what recurs, or a row each year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plans.choices import Frequency
from plans.models import Edition, Measure, Recurrence
from tracking.choices import MilestoneKind
from tracking.periods import (
    MONTHS,
    due_day,
    first_day,
    is_half_gone,
    is_part_of_year,
    last_day,
    periods_in,
    year_of,
)
from tracking.selectors.distribution import Dated, Handout

LONGEST = 10  # years for which sheets are made, whatever a document says
MIDSUMMER = 6  # a plan issued after this month asks for yearly reports from the next year on
AHEAD = timedelta(days=365)  # periods that begin within a year are made


@dataclass(frozen=True, slots=True)
class Owed:
    """What makes a milestone one of its kind for an assignment; ``period`` is at least a year."""

    kind: MilestoneKind
    period: str
    dated: Dated | None = None
    recurrence: Recurrence | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What two units' rows of the same thing have in common."""
        deadline = self.dated.deadline.pk if self.dated else None
        recurrence = self.recurrence.pk if self.recurrence else None
        return (self.kind, deadline, recurrence, self.period if not self.dated else None)

    @property
    def year(self) -> int:
        """The year in which it falls."""
        return year_of(self.period)

    @property
    def is_periodic(self) -> bool:
        """Whether it is a half year, a quarter or a month of what recurs, and so by itself."""
        return is_part_of_year(self.period)

    @property
    def own_day(self) -> date | None:
        """The day that the plan or the period sets; None for what is due with the yearly sheet."""
        if self.dated:
            return self.dated.due_on
        if self.recurrence and self.is_periodic:
            return due_day(self.period, self.recurrence.due_in_period)
        return None

    def what(self, measure: Measure) -> str:
        """Return the clause that it answers."""
        clause = self.dated.deadline.what if self.dated else ""
        if self.recurrence:
            clause = self.recurrence.what
        return clause or measure.title


@dataclass(frozen=True, slots=True)
class Horizon:
    """From when a text asks for what recurs, and until when it is made.

    ``since`` is the day on which the work is handed out, ``until`` the last day of the plan.
    """

    issued_on: date
    since: date
    until: date

    def asks_for(self, owed: Owed) -> bool:
        """Say whether something is asked for now: every date, the years from the issue on, and
        the periods from the day of handing out to a year ahead.

        As of a year, nobody is asked for a period of which more than half has gone.
        """
        if owed.dated:
            return True
        if not owed.is_periodic:
            return owed.year >= first_yearly(self.issued_on)
        assert owed.own_day is not None
        is_early = owed.own_day < self.since or is_half_gone(owed.period, self.since)
        return not is_early and comes_within_a_year(owed.period, self.since, self.until)


def comes_within_a_year(period: str, today: date, until: date) -> bool:
    """Say whether a period begins within a year and ends with the plan at the latest."""
    return first_day(period) <= today + AHEAD and last_day(period) <= until


def horizon_of(edition: Edition, years: Iterable[int], issued_on: date, today: date) -> Horizon:
    """Return how far the work of an edition goes that is handed out today."""
    last = edition.period_end or max(years)
    return Horizon(issued_on, max(issued_on, today), date(last, 12, 31))


def first_yearly(issued_on: date) -> int:
    """Return the first year for which a text issued on the day asks for yearly reports."""
    return issued_on.year + (issued_on.month > MIDSUMMER)


def years_of(edition: Edition, handouts: Iterable[Handout], issued_on: date) -> range:
    """Return the years from the issue to the end of the plan or its last day."""
    days = [dated.due_on.year for handout in handouts for dated in handout.dated]
    last = max([issued_on.year, edition.period_end or issued_on.year, *days])
    return range(issued_on.year, min(last, issued_on.year + LONGEST) + 1)


def recurs_by_period(recurrence: Recurrence) -> bool:
    """Say whether a duty is owed for each half year, quarter or month.

    每季度通报一次 says no more than 每季度通报; one that asks for more in a period is a row a year
    that asks how often it was done.
    """
    return recurrence.frequency in MONTHS and recurrence.times in (None, 1)


def owed_by(
    dated: Sequence[Dated],
    recurring: Sequence[Recurrence],
    years: Iterable[int],
    *,
    is_reporter: bool,
) -> Iterator[Owed]:
    """Yield the dates, what recurs in these years, and, where no duty recurs, a row each year.

    A unit of a common duty owes no yearly row beside its dates: it answers once.
    """
    for day in dated:
        yield Owed(MilestoneKind.DEADLINE, str(day.due_on.year), dated=day)
    for year in sorted(years):
        for recurrence in recurring:
            by_period = recurs_by_period(recurrence)
            periods = periods_in(recurrence.frequency, year) if by_period else [str(year)]
            for period in periods:
                yield Owed(MilestoneKind.OCCURRENCE, period, recurrence=recurrence)
        if not recurring and (is_reporter or not dated):
            yield Owed(MilestoneKind.CYCLE, str(year))


def too_often(recurrence: Recurrence) -> bool:
    """Say whether a duty recurs more often than anything is asked for: every week."""
    return recurrence.frequency == Frequency.WEEKLY

"""What a unit owes for a measure: the dates, the yearly occurrences, or a row each year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from plans.models import Edition, Recurrence
from tracking.choices import MilestoneKind
from tracking.selectors.distribution import Dated, Handout

LONGEST = 10  # years for which sheets are made, whatever a document says
MIDSUMMER = 6  # a plan issued after this month asks for yearly reports from the next year on


@dataclass(frozen=True, slots=True)
class Owed:
    """What makes a milestone one of its kind for an assignment."""

    kind: MilestoneKind
    year: int
    dated: Dated | None = None
    recurrence: Recurrence | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What two units' rows of the same thing have in common."""
        deadline = self.dated.deadline.pk if self.dated else None
        recurrence = self.recurrence.pk if self.recurrence else None
        return (self.kind, deadline, recurrence, self.year if not self.dated else None)


def first_yearly(issued_on: date) -> int:
    """Return the first year for which a text issued on the day asks for yearly reports."""
    return issued_on.year + (issued_on.month > MIDSUMMER)


def years_of(edition: Edition, handouts: Iterable[Handout], issued_on: date) -> range:
    """Return the years from the issue to the end of the plan or its last day."""
    days = [dated.due_on.year for handout in handouts for dated in handout.dated]
    last = max([issued_on.year, edition.period_end or issued_on.year, *days])
    return range(issued_on.year, min(last, issued_on.year + LONGEST) + 1)


def owed_by(
    dated: Sequence[Dated],
    recurring: Sequence[Recurrence],
    years: Iterable[int],
    *,
    is_reporter: bool,
) -> Iterator[Owed]:
    """Yield the dates, the yearly occurrences, and, where no duty recurs, a row each year.

    A unit of a common duty owes no yearly row beside its dates: it answers once.
    """
    for day in dated:
        yield Owed(MilestoneKind.DEADLINE, day.due_on.year, dated=day)
    for year in sorted(years):
        for recurrence in recurring:
            yield Owed(MilestoneKind.OCCURRENCE, year, recurrence=recurrence)
        if not recurring and (is_reporter or not dated):
            yield Owed(MilestoneKind.CYCLE, year)

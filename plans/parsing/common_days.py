"""Days and periods that are set for a measure elsewhere: by rows that repeat it, or above it."""

from collections.abc import Iterator
from itertools import islice

from plans.parsing.cells import assigning_places
from plans.parsing.clauses import Places, Stretches
from plans.parsing.days import FoundDeadline, YearContext
from plans.parsing.deadlines import find_deadlines
from plans.parsing.items import Item
from plans.parsing.lexicon.time import COMMON_DAY
from plans.parsing.measures import Measures
from plans.parsing.recurrences import FoundRecurrence, find_recurrences

MOST_INHERITED = 120
MOST_ROW_DAYS = 4
Timed = tuple[Item, FoundDeadline]
Again = tuple[Item, FoundRecurrence]


class CommonDays:
    """The days that items set for others, each item read once."""

    def __init__(self, measures: Measures, years: YearContext) -> None:
        self.measures = measures
        self.years = years
        self.known: dict[int, list[FoundDeadline]] = {}

    def of_rows(self, item: Item) -> list[Timed]:
        """Return the days in the rows that say a measure again, of each row a few."""
        return [(row, day) for row in item.restated for day in islice(self._of(row), MOST_ROW_DAYS)]

    def from_above(self, item: Item) -> list[Timed]:
        """Return the days that a row above or the nearest heading sets for all below it."""
        headings = (self.measures.item(node) for node in list(item.node.ancestry())[1:])
        for owner in (*item.repeats, *item.extra, *item.inherited, *headings):
            if days := self._of(owner):
                return [(owner, found) for found in days]
        return []

    def _of(self, owner: Item) -> list[FoundDeadline]:
        if id(owner) not in self.known:
            self.known[id(owner)] = list(islice(_common(owner, self.years), MOST_INHERITED))
        return self.known[id(owner)]


def periods_of_rows(item: Item) -> Iterator[Again]:
    """Yield what comes again by the rows that say a measure again."""
    for row in item.restated:
        yield from ((row, found) for found in islice(_periods(row), MOST_ROW_DAYS))


def _periods(row: Item) -> Iterator[FoundRecurrence]:
    """Yield what the cells that say who and when let come again."""
    cells = Stretches(assigning_places(row.view, row.node.row.cells) if row.node.row else [])
    yield from (r for r in find_recurrences(row.view.text) if cells.hold(r.start))


def _common(owner: Item, years: YearContext) -> Iterator[FoundDeadline]:
    """Yield the days that an item sets for others: those in its labels, or for what follows."""
    text = owner.view.text
    stretches = [(a.start, a.end) for a in owner.assignments]
    speaks = bool(owner.node.children or owner.rules) or not owner.assigns
    own = owner.node.row is not None or (speaks and bool(COMMON_DAY.search(text)))
    if not stretches and not own:
        return
    within = Stretches(stretches)
    again = (
        Places((r.start, r.end) for r in _periods(owner)) if owner.node.row else Places(iter(()))
    )
    for found in find_deadlines(text, years, stretches, []):
        if (own or within.hold(found.start)) and not again.hold(found.start):
            yield found._replace(what_start=0, what_end=0)

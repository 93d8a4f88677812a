"""What a measure asks for after its date is done: words in the clauses that follow the date's."""

import re
from collections.abc import Iterable
from itertools import zip_longest

from plans.parsing.lexicon.time import LASTING
from plans.parsing.spans import Span

CLAUSE_END = re.compile("[,，;；。]")
RESPONSIBILITY = re.compile("[(（][^()（）]*(?:牵头|负责|配合)")


def lasting_words(text: str, within: Span, dates: Iterable[Span]) -> Span | None:
    """Return the first lasting clause after the clause that a date binds, before the next date and
    before the responsibility; None where the measure ends with its dates."""
    days = sorted(dates)
    bracket = RESPONSIBILITY.search(text, within.start, within.end)
    last = bracket.start() if bracket else within.end
    for day, following in zip_longest(days, days[1:]):
        stop = min(following.start, last) if following else last
        start = _after_first_clause(text, day.end, stop)
        if found := LASTING.search(text, start, stop):
            end = CLAUSE_END.search(text, found.end(), stop)
            return Span(_clause_start(text, found.start(), start), end.start() if end else stop)
    return None


def _after_first_clause(text: str, start: int, stop: int) -> int:
    """Skip the mark after the date and the clause that it binds."""
    first = CLAUSE_END.match(text, start, stop)
    end = CLAUSE_END.search(text, first.end() if first else start, stop)
    return end.end() if end else stop


def _clause_start(text: str, at: int, first: int) -> int:
    return max([first, *(mark.end() for mark in CLAUSE_END.finditer(text, first, at))])

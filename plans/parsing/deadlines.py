"""Deadlines: the last day that is meant, and the clause it binds."""

from bisect import bisect_left
from collections.abc import Iterable

from plans.parsing.binding import bind
from plans.parsing.clauses import Places
from plans.parsing.dates import written_days
from plans.parsing.days import FoundDeadline, YearContext
from plans.parsing.lexicon.time import MAY_DATE, PLAIN_HINT
from plans.parsing.terms import (
    events,
    ongoing,
    plain_before,
    relative,
    seasons,
    terms,
    within_month,
)


def find_deadlines(
    text: str, context: YearContext, labelled: Iterable[tuple[int, int]], stops: Iterable[int]
) -> list[FoundDeadline]:
    """Return the deadlines of a leaf in order.

    In `labelled` stretches (完成时限:…) every date counts. `stops` are where brackets begin: a
    clause ends there.
    """
    labels = sorted(labelled)
    found: list[FoundDeadline] = []
    if MAY_DATE.search(text):
        found = [*written_days(text, context, Places(iter(labels))), *terms(text, labels, context)]
        found += plain_before(text, labels, context) if PLAIN_HINT.search(text) else ()
    if "月内" in text or "本月" in text or "下月" in text:
        found += within_month(text)
    if "内" in text or "时间" in text:
        found += relative(text)
    if "前" in text:
        found += seasons(text, context, {d.end for d in found})
        found += events(text, {d.end for d in found})
    taken = sorted(d.start for d in found)
    for start, end in labels:
        if bisect_left(taken, start) == bisect_left(taken, end):
            found += ongoing(text, start, end)
    if not found:
        return found
    found.sort(key=lambda d: d.start)
    return list(bind(text, found, labels, sorted(stops)))

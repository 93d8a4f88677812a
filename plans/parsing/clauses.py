"""Where clauses and sentences of a view begin and end; both are looked for within bounds."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from plans.parsing.lexicon.time import CLAUSE_END, CLAUSE_START, LEADS_TO, QUOTED, SENTENCE_END

FARTHEST_BACK = 160
FARTHEST_ON = 600


def clause_start(text: str, at: int) -> int:
    """Return where the clause that holds a place begins; a bracket closed before it begins none."""
    least = max(0, at - FARTHEST_BACK)
    start = max(least, *(text.rfind(mark, least, at) + 1 for mark in CLAUSE_START))
    while text[start - 1 : start] == "(" and start > least and ")" in text[start:at]:
        start = max(least, *(text.rfind(mark, least, start - 1) + 1 for mark in CLAUSE_START))
    return start


def sentence_start(text: str, at: int) -> int:
    """Return where the sentence that holds a place begins."""
    least = max(0, at - FARTHEST_BACK)
    return max(least, *(text.rfind(mark, least, at) + 1 for mark in "。;!?\n"))


def sentence_end(text: str, at: int) -> int:
    """Return where the sentence that holds a place ends."""
    most = min(len(text), at + FARTHEST_ON)
    stop = SENTENCE_END.search(text, at, most)
    return stop.start() if stop else most


def clause_end(text: str, at: int) -> int:
    """Return where the clause that holds a place ends."""
    most = min(len(text), at + FARTHEST_BACK)
    stop = CLAUSE_END.search(text, at, most)
    return stop.start() if stop else most


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a stretch, cut at full stops, semicolons and paragraph ends."""
    at = start
    for stop in SENTENCE_END.finditer(text, start, end):
        if stop.start() > at:
            yield at, stop.start()
        at = stop.end()
    if at < end:
        yield at, end


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence, cut at commas."""
    at = start
    while (stop := text.find(",", at, end)) >= 0:
        if stop > at:
            yield at, stop
        at = stop + 1
    if at < end:
        yield at, end


def opens_clause(text: str, start: int) -> bool:
    """Tell whether a date begins its clause, or follows a word that leads to it."""
    return (
        start == 0
        or text[start - 1] in CLAUSE_START
        or bool(LEADS_TO.search(text, max(0, start - 4), start))
    )


class Stretches:
    """Stretches that may be asked in any order whether they hold a place."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def hold(self, place: int) -> bool:
        """Tell whether a place lies in one of them (or between two that a third one spans)."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]


class Places:
    """Stretches in order that a reader passes once, such as the titles in 《》."""

    def __init__(self, stretches: Iterator[tuple[int, int]]) -> None:
        self._stretches = list(stretches)
        self._at = 0

    def hold(self, place: int) -> bool:
        """Tell whether a place lies in one of them; places must be asked in order."""
        while self._at < len(self._stretches) and self._stretches[self._at][1] <= place:
            self._at += 1
        return self._at < len(self._stretches) and self._stretches[self._at][0] <= place


def quoted(text: str) -> Places:
    """Return the places that hold titles of other documents."""
    return Places(match.span() for match in (QUOTED.finditer(text) if "《" in text else ()))

"""Items that run together in one paragraph: numbers that go on after a sentence has ended."""

from itertools import islice

from plans.parsing.lexicon.outline import INLINE, ITEM_ASSIGNS, LISTED
from plans.parsing.lexicon.signs import LINE
from plans.parsing.marks import Mark, read_mark
from plans.parsing.spans import Span

RUNNING = frozenset(("一、", "(一)", "1.", "(1)", "1)", "①"))
SHORTEST = 40
FAR = 400


def inline_marks(text: str, line: Span, first: Mark | None) -> list[Mark]:
    """Return the numbers inside a line that open items of their own.

    They count on from 1, or from the number of the line, and at least two of the items they part
    are assigned each by itself; a bare enumeration stays in its item.
    """
    if line.end - line.start < SHORTEST:
        return []
    runs: dict[str, list[Mark]] = {}
    if first is not None:
        runs[first.style] = [first]
    for match in INLINE.finditer(text, *line):
        at = match.start() if match.lastgroup else match.end()
        mark = read_mark(text, at, line.end)
        if mark is None or mark.style not in RUNNING:
            continue
        run = runs.setdefault(mark.style, [])
        if mark.value == (run[-1].value + 1 if run else 1):
            run.append(mark)
    found: list[Mark] = []
    for run in runs.values():
        if len(run) < 2:
            continue
        ends = [mark.span.start for mark in run[1:]] + [line.end]
        assigned = sum(
            bool(ITEM_ASSIGNS.search(text, mark.span.end, end))
            for mark, end in zip(run, ends, strict=True)
        )
        if assigned >= 2 or (run[0] is first and _goes_on_below(text, line.end, run[-1])):
            found += [mark for mark in run if mark is not first]
    return sorted(found, key=lambda mark: mark.span)


def _goes_on_below(text: str, end: int, last: Mark) -> bool:
    """Tell whether one of the next lines has the number after the last one in a line."""
    for below in islice(LINE.finditer(text, end, end + FAR), 2):
        mark = read_mark(text, below.start(), below.end())
        if mark is not None and mark.style == last.style and mark.style == "1.":
            return mark.value == last.value + 1
    return False


def listed_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the numbers of a list in one line, if they count on from 1 and are at least two."""
    places = [start, *(match.end() for match in LISTED.finditer(text, start, end))]
    found: list[Mark] = []
    for place in places:
        while text[place : place + 1] in (" ", "\t"):
            place += 1
        mark = read_mark(text, place, end)
        if mark is None or mark.style not in RUNNING:
            continue
        goes_on = bool(found) and found[-1].style == mark.style
        if mark.value == (found[-1].value + 1 if goes_on else 1) and (goes_on or not found):
            found.append(mark)
    return found if len(found) > 1 else []

"""Stretches of the source text, and views of it without white space."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.signs import BRACKET, LINE, RUN, SENTENCE_MARKS

HARD_WRAP_WIDTH = 24
UNEVEN = 8
LONGEST_BRACKET = 240


class Span(NamedTuple):
    """A half-open stretch [start, end) of the source, in Unicode characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return what stands in this stretch."""
        return text[self.start : self.end]


class View(NamedTuple):
    """A stretch of the text without its white space, which knows where each character came from.

    Scraped and converted files put blanks and line ends into words and dates, so the stages that
    read sentences work on views. A paragraph end stays as one newline; `breaks` are the places
    where other white space was dropped (it may part two names).
    """

    text: str
    offsets: Sequence[int]
    breaks: list[int]

    def breaks_in(self, start: int, end: int) -> list[int]:
        """Return the places between two where white space was dropped."""
        return self.breaks[bisect_right(self.breaks, start) : bisect_left(self.breaks, end)]

    def has_break(self, at: int) -> bool:
        """Tell whether white space was dropped at a place."""
        index = bisect_left(self.breaks, at)
        return self.breaks[index : index + 1] == [at]

    def span(self, start: int, end: int) -> Span:
        """Return where in the source a stretch of this view stands."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def line_spans(text: str, within: Span) -> Iterator[Span]:
    """Yield where the lines with visible text stand, without the white space around them."""
    return (Span(*match.span()) for match in LINE.finditer(text, *within))


def view_of(text: str, span: Span) -> View:
    """Return the view of one stretch of the (normalized) text."""
    first = RUN.search(text, *span)
    if first is None:
        return View("", (span.start,), [])
    if RUN.search(text, first.end(), span.end) is None:
        return View(first.group(), range(first.start(), first.end() + 1), [])
    return _joined(text, span)


def _joined(text: str, span: Span) -> View:
    """Return the view of a stretch that white space parts."""
    pieces: list[str] = []
    offsets: list[int] = []
    breaks: list[int] = []
    end, line_start = span.start, span.start
    for run in RUN.finditer(text, *span):
        if pieces and run.start() > end:
            newline = text.find("\n", end, run.start())
            if newline < 0:
                breaks.append(len(offsets))
            elif not is_open_bracket(text, line_start, end, run.start()):
                before, line_start = line_start, run.start()
                if not is_soft_wrap(text, before, end, line_start):
                    pieces.append("\n")
                    offsets.append(newline)
        pieces.append(run.group())
        offsets.extend(range(run.start(), run.end()))
        end = run.end()
    offsets.append(end)
    return View("".join(pieces), offsets, breaks)


def is_soft_wrap(text: str, line_start: int, end: int, start: int) -> bool:
    """Tell whether a line goes on in the next one: it is full, ends openly, and no label follows.

    The white space between the lines stands in text[end:start]. Wrapped lines are about as long as
    each other, so a much longer line is a paragraph under its heading.
    """
    if text[end - 1] == "、":
        return not _is_label(text, start)
    stop = text.find("\n", start, start + end - line_start + UNEVEN + 1)
    return (
        stop >= 0
        and text[end:start].count("\n") == 1
        and text[start - 1] == "\n"
        and end - line_start >= HARD_WRAP_WIDTH
        and text[end - 1] not in SENTENCE_MARKS
        and not _is_label(text, start)
    )


def is_open_bracket(text: str, line_start: int, end: int, start: int) -> bool:
    """Tell whether a line opens a bracket that a line soon below closes."""
    if text.rfind("(", line_start, end) <= text.rfind(")", line_start, end):
        return False
    depth = 1
    for sign in BRACKET.finditer(text, start, start + LONGEST_BRACKET):
        depth += {"(": 1, ")": -1}.get(sign.group(), 0)
        if depth == 0:
            return True
    return False


def _is_label(text: str, start: int) -> bool:
    """Tell whether a line starts with a label: with a colon, a gap or nothing after it."""
    label = LABEL.match(text, start)
    if label is None:
        return False
    end = label.end()
    return bool(label["colon"]) or text[end - 1] in " \t" or text.startswith("\n", end)


def clean(source: str, span: Span) -> str:
    """Return the words of a span; white space is kept (as one blank) between Latin words only."""
    runs = source[span.start : span.end].split()
    if len(runs) < 2:
        return "".join(runs)
    pieces = [runs[0]]
    for left, right in pairwise(runs):
        if is_latin(left[-1]) and is_latin(right[0]):
            pieces.append(" ")
        pieces.append(right)
    return "".join(pieces)


def is_latin(char: str) -> bool:
    """Tell whether a character is an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


def trimmed(text: str, span: Span) -> Span:
    """Return the span without the white space at its two ends."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def gaps(text: str, covered: Iterable[Span]) -> Iterator[Span]:
    """Yield the stretches with visible text that none of the spans (in order) covers."""
    at = 0
    for span in (*covered, Span(len(text), len(text))):
        if at < span.start and (gap := trimmed(text, Span(at, span.start))).start < gap.end:
            yield gap
        at = max(at, span.end)

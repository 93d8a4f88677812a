"""Stretches of the source text."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch [start, end) of the source, in Unicode characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return what stands in this stretch."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Tell whether the other stretch lies within this one."""
        return self.start <= other.start and other.end <= self.end


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
        gap = trimmed(text, Span(at, span.start)) if at < span.start else Span(at, at)
        if gap.start < gap.end:
            yield gap
        at = max(at, span.end)

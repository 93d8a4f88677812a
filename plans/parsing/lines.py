"""Lines with what they start with: a number, a label, or neither."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plans.parsing.lexicon.outline import (
    BOX,
    DECIMAL,
    DECIMAL_HEADING,
    ENDS_REMEDIES,
    LOST_DOT,
    REMEDIES,
    SECTION_LABEL,
)
from plans.parsing.marks import CHINESE_STYLES, Mark, read_mark
from plans.parsing.spans import Span


class Line(NamedTuple):
    """A line with visible text, and what it starts with."""

    span: Span
    mark: Mark | None
    label: str | None
    label_end: int


def lines_of(text: str, spans: Iterable[Span]) -> Iterator[Line]:
    """Yield what stands in the spans of lines with visible text."""
    for span in spans:
        start, end = span
        mark = read_mark(text, start, end)
        label = SECTION_LABEL.match(text, start, end) if mark is None else None
        yield Line(
            span,
            mark,
            str(label.lastgroup) if label else None,
            label.end() if label else start,
        )


def outline_lines(text: str, spans: list[Span]) -> Iterator[Line]:
    """Yield the lines of a plan's body: chapters that stand over 1.1 are numbered by a bare 1.

    A number that goes on is one without its stop too. Those of a list in a box (专栏) that
    count on from 1 open nothing, nor do those of the remedies of a numbered problem.
    """
    start = spans[0].start if spans else len(text)
    decimals = frozenset(match[1] for match in DECIMAL.finditer(text, start))
    boxed, last, style = 0, 0, ""
    for line in lines_of(text, spans):
        if line.mark is None:
            lost = LOST_DOT.match(text, *line.span)
            if lost and last and int(lost[1]) == last + 1:
                last += 1
                yield line._replace(mark=Mark("1.", last, lost[1], Span(*lost.span(1))))
                continue
            heading = DECIMAL_HEADING.match(text, *line.span) if decimals else None
            if heading and heading[1] in decimals:
                span = Span(line.span.start, heading.end(1))
                yield line._replace(mark=Mark("1.", int(heading[1]), heading[1], span))
                continue
            if BOX.match(text, *line.span):
                boxed = 1
            elif REMEDIES.match(text, *line.span):
                boxed = int(style == "1.")
            elif ENDS_REMEDIES.match(text, *line.span):
                boxed = 0
        elif boxed and line.mark.style not in CHINESE_STYLES and line.mark.value == boxed:
            boxed += 1
            yield line._replace(mark=None)
            continue
        else:
            boxed, style = 0, line.mark.style
            last = line.mark.value if style == "1." else last
        yield line

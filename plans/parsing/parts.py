"""Parts: the headings that hold measures, with their goals and indicators."""

from collections.abc import Iterator

from plans.parsing.blocks import indicator_spans
from plans.parsing.indicator_tables import row_metric
from plans.parsing.marks import read_mark
from plans.parsing.measures import Measures
from plans.parsing.metrics import indicator_metrics
from plans.parsing.outline import Node, Outline, Section
from plans.parsing.plan import ParsedGoal, ParsedIndicator, ParsedPart
from plans.parsing.spans import Span, trimmed, view_of
from plans.parsing.tasks import parsed_metric, title_of


def part_ordinals(outline: Outline, measures: Measures) -> dict[int, int]:
    """Return the ordinal of every heading that holds measures or indicators, by node."""
    holding = {id(leaf.part) for leaf in measures.leaves if leaf.part is not None}
    nodes = [
        node
        for node in outline.root.walk()
        if id(node) in holding or any(s.kind == "indicators" for s in node.sections)
    ]
    return {id(node): ordinal for ordinal, node in enumerate(nodes, start=1)}


def read_parts(
    source: str, plain: str, outline: Outline, measures: Measures, ordinals: dict[int, int]
) -> tuple[ParsedPart, ...]:
    """Return the parts in document order."""
    return tuple(
        _part(source, plain, node, measures, ordinals[id(node)])
        for node in outline.root.walk()
        if id(node) in ordinals
    )


def _part(source: str, plain: str, node: Node, measures: Measures, ordinal: int) -> ParsedPart:
    assert node.mark is not None
    goal = next((s for s in node.sections if s.kind == "goal"), None)
    end = max((n.body.end for n in node.walk()), default=node.body.end)
    end = max([end, *(s.body.end for s in node.sections), *_item_ends(node)])
    return ParsedPart(
        ordinal,
        node.mark.bare,
        title_of(source, measures.item(node)),
        trimmed(source, Span(node.mark.span.start, end)),
        _goal(source, goal) if goal else None,
        tuple(indicator for s in node.sections for indicator in _indicators(source, plain, s)),
    )


def _item_ends(node: Node) -> Iterator[int]:
    return (item.body.end for s in node.sections for item in s.items)


def _goal(source: str, section: Section) -> ParsedGoal | None:
    span = trimmed(source, section.body)
    return ParsedGoal(span.of(source), span) if span.start < span.end else None


def _indicators(source: str, plain: str, section: Section) -> Iterator[ParsedIndicator]:
    rows = {item.figure.span.start: item.figure for item in section.items if item.figure}
    for index, (_, span) in enumerate(indicator_spans(source, section), start=1):
        if row := rows.get(span.start):
            metric = row_metric(source, plain, row)
            yield ParsedIndicator(str(index), row.span.of(source), row.span, (metric,))
            continue
        mark = read_mark(plain, trimmed(source, span).start, span.end)
        inner = trimmed(source, Span(mark.span.end if mark else span.start, span.end))
        number = str(mark.value) if mark else str(index)
        view = view_of(plain, inner)
        metrics = tuple(parsed_metric(source, view, m) for m in indicator_metrics(view.text))
        yield ParsedIndicator(number, inner.of(source), inner, metrics)


def indicator_numbers(source: str, plain: str, outline: Outline) -> dict[int, str]:
    """Return the number of every indicator by the place where it starts."""
    numbers: dict[int, str] = {}
    for node in outline.root.walk():
        for section in node.sections:
            for index, (start, span) in enumerate(indicator_spans(source, section), start=1):
                mark = read_mark(plain, trimmed(source, span).start, span.end)
                numbers[start] = str(mark.value) if mark else str(index)
    return numbers

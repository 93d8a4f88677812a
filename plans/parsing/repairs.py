"""Slips that were read over: lost brackets of numbers, swapped stops, wrong levels of an office."""

from collections.abc import Iterator

from plans.parsing.departments import Register
from plans.parsing.outline import Node, Outline
from plans.parsing.plan import Repair
from plans.parsing.spans import Span
from plans.parsing.tasks import ReadTask

FULL_FORMS = {"1)": "(1)", "一)": "(一)"}


def find_repairs(
    source: str, outline: Outline, tasks: tuple[ReadTask, ...], register: Register
) -> Iterator[Repair]:
    """Yield the slips of outline, brackets and names."""
    yield from _lost_brackets(source, outline)
    for read in tasks:
        yield from _swapped_stops(source, read)
        for name in (*read.task.lead, *read.task.support):
            right = register.slips.get(name.text)
            if right and not name.inherited:
                yield Repair(name.span, name.span.of(source), right, "单位级别有误")


def _lost_brackets(source: str, outline: Outline) -> Iterator[Repair]:
    """Yield 1) where the document nowhere writes (1): the usual form has both brackets."""
    nodes = list(_all_items(outline.root))
    styles = {node.style for node in nodes}
    for node in nodes:
        full = FULL_FORMS.get(node.style)
        if full and full not in styles and node.mark is not None:
            span = node.mark.span
            before = span.of(source)
            yield Repair(span, before, f"({before}", "条款序号缺左括号")


def _all_items(root: Node) -> Iterator[Node]:
    for node in root.walk():
        yield node
        for section in node.sections:
            yield from section.items


def _swapped_stops(source: str, read: ReadTask) -> Iterator[Repair]:
    """Yield a full stop before a bracket that ends the sentence after it."""
    view = read.leaf.item.view
    text = view.text
    for found in read.leaf.item.assignments:
        start, end = found.outer_start - 1, found.outer_end
        if (
            start > 0
            and text[start] == "。"
            and text[start + 1] == "("
            and text[end : end + 1] == "。"
        ):
            span: Span = view.span(start, end + 1)
            before = span.of(source)
            yield Repair(span, before, before[1:].lstrip(), "句号与责任括号错位")

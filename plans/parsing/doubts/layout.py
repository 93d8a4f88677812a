"""Doubts about the document: its stage, numbers, and what was taken for no task."""

from collections import Counter
from collections.abc import Iterator

from plans.parsing.doubts.reading import Reading
from plans.parsing.lexicon.doubts import DUTY_OF_ORGAN, MAYBE_ASSIGNS
from plans.parsing.outline import Node
from plans.parsing.plan import ParsedDoubt
from plans.parsing.spans import Span


def draft(reading: Reading) -> Iterator[ParsedDoubt]:
    """A draft has neither number nor day of issue."""
    if reading.front.stage == "征求意见稿":
        span = reading.front.title_span or Span(0, 0)
        message = "本件是征求意见稿，没有文号和印发日期"
        yield ParsedDoubt("draft", "error", message, span, suggestion="可以先核对，印发后再交办")


def outside_tasks(reading: Reading) -> Iterator[ParsedDoubt]:
    """Words of assignment in items that were not taken for tasks."""
    tasks = {id(read.leaf.item.node) for read in reading.tasks}
    givers = {
        id(giver.node)
        for read in reading.tasks
        for giver in (*read.leaf.item.givers, *read.leaf.item.repeats)
    }
    for item in reading.measures.items.values():
        if id(item.node) in tasks or id(item.node) in givers or item.node.children:
            continue
        text = item.view.text
        match = MAYBE_ASSIGNS.search(text) or DUTY_OF_ORGAN.search(text)
        if match and reading.tasks:
            yield ParsedDoubt(
                "maybe_responsibility",
                "check",
                f"“{item.title[:24]}”未识别为任务，但提到“{match.group().lstrip('。;,')}”",
                item.view.span(*match.span()),
            )


def numbering(reading: Reading) -> Iterator[ParsedDoubt]:
    """Numbers that are skipped or said twice."""
    last: dict[str, int] = {}
    for node in reading.outline.root.walk():
        yield from _gaps(node, last)


def _gaps(node: Node, last: dict[str, int]) -> Iterator[ParsedDoubt]:
    previous: Node | None = None
    for child in node.children:
        assert child.mark is not None
        value, style = child.mark.value, child.style
        before = (
            previous.mark.value if previous and previous.mark and previous.style == style else None
        )
        expected = {1, last.get(style, 0) + 1} if before is None else {before + 1}
        if value not in expected:
            wanted = max(expected)
            yield ParsedDoubt(
                "number_gap",
                "check",
                f"序号{child.mark.bare}与前文不连续，应为{wanted}",
                child.mark.span,
            )
        last[style] = value
        previous = child


def repaired(reading: Reading) -> Iterator[ParsedDoubt]:
    """What was read over, one note for each kind of slip."""
    counted = Counter(repair.reason for repair in reading.repairs)
    for reason, count in counted.items():
        first = next(r for r in reading.repairs if r.reason == reason)
        message = f"{reason}{count}处，如“{first.before[:12]}”读作“{first.after[:12]}”"
        yield ParsedDoubt("repair", "note", message, first.span)

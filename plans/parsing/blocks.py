"""The page as laid out: the whole text cut once, in order, without overlap."""

from collections.abc import Iterator

from plans.parsing.front import Front
from plans.parsing.measures import Leaf, Measures
from plans.parsing.outline import Node, Outline, Section
from plans.parsing.plan import Block, BlockKind
from plans.parsing.spans import Span, clean, gaps, line_spans

SECTION_KINDS: dict[str, BlockKind] = {"goal": "goal"}


class _Page:
    """Collects where blocks begin; each ends where the next begins."""

    def __init__(
        self, source: str, measures: Measures, parts: dict[int, int], numbers: dict[int, str]
    ) -> None:
        self.source = source
        self.measures = measures
        self.parts = parts
        self.numbers = numbers
        self.leaves: dict[int, Leaf] = {id(leaf.item.node): leaf for leaf in measures.leaves}
        self.parents = {id(leaf.measure) for leaf in measures.leaves if leaf.sub}
        self.starts: list[Block] = []

    def add(self, block: Block) -> None:
        """Begin a block at the start of its span."""
        self.starts.append(block)

    def node(self, node: Node, level: int, part: int | None) -> int | None:
        """Begin the blocks of one node; return the part that what follows belongs to."""
        assert node.mark is not None
        part = self.parts.get(id(node), part)
        start = node.mark.span.start
        item = self.measures.item(node)
        title_end = item.view.span(0, item.title_end).end
        title = clean(self.source, Span(node.mark.span.end, title_end)).strip(",，;；:：")
        leaf = self.leaves.get(id(node))
        span = Span(start, node.body.end)
        number = node.mark.bare
        if leaf is not None:
            self.add(Block("task", level, number, title, span, part, None, leaf.id))
            return part
        measure = str(node.mark.value) if id(node) in self.parents else None
        self.add(Block("heading", level, number, title, span, part, measure))
        if node.row is None:
            self.rest(Span(title_end, node.body.end), level + 1, part)
        for section in node.sections:
            self._section(section, level + 1, part)
        return part

    def rest(self, span: Span, level: int, part: int | None) -> None:
        """Begin an intro where text stands after a heading's first sentence."""
        start = span.start
        while start < span.end and (self.source[start].isspace() or self.source[start] in "。.:："):
            start += 1
        if start < span.end:
            self.add(Block("intro", level, None, None, Span(start, span.end), part))

    def _section(self, section: Section, level: int, part: int | None) -> None:
        title = clean(self.source, section.head).strip(":：()（）")
        kind = SECTION_KINDS.get(section.kind, "heading")
        if section.head.start < section.head.end:
            self.add(Block(kind, level, None, title, section.head, part))
        if section.kind == "measures":
            self.rest(section.body, level, part)
        for index, span in indicator_spans(self.source, section):
            number = self.numbers.get(index, "")
            self.add(Block("indicator", level, number, None, span, part, indicator=number))


def indicator_spans(source: str, section: Section) -> Iterator[tuple[int, Span]]:
    """Yield where indicators start, and their spans: plain paragraphs, then numbered items."""
    if section.kind != "indicators":
        return
    lines = list(line_spans(source, section.body))
    closed = any(source[line.end - 1] in "。；;" for line in lines)
    for line in lines:
        words = line.of(source)
        is_said = words[-1] in "。；;" or not closed or any(c.isdecimal() for c in words)
        if is_said and not words.strip("-—－ ").isdecimal():
            yield line.start, line
    for item in section.items:
        assert item.mark is not None
        yield item.mark.span.start, Span(item.mark.span.start, item.body.end)


def cut_blocks(
    source: str,
    front: Front,
    outline: Outline,
    measures: Measures,
    parts: dict[int, int],
    numbers: dict[int, str],
) -> tuple[Block, ...]:
    """Return the blocks; `parts` and `numbers` hold part ordinals by node, numbers by start."""
    if not source:
        return ()
    page = _Page(source, measures, parts, numbers)
    page.add(Block("front", 0, None, None, Span(0, 0)))
    if front.title_span:
        page.add(Block("heading", 0, None, front.title, front.title_span))
    first = next((n.mark.span.start for n in outline.root.children if n.mark), outline.body.end)
    if front.title_span:
        page.rest(Span(front.end, first), 1, None)
    pending: list[tuple[Node, int, int | None]] = [
        (child, 1, None) for child in reversed(outline.root.children)
    ]
    while pending:
        node, level, part = pending.pop()
        part = page.node(node, level, part)
        pending.extend((child, level + 1, part) for child in reversed(node.children))
    page.add(Block("back", 0, None, None, Span(outline.body.end, len(source))))
    return tuple(_closed(sorted(page.starts, key=lambda b: b.span.start), len(source)))


def _closed(starts: list[Block], end: int) -> Iterator[Block]:
    for block, following in zip(starts, [*starts[1:], None], strict=True):
        stop = following.span.start if following else end
        if block.span.start < stop:
            yield Block(
                block.kind,
                block.level,
                block.number,
                block.title,
                Span(block.span.start, stop),
                block.part_ordinal,
                block.measure,
                block.task,
                block.indicator,
            )


def uncovered(source: str, blocks: tuple[Block, ...]) -> tuple[Span, ...]:
    """Return the text that is in no block, white space apart."""
    return tuple(gaps(source, (block.span for block in blocks)))

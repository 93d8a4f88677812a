"""The numbered outline of a document: lines into a tree of headings, measures and indicators."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from plans.parsing.cells import Band, Header, Row, TableLine
from plans.parsing.indicator_tables import FigureRow, FigureTable, read_indicator_tables
from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.outline import ATTACHMENT, BACK_LINE, BOX
from plans.parsing.lexicon.signs import SENTENCE_MARKS
from plans.parsing.lines import Line, outline_lines
from plans.parsing.marks import (
    BAND,
    CHINESE_STYLES,
    RANKS,
    ROW,
    ROWS,
    SIBLING_FORMS,
    SUB_ROW,
    Mark,
    read_mark,
)
from plans.parsing.numbers import whole
from plans.parsing.runs import inline_marks, listed_marks
from plans.parsing.spans import HARD_WRAP_WIDTH, Span, line_spans
from plans.parsing.strays import Stray, Strays
from plans.parsing.tables import read_tables

CLOSED_MARKS = SENTENCE_MARKS - {":"}


@dataclass(slots=True)
class Node:
    """A numbered heading or item, its own stretch of text (to the next one) and what it holds.

    The root has no number, and so no style.
    """

    mark: Mark | None
    body: Span
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)
    row: Row | None = None
    figure: FigureRow | None = None
    style: str = field(init=False)

    def __post_init__(self) -> None:
        self.style = self.mark.style if self.mark else ""

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it in document order."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            if node.children:
                pending.extend(reversed(node.children))

    def leaves(self) -> Iterator["Node"]:
        """Yield the nodes below (or this one) that hold no others."""
        return (node for node in self.walk() if not node.children)

    def ancestry(self) -> Iterator["Node"]:
        """Yield this node and those above it, without the root."""
        node: Node | None = self
        while node is not None and node.mark is not None:
            yield node
            node = node.parent


@dataclass(slots=True)
class Section:
    """A labelled stretch of a part: its goal, the label of its measures, or its indicators."""

    kind: str
    head: Span
    body: Span
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """The tree of a document, and where the front matter ends and the back matter begins.

    `loose` are heads of tables of indicators that stand under no heading, `strays` what stands in
    tables and was not taken.
    """

    root: Node
    body: Span
    tables: dict[int, TableLine]
    loose: tuple[Span, ...] = ()
    strays: tuple[Stray, ...] = ()


def read_outline(text: str, front_end: int) -> Outline:
    """Return the tree of everything after the front matter."""
    spans = list(line_spans(text, Span(front_end, len(text))))
    builder = _Builder(text, front_end, spans)
    for line in outline_lines(text, spans):
        builder.add(line)
    return builder.finish()


class _Builder:
    """Takes line after line; knows the open nodes and the open section."""

    def __init__(self, text: str, start: int, lines: list[Span]) -> None:
        self.text = text
        self.root = Node(None, Span(start, start), None)
        self.node = self.root
        self.section: Section | None = None
        self.item: Node | None = None
        self.open_start = start
        self.last: Line | None = None
        self.back: int | None = None
        self.is_sure = self.is_boxed = False
        self.loose: list[Span] = []
        self.strays = Strays(text)
        self.attached = 0
        self.tables = read_tables(text, lines)
        self.figures = read_indicator_tables(text, lines)
        self.table_end = start
        self.bands = 0

    def add(self, line: Line) -> None:
        """Let one line open a node, a section or an indicator, or go on with what is open."""
        if line.span.start < self.table_end:
            return
        table, entry = self.figures.get(line.span.start), self.tables.get(line.span.start)
        if table or entry:
            is_attached = self.back is not None and self.is_sure and not self.is_boxed
            self._reopen()
            self.node = self.root if is_attached else self.node
        if table:
            self._figure_table(table)
        elif entry:
            self.strays.enter(entry)
            self._table_line(entry)
        elif self.strays.take(line):
            return
        elif self._is_attachment(line):
            self._end(line.span.start, sure=True)
        elif line.mark is None and line.label is None:
            self._plain(line)
        else:
            self._reopen()
            if line.mark is not None:
                self._mark(line.mark)
            else:
                self._label(line)
        self._run_on(line)
        self.last = line

    def _is_attachment(self, line: Line) -> bool:
        """Tell whether a line names an attachment: 附件:1.…, then 2.… in lines of their own."""
        if line.mark is None:
            listed = ATTACHMENT.match(self.text, *line.span)
            self.attached = int(listed[1] or 1) if listed else 0
            return listed is not None and self.node is not self.root
        goes_on = bool(self.attached) and line.mark.value == self.attached + 1
        self.attached = line.mark.value if goes_on else 0
        return goes_on

    def _run_on(self, line: Line) -> None:
        """Take the numbers inside a line that open measures, or indicators where these stand."""
        if line.label is None and (self.section is None or self.section.kind != "indicators"):
            for mark in inline_marks(self.text, line.span, line.mark):
                self._reopen()
                self._mark(mark)
        elif self.section is not None and self.section.kind == "indicators":
            start = line.label_end if line.label else line.span.start
            for mark in listed_marks(self.text, start, line.span.end):
                if line.mark is None or mark.span.start > line.span.start:
                    self._mark(mark)

    def finish(self) -> Outline:
        """Close what is open and return the tree."""
        end = len(self.text) if self.back is None else self.back
        self._close(end)
        body = Span(self.root.body.start, end)
        return Outline(self.root, body, self.tables, tuple(self.loose), self.strays.finish())

    def _plain(self, line: Line) -> None:
        if self.back is not None or self.last is None or self.node is self.root:
            return
        stretch = line.span.of(self.text)
        ended = self.text[self.last.span.end - 1] in CLOSED_MARKS
        if BACK_LINE.search(stretch):
            self._end(line.span.start, sure=True)
            self.is_boxed = bool(BOX.match(stretch))
        elif (
            ended
            and len(stretch) < HARD_WRAP_WIDTH
            and stretch[-1] not in SENTENCE_MARKS
            and ":" not in stretch
            and not LABEL.match(stretch)
        ):
            self._end(line.span.start, sure=False)

    def _end(self, at: int, *, sure: bool) -> None:
        """Let the back matter begin, unless it has begun."""
        if self.back is None:
            self.back, self.is_sure = at, sure

    def _reopen(self) -> None:
        """Go on after what looked like the back matter; what surely was belongs to no measure."""
        if self.back is not None and self.is_sure:
            self._close(self.back)
            nowhere = Span(self.back, self.back)
            self.item, self.section = None, Section("aside", nowhere, nowhere)
        self.back = None

    def _table_line(self, entry: TableLine) -> None:
        """Take the header, a row or a band of a table."""
        self._close(entry.span.start)
        self.table_end = entry.span.end
        if isinstance(entry, Header):
            self.section = self.item = None
            headings = (n for n in self.node.ancestry() if n.style in (*CHINESE_STYLES, BAND))
            self.node = next(headings, self.root)
            if self.node is not self.root:
                self.section = Section("table", entry.span, Span(entry.span.end, entry.span.end))
                self.node.sections.append(self.section)
        elif isinstance(entry, Band):
            self._mark(self._band_mark(entry))
        else:
            self._row(entry)

    def _figure_table(self, table: FigureTable) -> None:
        """Take a table of indicators into the heading that it stands under."""
        self._close(table.head.start)
        self.table_end = end = table.rows[-1].span.end
        owner = next((n for n in self.node.ancestry() if n.style in CHINESE_STYLES), None)
        if owner is None:
            self.loose.append(table.head)
            return
        section = Section("indicators", table.head, Span(table.head.end, table.head.end))
        for row in table.rows:
            at = Span(row.span.start, row.span.start)
            mark = Mark("1.", row.number, str(row.number), at)
            section.items.append(Node(mark, row.span, None, figure=row))
        self.node, self.item = owner, None
        self.section = Section("table", Span(end, end), Span(end, end))
        owner.sections += [section, self.section]

    def _band_mark(self, band: Band) -> Mark:
        """Return the number of a band, that of its own cell or of its text, or the next one."""
        start = band.span.start
        if mark := read_mark(self.text, *band.span):
            return mark
        if band.number:
            bare = band.number.strip("、.")
            return Mark("一、", whole(bare) or 0, bare, Span(start, start + len(band.number)))
        self.bands += 1
        return Mark(BAND, self.bands, "", Span(start, start))

    def _row(self, row: Row) -> None:
        """Open a row; rows that share a merged number stand below one node with that number."""
        if row.band and (heading := read_mark(self.text, *row.band)):
            self._mark(heading)
            end = Span(row.band.end, row.band.end)
            self.section = Section("table", end, end)
            self.node.body = Span(heading.span.end, row.band.end)
        start = row.span.start
        mark = Mark(ROW, row.number, str(row.number), Span(start, row.number_end))
        if row.sub is None:
            self._mark(mark)
        else:
            owner = next((n for n in self.node.ancestry() if n.style == ROW), None)
            if (
                row.sub == 1
                or owner is None
                or owner.mark is None
                or owner.mark.value != row.number
            ):
                self._mark(mark)
                name = row.name or Span(row.number_end, row.number_end)
                self.node.row = replace(row, cells=(), above=(), title=name)
                self.node.body = name
            at = row.number_end
            self._mark(Mark(SUB_ROW, row.sub, str(row.sub), Span(at, at)))
        self.node.row = row
        self.node.body = Span(self.node.body.start, row.span.end)

    def _close(self, end: int) -> None:
        if self.node.row is not None:
            return
        if self.item is not None:
            self.item.body = Span(self.item.body.start, end)
        elif self.section is not None:
            self.section.body = Span(self.section.body.start, end)
        else:
            self.node.body = Span(self.node.body.start, end)

    def _label(self, line: Line) -> None:
        kind = str(line.label)
        owner = self._owner(kind)
        if owner is None:
            return
        self._close(line.span.start)
        self.node, self.item = owner, None
        self.section = Section(
            kind, Span(line.span.start, line.label_end), Span(line.label_end, line.label_end)
        )
        owner.sections.append(self.section)

    def _owner(self, kind: str) -> Node | None:
        """Return the part that a label speaks of; a label inside a measure is plain text."""
        if kind != "indicators":
            is_heading = self.node.style in CHINESE_STYLES and not self.node.children
            return self.node if is_heading else None
        for node in self.node.ancestry():
            if node.style in CHINESE_STYLES and (node.children or node.sections):
                return node
        return None

    def _mark(self, mark: Mark) -> None:
        if self._is_indicator(mark):
            self._close(mark.span.start)
            assert self.section is not None
            self.item = Node(mark, Span(mark.span.end, mark.span.end), None)
            self.section.items.append(self.item)
            return
        self._close(mark.span.start)
        self.section = self.item = None
        parent = self._parent(mark)
        if mark.style == "•":
            before = parent.children[-1] if parent.children else None
            count = before.mark.value if before and before.mark and before.style == "•" else 0
            mark = Mark(mark.style, count + 1, str(count + 1), mark.span)
        self.node = Node(mark, Span(mark.span.end, mark.span.end), parent)
        parent.children.append(self.node)

    def _is_indicator(self, mark: Mark) -> bool:
        if self.section is None or self.section.kind != "indicators":
            return False
        if mark.style in CHINESE_STYLES or mark.style in ROWS:
            return False
        siblings = self.node.children
        goes_on = (
            bool(siblings)
            and siblings[-1].style == mark.style
            and siblings[-1].mark is not None
            and mark.value == siblings[-1].mark.value + 1
        )
        return not (goes_on and not self._next_indicator(mark))

    def _next_indicator(self, mark: Mark) -> bool:
        assert self.section is not None
        items = self.section.items
        previous = items[-1].mark.value if items and items[-1].mark else 0
        return mark.value == previous + 1

    def _parent(self, mark: Mark) -> Node:
        """Return the node under which a number belongs: beside the last open one of its style.

        Chapters and 一、 never stand below measures, and nothing below the row of a table.
        """
        for node in self.node.ancestry():
            assert node.mark is not None
            assert node.parent is not None
            if node.style == mark.style:
                return node.parent
            if SIBLING_FORMS.get(mark.style) == node.style and mark.value == node.mark.value + 1:
                return node.parent
        rank = RANKS.get(mark.style, len(RANKS))
        for node in self.node.ancestry():
            is_parent = node.style == ROW if mark.style == SUB_ROW else node.style not in ROWS
            if is_parent and (rank == len(RANKS) or RANKS.get(node.style, 9) < rank):
                return node
        return self.root

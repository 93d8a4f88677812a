"""Tables of tasks: a header that says what each column holds, then rows.

Cells stand on one line, parted by tabs or blanks, or one cell on each line. Rows are found before
the outline is read; they keep the roles of their cells and the place of their title.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.signs import LINE
from plans.parsing.lexicon.tables import (
    BLANK_CELL,
    COLUMN,
    COLUMN_NOTE,
    FINE_COLUMN,
    HEADER_HINT,
    LINE_CELL,
    ROW_NUMBER,
    WORD_CELL,
)
from plans.parsing.numbers import whole
from plans.parsing.responsibility import Assignment, assign_cells
from plans.parsing.shapes import aligned, fits_columns
from plans.parsing.spans import Span, View, trimmed

NUMBER, TASK, TARGET, TIME = "number", "task", "target", "time"
ASSIGNING = frozenset(("lead", "share", "support", "person"))
MOST_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role (null where the title is not understood) and its title."""

    role: str | None
    title: Span
    is_fine: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The line or lines that name the columns."""

    span: Span
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the roles of its cells; a merged number gives its rows a `sub` number.

    `above` holds cells of the rows above that speak for this one, where its own are empty.
    """

    span: Span
    cells: tuple[tuple[str, Span], ...]
    number: int
    number_end: int
    title: Span
    sub: int | None = None
    above: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A row with one text that heads the rows below it."""

    span: Span


TableLine = Header | Row | Band


def read_tables(text: str, start: int) -> dict[int, TableLine]:
    """Return the lines of all tables by the place where their visible text starts."""
    if not HEADER_HINT.search(text, start):
        return {}
    reader = _Reader(text, [Span(*m.span()) for m in LINE.finditer(text, start)])
    reader.read()
    return reader.found


class _Reader:
    """Takes line after line; knows the columns of the open table and how its cells are parted."""

    def __init__(self, text: str, lines: list[Span]) -> None:
        self.text = text
        self.lines = lines
        self.found: dict[int, TableLine] = {}
        self.header: Header | None = None
        self.parted_by = ""
        self.rows: list[Row] = []

    def read(self) -> None:
        """Find headers and rows."""
        index = 0
        while index < len(self.lines):
            if used := self._header(index):
                self._subs()
                index += used
            elif self.header and (used := self._body(index)):
                index += used
            else:
                index += 1
        self._subs()

    def _header(self, index: int) -> int:
        """Open a table if its header starts here; return how many lines that took."""
        for parted_by, cells in (
            ("\t", _tabbed(self.text, self.lines[index])),
            (" ", _pieces(self.text, self.lines[index], BLANK_CELL)),
            (" ", _pieces(self.text, self.lines[index], WORD_CELL)),
        ):
            columns = self._columns(cells)
            if columns:
                span, used = self.lines[index], 1
                if parted_by == "\t" and index + 1 < len(self.lines):
                    below = _tabbed(self.text, self.lines[index + 1])
                    if len(below) == len(columns) and (finer := self._finer(columns, below)):
                        columns, used = finer, 2
                        span = Span(span.start, self.lines[index + 1].end)
                return self._open(Header(span, columns), parted_by, used)
        titles = []
        for line in self.lines[index : index + MOST_COLUMNS]:
            column = self._column(line) if line.end - line.start <= 12 else None
            if column is None or column.role is None:
                break
            titles.append(line)
        columns = self._columns(titles)
        if columns is None or len(columns) < 3:
            return 0
        return self._open(Header(Span(titles[0].start, titles[-1].end), columns), "\n", len(titles))

    def _open(self, header: Header, parted_by: str, used: int) -> int:
        self.header, self.parted_by = header, parted_by
        self.found[header.span.start] = header
        return used

    def _columns(self, cells: list[Span]) -> tuple[Column, ...] | None:
        """Return the columns if the cells are the titles of a table of tasks."""
        if not 2 <= len(cells) <= MOST_COLUMNS or any(b - a > 40 for a, b in cells):
            return None
        columns = tuple(self._column(cell) for cell in cells)
        roles = {column.role for column in columns}
        if TASK not in roles and TARGET in roles:
            columns = tuple(replace(c, role=TASK) if c.role == TARGET else c for c in columns)
            roles.add(TASK)
        named = [c for c in columns if c.role is not None]
        is_table = TASK in roles and roles & {*ASSIGNING, TIME} and len(named) * 2 >= len(columns)
        return columns if is_table else None

    def _column(self, cell: Span) -> Column:
        title = COLUMN_NOTE.sub("", cell.of(self.text)).strip(":/")
        label = LABEL.match(title + ":")
        if label and (
            label.end() == len(title) + 1 or title[label.end() : label.end() + 1] in "/及"
        ):
            roles = ("person", "lead", "share", "support", "time")
            return Column(next(kind for kind in roles if label[kind]), cell)
        column = COLUMN.fullmatch(title)
        role = str(column.lastgroup) if column else None
        return Column(role, cell, bool(FINE_COLUMN.search(title)))

    def _finer(self, columns: tuple[Column, ...], below: list[Span]) -> tuple[Column, ...] | None:
        """Return the columns with the titles of a second header line, if it is one."""
        given = [cell for cell in below if cell.of(self.text).strip()]
        if not given or any(self._column(cell).role is None for cell in given):
            return None
        return tuple(
            self._column(cell) if cell.of(self.text).strip() else column
            for column, cell in zip(columns, below, strict=True)
        )

    def _body(self, index: int) -> int:
        """Take a row or a band; return how many lines it took, none where the table has ended."""
        assert self.header is not None
        line, columns = self.lines[index], self.header.columns
        if self.parted_by == "\n":
            return self._stacked(index)
        cells = _tabbed(self.text, line) if self.parted_by == "\t" else []
        if self.parted_by == " ":
            pieces = _pieces(self.text, line, BLANK_CELL)
            if len(pieces) < 3 and self._has_number(line):
                pieces = _pieces(self.text, line, WORD_CELL)
            cells = pieces if len(pieces) == len(columns) else self._placed(pieces)
        if len(cells) != len(columns):
            return 0
        filled = [cell for cell in cells if cell.of(self.text).strip()]
        texts = {cell.of(self.text).strip() for cell in filled}
        if len(texts) == 1 and (len(filled) < 2 or len(filled) > len(columns) // 2):
            self._subs()
            self.found[line.start] = Band(trimmed(self.text, filled[0]))
            return 1
        self._row(line, cells)
        return 1

    def _has_number(self, line: Span) -> bool:
        assert self.header is not None
        first = next(WORD_CELL.finditer(self.text, *line)).group()
        return self.header.columns[0].role == NUMBER and bool(ROW_NUMBER.fullmatch(first))

    def _placed(self, pieces: list[Span]) -> list[Span]:
        """Return a cell for each column, empty where none of the pieces fits it."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        if len(pieces) < 3 or (roles[0] == NUMBER and not self._has_number(pieces[0])):
            return []
        return aligned(self.text, pieces, roles)

    def _stacked(self, index: int) -> int:
        """Take a row whose cells stand on lines of their own."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        if roles[0] != NUMBER:
            cells = self.lines[index : index + len(roles)]
            if len(cells) < len(roles) or not fits_columns(self.text, cells, roles):
                self.header = None
                return 0
            self._row(Span(cells[0].start, cells[-1].end), cells)
            return len(cells)
        if not self._is_number(index, self._next_number()):
            is_band = index + 1 < len(self.lines) and self._is_number(index + 1, None)
            if is_band:
                self._subs()
                self.found[self.lines[index].start] = Band(self.lines[index])
            else:
                self.header = None
            return int(is_band)
        end = index + 1
        wanted = self._whole_number(index) + 1
        while end < len(self.lines) and end - index <= 3 * MOST_COLUMNS:
            if self._is_number(end, wanted) or self._starts_band(end):
                break
            end += 1
        cells = self.lines[index:end]
        is_last = end == len(self.lines) or not self._is_number(end, None)
        if is_last and len(cells) > len(roles):
            cells = cells[: len(roles)]
        if len(cells) != len(roles) or not fits_columns(self.text, cells, roles):
            cells = aligned(self.text, cells, roles)
        last = max(cell.end for cell in cells)
        used = bisect_left(self.lines, Span(last, last), lo=index) - index
        self._row(Span(self.lines[index].start, last), cells)
        return max(used, 1)

    def _whole_number(self, index: int) -> int:
        return whole(self.lines[index].of(self.text).strip("().、")) or 0

    def _is_number(self, index: int, wanted: int | None) -> bool:
        line = self.lines[index]
        if line.end - line.start > 6 or not ROW_NUMBER.fullmatch(line.of(self.text)):
            return False
        return wanted is None or self._whole_number(index) in (wanted, 1)

    def _starts_band(self, index: int) -> bool:
        """Tell whether a heading stands here: its next line is a number that starts again."""
        return (
            index + 1 < len(self.lines)
            and self._is_number(index + 1, None)
            and bool(self.lines[index].of(self.text)[0] in "一二三四五六七八九十(（第")
        )

    def _next_number(self) -> int:
        return self.rows[-1].number + 1 if self.rows else 1

    def _row(self, line: Span, cells: list[Span]) -> None:
        assert self.header is not None
        columns = self.header.columns
        numbers = [c for c, col in zip(cells, columns, strict=True) if col.role == NUMBER]
        printed = numbers[0].of(self.text).strip() if numbers else ""
        number = whole(printed.strip("().、").rsplit(".", 1)[-1]) if printed else None
        is_first = bool(printed) and trimmed(self.text, numbers[0]).start == line.start
        number_end = line.start + (len(printed) if is_first and number is not None else 0)
        merged = bool(numbers) and not printed and bool(self.rows)
        if number is None:
            number = self.rows[-1].number if merged else self._next_number()
        given = tuple(
            (column.role, cell)
            for column, cell in zip(columns, cells, strict=True)
            if column.role is not None and cell.of(self.text).strip()
        )
        row = Row(line, given, number, number_end, self._title(line, cells), 0 if merged else None)
        self.rows.append(replace(row, above=self._above(row)))

    def _title(self, line: Span, cells: list[Span]) -> Span:
        """Return the cell that says what is to be done: of several the name, if it is its own."""
        assert self.header is not None
        tasks = [
            (column, cell)
            for column, cell in zip(self.header.columns, cells, strict=True)
            if column.role == TASK
        ]
        filled = [(c, cell) for c, cell in tasks if cell.of(self.text).strip()]
        if not filled:
            return line
        finer = [cell for column, cell in filled if column.is_fine]
        shares = len(filled) < len(tasks) or (
            self.rows and self.rows[-1].cells and self._same_name(filled[0][1])
        )
        return trimmed(self.text, finer[-1] if finer and shares else filled[0][1])

    def _same_name(self, cell: Span) -> bool:
        before = next((c for role, c in self.rows[-1].cells if role == TASK), None)
        return before is not None and before.of(self.text).strip() == cell.of(self.text).strip()

    def _above(self, row: Row) -> tuple[tuple[str, Span], ...]:
        """Return the cells above that are merged with empty ones of this row."""
        assert self.header is not None
        own = {role for role, _ in row.cells}
        columns = {column.role for column in self.header.columns}
        if not self.rows or own & {"lead", "share"} or not columns & {"lead", "share"}:
            return ()
        before = self.rows[-1]
        known = {role for role, _ in before.cells}
        source = [*before.cells, *(c for c in before.above if c[0] not in known)]
        return tuple(c for c in source if c[0] in (ASSIGNING | {TIME}) - own)

    def _subs(self) -> None:
        """Number the rows that share a merged number, and keep all rows read so far."""
        rows = self.rows
        for at, (row, below) in enumerate(pairwise(rows)):
            if below.sub is not None and row.sub is None:
                rows[at] = replace(row, sub=1)
            if below.sub is not None:
                rows[at + 1] = replace(below, sub=(rows[at].sub or 1) + 1)
        self.found |= {row.span.start: row for row in rows}
        self.rows = []


def _tabbed(text: str, line: Span) -> list[Span]:
    """Return the cells of a line, those without text too."""
    if "\t" not in line.of(text):
        start = text.rfind("\n", 0, line.start) + 1
        if "\t" not in text[start : line.start] and text[line.end : line.end + 1] != "\t":
            return []
    start = text.rfind("\n", 0, line.start) + 1
    end = text.find("\n", line.end)
    full = Span(start, len(text) if end < 0 else end)
    return [Span(*match.span()) for match in LINE_CELL.finditer(text, *full)]


def _pieces(text: str, line: Span, cell: "re.Pattern[str]") -> list[Span]:
    """Return what stands between blanks."""
    stretch = line.of(text)
    if " " not in stretch or "\t" in stretch:
        return []
    return [Span(*match.span()) for match in cell.finditer(text, *line)]


def row_assignments(view: View, cells: tuple[tuple[str, Span], ...]) -> list[Assignment]:
    """Return what the cells of a row assign, and when it is due."""
    places = [(role, *place(view, cell)) for role, cell in cells if role in ASSIGNING | {TIME}]
    return assign_cells(view, [found for found in places if found[1] < found[2]])


def told_cells(view: View, cells: tuple[tuple[str, Span], ...]) -> list[tuple[int, int]]:
    """Return where in a view the cells stand that say what is to be done."""
    return [place(view, cell) for role, cell in cells if role in (TASK, TARGET)]


def place(view: View, span: Span) -> tuple[int, int]:
    """Return where in a view a stretch of the source stands."""
    start, end = (bisect_left(view.offsets, at) for at in span)
    return min(start, len(view.text)), min(end, len(view.text))


def unread_columns(found: dict[int, TableLine], text: str) -> Iterator[Span]:
    """Yield the titles of columns that were not understood, each once."""
    seen: set[str] = set()
    for line in found.values():
        for column in line.columns if isinstance(line, Header) else ():
            words = column.title.of(text).strip()
            if column.role is None and words and words not in seen:
                seen.add(words)
                yield trimmed(text, column.title)

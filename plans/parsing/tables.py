"""Tables of tasks: a header that says what each column holds, then rows.

Cells stand on one line, parted by tabs or blanks, or one cell on each line. Rows are found before
the outline is read; they keep the roles of their cells and the place of their title.
"""

from bisect import bisect_left
from collections.abc import Iterator

from plans.parsing.cells import (
    NUMBER,
    TASK,
    Band,
    Header,
    TableLine,
    partings,
    pieces_of,
    tabbed,
)
from plans.parsing.heads import MOST_COLUMNS, finer_columns, read_columns, stacked_titles
from plans.parsing.lexicon.tables import (
    BLANK_CELL,
    HEADER_HINT,
    ROW_NUMBER,
    SECTION_NUMBER,
    WORD_CELL,
)
from plans.parsing.marks import read_mark
from plans.parsing.numbers import whole
from plans.parsing.shapes import aligned, fits_columns, is_odd, score
from plans.parsing.spans import Span, trimmed
from plans.parsing.table_rows import Rows

INSET = 3
SPARE = 4
MOST_BREAKS = 8
FEWEST_PIECES = 3


def read_tables(text: str, lines: list[Span]) -> dict[int, TableLine]:
    """Return the lines of all tables by the place where their visible text starts."""
    if not lines or not HEADER_HINT.search(text, lines[0].start):
        return {}
    reader = _Reader(text, lines)
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
        self.rows = Rows(text)

    def read(self) -> None:
        """Find headers and rows."""
        index = 0
        while index < len(self.lines):
            if used := self._header(index):
                self._close_rows()
                index += used
            elif self.header and (used := self._body(index)):
                index += used
            else:
                index += 1
        self._close_rows()

    def _header(self, index: int) -> int:
        """Open a table if its header starts here; return how many lines that took."""
        for parted_by, cells in partings(self.text, self.lines[index]):
            columns = read_columns(self.text, cells)
            if columns:
                span, used = self.lines[index], 1
                if parted_by == "\t" and index + 1 < len(self.lines):
                    below = tabbed(self.text, self.lines[index + 1])
                    if finer := finer_columns(self.text, columns, below):
                        columns, used = finer, 2
                        span = Span(span.start, self.lines[index + 1].end)
                return self._open(Header(span, columns), parted_by, used)
        titles = stacked_titles(self.text, self.lines, index)
        columns = read_columns(self.text, titles) if len(titles) > 2 else None
        if columns is None:
            return 0
        used = bisect_left(self.lines, Span(titles[-1].end, titles[-1].end), lo=index) - index
        return self._open(Header(Span(titles[0].start, titles[-1].end), columns), "\n", used)

    def _open(self, header: Header, parted_by: str, used: int) -> int:
        if self.header is None or [c.role for c in self.header.columns] != [
            c.role for c in header.columns
        ]:
            self.rows.restart()
        self.header, self.parted_by = header, parted_by
        self.found[header.span.start] = header
        return used

    def _body(self, index: int) -> int:
        """Take a row or a band; return how many lines it took, none where the table has ended."""
        assert self.header is not None
        line, columns = self.lines[index], self.header.columns
        if self.parted_by == "\n":
            return self._stacked(index)
        cells = tabbed(self.text, line) if self.parted_by == "\t" else []
        if self.parted_by == " ":
            pieces = pieces_of(self.text, line, BLANK_CELL)
            if len(pieces) < 3 and self._has_number(line):
                pieces = pieces_of(self.text, line, WORD_CELL)
            cells = pieces if len(pieces) == len(columns) else self._placed(line, pieces)
        if len(cells) != len(columns):
            if self.parted_by != "\t" or len(cells) < 2:
                return 0
            return (
                self._broken(index, cells) or self._short(line, cells) or self._other(line, cells)
            )
        if band := self._band(cells):
            self._close_rows()
            self.found[line.start] = band
            return 1
        self._row(line, cells)
        return 1

    def _broken(self, index: int, cells: list[Span]) -> int:
        """Take a numbered row that has line breaks inside its cells; return its lines."""
        assert self.header is not None
        columns = self.header.columns
        if len(cells) < 2 or not self._is_row_number(trimmed(self.text, cells[0])):
            return 0
        for at in range(index + 1, min(index + MOST_BREAKS, len(self.lines))):
            line = self.lines[at]
            goes_on = tabbed(self.text, line) or [line]
            if self._is_row_number(trimmed(self.text, goes_on[0])):
                return 0
            cells = [*cells[:-1], Span(cells[-1].start, goes_on[0].end), *goes_on[1:]]
            if len(cells) >= len(columns):
                break
        roles = [column.role for column in columns]
        if len(cells) != len(columns) or is_odd(self.text, cells, roles):
            return 0
        self._row(Span(self.lines[index].start, self.lines[at].end), cells)
        return at + 1 - index

    def _short(self, line: Span, cells: list[Span]) -> int:
        """Take a row that lacks the cells merged with those above, or empty ones at its end."""
        assert self.header is not None
        columns = self.header.columns
        missing = len(columns) - len(cells)
        first = trimmed(self.text, cells[0])
        is_whole = first.start == first.end or self._is_row_number(first)
        if missing < 1 or not (self.rows.rows or is_whole):
            return 0
        given = columns[: len(cells)] if is_whole else columns[missing:]
        filled = [i for i, cell in enumerate(cells) if cell.of(self.text).strip()]
        roles = [given[i].role for i in filled]
        if TASK not in roles or not fits_columns(self.text, [cells[i] for i in filled], roles):
            return 0
        before, after = Span(line.start, line.start), Span(line.end, line.end)
        self._row(line, [*cells, *[after] * missing] if is_whole else [*[before] * missing, *cells])
        return 1

    def _other(self, line: Span, cells: list[Span]) -> int:
        """Take a row that has cells too many or too few, where they fit columns by their looks."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        own, rest = cells[: len(roles)], [c for c in cells[len(roles) :] if c.of(self.text).strip()]
        if len(own) < len(roles):
            pieces = [trimmed(self.text, c) for c in cells if c.of(self.text).strip()]
            is_like = FEWEST_PIECES <= len(pieces) <= len(roles) <= 2 * len(pieces)
            own = aligned(self.text, pieces, roles) if is_like else []
        filled = [(c, r) for c, r in zip(own, roles, strict=False) if c.of(self.text).strip()]
        if TASK not in [role for _, role in filled] or not fits_columns(
            self.text, [c for c, _ in filled], [r for _, r in filled]
        ):
            return 0
        spare = Span(rest[0].start, rest[-1].end) if rest else None
        self._row(line, own, spare, is_guessed=len(cells) < len(roles))
        return 1

    def _band(self, cells: list[Span]) -> Band | None:
        """Return the heading that a row is: one text alone, or a number and a text."""
        assert self.header is not None
        columns = self.header.columns
        filled = [i for i, cell in enumerate(cells) if cell.of(self.text).strip()]
        first = trimmed(self.text, cells[filled[0]])
        texts = {cells[i].of(self.text).strip() for i in filled}
        if len(texts) == 1:
            opens = filled[0] == 0 or read_mark(self.text, *first) is not None
            is_band = len(filled) > len(columns) // 2 or (len(filled) == 1 and opens)
            return Band(first) if is_band and not self._is_row_number(first) else None
        if len(filled) != 2 or [columns[i].role for i in filled] != [NUMBER, TASK]:
            return None
        number = first.of(self.text)
        if not SECTION_NUMBER.fullmatch(number):
            return None
        return Band(Span(first.start, cells[filled[1]].end), number)

    def _is_row_number(self, cell: Span) -> bool:
        return bool(ROW_NUMBER.fullmatch(cell.of(self.text)))

    def _has_number(self, line: Span) -> bool:
        assert self.header is not None
        first = next(WORD_CELL.finditer(self.text, *line)).group()
        return self.header.columns[0].role == NUMBER and bool(ROW_NUMBER.fullmatch(first))

    def _placed(self, line: Span, pieces: list[Span]) -> list[Span]:
        """Return a cell for each column, empty where none of the pieces fits it.

        A row that is set in and has no number goes on with the number and name above.
        """
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        skipped = 0
        if roles[0] == NUMBER and not (pieces and self._has_number(pieces[0])):
            if not self.rows.rows or self._inset(line) - self._inset(self.header.span) < INSET:
                return []
            named = roles.count(TASK) > 1 and len(pieces) < len(roles) - 1
            skipped = roles.index(TASK) + 1 if named else 1
        if len(pieces) < 3 and not (skipped and len(pieces) == 2):
            return []
        nothing = Span(line.start, line.start)
        if len(pieces) == len(roles) - skipped and skipped:
            return [nothing] * skipped + pieces
        return [nothing] * skipped + aligned(self.text, pieces, roles[skipped:])

    def _inset(self, line: Span) -> int:
        return line.start - self.text.rfind("\n", 0, line.start)

    def _stacked(self, index: int) -> int:
        """Take a row whose cells stand on lines of their own."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        if roles[0] != NUMBER:
            cells = self.lines[index : index + len(roles)]
            if len(cells) < len(roles) or not fits_columns(self.text, cells, roles):
                self._unless_resumed(index)
                return 0
            self._row(Span(cells[0].start, cells[-1].end), cells)
            return len(cells)
        if not self._is_number(index, self.rows.last_number + 1):
            is_band = index + 1 < len(self.lines) and self._is_number(index + 1, None)
            if is_band:
                self._close_rows()
                self.found[self.lines[index].start] = Band(self.lines[index])
            else:
                self._unless_resumed(index)
            return int(is_band)
        end = index + 1
        wanted = self._whole_number(index) + 1
        while end < len(self.lines) and end - index <= 3 * MOST_COLUMNS:
            if self._is_number(end, wanted) or self._starts_band(end) or self._starts_head(end):
                break
            end += 1
        else:
            end = min(end, self._last_end(index))
        cells = list(self._whole_cells(index, end))
        is_odd_row = False
        if len(cells) != len(roles) or not fits_columns(self.text, cells, roles):
            cells = aligned(self.text, cells, roles)
            is_odd_row = is_odd(self.text, cells, roles)
        last = max(cell.end for cell in cells)
        used = bisect_left(self.lines, Span(last, last), lo=index) - index
        self._row(Span(self.lines[index].start, last), cells, is_guessed=is_odd_row)
        return max(used, 1)

    def _unless_resumed(self, index: int) -> None:
        """Close a table of stacked cells, unless one of the next lines begins a row of it."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        for at in range(index + 1, min(index + MOST_BREAKS, len(self.lines))):
            cells = self.lines[at : at + len(roles)]
            goes_on = len(cells) == len(roles) and fits_columns(self.text, cells, roles)
            if goes_on and (roles[0] != NUMBER or self._is_number(at, self.rows.last_number + 1)):
                return
        self.header = None

    def _whole_cells(self, index: int, end: int) -> Iterator[Span]:
        """Yield the lines of a row; a line that ends with a list mark goes on in the next one."""
        start: int | None = None
        for at, line in enumerate(self.lines[index:end], start=index + 1):
            start = line.start if start is None else start
            if at == end or self.text[line.end - 1] != "、":
                yield Span(start, line.end)
                start = None

    def _last_end(self, index: int) -> int:
        """Return where the last row ends: at the first line that fits the last column."""
        assert self.header is not None
        roles = [column.role for column in self.header.columns]
        most = range(index + len(roles) - 1, min(index + len(roles) + SPARE, len(self.lines)))
        fitting = (at for at in most if score(self.lines[at].of(self.text), roles[-1]) > 1)
        return next(fitting, index + len(roles) - 1) + 1

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

    def _starts_head(self, index: int) -> bool:
        """Tell whether the head is said again here, on lines of its own."""
        assert self.header is not None
        titles = "".join("".join(c.title.of(self.text).split()) for c in self.header.columns)
        lines = self.lines[index : index + 2 * len(self.header.columns)]
        joined = "".join("".join(line.of(self.text).split()) for line in lines)
        return bool(titles) and joined.startswith(titles)

    def _row(
        self, line: Span, cells: list[Span], spare: Span | None = None, *, is_guessed: bool = False
    ) -> None:
        assert self.header is not None
        self.rows.add(line, cells, self.header.columns, spare, is_guessed=is_guessed)

    def _close_rows(self) -> None:
        self.found |= self.rows.close()


def unread_columns(found: dict[int, TableLine], text: str) -> Iterator[Span]:
    """Yield the titles of columns that were not understood, each once."""
    seen: set[str] = set()
    for line in found.values():
        for column in line.columns if isinstance(line, Header) else ():
            words = column.title.of(text).strip()
            if column.role is None and words and words not in seen:
                seen.add(words)
                yield trimmed(text, column.title)

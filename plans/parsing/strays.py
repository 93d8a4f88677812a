"""Lines that stand in a table and in none of its rows, and tables whose head was not understood."""

from typing import Literal, NamedTuple

from plans.parsing.cells import Header, TableLine
from plans.parsing.lexicon.outline import BACK_LINE, DATE_LINE, ORGAN_LINE
from plans.parsing.lexicon.tables import CAPTION_LINE, CONTINUED, FILLED_CELL, TABLE_NOTE
from plans.parsing.lines import Line
from plans.parsing.spans import Span

FEWEST_CELLS = 2
FEWEST_ROWS = 3
WIDE = 3


class Stray(NamedTuple):
    """A stretch that was not taken: a line or cells of a table, a note below it, or all of it."""

    kind: Literal["line", "note", "table"]
    span: Span


class Strays:
    """Takes the lines that no row has; knows whether a table is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Stray] = []
        self.is_open = False
        self.noted = 0
        self.kept = 0
        self.rows: list[Span] = []

    def enter(self, entry: TableLine) -> None:
        """Go on with a row, or open a table: a short line before its head is its caption."""
        self._end_rows()
        if isinstance(entry, Header):
            while len(self.found) > self.kept and self._is_caption(self.found[-1]):
                self.found.pop()
        self.is_open, self.noted, self.kept = True, 0, len(self.found)

    def take(self, line: Line) -> bool:
        """Tell whether a line belongs to the open table, or to one that was not understood."""
        cells = len(FILLED_CELL.findall(self.text, *line.span))
        if not self.is_open:
            if cells < WIDE:
                self._end_rows()
            else:
                self.rows.append(line.span)
            return False
        if line.mark is None and line.label is None:
            self.is_open = self._take_plain(line.span)
        elif line.mark and self.noted and line.mark.value == self.noted:
            self.noted += 1
            self._add("note", line.span)
        elif line.mark and cells >= FEWEST_CELLS:
            self._add("line", line.span)
        else:
            self.is_open = False
        return self.is_open

    def finish(self) -> tuple[Stray, ...]:
        """Return what was found."""
        self._end_rows()
        return tuple(self.found)

    def _take_plain(self, span: Span) -> bool:
        words = span.of(self.text)
        if BACK_LINE.search(words):
            return False
        if DATE_LINE.search(words):
            while len(self.found) > self.kept and self._is_organ(self.found[-1]):
                self.found.pop()
            return False
        if note := TABLE_NOTE.match(words):
            self.noted = 2 if note["first"] else 1
            self._add("note", span)
        elif not CONTINUED.fullmatch(words):
            self._add("note" if self.noted else "line", span)
        return True

    def _add(self, kind: Literal["line", "note"], span: Span) -> None:
        """Keep a stretch, lines of one kind that follow each other as one."""
        last = self.found[-1] if len(self.found) > self.kept else None
        if last and last.kind == kind and self.text[last.span.end : span.start].isspace():
            self.found[-1] = Stray(kind, Span(last.span.start, span.end))
        else:
            self.found.append(Stray(kind, span))

    def _is_caption(self, stray: Stray) -> bool:
        return stray.kind == "line" and bool(CAPTION_LINE.fullmatch(stray.span.of(self.text)))

    def _is_organ(self, stray: Stray) -> bool:
        return bool(ORGAN_LINE.search(stray.span.of(self.text)))

    def _end_rows(self) -> None:
        """Tell of a table that was not understood, if the last lines make one."""
        if len(self.rows) >= FEWEST_ROWS:
            self.found.append(Stray("table", Span(self.rows[0].start, self.rows[-1].end)))
        self.rows = []

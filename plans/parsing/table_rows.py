"""Rows of a table of tasks: their numbers, what they share with rows above, and their titles."""

from dataclasses import replace

from plans.parsing.cells import ASSIGNING, GROUP, NUMBER, TASK, TIME, Column, Row
from plans.parsing.lexicon.tables import DITTO, NUMBER_PATH
from plans.parsing.marks import read_mark
from plans.parsing.numbers import whole
from plans.parsing.spans import Span, trimmed


class Rows:
    """Collects the rows of the open table; `last_number` is that of its last row."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: list[Row] = []
        self.last_number = 0
        self.group = ""

    def restart(self) -> None:
        """Count from the beginning again: another table follows."""
        self.last_number = 0

    def add(
        self,
        line: Span,
        cells: list[Span],
        columns: tuple[Column, ...],
        spare: Span | None = None,
        *,
        is_guessed: bool = False,
    ) -> None:
        """Take a row, one cell for each column."""
        numbers = [c for c, col in zip(cells, columns, strict=True) if col.role == NUMBER]
        printed = numbers[0].of(self.text).strip() if numbers else ""
        path = NUMBER_PATH.fullmatch(printed)
        number = whole(path["above"] if path else printed.strip("().、第项条"))
        is_first = bool(printed) and trimmed(self.text, numbers[0]).start == line.start
        number_end = line.start + (len(printed) if is_first and number is not None else 0)
        given = tuple(
            (column.role, trimmed(self.text, cell))
            for column, cell in zip(columns, cells, strict=True)
            if column.role is not None and cell.of(self.text).strip()
        )
        same = {
            role
            for role, cell in given
            if role in (ASSIGNING | {TIME}) and DITTO.fullmatch(cell.of(self.text))
        }
        given = tuple(cell for cell in given if cell[0] not in same)
        tasks = [i for i, column in enumerate(columns) if column.role == TASK]
        filled = [i for i in tasks if cells[i].of(self.text).strip()]
        finer = [i for i in filled if columns[i].is_fine and i != tasks[0]]
        name = trimmed(self.text, cells[tasks[0]]) if filled and filled[0] == tasks[0] else None
        fine = trimmed(self.text, cells[(finer or filled)[-1]]) if filled else line
        is_merged = self._is_merged(numbers, number, name, alone=len(tasks) == 1)
        sub = int(path["sub"] or path["item"]) if path else 0 if is_merged else None
        if path and len(tasks) == 1:
            name = None
        if is_merged:
            number = self.rows[-1].number
        elif number is None:
            number = self.last_number + 1
        self.last_number = number
        row = Row(
            line,
            given,
            number,
            number_end,
            name,
            fine,
            name or fine,
            sub,
            spare=spare,
            is_guessed=is_guessed,
        )
        self.rows.append(
            replace(row, above=self._above(row, columns, same), band=self._group(cells, columns))
        )

    def _is_merged(
        self, numbers: list[Span], number: int | None, name: Span | None, *, alone: bool
    ) -> bool:
        """Tell whether the number (or without one the name) of a row is that of the row above."""
        if not self.rows:
            return False
        last = self.rows[-1]
        if number is not None:
            return number == last.number
        same = name is None or self._same(name, last.name)
        return same and not alone if not numbers else same or alone

    def _same(self, cell: Span | None, other: Span | None) -> bool:
        return bool(cell and other and cell.of(self.text) == other.of(self.text))

    def _group(self, cells: list[Span], columns: tuple[Column, ...]) -> Span | None:
        """Return the cell that names the group of this row, where it is numbered and a new one."""
        at = next((i for i, c in enumerate(columns) if c.role == GROUP), None)
        cell = trimmed(self.text, cells[at]) if at is not None else Span(0, 0)
        words = cell.of(self.text)
        if not words or words == self.group or read_mark(self.text, *cell) is None:
            return None
        self.group = words
        return cell

    def _above(
        self, row: Row, columns: tuple[Column, ...], same: set[str]
    ) -> tuple[tuple[str, Span], ...]:
        """Return the cells above that are merged with empty ones of this row, or said to be."""
        if not self.rows:
            return ()
        own = {role for role, _ in row.cells}
        roles = {column.role for column in columns}
        if not own & {"lead", "share"} and roles & {"lead", "share"}:
            same = {*ASSIGNING, TIME} - own
        before = self.rows[-1]
        known = {role for role, _ in before.cells}
        source = [*before.cells, *(c for c in before.above if c[0] not in known)]
        return tuple(c for c in source if c[0] in same)

    def close(self) -> dict[int, Row]:
        """Return the rows so far by their starts.

        Those that share a number or a name are titled by their details.
        """
        rows, self.rows = self.rows, []
        for at in range(len(rows) - 1):
            row, below = rows[at], rows[at + 1]
            if below.sub == 0:
                first = row.sub or 1
                rows[at] = replace(row, sub=first, title=row.fine)
                rows[at + 1] = replace(below, sub=first + 1, title=below.fine)
            elif below.name is None or self._same(row.name, below.name):
                rows[at] = replace(row, title=row.fine)
                rows[at + 1] = replace(below, title=below.fine, name=below.name or row.name)
        return {row.span.start: row for row in rows}

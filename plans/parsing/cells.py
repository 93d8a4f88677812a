"""What a table is made of: columns, heads, rows and bands; how the cells of a line are parted."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from plans.parsing.lexicon.tables import BLANK_CELL, LINE_CELL, WORD_CELL
from plans.parsing.responsibility import Assignment, assign_cells, find_assignments
from plans.parsing.spans import Span, View

NUMBER, TASK, TARGET, TIME, GROUP = "number", "task", "target", "time", "group"
ASSIGNING = frozenset(("lead", "share", "support", "person"))


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

    `name` is the cell of the first column of tasks, `fine` that of the most detailed one, `title`
    the one of them that is the row's own. `above` holds cells of the rows above that speak for this
    one, where its own are empty; `band` a cell with the numbered heading that the rows stand under.
    `spare` is what fits no column; `is_guessed` tells that looks put its cells in place.
    """

    span: Span
    cells: tuple[tuple[str, Span], ...]
    number: int
    number_end: int
    name: Span | None
    fine: Span
    title: Span
    sub: int | None = None
    above: tuple[tuple[str, Span], ...] = ()
    band: Span | None = None
    spare: Span | None = None
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A row that heads the rows below it: one text, or a number and a text apart."""

    span: Span
    number: str | None = None


TableLine = Header | Row | Band


def tabbed(text: str, line: Span) -> list[Span]:
    """Return the cells of a line, those without text too."""
    start = text.rfind("\n", 0, line.start) + 1
    if text.find("\t", start, line.end + 1) < 0:
        return []
    end = text.find("\n", line.end)
    full = Span(start, len(text) if end < 0 else end)
    return [Span(*match.span()) for match in LINE_CELL.finditer(text, *full)]


def pieces_of(text: str, line: Span, cell: "re.Pattern[str]") -> list[Span]:
    """Return what stands between blanks."""
    if text.find(" ", *line) < 0 or text.find("\t", *line) >= 0:
        return []
    return [Span(*match.span()) for match in cell.finditer(text, *line)]


def partings(text: str, line: Span) -> Iterator[tuple[str, list[Span]]]:
    """Yield the ways in which a line can be cut into cells: at tabs, wide gaps, or any blank."""
    if cells := tabbed(text, line):
        yield "\t", cells
    for cell in (BLANK_CELL, WORD_CELL) if text.find(" ", *line) >= 0 else ():
        if cells := pieces_of(text, line, cell):
            yield " ", cells


def row_assignments(view: View, row: Row) -> list[Assignment]:
    """Return what a row assigns, and when it is due.

    Where its cells name no organ, a bracket in the cell that says what to do can.
    """
    found = assign_cells(view, _assigning_cells(view, row.cells))
    if any(name.kind != "person" for a in found for name in a.names) or row.above:
        return found
    told = told_cells(view, row.cells)
    return [
        *(a for start, end in told for a in _bracketed(view, start, end)),
        *found,
    ]


def _bracketed(view: View, start: int, end: int) -> Iterator[Assignment]:
    """Yield what a cell says itself of who does it: …(牵头单位:县水利局)."""
    return (
        a
        for a in find_assignments(view)
        if a.names and a.sure and start <= a.outer_start < a.outer_end <= end
    )


def assigning_places(view: View, cells: tuple[tuple[str, Span], ...]) -> list[tuple[int, int]]:
    """Return where in a view the cells stand that say who and when."""
    return [(start, end) for _, start, end in _assigning_cells(view, cells)]


def _assigning_cells(view: View, cells: tuple[tuple[str, Span], ...]) -> list[tuple[str, int, int]]:
    places = [(role, *place(view, cell)) for role, cell in cells if role in ASSIGNING | {TIME}]
    return [found for found in places if found[1] < found[2]]


def told_cells(view: View, cells: tuple[tuple[str, Span], ...]) -> list[tuple[int, int]]:
    """Return where in a view the cells stand that say what is to be done."""
    return [place(view, cell) for role, cell in cells if role in (TASK, TARGET)]


def place(view: View, span: Span) -> tuple[int, int]:
    """Return where in a view a stretch of the source stands."""
    start, end = (bisect_left(view.offsets, at) for at in span)
    return min(start, len(view.text)), min(end, len(view.text))

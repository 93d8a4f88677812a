"""What is printed on the pages of a PDF as one text: paragraphs joined again, tables as rows."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from plans.readers.document import Pages
from plans.readers.grid import Cell, lines_of, spread
from plans.readers.pdf_tables import Table

FEW_LINES = 8
PAGE_NUMBER = re.compile(
    r"[-—–―─·•\s]*(?:第?\s*\d{1,4}\s*页?|第\s*[一二三四五六七八九十百]+\s*页)"
    r"(?:\s*[/，,（(]?\s*共?\s*\d{1,4}\s*页?[)）]?)?[-—–―─·•\s]*"
)
NUMBERED = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、）)](?!\d)|[①-⑳])"
)
CLOSED = tuple("。；;：:！？")
MOSTLY = 0.6
SAME_EDGE = 15.0
SERIAL = re.compile(r"\d{1,4}[.、．]?")


class Line(NamedTuple):
    """A printed line, and where on its page it stands, in points from the lower left corner."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    is_edge: bool


Printed = Line | Table


def text_of(printed: list[Printed], pages: int) -> Pages:
    """Return the text of all that is printed, without page numbers and running heads."""
    found = Pages()
    kept = _without_furniture(printed, pages)
    lines = [item for item in kept if isinstance(item, Line)]
    margins = _Margins.of(lines)
    number = 0
    for is_table, group in groupby(kept, lambda item: isinstance(item, Table)):
        items = list(group)
        if not is_table:
            _add_paragraphs(found, [item for item in items if isinstance(item, Line)], margins)
            continue
        for parts in _running_on([item for item in items if isinstance(item, Table)]):
            number += 1
            _add_table(found, parts, number)
    return found


def _running_on(tables: list[Table]) -> Iterator[list[Table]]:
    """Yield the tables, each with its parts on the following pages."""
    parts: list[Table] = []
    for table in tables:
        if parts and not _goes_on(parts[-1], table):
            yield parts
            parts = []
        parts.append(table)
    if parts:
        yield parts


def _goes_on(before: Table, table: Table) -> bool:
    """Tell whether a table is the rest of one on the page before: its columns are as wide."""
    if table.page != before.page + 1 or len(table.edges) != len(before.edges):
        return False
    return all(
        abs((one - before.edges[0]) - (other - table.edges[0])) < SAME_EDGE
        for one, other in zip(before.edges, table.edges, strict=True)
    )


def _add_table(found: Pages, parts: list[Table], number: int) -> None:
    """Add the rows of a table, its head once, a row that was cut by the end of a page whole."""
    cells = [[[Cell(*cell) for cell in row] for row in part.rows] for part in parts]
    head = [[cell.text for cell in row] for row in cells[0]]
    for rows in cells[1:]:
        same = 0
        while same < min(len(head), len(rows)) and [c.text for c in rows[same]] == head[same]:
            same += 1
        del rows[:same]
    grids = [spread(rows) for rows in cells]
    serial = _serial_column([row for grid in grids for row in grid])
    grid: list[list[str]] = []
    places: list[int] = []
    breaks: list[tuple[int, int, list[Cell]]] = []
    for part, rows, own in zip(parts, cells, grids, strict=True):
        if grid and own:
            is_cut = _is_cut(own[0], grid[-1], serial)
            breaks.append((len(grid) - 1, len(grid) - is_cut, rows[0]))
            if is_cut:
                grid[-1] = [a + b for a, b in zip(grid[-1], own.pop(0), strict=False)]
        grid += own
        places += [part.page] * len(own)
    _fill(grid, breaks)
    for index, line in lines_of(grid):
        found.add(line, f"第{places[index - 1] + 1}页表{number}第{index}行")


def _serial_column(grid: list[list[str]]) -> int | None:
    """Return the column that counts the rows, if one does."""
    for column in range(min((len(row) for row in grid), default=0)):
        filled = [row[column] for row in grid if row[column]]
        if len(filled) > 1 and sum(map(bool, map(SERIAL.fullmatch, filled))) > MOSTLY * len(filled):
            return column
    return None


def _is_cut(row: list[str], before: list[str], serial: int | None) -> bool:
    """Tell whether a row is the rest of the one before: it has no number of its own."""
    if serial is None or row[serial] or not before[serial]:
        return False
    return sum(map(bool, row)) > 0 and not (row[0] and not any(row[1:]))


def _fill(grid: list[list[str]], breaks: list[tuple[int, int, list[Cell]]]) -> None:
    """Say a merged cell, which goes on over the end of a page, on both sides of it.

    Of each end of a page: the last row before it and the first after it, one and the same if it was
    cut, and the cells after it. The text is printed on one side. A gap that may be no merged cell
    is filled only where its column has gaps at the ends of pages alone.
    """
    placed = [(last, first, *cell) for last, first, row in breaks for cell in _placed(row)]
    for last, first, column, cell in placed:
        if cell.rows > 1 and not cell.text:
            for row in grid[first : first + cell.rows]:
                row[column] = row[column] or grid[last][column]
    ends = {at for last, first, _ in breaks for at in (last, first)}
    for last, first, column, _ in placed:
        gaps = {at for at, row in enumerate(grid) if not row[column] and any(row[1:])}
        if gaps and gaps <= ends and any(grid[last][1:]) and any(grid[first][1:]):
            text = grid[last][column] or grid[first][column]
            grid[last][column] = grid[last][column] or text
            grid[first][column] = grid[first][column] or text


def _placed(cells: list[Cell]) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a row with the columns that they begin in."""
    column = 0
    for cell in cells:
        yield column, cell
        column += cell.columns


def _without_furniture(printed: list[Printed], pages: int) -> list[Printed]:
    """Leave page numbers out, and what stands at the edge of many pages."""
    lines = [item for item in printed if isinstance(item, Line)]
    repeated = Counter({_pattern(line): 0 for line in lines if line.is_edge})
    for pattern, _ in {(_pattern(line), line.page) for line in lines if line.is_edge}:
        repeated[pattern] += 1
    often = max(3, pages * 2 // 5)
    return [
        item
        for item in printed
        if isinstance(item, Table)
        or not item.is_edge
        or not (PAGE_NUMBER.fullmatch(item.text) or repeated[_pattern(item)] >= often)
    ]


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


class _Margins(NamedTuple):
    """The left and the right edge of the type area of each page with lines enough, and of all."""

    pages: dict[int, tuple[float, float]]
    whole: tuple[float, float]

    @classmethod
    def of(cls, lines: list[Line]) -> "_Margins":
        """Return the margins that lines keep: a tenth of them may stand out."""
        pages = {
            page: _margins(on_page)
            for page, group in groupby(lines, lambda line: line.page)
            if len(on_page := list(group)) >= FEW_LINES
        }
        return cls(pages, _margins(lines))

    def on(self, page: int) -> tuple[float, float]:
        """Return the edges on a page."""
        return self.pages.get(page, self.whole)


def _margins(lines: list[Line]) -> tuple[float, float]:
    lefts = sorted(line.left for line in lines)
    rights = sorted((line.right for line in lines), reverse=True)
    return (lefts[len(lefts) // 10], rights[len(rights) // 10]) if lines else (0.0, 0.0)


def _add_paragraphs(pages: Pages, lines: list[Line], margins: _Margins) -> None:
    """Join lines that fill their measure with what follows them."""
    before: Line | None = None
    for line in lines:
        place = f"第{line.page + 1}页"
        if before is not None:
            left, right = margins.on(line.page)[0], margins.on(before.page)[1]
            if _continues(before, line, left, right):
                pages.join(_space(before.text, line.text) + line.text, place)
                before = line
                continue
        pages.add(line.text, place)
        before = line


def _continues(before: Line, line: Line, left: float, right: float) -> bool:
    is_full = before.right > right - 1.7 * before.size
    is_flush = line.left < left + 0.9 * line.size
    same_size = abs(before.size - line.size) < 0.25 * max(before.size, line.size)
    if not (is_full and is_flush and same_size):
        return False
    return not (before.text.endswith(CLOSED) and NUMBERED.match(line.text))


def _space(before: str, text: str) -> str:
    """Return what stands between joined lines: a blank between words of letters."""
    return " " if before[-1:].isascii() and text[:1].isascii() and before[-1:].isalpha() else ""

"""Tables as lines: one row a line, cells parted by tabs, merged cells said again in each row."""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_COLUMNS = 200
MOST_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written in its row, and how many columns and rows it takes."""

    text: str
    columns: int = 1
    rows: int = 1


def spread(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the text of every place of the table.

    A cell over several rows is said in each; one over several columns stands in its first.
    """
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    used = 0
    for row in rows:
        line: list[str] = []
        for cell in row:
            _hang(line, hanging)
            for offset in range(min(max(cell.columns, 1), MOST_COLUMNS)):
                text = cell.text if offset == 0 else ""
                if cell.rows > 1:
                    hanging[len(line)] = (cell.rows - 1, text)
                line.append(text)
        _hang(line, hanging)
        used += len(line)
        if used > MOST_CELLS:
            break
        grid.append(line)
    return grid


def _hang(line: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Put the cells that hang down from rows above into their places."""
    while len(line) in hanging:
        left, text = hanging.pop(len(line))
        if left > 1:
            hanging[len(line)] = (left - 1, text)
        line.append(text)


def lines_of(grid: list[list[str]]) -> Iterator[tuple[int, str]]:
    """Yield the number and the line of each row that says something.

    Titles above the head and notes below the last row stand alone, without tabs.
    """
    width = max((len(row) for row in grid), default=0)
    cells = [[" ".join(text.split()) for text in row] for row in grid]
    filled = [sum(bool(text) for text in row) for row in cells]
    full = [index for index, count in enumerate(filled) if count > 1]
    for index, row in enumerate(cells):
        if not filled[index]:
            continue
        if not full or not full[0] <= index <= full[-1]:
            yield index + 1, "".join(row)
        else:
            yield index + 1, "\t".join(row + [""] * (width - len(row)))

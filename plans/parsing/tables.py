"""Tables with cells parted by tabs: a header that says what each column holds, then rows."""

from bisect import bisect_left

from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.outline import COLUMN, LINE_CELL
from plans.parsing.responsibility import Assignment, assign_cells
from plans.parsing.spans import Span, View

NUMBER, TASK = "number", "task"
ASSIGNING = frozenset(("lead", "share", "support", "person"))
Columns = tuple[str | None, ...]
Cells = tuple[tuple[str, Span], ...]


def read_columns(text: str, line: Span) -> Columns | None:
    """Return the role of every column if the line is the header of a table of tasks."""
    cells = cells_of(text, line)
    if len(cells) < 2:
        return None
    columns = tuple(_column(cell.of(text).replace(" ", "")) for cell in cells)
    if TASK in columns and ({"lead", "share"} & set(columns)):
        return columns
    return None


def _column(title: str) -> str | None:
    label = LABEL.match(title + ":")
    if label and label.end() == len(title) + 1:
        return next(kind for kind in ("person", "lead", "share", "support", "time") if label[kind])
    column = COLUMN.fullmatch(title)
    return str(column.lastgroup) if column else None


def cells_of(text: str, line: Span) -> list[Span]:
    """Return the cells of a line, those without text too."""
    return [Span(*match.span()) for match in LINE_CELL.finditer(text, *line)]


def read_row(text: str, line: Span, columns: Columns) -> Cells | None:
    """Return the cells of a row with the roles of their columns; null if it is none."""
    cells = cells_of(text, line)
    if len(cells) != len(columns):
        return None
    return tuple((role, cell) for role, cell in zip(columns, cells, strict=True) if role)


def row_assignments(view: View, cells: Cells) -> list[Assignment]:
    """Return what the cells of a row assign, and when it is due."""
    places = [
        (role, bisect_left(view.offsets, cell.start), bisect_left(view.offsets, cell.end))
        for role, cell in cells
        if role in ASSIGNING or role == "time"
    ]
    return assign_cells(view, [place for place in places if place[1] < place[2]])

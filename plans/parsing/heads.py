"""Heads of tables: what the title of a column says, on one line, on two, or one title a line."""

from dataclasses import replace

from plans.parsing.cells import ASSIGNING, GROUP, NUMBER, TARGET, TASK, TIME, Column
from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.tables import (
    COLUMN,
    COLUMN_NOTE,
    FINE_COLUMN,
    PERSON_COLUMN,
    TIME_COLUMN,
    UNIT_COLUMN,
)
from plans.parsing.marks import read_mark
from plans.parsing.spans import Span, trimmed

MOST_COLUMNS = 16
LONGEST_TITLE = 12


def read_columns(text: str, cells: list[Span]) -> tuple[Column, ...] | None:
    """Return the columns if the cells are the titles of a table of tasks."""
    if not 2 <= len(cells) <= MOST_COLUMNS or any(b - a > 40 for a, b in cells):
        return None
    columns = tuple(read_column(text, cell) for cell in cells)
    roles = {column.role for column in columns}
    if TASK not in roles and TARGET in roles:
        columns = tuple(replace(c, role=TASK) if c.role == TARGET else c for c in columns)
        roles.add(TASK)
    columns = _grouped(columns)
    named = [c for c in columns if c.role is not None]
    is_table = TASK in roles and roles & {*ASSIGNING, TIME} and len(named) * 2 >= len(columns)
    return columns if is_table else None


def _grouped(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns; what stands before the number and is no task itself groups the rows."""
    at = next((i for i, column in enumerate(columns) if column.role == NUMBER), 0)
    if not any(column.role == TASK for column in columns[at:]):
        return columns
    before = (replace(c, role=GROUP) if c.role in (TASK, None) else c for c in columns[:at])
    return (*before, *columns[at:])


def finer_columns(
    text: str, columns: tuple[Column, ...], below: list[Span]
) -> tuple[Column, ...] | None:
    """Return the columns with the titles of a second header line, if it is one."""
    given = [cell for cell in below if cell.of(text).strip()]
    if (
        len(below) != len(columns)
        or not given
        or read_mark(text, *trimmed(text, given[0])) is not None
        or any(read_column(text, cell).role is None for cell in given)
    ):
        return None
    return tuple(
        read_column(text, cell) if cell.of(text).strip() else column
        for column, cell in zip(columns, below, strict=True)
    )


def stacked_titles(text: str, lines: list[Span], index: int) -> list[Span]:
    """Return the titles of columns that stand on lines of their own, some over two lines."""
    titles: list[Span] = []
    most = min(index + MOST_COLUMNS, len(lines))
    while index < most:
        line = lines[index]
        below = lines[min(index + 1, most - 1)]
        if line.end - line.start > LONGEST_TITLE:
            break
        both = Span(line.start, below.end)
        if both.end - both.start <= LONGEST_TITLE and below != line:
            is_half = not (read_column(text, line).role and read_column(text, below).role)
            if is_half and read_column(text, both).role:
                line, index = both, index + 1
        if read_column(text, line).role is None:
            break
        titles.append(line)
        index += 1
    return titles


def read_column(text: str, cell: Span) -> Column:
    """Return the column that a title names; its role is null where it is not understood."""
    title = COLUMN_NOTE.sub("", cell.of(text)).strip(":/")
    column = COLUMN.fullmatch(title)
    role = str(column.lastgroup) if column else None
    if role not in ("number", "unread"):
        role = _assigning_role(title) or role
    return Column(role, cell, bool(FINE_COLUMN.search(title)))


def _assigning_role(title: str) -> str | None:
    """Return whom or when a title asks for, if it does."""
    if PERSON_COLUMN.fullmatch(title):
        return "person"
    label = LABEL.match(title + ":")
    if label and (
        label.end() == len(title) + 1 or title[label.end() : label.end() + 1] in "/及和与、"
    ):
        roles = ("person", "lead", "share", "support", "time")
        return next(kind for kind in roles if label[kind])
    if unit := UNIT_COLUMN.fullmatch(title):
        return str(unit.lastgroup)
    return TIME if TIME_COLUMN.fullmatch(title) else None

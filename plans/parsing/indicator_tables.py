"""Tables of indicators: a head with 指标 and 目标值, then one indicator a row."""

from dataclasses import dataclass
from decimal import Decimal

from plans.parsing.cells import partings, pieces_of, tabbed
from plans.parsing.lexicon.assigning import LABEL
from plans.parsing.lexicon.tables import (
    BLANK_CELL,
    FIGURE_HINT,
    FIGURE_NOTE,
    INDICATOR_COLUMN,
    NAME_UNIT,
    NO_UNIT,
    ROW_NUMBER,
    TARGET_VALUE,
    WORD_CELL,
)
from plans.parsing.marks import read_mark
from plans.parsing.plan import Change, Operator, ParsedMetric
from plans.parsing.spans import Span, clean, trimmed

FEWEST, MOST = 2, 12
OPERATORS: dict[Operator, tuple[str, ...]] = {
    ">=": ("ge", "ge_after"),
    "<=": ("le", "le_after"),
    ">": ("gt",),
    "<": ("lt",),
    "~": ("about", "about_after"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of a table of indicators; `unit` and `baseline` are null where the cell is empty."""

    span: Span
    number: int
    name: Span
    value: Span
    unit: Span | None
    baseline: Span | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The head of a table of indicators and its rows."""

    head: Span
    rows: tuple[FigureRow, ...]


def read_indicator_tables(text: str, lines: list[Span]) -> dict[int, FigureTable]:
    """Return the tables of indicators by the place where their head starts."""
    if not lines or not FIGURE_HINT.search(text, lines[0].start):
        return {}
    found: dict[int, FigureTable] = {}
    index = 0
    while index < len(lines):
        head = _head(text, lines, index)
        if head is None:
            index += 1
            continue
        parted_by, roles, used = head
        first = index
        index += used
        rows: list[FigureRow] = []
        while index < len(lines):
            took = _row(text, lines, index, parted_by, roles, rows)
            if took == 0:
                break
            index += took
        if rows:
            span = Span(lines[first].start, lines[first + used - 1].end)
            found[span.start] = FigureTable(span, tuple(rows))
    return found


def _head(text: str, lines: list[Span], index: int) -> tuple[str, list[str], int] | None:
    """Return how the cells of a table are parted, what they hold, and the lines of its head."""
    line = lines[index]
    for parted_by, cells in partings(text, line):
        roles = [_role(cell.of(text)) for cell in cells]
        if _is_head(roles):
            return parted_by, roles, 1
    roles = []
    for below in lines[index : index + MOST]:
        role = _role(below.of(text)) if below.end - below.start <= 16 else ""
        if not role:
            break
        roles.append(role)
    return ("\n", roles, len(roles)) if _is_head(roles) else None


def _role(words: str) -> str:
    title = FIGURE_NOTE.sub("", words)
    if LABEL.match(title + ":"):
        return "who"
    found = INDICATOR_COLUMN.fullmatch(title)
    return str(found.lastgroup) if found else ""


def _is_head(roles: list[str]) -> bool:
    known = [role for role in roles if role]
    return (
        FEWEST <= len(roles) <= MOST
        and {"name", "value"} <= set(roles)
        and "who" not in roles
        and len(known) * 2 > len(roles)
    )


def _row(
    text: str,
    lines: list[Span],
    index: int,
    parted_by: str,
    roles: list[str],
    rows: list[FigureRow],
) -> int:
    """Take a row, or a heading between rows; return how many lines it took."""
    line = lines[index]
    used = 1
    if parted_by == "\n":
        used = len(roles)
        cells = lines[index : index + used]
    elif parted_by == "\t":
        cells = tabbed(text, line)
    else:
        cells = pieces_of(text, line, BLANK_CELL)
        if len(cells) != len(roles):
            cells = pieces_of(text, line, WORD_CELL)
    if len(cells) != len(roles):
        return 0
    held = {
        role: trimmed(text, cell)
        for role, cell in zip(roles, cells, strict=True)
        if role and cell.of(text).strip()
    }
    if "name" in held and "value" not in held and parted_by == "\t":
        return 1
    if not {"name", "value"} <= set(held) or not _fits(text, held, parted_by):
        return int(parted_by == "\t" and len(held) < 2)
    span = trimmed(text, Span(cells[0].start, cells[-1].end))
    rows.append(
        FigureRow(
            span,
            len(rows) + 1,
            held["name"],
            held["value"],
            held.get("unit"),
            held.get("baseline"),
        )
    )
    return used


def _fits(text: str, held: dict[str, Span], parted_by: str) -> bool:
    """Tell whether cells on lines of their own stand under the right titles."""
    number = held.get("number")
    return parted_by == "\t" or (
        bool(TARGET_VALUE.search(held["value"].of(text)))
        and not TARGET_VALUE.fullmatch(held["name"].of(text))
        and (number is None or bool(ROW_NUMBER.fullmatch(number.of(text))))
    )


def row_metric(source: str, plain: str, row: FigureRow) -> ParsedMetric:
    """Return the target that a row sets: its name, figure, unit and where it starts from."""
    words = plain[slice(*row.value)].replace(" ", "")
    mark = read_mark(plain, *row.name)
    name = clean(source, Span(mark.span.end if mark else row.name.start, row.name.end))
    unit = clean(source, row.unit) if row.unit else None
    if noted := NAME_UNIT.search(name):
        name = name[: noted.start()]
        unit = unit or noted[1]
    found = TARGET_VALUE.search(words)
    if found is None:
        return ParsedMetric(name, "qualitative", None, None, None, None, None, row.span)
    own = found["own"]
    return ParsedMetric(
        name,
        next((op for op, said in OPERATORS.items() if any(found[s] for s in said)), "="),
        Decimal(found["value"]),
        Decimal(found["high"]) if found["high"] else None,
        own or (None if unit is None or NO_UNIT.fullmatch(unit) else unit),
        _figure(plain, row.baseline),
        _change(name),
        row.span,
    )


def _figure(plain: str, span: Span | None) -> Decimal | None:
    found = TARGET_VALUE.search(plain[slice(*span)].replace(" ", "")) if span else None
    return Decimal(found["value"]) if found else None


def _change(name: str) -> Change | None:
    if name.endswith(("下降", "降低", "减少", "下降率", "降幅")):
        return "down"
    return "up" if name.endswith(("增长", "提高", "增长率", "增速", "增幅")) else None

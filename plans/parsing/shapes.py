"""What a cell looks like by itself, and which column it can stand in."""

from itertools import accumulate

from plans.parsing.lexicon.assigning import NOT_A_NAME
from plans.parsing.lexicon.names import ORGAN_END
from plans.parsing.lexicon.tables import DOING, LIST_MARKS, ROW_NUMBER
from plans.parsing.lexicon.time import DATE_START, ONGOING
from plans.parsing.names import is_group, plain_words
from plans.parsing.spans import Span

LONGEST_DAY = 30
MOST_PIECES = 48
NAMED = frozenset(("lead", "share", "support"))
LOST = -1000.0
SHARED = 0.6
MISSING = {"number": 1.5, "task": 1.5, "lead": 1.5, "share": 1.5, "time": 1.0}
RARELY_MISSING = 0.5


def is_time(words: str) -> bool:
    """Tell whether a cell says when: a day, a year, or that the work goes on."""
    said = words.replace(" ", "")
    if len(said) > LONGEST_DAY:
        return False
    return bool(
        DATE_START.match(said) or ONGOING.match(said) or (said.isdecimal() and len(said) == 4)
    )


def is_list_of_organs(words: str) -> bool:
    """Tell whether a cell holds names of organs and nothing else."""
    said = plain_words(words.strip(" 。;,"))
    if not said or NOT_A_NAME.search(said) or DOING.match(said):
        return False
    items = [
        i for i in said.replace(",", "、").replace(" ", "、").replace(";", "、").split("、") if i
    ]
    fit = sum(bool(ORGAN_END.search(item)) or is_group(item) for item in items)
    return fit * 2 > len(items)


def is_list_of_people(words: str) -> bool:
    """Tell whether a cell can hold names of people: two to four characters each."""
    items = LIST_MARKS.split(words)
    return all(2 <= len(item) <= 4 for item in items if item)


def score(words: str, role: str | None) -> float:
    """Return how well a cell fits a column."""
    if role == "number":
        return 3 if ROW_NUMBER.fullmatch(words.strip()) else -9
    if role == "time":
        return 3 if is_time(words) else -3
    if role in NAMED:
        return 3 if is_list_of_organs(words) else -3
    if role == "person":
        return 2 if is_list_of_people(words) and not is_list_of_organs(words) else -2
    if role == "task":
        return -2 if is_time(words) or is_list_of_organs(words) else 2
    return 0 if role == "unread" else 0.5


def fits_columns(text: str, cells: list[Span], roles: list[str | None]) -> bool:
    """Tell whether cells stand in the right columns, one for one."""
    return all(score(c.of(text), role) > -2 for c, role in zip(cells, roles, strict=True))


def is_odd(text: str, cells: list[Span], roles: list[str | None]) -> bool:
    """Tell whether lines that were put into one cell look like none of its kind."""
    return any(
        score(line.strip(), role) < 0
        for cell, role in zip(cells, roles, strict=True)
        if role == "time" or role in NAMED
        for line in cell.of(text).split("\n")
        if line.strip()
    )


def aligned(text: str, pieces: list[Span], roles: list[str | None]) -> list[Span]:
    """Return one cell for each column, in order: pieces put where they fit best, others empty.

    Several pieces can share a cell; a column without a piece gets an empty cell.
    """
    pieces = [*pieces[: MOST_PIECES - 1], *pieces[-1:]] if len(pieces) > MOST_PIECES else pieces
    width = len(roles)
    costs = [0.0, *accumulate(MISSING.get(role or "", RARELY_MISSING) for role in roles)]
    best = [[LOST] * width for _ in pieces]
    origin = [[0] * width for _ in pieces]
    for row, piece in enumerate(pieces):
        for col, role in enumerate(roles):
            options = [(-costs[col], -col)]
            if row:
                options = [
                    (best[row - 1][col] - SHARED, -col),
                    *((best[row - 1][at] - (costs[col] - costs[at + 1]), -at) for at in range(col)),
                ]
            value, before = max(options)
            best[row][col], origin[row][col] = value + score(piece.of(text), role), -before
    at = max(range(width), key=lambda col: best[-1][col] - (costs[width] - costs[col + 1]))
    held: list[list[Span]] = [[] for _ in roles]
    for row in range(len(pieces) - 1, -1, -1):
        held[at].append(pieces[row])
        at = origin[row][at]
    return list(_cells(held, pieces[0].start))


def _cells(held: list[list[Span]], start: int) -> list[Span]:
    cells = []
    for group in held:
        if group:
            start = max(piece.end for piece in group)
        cells.append(Span(min((p.start for p in group), default=start), start))
    return cells

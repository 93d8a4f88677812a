"""Tables of a PDF page: its rules make cells, the places of its characters their text."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from plans.readers.pdf_rules import NEAR, Rule, Rules

LEAST_WIDTH = 0.4
LEAST_GAP = 3.0
LEAST_COLUMNS = 2
MOST_PLACES = 5_000
LINE_PITCH = 1.2
FEW_IN = 12
FOOT = 0.06
HIGHEST_HEAD = 80.0
HIGHEST_BAND = 50.0
FOOT_NUMBER = re.compile(r"[-—–―·\s]*\d{1,4}[-—–―·\s]*")
NUMBER = re.compile(r"\d{1,3}[.、．]?")


class Character(NamedTuple):
    """A character and where it is printed: its box and its base line."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    size: float


class Table(NamedTuple):
    """A table as printed on one page: its column edges, and rows of (text, columns, rows)."""

    page: int
    edges: list[float]
    rows: list[list[tuple[str, int, int]]]

    @property
    def text(self) -> str:
        """All that is printed in it."""
        return "".join(text for row in self.rows for text, _, _ in row)


class Frame(NamedTuple):
    """Where a table stands: its column edges from the left, its row edges from the top down."""

    xs: list[float]
    ys: list[float]
    walls: Rules

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is inside."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]


def frames_of(rules: Rules, width: float, height: float) -> list[Frame]:
    """Return where the tables of a page stand, those without upright rules too."""
    crossing, alone = _groups(rules)
    frames: list[Frame] = []
    for frame in sorted(filter(None, map(_frame, crossing)), key=lambda frame: -frame.ys[0]):
        whole = _frame(_both(frames[-1].walls, frame.walls)) if frames else None
        if whole is not None and _are_near(frames[-1], frame):
            frames[-1] = whole
        else:
            frames.append(frame)
    for rule in sorted(alone, reverse=True):
        for at, frame in enumerate(frames):
            below = Frame([rule.start, rule.end], [rule.at], Rules([rule], []))
            whole = _frame(_both(frame.walls, below.walls))
            if whole is not None and _are_near(frame, below):
                frames[at] = whole
    return frames + [
        frame
        for frame in _between_rules(alone, width, height)
        if not any(other.holds(frame.xs[0] + 1, frame.ys[0] - 1) for other in frames)
    ]


def _groups(rules: Rules) -> tuple[list[Rules], list[Rule]]:
    """Return the rules that hang together, and the level ones that no upright one meets."""
    flat, upright = rules
    head = list(range(len(flat) + len(upright)))

    def find(member: int) -> int:
        while head[member] != member:
            head[member] = head[head[member]]
            member = head[member]
        return member

    for i, level in enumerate(flat):
        for j, post in enumerate(upright):
            if (
                level.start - NEAR <= post.at <= level.end + NEAR
                and post.start - NEAR <= level.at <= post.end + NEAR
            ):
                head[find(i)] = find(len(flat) + j)
    groups: dict[int, Rules] = defaultdict(lambda: Rules([], []))
    for i, level in enumerate(flat):
        groups[find(i)].horizontal.append(level)
    for j, post in enumerate(upright):
        groups[find(len(flat) + j)].vertical.append(post)
    crossing = [group for group in groups.values() if all(group)]
    return crossing, [group.horizontal[0] for group in groups.values() if not group.vertical]


def _both(one: Rules, other: Rules) -> Rules:
    return Rules(one.horizontal + other.horizontal, one.vertical + other.vertical)


def _are_near(above: Frame, below: Frame) -> bool:
    """Tell whether two frames of one width have only a band between them, open at its sides."""
    return (
        abs(above.xs[0] - below.xs[0]) <= 2 * NEAR
        and abs(above.xs[-1] - below.xs[-1]) <= 2 * NEAR
        and 0 <= above.ys[-1] - below.ys[0] < HIGHEST_BAND
    )


def _frame(group: Rules) -> Frame | None:
    """Return the frame that rules make; none where they make no two columns."""
    xs = _edges(
        [rule.at for rule in group.vertical]
        + [rule.start for rule in group.horizontal]
        + [rule.end for rule in group.horizontal]
    )
    ys = _edges(
        [rule.at for rule in group.horizontal]
        + [rule.start for rule in group.vertical]
        + [rule.end for rule in group.vertical]
    )
    if len(xs) <= LEAST_COLUMNS or len(ys) < 2 or len(xs) * len(ys) > MOST_PLACES:
        return None
    return Frame(xs, ys[::-1], group)


def _edges(places: list[float]) -> list[float]:
    """Return the places in order, those close together as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > 2 * NEAR:
            found.append(place)
    return found


def _between_rules(rules: list[Rule], width: float, height: float) -> Iterator[Frame]:
    """Yield a frame for each three and more level rules of one width; columns are found later.

    Two, close together, may frame a head. What is below may go on over the end of the page, so the
    last edge is that of the page.
    """
    by_width: dict[tuple[int, int], list[float]] = defaultdict(list)
    for rule in rules:
        if rule.end - rule.start > LEAST_WIDTH * width:
            key = next(
                (k for k in by_width if abs(k[0] - rule.start) < 4 and abs(k[1] - rule.end) < 4),
                (round(rule.start), round(rule.end)),
            )
            by_width[key].append(rule.at)
    for (left, right), places in by_width.items():
        ys = _edges(places)[::-1]
        if len(ys) > 2 or (len(ys) == 2 and ys[0] - ys[1] < HIGHEST_HEAD):
            yield Frame([left, right], [*ys, min(height * FOOT, ys[-1])], Rules([], []))


def table_of(frame: Frame, characters: list[Character], page: int) -> tuple[Table, float] | None:
    """Return the table in a frame and where it ends, given what is printed in it; none in text."""
    if frame.walls.vertical:
        return Table(page, frame.xs, _walled(frame, characters)), frame.ys[-1]
    xs = _columns(frame, characters)
    if len(xs) <= LEAST_COLUMNS:
        return None
    ys = frame.ys[:-1]
    held = [char for char in characters if char.base > ys[-1]]
    if below := _row_below(xs, [char for char in characters if char.base <= ys[-1]]):
        held += below
        ys = [*ys, min(char.bottom for char in below) - 1]
    if len(ys) == 2:
        return None
    if len(ys) == 3:
        ys = _row_edges(ys, xs, held)
    return Table(page, xs, _open(Frame(xs, ys, frame.walls), held)), ys[-1]


def _row_below(xs: list[float], characters: list[Character]) -> list[Character]:
    """Return what is printed below the last rule, if it keeps to the columns: a row goes on."""
    lines = _lines(characters)
    if lines and FOOT_NUMBER.fullmatch("".join(char.text for char in lines[-1])):
        lines.pop()
    spans = [
        (bisect_right(xs, start), bisect_right(xs, end))
        for line in lines
        for start, end in _runs(line)
    ]
    crossing = sum(first != last for first, last in spans)
    if crossing > len(lines) // FEW_IN or len(set(spans)) < LEAST_COLUMNS:
        return []
    return [char for line in lines for char in line]


def _walled(frame: Frame, characters: list[Character]) -> list[list[tuple[str, int, int]]]:
    """Return the rows of a table whose cells have walls: places without a wall are one cell."""
    xs, ys, walls = frame
    across, down = len(xs) - 1, len(ys) - 1
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    boxes: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(down):
        for column in range(across):
            if (row, column) in owner:
                continue
            right, low = column, row
            while right + 1 < across and not _stands(
                walls.vertical, xs[right + 1], (ys[row] + ys[row + 1]) / 2
            ):
                right += 1
            while low + 1 < down and not any(
                _stands(walls.horizontal, ys[low + 1], (xs[c] + xs[c + 1]) / 2)
                for c in range(column, right + 1)
            ):
                low += 1
            boxes[row, column] = (right - column + 1, low - row + 1)
            for r in range(row, low + 1):
                for c in range(column, right + 1):
                    owner.setdefault((r, c), (row, column))
    inside: dict[tuple[int, int], list[Character]] = defaultdict(list)
    for char in characters:
        inside[owner[_place(frame, char)]].append(char)
    return [
        [(_text(inside[r, c]), *boxes[r, c]) for c in range(across) if (r, c) in boxes]
        for r in range(down)
    ]


def _stands(rules: list[Rule], at: float, through: float) -> bool:
    """Tell whether a rule stands at a place and goes through another."""
    return any(
        abs(rule.at - at) <= 2 * NEAR and rule.start <= through <= rule.end for rule in rules
    )


def _open(frame: Frame, characters: list[Character]) -> list[list[tuple[str, int, int]]]:
    """Return the rows of a table without walls; a text through several columns spans them."""
    inside: dict[tuple[int, int], list[Character]] = defaultdict(list)
    for char in characters:
        inside[_place(frame, char)].append(char)
    rows = []
    for r in range(len(frame.ys) - 1):
        cells: list[list[Character]] = [inside[r, c] for c in range(len(frame.xs) - 1)]
        line: list[tuple[str, int, int]] = []
        while cells:
            taken, here = 1, cells[0]
            while taken < len(cells) and _runs_on(here, cells[taken]):
                here = here + cells[taken]
                taken += 1
            line.append((_text(here), taken, 1))
            cells = cells[taken:]
        rows.append(line)
    return rows


def _runs_on(left: list[Character], right: list[Character]) -> bool:
    """Tell whether a line of one cell goes on in the next without a gap."""
    return bool(left and right) and any(
        0 <= after.left - before.right + 1 < 0.3 * before.size + 1
        for before in left[-1:]
        for after in right[:1]
        if abs(before.base - after.base) < 0.3 * before.size
    )


def _place(frame: Frame, char: Character) -> tuple[int, int]:
    x, y = (char.left + char.right) / 2, (char.bottom + char.top) / 2
    column = bisect_right(frame.xs, x) - 1
    row = len(frame.ys) - 1 - bisect_right(frame.ys[::-1], y)
    return (
        min(max(row, 0), len(frame.ys) - 2),
        min(max(column, 0), len(frame.xs) - 2),
    )


def _columns(frame: Frame, characters: list[Character]) -> list[float]:
    """Return the column edges of a table without upright rules.

    They stand between the titles of its head, where fewest lines below have anything.
    """
    left, right = frame.xs
    titles = _titles([char for char in characters if char.base > frame.ys[1]])
    lines = _lines([char for char in characters if char.base <= frame.ys[1]])
    covered = [0] * (round(right - left) + 2)
    for line in lines:
        for start, end in _runs(line):
            for x in range(max(round(start - left), 0), round(end - left) + 1):
                covered[min(x, len(covered) - 1)] += 1
    edges = [left]
    for (_, before), (after, _) in pairwise(titles):
        between = range(
            max(round(before - left), 0), min(round(after - left), len(covered) - 1) + 1
        )
        fewest = min((covered[x] for x in between), default=len(lines))
        if fewest <= len(lines) // FEW_IN:
            free = [x for x in between if covered[x] == fewest]
            edges.append(left + (free[0] + free[-1]) / 2)
    return [*edges, right]


def _titles(head: list[Character]) -> list[tuple[float, float]]:
    """Return from where to where the titles of the columns stand; a title over titles is none."""
    lines = [_runs(line) for line in _lines(head)]
    found: list[tuple[float, float]] = []
    for start, end in sorted(run for line in lines for run in line):
        if any(sum(a < end and b > start for a, b in line) > 1 for line in lines):
            continue
        if found and start < found[-1][1] + LEAST_GAP:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _runs(line: list[Character]) -> list[tuple[float, float]]:
    """Return from where to where a line is printed without a gap."""
    found: list[tuple[float, float]] = []
    for char in line:
        if found and char.left < found[-1][1] + LEAST_GAP:
            found[-1] = (found[-1][0], max(char.right, found[-1][1]))
        else:
            found.append((char.left, char.right))
    return found


def _row_edges(ys: list[float], xs: list[float], characters: list[Character]) -> list[float]:
    """Return the row edges of a table with rules only above, below and under its head."""
    top, under_head, bottom = ys
    body = [char for char in characters if char.base < under_head]
    columns: dict[int, list[Character]] = defaultdict(list)
    for char in body:
        columns[bisect_right(xs, (char.left + char.right) / 2)].append(char)
    lines = [_lines(column) for column in columns.values()]
    steps = [a[0].base - b[0].base for column in lines for a, b in pairwise(column)]
    pitch = min((step for step in steps if step > 0), default=0.0)
    blocks: list[tuple[float, float]] = []
    for column in lines:
        begin = column[0][0]
        for above, below in pairwise(column):
            if above[0].base - below[0].base > LINE_PITCH * pitch:
                blocks.append((begin.top, above[0].bottom))
                begin = below[0]
        blocks.append((begin.top, column[-1][0].bottom))
    blocks.sort(reverse=True)
    edges, low = [under_head], blocks[0][1] if blocks else bottom
    for high, lower in blocks[1:]:
        if high < low:
            edges.append((low + high) / 2)
            low = lower
        low = min(low, lower)
    numbers = [line[0] for line in _lines(columns.get(1, [])) if NUMBER.fullmatch(_text(line))]
    if len(numbers) > len(edges):
        edges = [under_head, *(number.top + 1 for number in numbers[1:])]
    return [top, *edges, bottom]


def _lines(characters: list[Character]) -> list[list[Character]]:
    """Return the printed lines from the top down, each from the left."""
    lines: list[list[Character]] = []
    for char in sorted(characters, key=lambda char: -char.base):
        if lines and lines[-1][0].base - char.base < 0.4 * max(char.size, 1):
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda char: char.left) for line in lines]


def _text(characters: list[Character]) -> str:
    """Return the text of a cell, its lines joined; words of letters stay apart."""
    text = ""
    for line in _lines(characters):
        written = ""
        for before, char in zip([None, *line], line, strict=False):
            gap = char.left - before.right if before else 0.0
            is_word = before is not None and (before.text + char.text).isascii()
            written += (" " if is_word and gap > 0.2 * char.size else "") + char.text
        both_letters = text[-1:].isascii() and text[-1:].isalpha() and written[:1].isascii()
        text += (" " if both_letters else "") + written
    return text

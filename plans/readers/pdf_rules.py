"""The rules that are drawn on a page of a PDF, joined where they touch."""

from collections.abc import Iterable, Iterator
from ctypes import byref, c_float, c_int
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

THIN = 3.0
NEAR = 2.0
MOST_DRAWN = 20_000
MOST_RULES = 400


class Rule(NamedTuple):
    """A straight line: where it stands across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


class Rules(NamedTuple):
    """The rules of a page, those from left to right and those from bottom to top."""

    horizontal: list[Rule]
    vertical: list[Rule]


NONE = Rules([], [])
Box = tuple[float, float, float, float]


class Turn(NamedTuple):
    """How a page is turned before it is shown, in quarters, and how large it is then."""

    quarters: int
    width: float
    height: float

    @classmethod
    def of(cls, page: Any) -> "Turn":
        """Return how a page is turned."""
        return cls(pdfium.FPDFPage_GetRotation(page), page.get_width(), page.get_height())

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page is seen."""
        return (
            (x, y),
            (y, self.height - x),
            (self.width - x, self.height - y),
            (self.width - y, x),
        )[self.quarters]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a box of the page is seen."""
        return _box(self.point(left, bottom), self.point(right, top))


def rules_of(page: Any, turn: Turn) -> Rules:
    """Return the rules of a page; none where there are more than any table has."""
    flat: list[Rule] = []
    upright: list[Rule] = []
    for number, (left, bottom, right, top) in enumerate(turn.box(*box) for box in _strokes(page)):
        if number > MOST_DRAWN:
            return NONE
        if right - left <= THIN < top - bottom:
            upright.append(Rule((left + right) / 2, bottom, top))
        elif top - bottom <= THIN < right - left:
            flat.append(Rule((bottom + top) / 2, left, right))
    found = Rules(joined(flat), joined(upright))
    return found if max(map(len, found)) <= MOST_RULES else NONE


def _strokes(page: Any) -> Iterator[Box]:
    """Yield the boxes of thin shapes, and of each straight piece of what is drawn with a pen."""
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        box = [c_float() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetBounds(drawn, *map(byref, box)):
            continue
        left, bottom, right, top = (side.value for side in box)
        if min(right - left, top - bottom) <= THIN:
            yield left, bottom, right, top
            continue
        filled, is_stroked = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(drawn, byref(filled), byref(is_stroked))
        if is_stroked.value:
            yield from _pieces(drawn)


def _pieces(drawn: Any) -> Iterator[Box]:
    """Yield the boxes of the straight pieces of a path."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, byref(matrix))
    x, y = c_float(), c_float()
    before = first = (0.0, 0.0)
    for number in range(min(pdfium.FPDFPath_CountSegments(drawn), MOST_DRAWN)):
        piece = pdfium.FPDFPath_GetPathSegment(drawn, number)
        pdfium.FPDFPathSegment_GetPoint(piece, byref(x), byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(piece)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield _box(before, point)
        before = point
        if pdfium.FPDFPathSegment_GetClose(piece):
            yield _box(point, first)
            before = first


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (a, b), (c, d) = one, other
    return min(a, c), min(b, d), max(a, c), max(b, d)


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules with those that lie on one line and touch as one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at <= NEAR:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    found: list[Rule] = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        open_rule: Rule | None = None
        for rule in sorted(line, key=lambda rule: rule.start):
            if open_rule and rule.start <= open_rule.end + NEAR:
                open_rule = open_rule._replace(end=max(open_rule.end, rule.end))
                continue
            if open_rule:
                found.append(open_rule)
            open_rule = Rule(at, rule.start, rule.end)
        if open_rule:
            found.append(open_rule)
    return found

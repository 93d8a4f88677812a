"""One page of a PDF: its lines, and its tables where rules make some."""

import unicodedata
from collections.abc import Iterable, Iterator
from ctypes import byref, c_double
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium

from plans.readers.pdf_rules import Turn, rules_of
from plans.readers.pdf_tables import Character, Frame, Table, frames_of, table_of
from plans.readers.pdf_text import Line, Printed

EDGE = 0.12
LOOK_ALIKES = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | {"⼾": "户"}
    | dict(
        zip(
            "⺁⺄⺆⺇⺈⺊⺌⺍⺗⺟⺠⺩⺪⺮⺯⺶⺼⺾⻁⻄⻅⻆⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻰⻳",
            "厂乙冂几勹卜小小心母民王疋竹糸羊肉艹虎西见角贝车辶辶辶阝金长镸长门阝雨青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龟",
            strict=True,
        )
    )
)


def printed_on(page: Any, number: int) -> Iterator[Printed]:
    """Yield the lines and the tables of a page as they stand in the file."""
    text_page = page.get_textpage()
    turn = Turn.of(page)
    codes = [pdfium.FPDFText_GetUnicode(text_page, at) for at in range(text_page.count_chars())]
    inside: list[int | None] = [None] * len(codes)
    tables: dict[int, Table] = {}
    if frames := frames_of(rules_of(page, turn), turn.width, turn.height):
        tables = _tables(text_page, codes, frames, turn, number, inside)
    at = 0
    rows: list[Line] = []
    for (place, is_end), group in groupby(
        zip(inside, codes, strict=True), key=lambda item: (item[0], item[1] in (10, 13))
    ):
        stretch = [code for _, code in group]
        start, at = at, at + len(stretch)
        if place is not None:
            if place in tables:
                yield from _rows(rows)
                yield tables.pop(place)
                rows = []
        elif not is_end and (line := _line(text_page, stretch, start, turn, number)):
            rows.append(line)
    yield from _rows(rows)
    text_page.close()


def _tables(
    text_page: Any,
    codes: list[int],
    frames: list[Frame],
    turn: Turn,
    number: int,
    inside: list[int | None],
) -> dict[int, Table]:
    """Return the tables that stand in the frames; `inside` takes which one holds a character."""
    held: list[list[Character]] = [[] for _ in frames]
    low: dict[int, float] = {}
    for at, code in enumerate(codes):
        if code <= 32 or code == 160:
            inside[at] = inside[at - 1] if at else None
            continue
        left, bottom, right, top = turn.box(*text_page.get_charbox(at))
        x, y = (left + right) / 2, (bottom + top) / 2
        inside[at] = next((n for n, frame in enumerate(frames) if frame.holds(x, y)), None)
        if (place := inside[at]) is not None and (text := _characters([code])):
            _, base, size = _origin(text_page, at, turn)
            loose = turn.box(*text_page.get_charbox(at, loose=True))
            box = (loose[0], loose[2], bottom, top)
            held[place].append(Character(text, *box, base, max(size, top - bottom)))
            low[at] = base
    tables: dict[int, Table] = {}
    ends: dict[int, float] = {}
    for place, (frame, characters) in enumerate(zip(frames, held, strict=True)):
        made = table_of(frame, characters, number)
        if made is not None and made[0].text:
            tables[place], ends[place] = made
    for at, place in enumerate(inside):
        if place not in tables or low.get(at, ends[place]) < ends[place]:
            inside[at] = None
    return tables


def _origin(text_page: Any, at: int, turn: Turn) -> tuple[float, float, float]:
    """Return where the base line of a character starts, and the size of its type."""
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, at, byref(x), byref(y))
    return (*turn.point(x.value, y.value), pdfium.FPDFText_GetFontSize(text_page, at))


def _line(text_page: Any, stretch: list[int], start: int, turn: Turn, number: int) -> Line | None:
    """Return the line that characters without an end of line between them make."""
    text = _characters(stretch)
    seen = [start + i for i, code in enumerate(stretch) if code > 32 and code != 160]
    if not seen or not text:
        return None
    left, bottom, _, top = turn.box(*text_page.get_charbox(seen[0]))
    right = turn.box(*text_page.get_charbox(seen[-1]))[2]
    _, base, size = _origin(text_page, seen[0], turn)
    is_edge = not turn.height * EDGE < base < turn.height * (1 - EDGE)
    return Line(text, number, left, right, base, max(size, top - bottom), is_edge)


def _rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, those on one base line as one; wide gaps between cells stay visible."""
    row: Line | None = None
    for line in lines:
        if row is not None and abs(row.base - line.base) < 0.3 * line.size:
            gap = line.left - row.right
            if gap > -0.6 * line.size:
                blank = "  " if gap > line.size else ""
                row = row._replace(text=row.text + blank + line.text, right=line.right)
                continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row


def _characters(codes: list[int]) -> str:
    units = b"".join(min(code, 0xFFFF).to_bytes(2, "little") for code in codes)
    text = units.decode("utf-16-le", errors="replace").translate(LOOK_ALIKES)
    return text.replace("\ufffe", "").replace("\x02", "").replace("\xa0", " ").strip()

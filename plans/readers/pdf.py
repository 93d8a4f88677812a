"""Reading a PDF with a text layer: paragraphs joined again, running heads and page numbers left."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from ctypes import byref, c_double
from itertools import groupby
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from plans.readers.document import DocumentError, Pages
from plans.readers.kinds import LOCKED, SCANNED
from plans.readers.limits import PAGES_AT_A_TIME

MOST_PAGES = 1_000
FEW_CHARACTERS = 8
EDGE = 0.12
PAGE_NUMBER = re.compile(
    r"[-—–―─·•\s]*(?:第?\s*\d{1,4}\s*页?|第\s*[一二三四五六七八九十百]+\s*页)"
    r"(?:\s*[/，,（(]?\s*共?\s*\d{1,4}\s*页?[)）]?)?[-—–―─·•\s]*"
)
NUMBERED = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、）)](?!\d)|[①-⑳])"
)
CLOSED = tuple("。；;：:！？")
JUNK = re.compile("[\0\ufffd\ue000-\uf8ff]")
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|RichMedia)\b")
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


class Line(NamedTuple):
    """A printed line, and where on its page it stands, in points from the lower left corner."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    is_edge: bool


class Part(NamedTuple):
    """How many pages a PDF has, and what is printed on some of them."""

    pages: int
    printed: list[Line]

    def join(self) -> Pages:
        """Return the text, given what is printed on all pages."""
        _refuse_without_text(self.printed, self.pages)
        return _paragraphs(_without_furniture(self.printed, self.pages))


def read_part(content: bytes, first: int = 0) -> Part:
    """Return what is printed on the pages from one on, as many as are read at a time."""
    if ACTIVE.search(content):
        _refuse_active()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise DocumentError("password", LOCKED) from error
        raise _broken() from error
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        _refuse_active()
    count = len(document)
    if count > MOST_PAGES:
        raise DocumentError("too_long", "PDF 页数太多，请只保留方案正文后再上传。")
    pages = range(first, min(first + PAGES_AT_A_TIME, count))
    try:
        return Part(count, [line for page in pages for line in _rows(_lines(document, page))])
    except pypdfium2.PdfiumError as error:
        raise _broken() from error


def read_lines(content: bytes) -> Pages:
    """Return the text of a PDF, given the JSON of a part that has the lines of all pages."""
    pages, printed = json.loads(content)
    return Part(pages, [Line(*line) for line in printed]).join()


def _broken() -> DocumentError:
    return DocumentError("broken", "PDF 已损坏或没有传完整，请重新导出后再上传。")


def _refuse_active() -> None:
    raise DocumentError(
        "active",
        "PDF 含有脚本或可启动的内容，为安全起见没有读取。"
        "请在阅读软件中“打印”为新的 PDF，或上传 Word 原稿。",
    )


def _refuse_without_text(lines: list[Line], pages: int) -> None:
    text = "".join(line.text for line in lines)
    if len(text) < FEW_CHARACTERS * pages:
        raise DocumentError("scanned", SCANNED)
    if len(JUNK.findall(text)) * 5 > len(text):
        raise DocumentError(
            "garbled", "PDF 里的文字是乱码，读不出来。请上传 Word 原稿，或做“文字识别”后再上传。"
        )


def _lines(document: "pypdfium2.PdfDocument", number: int) -> Iterator[Line]:
    """Yield the lines of a page as they stand in the file."""
    page = document[number]
    height = page.get_height()
    text_page = page.get_textpage()
    codes = [pdfium.FPDFText_GetUnicode(text_page, at) for at in range(text_page.count_chars())]
    at = 0
    for is_end, group in groupby(codes, key=lambda code: code in (10, 13)):
        stretch = list(group)
        start, at = at, at + len(stretch)
        if is_end:
            continue
        text = _characters(stretch)
        seen = [start + i for i, code in enumerate(stretch) if code > 32 and code != 160]
        if not seen or not text:
            continue
        left, bottom, _, top = text_page.get_charbox(seen[0])
        right = text_page.get_charbox(seen[-1])[2]
        x, base = c_double(), c_double(bottom)
        pdfium.FPDFText_GetCharOrigin(text_page, seen[0], byref(x), byref(base))
        is_edge = not height * EDGE < base.value < height * (1 - EDGE)
        size = max(pdfium.FPDFText_GetFontSize(text_page, seen[0]), top - bottom)
        yield Line(text, number, left, right, base.value, size, is_edge)
    text_page.close()
    page.close()


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


def _without_furniture(lines: list[Line], pages: int) -> list[Line]:
    """Leave page numbers out, and what stands at the edge of many pages."""
    repeated = Counter({_pattern(line): 0 for line in lines if line.is_edge})
    for pattern, _ in {(_pattern(line), line.page) for line in lines if line.is_edge}:
        repeated[pattern] += 1
    often = max(3, pages * 2 // 5)
    return [
        line
        for line in lines
        if not (
            line.is_edge and (PAGE_NUMBER.fullmatch(line.text) or repeated[_pattern(line)] >= often)
        )
    ]


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


def _paragraphs(lines: list[Line]) -> Pages:
    """Join lines that fill their measure with what follows them."""
    pages = Pages()
    edges = {page: _margins(list(group)) for page, group in groupby(lines, lambda ln: ln.page)}
    whole = _margins(lines)
    counts = Counter(line.page for line in lines)
    before: Line | None = None
    for line in lines:
        left, _ = edges[line.page] if counts[line.page] >= FEW_CHARACTERS else whole
        place = f"第{line.page + 1}页"
        if before is not None:
            _, right = edges[before.page] if counts[before.page] >= FEW_CHARACTERS else whole
            if _continues(before, line, left, right):
                pages.join(_space(before.text, line.text) + line.text, place)
                before = line
                continue
        pages.add(line.text, place)
        before = line
    return pages


def _margins(lines: list[Line]) -> tuple[float, float]:
    """Return the left and the right edge of the type area, a tenth of the lines apart."""
    lefts = sorted(line.left for line in lines)
    rights = sorted((line.right for line in lines), reverse=True)
    return (lefts[len(lefts) // 10], rights[len(rights) // 10]) if lines else (0.0, 0.0)


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

"""Reading a PDF with a text layer: paragraphs joined again, running heads and page numbers left."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from plans.readers.document import DocumentError, Pages
from plans.readers.kinds import LOCKED, SCANNED
from plans.readers.limits import PAGES_AT_A_TIME
from plans.readers.pdf_page import printed_on
from plans.readers.pdf_tables import Table
from plans.readers.pdf_text import Line, Printed, text_of

MOST_PAGES = 1_000
FEW_CHARACTERS = 8
JUNK = re.compile("[\0\ufffd\ue000-\uf8ff]")
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|RichMedia)\b")


class Part(NamedTuple):
    """How many pages a PDF has, and what is printed on some of them."""

    pages: int
    printed: list[Printed]

    def join(self) -> Pages:
        """Return the text, given what is printed on all pages."""
        _refuse_without_text(self.printed, self.pages)
        return text_of(self.printed, self.pages)


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
        return Part(count, [item for page in pages for item in _printed(document, page)])
    except pypdfium2.PdfiumError as error:
        raise _broken() from error


def read_lines(content: bytes) -> Pages:
    """Return the text of a PDF, given the JSON of a part that has the lines of all pages."""
    pages, printed = json.loads(content)
    kinds = {str: Line, int: Table}
    return Part(pages, [kinds[type(item[0])](*item) for item in printed]).join()


def _printed(document: "pypdfium2.PdfDocument", number: int) -> Iterator[Printed]:
    page = document[number]
    yield from printed_on(page, number)
    page.close()


def _broken() -> DocumentError:
    return DocumentError("broken", "PDF 已损坏或没有传完整，请重新导出后再上传。")


def _refuse_active() -> None:
    raise DocumentError(
        "active",
        "PDF 含有脚本或可启动的内容，为安全起见没有读取。"
        "请在阅读软件中“打印”为新的 PDF，或上传 Word 原稿。",
    )


def _refuse_without_text(printed: list[Printed], pages: int) -> None:
    text = "".join(item.text for item in printed)
    if len(text) < FEW_CHARACTERS * pages:
        raise DocumentError("scanned", SCANNED)
    if len(JUNK.findall(text)) * 5 > len(text):
        raise DocumentError(
            "garbled", "PDF 里的文字是乱码，读不出来。请上传 Word 原稿，或做“文字识别”后再上传。"
        )

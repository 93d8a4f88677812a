"""The one way from a file to its text and its plan."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plans.parsing.packing import unpack
from plans.readers.document import Document, DocumentError, TooSlowError
from plans.readers.isolation import BROKEN, ask_child
from plans.readers.kinds import kind_of
from plans.readers.limits import AT_ONCE_BYTES, AT_ONCE_SECONDS, PAGES_AT_A_TIME, TOO_LARGE
from plans.readers.office import as_docx, converter

NO_TEXT = "文件没有文字内容：{name}。请检查后重新上传。"
Progress = Callable[[int, int], None]


def read_document(path: Path) -> Document:
    """Return a file as read; raise DocumentError where there is none to read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("not_found", f"找不到文件：{path}") from error
    except OSError as error:
        raise DocumentError("not_readable", f"文件无法打开：{path}") from error
    return document_from(path.name, content)


def rows_from(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of an uploaded workbook's first sheet, row by row."""
    if kind_of(name, content).name != "xlsx":
        raise DocumentError("other_kind", "请上传从本系统下载、填好的 .xlsx 文件。")
    rows: list[list[str]] = ask_child("rows", content, seconds=AT_ONCE_SECONDS)["rows"]
    return rows


def document_from(
    name: str, content: bytes, *, at_once: bool = False, progress: Progress | None = None
) -> Document:
    """Return what an uploaded file says, by its name and content.

    ``at_once`` gives it a few seconds and raises TooSlowError for what takes longer. ``progress``
    is told how many pages are read, and of how many, while a long PDF is read; what it raises ends
    the reading.
    """
    kind = kind_of(name, content)
    seconds = AT_ONCE_SECONDS if at_once else None
    if kind.name == "doc":
        converter()
    if at_once and (kind.name == "doc" or len(content) > AT_ONCE_BYTES):
        raise TooSlowError("too_slow", TOO_LARGE)
    if kind.name == "doc":
        found = ask_child("docx", as_docx(name, content))
    else:
        found = ask_child(kind.name, content, seconds=seconds)
    if "printed" in found:
        if at_once:
            raise TooSlowError("too_slow", TOO_LARGE)
        found = _other_pages(content, found, progress or (lambda *_: None))
    try:
        plan, places = unpack(found["plan"]), [(int(at), str(of)) for at, of in found["places"]]
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise DocumentError("broken", BROKEN) from error
    if not plan.text.strip():
        raise DocumentError("empty", NO_TEXT.format(name=name))
    return Document(name, kind.media_type, hashlib.sha256(content).hexdigest(), plan, places)


def _other_pages(content: bytes, part: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Read the pages after the first, some in each process, and then the plan of them all."""
    pages, printed = part["pages"], part["printed"]
    for page in range(PAGES_AT_A_TIME, pages, PAGES_AT_A_TIME):
        progress(page, pages)
        printed = [*printed, *ask_child("pdf", content, page=page)["printed"]]
    progress(pages, pages)
    return ask_child("pdf-lines", json.dumps([pages, printed], ensure_ascii=False).encode())

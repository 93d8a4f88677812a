"""Reading a plain text file of any usual encoding."""

import codecs
import re
from typing import NamedTuple

from plans.readers.document import INVISIBLE, DocumentError, Places, refuse_too_long

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
NOT_TEXT = "文件不是文本文件，请上传方案的 .txt 或 .docx 文件。"
UNMARKED = ("utf-16-le", "utf-16-be")
USUAL = re.compile("[\t\r\n -~\u2010-\u2030\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


class Plain(NamedTuple):
    """A plain text with the numbers of its lines."""

    text: str
    places: Places


def read_text(content: bytes) -> Plain:
    """Return a text file as it is, its line ends as newlines, without invisible signs."""
    text = INVISIBLE.sub("", decode(content))
    refuse_too_long(len(text))
    return Plain(text, line_places(text))


def decode(content: bytes) -> str:
    """Return the text, of UTF-8, UTF-16 or GB18030; line ends of any kind become newlines."""
    marked = next((encoding for bom, encoding in BOMS if content.startswith(bom)), None)
    if marked is None and b"\0" in content:
        marked = next((code for code in UNMARKED if _is_chinese(content, code)), None)
        if marked is None:
            raise DocumentError("not_text", NOT_TEXT)
    for candidate in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise DocumentError("not_text", NOT_TEXT)
        return LINE_END.sub("\n", text)
    raise DocumentError(
        "undecodable",
        "无法识别文件编码（支持 UTF-8、UTF-16、GB18030）。请在记事本中另存为 UTF-8 编码。",
    )


def _is_chinese(content: bytes, encoding: str) -> bool:
    """Tell whether nearly all is Chinese or ASCII when read in an encoding."""
    text = content[:20_000].decode(encoding, errors="replace")
    return len(USUAL.findall(text)) * 100 > len(text) * 95


def line_places(text: str) -> Places:
    """Return where each paragraph of a plain text starts, by its line number."""
    places, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            places.append((at, f"第{number}行"))
        at += len(line) + 1
    return places

"""Reading a plain text file of any usual encoding."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

MEDIA_TYPE = "text/plain"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class DocumentError(Exception):
    """A file that cannot be read as a document; the message is Chinese and fit to show."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its text is what every span of a parse counts in."""

    name: str
    media_type: str
    sha256: str
    text: str


def read_document(path: Path) -> Document:
    """Return the text of a file; raise DocumentError where there is none to read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("not_found", f"找不到文件：{path}") from error
    except OSError as error:
        raise DocumentError("not_readable", f"文件无法打开：{path}") from error
    return document_from(path.name, content)


def document_from(name: str, content: bytes) -> Document:
    """Return the document that an uploaded file's content makes."""
    text = decode(name, content)
    if not text.strip():
        raise DocumentError("empty", f"文件没有文字内容：{name}")
    return Document(name, MEDIA_TYPE, hashlib.sha256(content).hexdigest(), text)


def decode(name: str, content: bytes) -> str:
    """Return the text, of UTF-8, UTF-16 with its mark or GB18030; line ends become newlines."""
    marked = next((encoding for bom, encoding in BOMS if content.startswith(bom)), None)
    if marked is None and b"\0" in content:
        raise DocumentError("not_text", f"不是文本文件：{name}")
    for candidate in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise DocumentError("undecodable", f"无法识别文件编码（支持 UTF-8、UTF-16、GB18030）：{name}")

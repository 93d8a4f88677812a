"""The one way from a file to its text."""

import hashlib
from pathlib import Path

from plans.readers.document import Document, DocumentError
from plans.readers.isolation import read_apart
from plans.readers.kinds import kind_of
from plans.readers.office import as_docx
from plans.readers.text import decode, line_places

NO_TEXT = "文件没有文字内容：{name}"


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
    """Return the document that an uploaded file's content makes, read by name and content."""
    kind = kind_of(name, content)
    if kind.name == "text":
        text = decode(name, content)
        places = line_places(text)
    elif kind.name == "doc":
        text, places = read_apart("docx", as_docx(name, content))
    else:
        text, places = read_apart(kind.name, content)
    if not text.strip():
        raise DocumentError("empty", NO_TEXT.format(name=name))
    return Document(name, kind.media_type, hashlib.sha256(content).hexdigest(), text, places)

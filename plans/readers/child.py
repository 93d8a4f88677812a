"""What the child does: a file on standard input, its plan as JSON on standard output.

A process of its own, so that a hostile file spends its own memory and time and nothing else. It
limits itself before it looks at the file, opens no connection and starts no program. Of a PDF with
many pages it gives what is printed on some of them; `pdf-lines` takes that of all.
"""

import json
import resource
import sys
from importlib import import_module
from typing import Any

from plans.readers.confine import without_network
from plans.readers.document import DocumentError
from plans.readers.limits import CPU_SECONDS, MEMORY, MOST_OUTPUT, PAGES_AT_A_TIME, TOO_LARGE

FORBIDDEN = ("socket.connect", "socket.bind", "socket.sendto", "subprocess.", "os.exec", "os.fork")
READERS = {
    "docx": ("plans.readers.word", "read_docx"),
    "html": ("plans.readers.web", "read_html"),
    "pdf-lines": ("plans.readers.pdf", "read_lines"),
    "text": ("plans.readers.text", "read_text"),
    "xlsx": ("plans.readers.sheet", "read_xlsx"),
}


def limit() -> None:
    """Bound the memory, the processor time and the output of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if not 0 <= resource.getrlimit(resource.RLIMIT_CPU)[1] <= CPU_SECONDS:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    without_network()
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


def answer(kind: str, content: bytes, page: int) -> dict[str, Any]:
    """Return the plan and its places, or a form's cells, or the code and the message of the
    refusal."""
    try:
        if kind == "pdf":
            from plans.readers.pdf import read_part

            part = read_part(content, page)
            if part.pages > PAGES_AT_A_TIME:
                return {"pages": part.pages, "printed": part.printed}
            return _parsed(part.join())
        if kind == "rows":
            from plans.readers.sheet import read_rows

            return {"rows": read_rows(content)}
        module, function = READERS[kind]
        return _parsed(getattr(import_module(module), function)(content))
    except DocumentError as error:
        return {"code": error.code, "message": error.message}
    except (MemoryError, RecursionError):
        return {"code": "too_large", "message": TOO_LARGE}


def _parsed(found: Any) -> dict[str, Any]:
    from plans.parsing import parse_plan
    from plans.parsing.packing import pack

    return {"plan": pack(parse_plan(found.text)), "places": found.places}


def read(kind: str, page: int) -> None:
    """Read one file and print what was in it."""
    limit()
    with open(0, "rb") as given, open(1, "wb") as taken:
        written = _json(answer(kind, given.read(), page))
        if len(written) > MOST_OUTPUT:
            written = _json({"code": "too_large", "message": TOO_LARGE})
        taken.write(written)


def _json(given: dict[str, Any]) -> bytes:
    return json.dumps(given, ensure_ascii=False).encode()

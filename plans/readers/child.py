"""`python -m plans.readers.child KIND`: a file on standard input, its text as JSON on the output.

A process of its own, so that a hostile file spends its own memory and time and nothing else. It
limits itself before it loads a reader, opens no connection and starts no program.
"""

import json
import resource
import sys
from importlib import import_module

from plans.readers.document import DocumentError
from plans.readers.limits import CPU_SECONDS, MEMORY, MOST_OUTPUT, TOO_LARGE

FORBIDDEN = ("socket.connect", "socket.bind", "socket.sendto", "subprocess.", "os.exec", "os.fork")
READERS = {
    "docx": ("plans.readers.word", "read_docx"),
    "html": ("plans.readers.web", "read_html"),
    "pdf": ("plans.readers.pdf", "read_pdf"),
    "xlsx": ("plans.readers.sheet", "read_xlsx"),
}


def limit() -> None:
    """Bound the memory, the processor time and the output of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


def read(kind: str, content: bytes) -> dict[str, object]:
    """Return the text and its places, or the code and the message of the refusal."""
    module, function = READERS[kind]
    try:
        pages = getattr(import_module(module), function)(content)
    except DocumentError as error:
        return {"code": error.code, "message": error.message}
    except (MemoryError, RecursionError):
        return {"code": "too_large", "message": TOO_LARGE}
    return {"text": pages.text, "places": pages.places}


def main() -> int:
    """Read one file and print what was in it."""
    limit()
    answer = read(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())

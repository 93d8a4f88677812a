"""Running a reader in a process of its own, with an end to its time, memory and output."""

import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from plans.readers.document import DocumentError
from plans.readers.limits import MEMORY, MOST_OUTPUT, TOO_LARGE, WALL_SECONDS

ROOT = Path(__file__).parents[2]
BROKEN = "文件无法读取，可能已损坏。请在 Word、WPS 或阅读软件中打开，另存后再上传。"


def read_apart(kind: str, content: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Return the text and the places that a reader gives; DocumentError says why there is none."""
    command = [sys.executable, "-m", "plans.readers.child", kind]
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        code = run(command, stdin=given, stdout=answer, seconds=WALL_SECONDS)
        if code in (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ):
            raise DocumentError("too_large", TOO_LARGE)
        if code:
            raise DocumentError("broken", BROKEN)
        answer.seek(0)
        found = json.loads(answer.read(MOST_OUTPUT))
    if "message" in found:
        raise DocumentError(found["code"], found["message"])
    return found["text"], [(start, name) for start, name in found["places"]]


def run(
    command: list[str],
    *,
    seconds: int,
    memory: int = MEMORY,
    stdin: Any = subprocess.DEVNULL,
    stdout: Any = subprocess.DEVNULL,
) -> int:
    """Run a program to its end or to the end of its time, with all it started; its exit code."""
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    try:
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds))
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End what is left of a program and of what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

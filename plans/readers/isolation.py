"""Running a reader in a process of its own, with an end to its time, memory and output."""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from math import ceil
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from plans.readers.document import DocumentError, TooSlowError
from plans.readers.limits import MEMORY, MOST_OUTPUT, TOO_LARGE, WALL_SECONDS

logger = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
BROKEN = "文件无法读取，可能已损坏。请在 Word、WPS 或阅读软件中打开，另存后再上传。"


def ask_child(
    kind: str, content: bytes, *, page: int = 0, seconds: float | None = None
) -> dict[str, Any]:
    """Return what a reader answers; DocumentError says why there is nothing to answer."""
    command = [sys.executable, "-m", "plans.readers.child", kind, str(page)]
    with TemporaryFile() as given, TemporaryFile() as taken:
        given.write(content)
        given.seek(0)
        try:
            code = run(command, stdin=given, stdout=taken, seconds=seconds or WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TooSlowError("too_slow", TOO_LARGE) from error
        if code in (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ):
            raise DocumentError("too_large", TOO_LARGE)
        if code:
            logger.warning("reading %s ended with code %s", kind, code)
            raise DocumentError("broken", BROKEN)
        taken.seek(0)
        found: dict[str, Any] = json.loads(taken.read(MOST_OUTPUT))
    if "message" in found:
        raise DocumentError(found["code"], found["message"])
    return found


def run(
    command: list[str],
    *,
    seconds: float,
    memory: int = MEMORY,
    stdin: Any = subprocess.DEVNULL,
    stdout: Any = subprocess.DEVNULL,
) -> int:
    """Run a program to its end and return its exit code; TimeoutExpired at the end of its time.

    What it started ends with it.
    """
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
            # One second more than the wall clock, which is to be the one that ends it.
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (ceil(seconds) + 1,) * 2)
        return process.wait(timeout=seconds)
    finally:
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End what is left of a program and of what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

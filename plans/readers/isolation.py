"""Running what reads in a process of its own, with an end to its time, memory and output."""

import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from math import ceil
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Any

from plans.readers.document import DocumentError, TooSlowError
from plans.readers.limits import MEMORY, MOST_OUTPUT, SLOW_START, TOO_LARGE, WALL_SECONDS

logger = logging.getLogger(__name__)
PROGRAM = [sys.executable, "-m", "plans.readers.warm"]
LATE = b"late"
ROOT = Path(__file__).parents[2]
BROKEN = "文件无法读取，可能已损坏。请在 Word、WPS 或阅读软件中打开，另存后再上传。"


def ask_child(
    kind: str, content: bytes, *, page: int = 0, seconds: float | None = None
) -> dict[str, Any]:
    """Return what a reader answers; DocumentError says why there is nothing to answer."""
    wall = WALL_SECONDS if seconds is None else seconds
    with TemporaryFile() as given, TemporaryFile() as taken:
        given.write(content)
        given.seek(0)
        try:
            code = WARM.carry_out(kind, page, wall, given.fileno(), taken.fileno())
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


class Warm:
    """The warm process of this one, started when it is first needed and again when it has ended."""

    def __init__(self) -> None:
        self._starting = Lock()
        self._owner = 0
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def carry_out(self, kind: str, page: int, seconds: float, given: int, taken: int) -> int:
        """Return the exit code of a child that read; TimeoutExpired at the end of its time."""
        order = json.dumps([kind, page, seconds]).encode()
        for _ in range(2):
            link = self._started()
            reply, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with reply:
                reply.settimeout(seconds + SLOW_START)
                with theirs, suppress(OSError):
                    socket.send_fds(link, [order], [given, taken, theirs.fileno()])
                try:
                    if reply.recv(16):
                        return _ended(reply.recv(16), kind, seconds)
                except TimeoutError as error:
                    raise subprocess.TimeoutExpired(kind, seconds) from error
            self._forget(link)
        return 1

    def _started(self) -> socket.socket:
        with self._starting:
            if self._link is None or self._owner != os.getpid():
                self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                self._owner = os.getpid()
                with theirs:
                    self._process = start(PROGRAM, stdin=theirs)
            return self._link

    def _forget(self, link: socket.socket) -> None:
        with self._starting:
            if self._link is link and self._process is not None:
                self._link = None
                self._process.kill()
                self._process.wait()


def _ended(said: bytes, kind: str, seconds: float) -> int:
    """Return the exit code that a watcher said, or that of a kill where it could say nothing."""
    if said == LATE:
        raise subprocess.TimeoutExpired(kind, seconds)
    return int(said) if said else -signal.SIGKILL


WARM = Warm()


def run(command: list[str], *, seconds: float, memory: int = MEMORY) -> int:
    """Run a program to its end and return its exit code; TimeoutExpired at the end of its time.

    What it started ends with it.
    """
    process = start(command)
    try:
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
            # One second more than the wall clock, which is to be the one that ends it.
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (ceil(seconds) + 1,) * 2)
        return process.wait(timeout=seconds)
    finally:
        _end_group(process)


def start(command: list[str], stdin: Any = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    """Start a program in a session of its own, with nothing of what the service knows."""
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        start_new_session=True,
    )


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End what is left of a program and of what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

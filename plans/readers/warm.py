"""`python -m plans.readers.warm`: it has loaded the parser, and forks a child for every file.

Most of what a fresh process costs is the compiling of patterns. This one sees no file: orders come
from the service, over the socket that is its standard input, with the open files that they speak
of. It forks a watcher, and that the child that reads; the watcher ends it and what it started when
its time is over, and says how it ended. The warm one ends with the service, or when long idle.
"""

import gc
import json
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from math import ceil

from plans.readers.child import READERS, read
from plans.readers.isolation import LATE

IDLE_SECONDS = 900
USUAL = ("text", "docx")
STARTED = b"started"


def main() -> int:
    """Carry out orders until there are no more."""
    import_module("plans.parsing.packing")
    for kind in USUAL:
        import_module(READERS[kind][0])
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    link = socket.socket(fileno=0)
    link.settimeout(IDLE_SECONDS)
    with suppress(TimeoutError):
        while True:
            order, files, *_ = socket.recv_fds(link, 4096, 3)
            if not order:
                break
            with suppress(OSError):
                if os.fork() == 0:
                    _apart(link, order, *files)
            for file in files:
                os.close(file)
    return 0


def _apart(link: socket.socket, order: bytes, given: int, taken: int, reply: int) -> None:
    """Watch over one order in a process of its own, which ends here."""
    code = 1
    try:
        link.detach()
        os.close(0)
        kind, page, seconds = json.loads(order)
        code = _watch(socket.socket(fileno=reply), kind, page, seconds, given, taken)
    finally:
        os._exit(code)


def _watch(
    reply: socket.socket, kind: str, page: int, seconds: float, given: int, taken: int
) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    reply.send(STARTED)
    child = os.fork()
    if child == 0:
        _child(kind, page, seconds, given, taken)
    os.setpgid(child, child)
    is_late = signal.sigtimedwait({signal.SIGCHLD}, seconds) is None
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    reply.send(LATE if is_late else str(os.waitstatus_to_exitcode(status)).encode())
    return 0


def _child(kind: str, page: int, seconds: float, given: int, taken: int) -> None:
    """Read one file as the process that the limits are for, which ends here."""
    code = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.dup2(given, 0)
        os.dup2(taken, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        # One second more than the wall clock, which is to be the one that ends it.
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds) + 1,) * 2)
        read(kind, page)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())

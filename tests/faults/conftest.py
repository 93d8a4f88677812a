"""The stands, made once and copied for each test, and the report at the end."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.judge import Figures, judge
from tests.faults.stand import ROOT, Stand, on_postgres, on_sqlite
from tests.suite import postgres, postgres_programs

IS_WHOLE = os.environ.get("FAULTS") == "whole"
REPORT: list[Figures] = []
Judge = Callable[..., Figures]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what became of everything."""
    if not REPORT:
        return
    write = terminalreporter.write_line
    write("")
    write("scenario                      stand       kills intents sent dead copies lost longest")
    for row in REPORT:
        write(
            f"{row.scenario:<29} {row.stand:<11} {row.kills:>5} {row.intents:>7} {row.sent:>4} "
            f"{row.dead:>4} {row.copies:>6} {row.lost:>4} "
            + ("" if row.longest is None else f"{row.longest:>5.1f} s")
        )
    kills, intents = sum(row.kills for row in REPORT), sum(row.intents for row in REPORT)
    lost = sum(row.lost for row in REPORT)
    write(f"{len(REPORT)} runs, {kills} kills, {intents} intents, {lost} lost")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate({"DATA_DIR": str(folder)})
    return folder / "db.sqlite3"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own with a migrated database to copy."""
    if not IS_WHOLE and postgres_programs() is None:
        pytest.skip("needs PostgreSQL's programs")
    with postgres() as url, tempfile.TemporaryDirectory() as folder:
        line = url.replace("postgres://", "postgresql://")
        with psycopg.connect(line, autocommit=True) as database:
            database.execute("CREATE DATABASE migrated")
        _migrate({"DATA_DIR": folder, "DATABASE_URL": url.replace("/postgres?", "/migrated?")})
        yield url


def _migrate(env: dict[str, str]) -> None:
    kept = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    kept |= {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "x", **env}
    call = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(call, cwd=ROOT, env=kept, check=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="stand-") as name:
        yield Path(name)


@pytest.fixture
def embedded(folder: Path, migrated_file: Path) -> Iterator[Stand]:
    """SQLite and the loop without a broker."""
    with on_sqlite(folder, migrated_file) as stand:
        yield stand


@pytest.fixture
def full(folder: Path, server: str) -> Iterator[Stand]:
    """PostgreSQL, Redis, two workers and beat."""
    with on_postgres(folder, server) as stand:
        yield stand


@pytest.fixture(params=["sqlite", "postgresql"])
def stand(request: pytest.FixtureRequest) -> Stand:
    """Each of the two; the embedded one alone in an ordinary test run."""
    if request.param == "postgresql" and not IS_WHOLE:
        pytest.skip("python3 quickstart.py faults")
    name = "embedded" if request.param == "sqlite" else "full"
    made: Stand = request.getfixturevalue(name)
    return made


@pytest.fixture
def judged() -> Judge:
    """Judge a run and put it into the report."""

    def run(stand: Stand, scenario: str, **expected: Any) -> Figures:
        REPORT.append(judge(stand, scenario, **expected))
        return REPORT[-1]

    return run


@pytest.fixture
def only_whole() -> None:
    """Leave the long ones to ``python3 quickstart.py faults``."""
    if not IS_WHOLE:
        pytest.skip("python3 quickstart.py faults")


def size(whole: int, slice_: int) -> int:
    """How much: all of it, or what an ordinary test run has time for."""
    return whole if IS_WHOLE else slice_

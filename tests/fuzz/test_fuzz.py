"""Whatever a caller sends, as each role, is answered as the schema says.

A server of its own with the demonstration, asked by schemathesis with all its checks. Each test is
a slice; ``python3 quickstart.py fuzz`` runs every phase with more cases.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stand import free_port

ROOT = Path(__file__).parents[2]
MANAGE = [sys.executable, "manage.py"]
IS_WHOLE = os.environ.get("FUZZ") == "whole"
LEAST = 750 if IS_WHOLE else 100
PHASES = "coverage,fuzzing,stateful" if IS_WHOLE else "fuzzing"
PEOPLE = {
    "liaison": "fgj",
    "township": "jinji",
    "head": "fgj-head",
    "supervisor": "dcs",
    "coordinator": "fzb",
    "viewer": "fuquzhang",
    "system administrator": "xxzx",
}


class Server:
    """The demonstration behind the server of production, in a folder that is gone afterwards."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.env = {
            **{name: text for name, text in os.environ.items() if name != "DATABASE_URL"},
            "DATA_DIR": str(folder),
            "DEMO": "1",
            "FIXED_TODAY": "2017-11-20",
            "SECRET_KEY": "for the tests only",
            "LOG_LEVEL": "ERROR",
            "API_RATE_USER": "1000000/min",
            "API_RATE_ANONYMOUS": "1000000/min",
        }

    def manage(self, *arguments: str) -> str:
        """Run a command of the project to its end; give what it printed."""
        done = subprocess.run(
            [*MANAGE, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def started(self) -> subprocess.Popen[bytes]:
        """Start the server."""
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port)]
        threads = ["--workers", "1", "--blocking-threads", "4"]
        return subprocess.Popen(
            [*granian, *threads, "config.wsgi:application"], cwd=ROOT, env=self.env
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("fuzz"))
    server.manage("migrate", "-v0")
    server.manage("seed_demo", "-v0")
    process = server.started()
    yield server
    process.terminate()
    process.wait(30)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_answer_is_one_that_the_schema_names(server: Server, role: str) -> None:
    token = server.manage("create_token", PEOPLE[role], "--name", "fuzz").split()[-1]

    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(Path(__file__).with_name("schemathesis.toml"))),
            *("run", f"http://127.0.0.1:{server.port}/api/v1/schema/?format=json"),
            *("--wait-for-schema", "60", "--header", f"Authorization: Bearer {token}"),
            *("--checks", "all", "--phases", PHASES, "--seed", "20171120"),
            *("--max-examples", "10" if IS_WHOLE else "3", "--no-color"),
        ],
        cwd=server.env["DATA_DIR"],
        env=server.env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert not done.returncode, done.stdout + done.stderr
    cases = re.search(r"(\d+) generated", done.stdout)
    assert cases is not None
    assert int(cases[1]) >= LEAST

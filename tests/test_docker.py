"""The container files agree with the launcher and with each other."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import healthcheck
from config.beat import Scheduler
from config.celery import SIGN_OF_LIFE, app
from config.launcher import services

FOLDER = Path(__file__).parent.parent / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
LASTING = ["web", "worker", "beat", "postgres", "redis"]


def in_a_container(name: str) -> list[str]:
    """Give the launcher's command as a container runs it: open to the network, two processes."""
    command = ["python", *services("0.0.0.0", 8000)[name][1:]]
    if "--workers" in command:
        command[command.index("--workers") + 1] = "2"
    return command


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_container_runs_what_the_launcher_runs(name: str) -> None:
    assert SERVICES[name]["command"] == in_a_container(name)


def test_the_image_runs_the_web_server_when_nothing_else_is_asked() -> None:
    joined = DOCKERFILE.replace("\\\n", "")

    command = re.findall(r"^CMD (\[.*\])$", joined, flags=re.MULTILINE)[-1]

    assert json.loads(command) == in_a_container("web")


def test_the_services_are_the_lasting_ones_and_one_migration() -> None:
    assert set(SERVICES) == {*LASTING, "migrate"}


@pytest.mark.parametrize("name", LASTING)
def test_a_lasting_service_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_application_waits_for_its_servers_and_the_migration(name: str) -> None:
    conditions = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}

    assert conditions == {
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "migrate": "service_completed_successfully",
    }


def test_the_migration_runs_once_when_the_database_is_healthy() -> None:
    migrate = SERVICES["migrate"]

    assert migrate["command"][:3] == ["python", "manage.py", "migrate"]
    assert migrate["restart"] == "no"
    assert migrate["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_every_image_is_named_with_a_version() -> None:
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)

    unversioned = [image for image in images if not re.search(r":\d", image)]

    assert unversioned == []


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("web", "/var/lib/plan-tracking"),
        ("worker", "/var/lib/plan-tracking"),
        ("postgres", "/var/lib/postgresql/data"),
        ("redis", "/data"),
    ],
)
def test_what_must_last_lies_in_a_named_volume(name: str, folder: str) -> None:
    volumes = dict(entry.split(":") for entry in SERVICES[name]["volumes"])
    by_folder = {path: volume for volume, path in volumes.items()}

    assert by_folder[folder] in COMPOSE["volumes"]


def test_no_secret_stands_in_the_files() -> None:
    example = (FOLDER / "env.example").read_text(encoding="utf-8")

    values = dict(re.findall(r"^(POSTGRES_PASSWORD|SECRET_KEY)=(.*)$", example, flags=re.MULTILINE))

    assert values == {"POSTGRES_PASSWORD": "", "SECRET_KEY": ""}
    assert "${POSTGRES_PASSWORD:?" in SERVICES["web"]["environment"]["DATABASE_URL"]


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.MULTILINE)

    assert users[-1] == "10001"


@pytest.mark.parametrize(("age", "well"), [(0, True), (170, True), (190, False)])
def test_a_scheduler_that_looks_no_longer_is_unwell(
    age: int, well: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    sign = tmp_path / SIGN_OF_LIFE
    sign.touch()
    then = time.time() - age
    os.utime(sign, (then, then))

    assert healthcheck.beat() is well


def test_a_scheduler_that_never_looked_is_unwell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    assert healthcheck.beat() is False


def test_the_scheduler_gives_a_sign_at_every_tick(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"), schedule={})

    scheduler.tick()

    assert (tmp_path / SIGN_OF_LIFE).exists()
    scheduler.close()

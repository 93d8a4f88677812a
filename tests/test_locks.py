"""The lock files: complete, hashed, in agreement, and silent about where they came from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]
DIRECT = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": RUNTIME + GROUPS["dev"],
    "requirements-postgres.lock": GROUPS["postgres"],
}


def pins(lock: str) -> dict[str, str]:
    """Give the pinned version of each package of a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", DIRECT)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("lock", DIRECT)
def test_every_direct_dependency_is_pinned_at_a_version_that_the_project_allows(lock: str) -> None:
    pinned = pins(lock)

    unmet = [
        line
        for line in DIRECT[lock]
        if (wanted := Requirement(line)).name not in pinned
        or not wanted.specifier.contains(pinned[wanted.name])
    ]

    assert unmet == []


@pytest.mark.parametrize("lock", DIRECT)
def test_every_pin_carries_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)

    bare = [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry]

    assert bare == []


def test_what_is_tested_is_what_runs() -> None:
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")

    differing = {name for name, version in runtime.items() if development.get(name) != version}

    assert differing == set()

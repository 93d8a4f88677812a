"""The played demonstration, committed once for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.demo import demo_settings, seeded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def _seeded(folder: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), seeded(folder):
        yield


@pytest.fixture
def demo(_seeded: None, db: None, folder: Path, settings: Settings) -> None:
    """The played demonstration on its day."""
    for name, value in demo_settings(folder).items():
        setattr(settings, name, value)

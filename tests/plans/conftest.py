"""The home plan with its register, imported."""

import json
from functools import cache
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from accounts.choices import Role
from accounts.models import Department, District, User
from accounts.usecases import load_register
from plans.models import Edition
from plans.readers import entry
from plans.readers.isolation import ask_child
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.factories import member

SEEDS = Path(__file__).parents[2] / "seeds"
HOME_PLAN = SEEDS / "litong-plan-2016-2020.txt"


answer_once = cache(ask_child)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read in a process of its own once a session: the same file has the same answer."""
    monkeypatch.setattr(entry, "ask_child", answer_once)


@pytest.fixture
def litong(db: None) -> District:
    register = json.loads((SEEDS / "litong-register.json").read_text(encoding="utf-8"))
    return load_register(data=register, by=None, at=NOON).district


@pytest.fixture
def checker(litong: District) -> User:
    """A coordinator of 区政府法制办."""
    return member(Department.objects.get(name="区政府法制办"), Role.COORDINATOR)


@pytest.fixture
def edition(litong: District, checker: User) -> Edition:
    """The home plan as a draft."""
    return import_plan(
        upload=ContentFile(HOME_PLAN.read_bytes(), name="方案.txt"),
        district=litong,
        by=checker,
        at=NOON,
    )

"""People who call the API, and the rows that they call for."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, District, User
from tests.conftest import TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tracking.models import Milestone, Submission

API = "/api/v1"


class Caller:
    """Somebody with a session who speaks JSON."""

    def __init__(self, user: User | None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{API}/{path}", query)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str = "",
    ) -> Any:
        headers = {"If-Match": f'"v{version}"'} if version is not None else {}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.generic(
            method,
            f"{API}/{path}",
            json.dumps({} if body is None else body),
            "application/json",
            headers=headers,
        )

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("PATCH", path, body, **options)


@pytest.fixture(autouse=True)
def fresh_throttles_on_a_fixed_day(settings: Settings) -> Iterator[None]:
    settings.FIXED_TODAY = TODAY
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def call() -> Callable[[User | None], Caller]:
    return Caller


@pytest.fixture
def other_liaison(district: District) -> User:
    """A liaison of another department of the same district."""
    return member(DepartmentFactory.create(district=district), Role.LIAISON)


@pytest.fixture
def milestone(bureau: Department) -> Milestone:
    return MilestoneFactory.create(department=bureau)


@pytest.fixture
def draft(milestone: Milestone, liaison: User) -> Submission:
    return SubmissionFactory.create(milestone=milestone, author=liaison)


@pytest.fixture
def waiting(milestone: Milestone, liaison: User) -> Submission:
    return SubmissionFactory.create(milestone=milestone, author=liaison, waiting=True)


@pytest.fixture
def people(
    liaison: User,
    other_liaison: User,
    supervisor: User,
    coordinator: User,
    viewer: User,
    outsider: User,
) -> dict[str, User | None]:
    """Everybody who may knock, by what they are."""
    return {
        "liaison": liaison,
        "other_liaison": other_liaison,
        "supervisor": supervisor,
        "coordinator": coordinator,
        "viewer": viewer,
        "outsider": outsider,
        "anonymous": None,
    }

"""Every route and every method: strangers get nothing, and no route escapes this test."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.conftest import Caller
from tracking.models import Submission

OPEN: set[str] = set()
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Yield every path below the API, with numbers filled in."""
    for entry in patterns:
        path = prefix + str(entry.pattern).removesuffix(r"\Z").removesuffix("$").lstrip("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, path)
        elif path.startswith("api/"):
            yield path


def all_routes() -> list[str]:
    found = {
        path.replace("<int:pk>", "1").replace("<int:evidence_id>", "1")
        for path in routes(get_resolver().url_patterns)
    }
    return sorted(found)


def test_the_walk_knows_every_route() -> None:
    found = all_routes()

    assert "api/v1/submissions/1/accept/" in found
    assert len(found) >= 20
    assert not [path for path in found if "<" in path]


@pytest.mark.parametrize("path", all_routes())
def test_a_stranger_gets_nothing_by_any_method(db: None, draft: Submission, path: str) -> None:
    client = Client()
    before = Submission.objects.values().get()

    for method in METHODS:
        response = client.generic(method, f"/{path}", "{}", "application/json")
        if path == "api/v1/docs/":
            assert response.status_code in {302, 405}, method
        elif path not in OPEN:
            assert response.status_code == 401, method

    assert Submission.objects.values().get() == before


def test_reading_changes_nothing(call: type[Caller], draft: Submission) -> None:
    before = Submission.objects.values().get()
    caller = call(draft.author)

    for path in all_routes():
        caller.client.get(f"/{path}")

    assert Submission.objects.values().get() == before

"""What a token may do: no more than its scopes, and never more than its person."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from rest_framework.settings import api_settings

from accounts import clock
from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.tokens import create_token
from config.api_urls import router
from config.scopes import REPORTING, REVIEWING, scope_needed
from tracking.models import Milestone, Submission

ROUTES: list[Any] = router.urls


class Program:
    """A caller with a token of some scopes."""

    def __init__(self, user: User, *scopes: TokenScope, days: int = 30) -> None:
        now = clock.real_now()
        self.token = create_token(
            user=user,
            name="测试",
            scopes=scopes,
            expires_at=now + timedelta(days=days),
            by=None,
            at=now,
        )
        self.client = Client(headers={"Authorization": f"Bearer {self.token.secret}"})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = getattr(self.client, method)
        if method == "get":
            return send(f"/api/v1/{path}")
        return send(f"/api/v1/{path}", body or {}, "application/json", headers=headers)


def refused(response: Any, scope: TokenScope) -> bool:
    body = response.json() if response.status_code == 403 else {}
    return body.get("code") == "scope_missing" and scope.label in body["detail"]


def test_a_token_that_reads_does_not_report(liaison: User, milestone: Milestone) -> None:
    program = Program(liaison, TokenScope.READ)
    new = {"milestone": milestone.pk, "work_status": "in_progress", "narrative": "进展。"}

    assert program.call("get", "milestones/").status_code == 200
    assert refused(program.call("post", "submissions/", new), TokenScope.REPORT)
    assert not Submission.objects.exists()


def test_a_token_that_reports_reports_and_does_not_read(
    liaison: User, milestone: Milestone
) -> None:
    program = Program(liaison, TokenScope.REPORT)
    new = {"milestone": milestone.pk, "work_status": "in_progress", "narrative": "进展。"}

    assert program.call("post", "submissions/", new).status_code == 201
    assert refused(program.call("get", "milestones/"), TokenScope.READ)


def test_a_scope_gives_nothing_that_the_person_may_not_do(
    liaison: User, supervisor: User, waiting: Submission
) -> None:
    accept = (f"submissions/{waiting.pk}/accept/", {"decision": "noted"})
    match = {"If-Match": '"v1"'}

    unit = Program(liaison, *TokenScope).call("post", *accept, **match)
    reporter = Program(supervisor, TokenScope.REPORT).call("post", *accept, **match)
    reviewer = Program(supervisor, TokenScope.REVIEW).call("post", *accept, **match)

    assert (unit.status_code, unit.json()["code"]) == (403, "forbidden")
    assert refused(reporter, TokenScope.REVIEW)
    assert reviewer.status_code == 200


def test_what_nobody_has_listed_wants_managing() -> None:
    assert scope_needed("plan-list", "POST") == TokenScope.MANAGE
    assert scope_needed("anything-new", "DELETE") == TokenScope.MANAGE
    assert scope_needed("anything-new", "GET") == TokenScope.READ
    assert scope_needed("events", "GET") == TokenScope.FEED
    assert not REPORTING & REVIEWING


def test_every_write_of_the_work_that_exists_is_listed() -> None:
    """Reports and reviews must not fall under managing by an oversight."""
    writes = {
        str(route.name)
        for route in ROUTES
        if str(route.name).startswith(("submission-", "sheet-"))
        and set(getattr(route.callback, "actions", {})) - {"get", "head"}
    }

    assert writes
    assert writes <= REPORTING | REVIEWING


def test_the_one_permission_stands_before_every_view_of_the_api() -> None:
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == ["config.scopes.InScope"]
    own = {
        getattr(route.callback, "cls", None)
        for route in get_resolver("config.api_urls").url_patterns
    }
    special = {
        view.__name__
        for view in own
        if view is not None and view.permission_classes != api_settings.DEFAULT_PERMISSION_CLASSES
    }
    assert special <= {"SchemaView", "SpectacularSwaggerSplitView", "APIRootView"}


def test_a_token_makes_a_narrower_one_that_ends_no_later(liaison: User) -> None:
    program = Program(liaison, TokenScope.READ, TokenScope.MANAGE)

    made = program.call("post", "tokens/", {"name": "子程序", "scopes": ["read"]})

    assert made.status_code == 201
    child = ApiToken.objects.get(pk=made.json()["id"])
    assert child.user == liaison
    assert child.expires_at <= program.token.expires_at
    reader = Client(headers={"Authorization": f"Bearer {made.json()['secret']}"})
    assert reader.get("/api/v1/milestones/").status_code == 200
    assert "secret" not in program.call("get", f"tokens/{child.pk}/").json()


def test_a_token_never_makes_one_with_more_or_for_longer(liaison: User) -> None:
    program = Program(liaison, TokenScope.MANAGE)
    late = (clock.real_now() + timedelta(days=60)).isoformat()

    more = program.call("post", "tokens/", {"name": "x", "scopes": ["manage", "report"]})
    longer = program.call(
        "post", "tokens/", {"name": "x", "scopes": ["manage"], "expires_at": late}
    )

    assert (more.status_code, more.json()["code"]) == (403, "scope_missing")
    assert "填报" in more.json()["detail"]
    assert (longer.status_code, longer.json()["code"]) == (403, "later_than_own")
    assert ApiToken.objects.count() == 1


def test_a_token_ends_its_own_and_not_anothers(liaison: User, supervisor: User) -> None:
    program = Program(liaison, TokenScope.READ, TokenScope.MANAGE)
    other = Program(supervisor, TokenScope.READ)

    assert program.call("delete", f"tokens/{other.token.pk}/").status_code == 404
    assert program.call("delete", f"tokens/{program.token.pk}/").status_code == 204
    assert program.call("get", "milestones/").status_code == 401
    assert other.call("get", "milestones/").status_code == 200


def test_each_token_is_throttled_by_itself(liaison: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.api.throttling.TokenRateThrottle.get_rate", lambda self: "2/min")
    busy, calm = Program(liaison, TokenScope.READ), Program(liaison, TokenScope.READ)

    answers = [busy.call("get", "milestones/").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert calm.call("get", "milestones/").status_code == 200


@pytest.mark.parametrize("origin", ["https://example.org", "null"])
def test_no_other_site_may_read_the_api(liaison: User, origin: str) -> None:
    program = Program(liaison, *TokenScope)
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}

    answers = [
        program.client.get("/api/v1/milestones/", headers=asked),
        program.client.options("/api/v1/submissions/", headers=asked),
        program.client.get("/api/v1/nothing/", headers=asked),
        Client().get("/api/v1/schema/", headers=asked),
        Client().options("/healthz", headers=asked),
        Client().get("/accounts/login/", headers=asked),
    ]

    names = {name.lower() for answer in answers for name in answer.headers}
    assert not {name for name in names if name.startswith("access-control")}

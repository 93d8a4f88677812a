"""Signing in to the API: tokens, sessions, throttles."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from accounts import clock
from accounts.models import ApiToken, User
from accounts.tokens import create_token
from tests.api.conftest import API, Caller
from tracking.models import Milestone

Call = Callable[[User | None], Caller]


def secret_of(user: User) -> str:
    at = clock.real_now()
    made = create_token(user=user, name="测试", expires_at=at + timedelta(days=1), by=None, at=at)
    return made.secret


def ask(authorization: str) -> int:
    response = Client().get(f"{API}/plans/", headers={"Authorization": authorization})
    return response.status_code


def test_a_token_reads_and_writes_as_its_person_without_csrf(
    liaison: User, milestone: Milestone
) -> None:
    client = Client(
        enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret_of(liaison)}"}
    )

    response = client.post(
        f"{API}/submissions/", {"milestone": milestone.pk}, content_type="application/json"
    )

    assert response.status_code == 201
    assert response.json()["author"] == liaison.name


def test_a_token_lives_by_the_real_clock_on_a_demonstration_date(
    liaison: User, settings: Settings
) -> None:
    secret = secret_of(liaison)

    assert ask(f"Bearer {secret}") == 200
    ApiToken.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert ask(f"Bearer {secret}") == 401


@pytest.mark.parametrize(
    "header", ["Bearer pt_no", "Bearer", "Bearer ", "bearer 令牌", "Basic eDp5"]
)
def test_a_wrong_token_opens_nothing(db: None, header: str) -> None:
    assert ask(header) == 401


def test_a_revoked_token_is_refused_at_once(liaison: User) -> None:
    secret = secret_of(liaison)
    ApiToken.objects.update(revoked_at=clock.real_now())

    assert ask(f"Bearer {secret}") == 401


def test_a_person_out_of_use_is_refused_at_once(liaison: User) -> None:
    secret = secret_of(liaison)
    session = Client()
    session.force_login(liaison)
    User.objects.update(is_active=False)

    assert ask(f"Bearer {secret}") == 401
    assert session.get(f"{API}/plans/").status_code == 401


def test_a_token_in_the_address_is_not_looked_at(liaison: User) -> None:
    response = Client().get(f"{API}/plans/?token={secret_of(liaison)}")

    assert response.status_code == 401


def test_a_session_that_writes_without_the_csrf_token_is_refused(
    liaison: User, milestone: Milestone
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(liaison)

    response = client.post(
        f"{API}/submissions/", {"milestone": milestone.pk}, content_type="application/json"
    )

    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


def test_strangers_and_wrong_tokens_are_slowed_down(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "3/min"})

    seen = [ask(header) for header in ("", "Bearer x", "", "", "Bearer x")]

    assert seen == [401, 401, 401, 429, 429]


def test_a_busy_person_is_slowed_down_and_told_for_how_long(
    call: Call, liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})

    seen = [call(liaison).get("plans/") for _ in range(3)]

    assert [response.status_code for response in seen] == [200, 200, 429]
    assert int(seen[-1]["Retry-After"]) <= 60
    assert seen[-1].json()["code"] == "throttled"

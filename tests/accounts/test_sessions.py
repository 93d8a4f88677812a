"""How sessions end, and that nothing typed is lost with one."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.choices import Role
from accounts.models import ApiToken, Department, User
from accounts.tokens import create_token
from accounts.usecases import NewPerson, name_liaison
from tests.conftest import NOON, TODAY
from tests.factories import member

GOOD = "wangyuan-7319"


class Clock:
    """The machine's clock, to be moved."""

    def __init__(self) -> None:
        self.at = clock.real_now()

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: int) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(clock, "real_now", moved)
    return moved


@pytest.fixture
def signed_in(client: Client, liaison: User) -> Client:
    liaison.set_password(GOOD)
    liaison.save()
    sign_in(client, liaison)
    client.get("/")
    return client


def sign_in(client: Client, person: User) -> None:
    client.post(reverse("account_login"), {"login": person.username, "password": GOOD})


def test_twenty_idle_minutes_end_a_session(machine: Clock, signed_in: Client) -> None:
    machine.move(minutes=19)
    assert signed_in.get("/").status_code == 200
    machine.move(minutes=19)
    assert signed_in.get("/").status_code == 200
    machine.move(minutes=20)

    answer = signed_in.get("/departments/")

    assert answer["Location"] == "/accounts/login/?next=/departments/"
    assert signed_in.get("/").status_code == 302


def test_eight_hours_end_a_session_however_busy(machine: Clock, signed_in: Client) -> None:
    for _ in range(31):
        machine.move(minutes=15)
        assert signed_in.get("/").status_code == 200
    machine.move(minutes=15)

    assert signed_in.get("/").status_code == 302


def test_the_cookie_of_an_ended_session_opens_nothing(machine: Clock, signed_in: Client) -> None:
    cookie = signed_in.cookies["sessionid"].value
    machine.move(minutes=21)
    signed_in.get("/")

    replay = Client()
    replay.cookies["sessionid"] = cookie
    assert replay.get("/").status_code == 302


def test_the_api_says_that_the_session_has_ended(machine: Clock, signed_in: Client) -> None:
    machine.move(minutes=21)

    assert signed_in.get("/api/v1/plans/").status_code == 401


def test_what_was_typed_comes_back_after_the_sign_in(
    machine: Clock, signed_in: Client, bureau: Department, liaison: User
) -> None:
    head = member(bureau, Role.HEAD)
    head.set_password(GOOD)
    head.save()
    browser = Client()
    sign_in(browser, head)
    browser.get("/")
    machine.move(minutes=25)
    url = reverse("accounts:liaison", args=[bureau.pk])

    ended = browser.post(url, {"name": "钱××", "phone": "13900000000", "email": "q@example.org"})
    assert ended["Location"] == "/accounts/login/?next=/kept/"
    assert not User.objects.filter(name="钱××").exists()
    sign_in(browser, head)
    page = browser.get("/kept/").content.decode()

    assert "q@example.org" in page
    assert f'action="{url}"' in page
    fields = dict(re.findall(r'<textarea name="([^"]+)" hidden>([^<]*)</textarea>', page))
    browser.post(url, fields)
    assert User.objects.filter(name="钱××").exists()


def test_what_was_typed_is_shown_to_nobody_else(
    machine: Clock, signed_in: Client, bureau: Department, liaison: User
) -> None:
    machine.move(minutes=25)
    signed_in.post(reverse("accounts:contact", args=[liaison.pk]), {"phone": "0953-7777777"})
    other = member(bureau, Role.HEAD)
    other.set_password(GOOD)
    other.save()
    sign_in(signed_in, other)

    assert "0953-7777777" not in signed_in.get("/kept/", follow=True).content.decode()


def test_a_changed_role_ends_sessions_and_tokens_at_once(
    signed_in: Client, bureau: Department, liaison: User, coordinator: User
) -> None:
    now = clock.real_now()
    create_token(user=liaison, name="x", expires_at=now + timedelta(days=1), by=None, at=now)
    assert signed_in.get("/").status_code == 200

    name_liaison(
        department_id=bureau.pk,
        replaced_id=liaison.memberships.get().pk,
        newcomer=NewPerson("钱××", "1"),
        by=coordinator,
        at=NOON,
        now=now,
        today=TODAY,
    )

    assert signed_in.get("/").status_code == 302
    assert not ApiToken.objects.filter(revoked_at=None).exists()

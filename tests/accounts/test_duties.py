"""The second factor of those who decide, and the three administrators."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.models import Department, Membership, User
from accounts.tokens import create_token
from tests.accounts.test_people import register
from tests.conftest import TODAY
from tests.factories import member


@pytest.fixture(autouse=True)
def wanted(settings: Settings) -> None:
    settings.SECOND_FACTOR = True


@pytest.mark.parametrize("who", ["coordinator", "supervisor"])
def test_those_who_review_set_up_a_second_factor_first(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    client.force_login(person)

    assert client.get("/")["Location"] == reverse("mfa_activate_totp")
    answer = client.get("/api/v1/plans/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
    TOTP.activate(person, generate_totp_secret())
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/plans/").status_code == 200


def test_administrators_are_asked_too(client: Client, bureau: Department) -> None:
    client.force_login(member(bureau, Role.AUDIT_ADMIN))

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("who", ["liaison", "viewer"])
def test_who_only_reports_or_looks_is_not_asked(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get("/").status_code == 200


def test_by_the_setting_nobody_is_asked(
    client: Client, coordinator: User, settings: Settings
) -> None:
    settings.SECOND_FACTOR = False
    client.force_login(coordinator)

    assert client.get("/").status_code == 200


def test_a_token_is_a_factor_of_its_own(coordinator: User) -> None:
    now = clock.real_now()
    made = create_token(
        user=coordinator, name="x", expires_at=now + timedelta(days=1), by=None, at=now
    )
    caller = Client(headers={"Authorization": f"Bearer {made.secret}"})

    assert caller.get("/api/v1/plans/").status_code == 200


def test_nobody_is_two_administrators(bureau: Department) -> None:
    person = member(bureau, Role.SYSTEM_ADMIN)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=person, department=bureau, role=Role.AUDIT_ADMIN, from_on=TODAY
        )
    with pytest.raises(InvalidError, match="不能由一人兼任"):
        register(bureau, roles=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])


def test_what_is_not_appointed_is_said_to_the_administrator(
    client: Client, bureau: Department, settings: Settings
) -> None:
    settings.SECOND_FACTOR = False
    client.force_login(member(bureau, Role.SYSTEM_ADMIN))

    before = client.get("/").content.decode()
    member(bureau, Role.SECURITY_ADMIN)
    member(bureau, Role.AUDIT_ADMIN)
    after = client.get("/").content.decode()

    assert ("安全管理员未分设" in before, "审计管理员未分设" in before) == (True, True)
    assert "未分设" not in after

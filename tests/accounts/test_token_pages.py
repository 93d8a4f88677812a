"""接口令牌: a person's own, everybody's for the system administrator, the service accounts."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import ApiToken, Department, District, User
from tests.factories import DepartmentFactory, member

NEW = {"name": "报表脚本", "scopes": ["read", "report"], "days": "30"}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(district: District) -> User:
    return member(DepartmentFactory.create(district=district), Role.SYSTEM_ADMIN)


def secret_in(response: Any) -> str:
    found = re.search(r"pt_[\w-]+", response.content.decode())
    return found[0] if found else ""


def test_a_person_makes_a_token_and_sees_it_once(liaison: User) -> None:
    client = browser(liaison)

    response = client.post("/tokens/", NEW)

    secret = secret_in(response)
    token = ApiToken.objects.get()
    assert secret
    assert token.user == liaison
    assert token.scopes == ["read", "report"]
    assert secret not in client.get("/tokens/").content.decode()
    api = Client(headers={"Authorization": f"Bearer {secret}"})
    assert api.get("/api/v1/milestones/").status_code == 200


def test_the_same_form_sent_twice_makes_one_token_and_shows_no_secret(liaison: User) -> None:
    client = browser(liaison)
    sent = NEW | {"request_key": "6f1c2f0e-6a1c-4a53-9c55-0d3e8f6d2a10"}

    client.post("/tokens/", sent)
    again = client.post("/tokens/", sent, follow=True)

    assert ApiToken.objects.count() == 1
    assert not secret_in(again)
    assert "已经显示过一次" in again.content.decode()


def test_a_form_without_a_scope_keeps_what_was_typed(liaison: User) -> None:
    response = browser(liaison).post("/tokens/", {"name": "报表脚本", "days": "30"})

    assert response.status_code == 400
    assert 'value="报表脚本"' in response.content.decode()
    assert not ApiToken.objects.exists()


def test_a_person_revokes_the_own_token_and_nobody_elses(liaison: User, coordinator: User) -> None:
    browser(liaison).post("/tokens/", NEW)
    token = ApiToken.objects.get()

    assert browser(coordinator).post(f"/tokens/{token.pk}/revoke/").status_code == 404
    browser(liaison).post(f"/tokens/{token.pk}/revoke/")

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "已停用" in browser(liaison).get("/tokens/").content.decode()


def test_the_administrator_sees_and_revokes_all_of_the_district(
    liaison: User, outsider: User, admin: User
) -> None:
    for person in (liaison, outsider):
        browser(person).post("/tokens/", NEW | {"name": f"{person.name}的脚本"})
    own, strange = ApiToken.objects.order_by("id")

    page = browser(admin).get("/tokens/all/").content.decode()
    browser(admin).post(f"/tokens/{own.pk}/revoke/", {"back": "accounts:all-tokens"})

    assert own.name in page
    assert strange.name not in page
    own.refresh_from_db()
    assert own.revoked_at is not None
    assert browser(admin).post(f"/tokens/{strange.pk}/revoke/").status_code == 404


def test_the_pages_of_all_tokens_are_for_the_system_administrator(
    liaison: User, coordinator: User
) -> None:
    for person in (liaison, coordinator):
        assert browser(person).get("/tokens/all/").status_code == 403


def test_the_administrator_makes_a_service_account_and_its_token(
    admin: User, bureau: Department
) -> None:
    client = browser(admin)

    made = client.post(
        "/tokens/all/", {"name": "区政府OA", "department": bureau.pk, "role": "liaison"}
    )
    response = client.post(made.headers["Location"], NEW)
    account = User.objects.get(is_service=True)

    assert secret_in(response)
    assert ApiToken.objects.get().user == account
    assert "区政府OA" in client.get("/tokens/all/").content.decode()
    client.post(f"/services/{account.pk}/stop/")
    account.refresh_from_db()
    assert not account.is_active
    assert client.get(f"/services/{account.pk}/").status_code == 200


def test_the_list_of_all_tokens_costs_the_same_at_any_length(
    admin: User, bureau: Department
) -> None:
    client = browser(admin)
    counts = []
    for _ in range(2):
        for _ in range(3):
            browser(member(bureau, Role.LIAISON)).post("/tokens/", NEW)
        client.get("/tokens/all/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/tokens/all/")
        counts.append(len(seen))

    assert counts[0] == counts[1]

"""Service accounts: a role in a unit, tokens, and no way in through the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import clock, tokens
from accounts.choices import Role, TokenScope
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import ApiToken, Department, District, Event, User
from accounts.scope import scope_of
from accounts.tokens import create_token
from accounts.usecases import add_service, end_service, issue_code
from notifications.models import Notice
from notifications.people import People
from notifications.usecases import sweep
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, member


@pytest.fixture
def admin(district: District) -> User:
    return member(DepartmentFactory.create(district=district), Role.SYSTEM_ADMIN)


@pytest.fixture
def service(admin: User, bureau: Department) -> User:
    return add_service(
        name="区政府OA",
        department_id=bureau.pk,
        role=Role.LIAISON,
        by=admin,
        at=NOON,
        today=TODAY,
    )


def token_for(service: User, admin: User) -> ApiToken:
    now = clock.real_now()
    return create_token(
        user=service,
        name="取数",
        scopes=[TokenScope.READ],
        expires_at=now + timedelta(days=90),
        by=admin,
        at=now,
    )


def test_a_service_account_has_its_role_and_acts_by_a_token(
    service: User, admin: User, bureau: Department
) -> None:
    made = token_for(service, admin)

    found = tokens.find(made.secret, at=clock.real_now())

    assert found is not None
    assert found.user == service
    assert scope_of(service).departments == {bureau.pk}


def test_a_service_account_cannot_sign_in_even_with_a_password(service: User, admin: User) -> None:
    service.set_password("Abcdef-12345")
    service.save()

    client = Client()
    client.post("/accounts/login/", {"login": service.username, "password": "Abcdef-12345"})

    assert "_auth_user_id" not in client.session


def test_nobody_prints_a_sign_in_code_for_a_service_account(
    service: User, coordinator: User
) -> None:
    with pytest.raises(ForbiddenError):
        issue_code(user_id=service.pk, by=coordinator, at=NOON, now=clock.real_now())


def test_a_service_account_is_nobody_who_is_reminded_or_relied_on(
    service: User, bureau: Department, coordinator: User
) -> None:
    assert People.load().reminded(bureau.pk) == []
    assert service not in User.objects.visible_to(coordinator)


def test_the_coordinators_are_told_of_a_new_service_account(
    service: User, coordinator: User
) -> None:
    sweep(at=NOON, today=TODAY)

    told = Notice.objects.get(recipient=coordinator)
    assert "区政府OA" in told.text
    assert "联络员" in told.text


@pytest.mark.parametrize("role", [Role.HEAD, Role.DEPUTY, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_signing_and_administering_are_not_for_programs(
    admin: User, bureau: Department, role: Role
) -> None:
    with pytest.raises(InvalidError):
        add_service(name="x", department_id=bureau.pk, role=role, by=admin, at=NOON, today=TODAY)


def test_only_the_system_administrator_of_the_district_makes_service_accounts(
    coordinator: User, bureau: Department
) -> None:
    stranger = member(DepartmentFactory.create(), Role.SYSTEM_ADMIN)
    for person in (coordinator, stranger):
        with pytest.raises(ForbiddenError):
            add_service(
                name="x",
                department_id=bureau.pk,
                role=Role.LIAISON,
                by=person,
                at=NOON,
                today=TODAY,
            )


def test_the_administrator_makes_no_token_in_a_persons_name(admin: User, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        token_for(liaison, admin)


def test_an_account_that_ended_takes_its_tokens_along(service: User, admin: User) -> None:
    made = token_for(service, admin)

    end_service(user_id=service.pk, by=admin, at=NOON, now=clock.real_now(), today=TODAY)

    assert tokens.find(made.secret, at=clock.real_now()) is None
    assert Event.objects.filter(action="end_service").count() == 1
    with pytest.raises(ConflictError):
        end_service(user_id=service.pk, by=admin, at=NOON, now=clock.real_now(), today=TODAY)

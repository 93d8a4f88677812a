"""人员情况: units without a liaison, and people who are not reached."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from accounts import clock
from accounts.choices import Role
from accounts.models import Department, FailedSignIn, Membership, User
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from notifications.staffing import Staffing, staffing_of
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, member


@pytest.fixture(autouse=True)
def all_signed_in(liaison: User, coordinator: User) -> None:
    User.objects.update(last_login=clock.real_now())


def look(coordinator: User) -> Staffing:
    return staffing_of(User.objects.get(pk=coordinator.pk), now=clock.real_now())


def send(person: User, status: OutboxStatus, number: int = 1) -> None:
    Outbox.objects.create(
        dedupe_key=f"{person.pk} {number}",
        recipient=person,
        status=status,
        day=TODAY,
        address=person.email,
        created_at=NOON,
        next_at=NOON,
        reason="550 没有这个用户",
    )


def test_a_unit_without_a_liaison_is_shown_with_whether_a_head_stands_in(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    Membership.objects.filter(user=liaison).update(until_on=TODAY)
    office = coordinator.memberships.get().department

    before = {unit.pk: unit.has_head for unit in look(coordinator).without}  # type: ignore[attr-defined]
    member(bureau, Role.HEAD)
    after = {unit.pk: unit.has_head for unit in look(coordinator).without}  # type: ignore[attr-defined]

    assert before == {bureau.pk: False, office.pk: False}
    assert after == {bureau.pk: True, office.pk: False}


def test_a_bouncing_address_is_shown_until_it_is_corrected_or_a_mail_arrives(
    liaison: User, coordinator: User
) -> None:
    send(liaison, OutboxStatus.DEAD)

    [row] = look(coordinator).bouncing
    assert (row.person, row.why) == (liaison, "550 没有这个用户")
    User.objects.filter(pk=liaison.pk).update(email="new@example.org")
    assert look(coordinator).bouncing == []
    User.objects.filter(pk=liaison.pk).update(email=liaison.email)
    send(liaison, OutboxStatus.SENT, 2)
    assert look(coordinator).bouncing == []


def test_ninety_days_without_a_sign_in_are_shown_and_a_new_person_is_told_apart(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    now = clock.real_now()
    User.objects.filter(pk=liaison.pk).update(last_login=now - timedelta(days=91))
    forgotten, fresh = member(bureau, Role.LIAISON), member(bureau, Role.LIAISON)
    User.objects.filter(pk=forgotten.pk).update(date_joined=now - timedelta(days=91))

    found = look(coordinator)

    assert {row.person for row in found.silent} == {liaison, forgotten}
    assert [row.person for row in found.never] == [fresh]


def test_a_locked_account_is_shown_and_opened_by_a_click(
    client: Client, liaison: User, coordinator: User
) -> None:
    FailedSignIn.objects.bulk_create(
        FailedSignIn(username=liaison.username, source="10.0.0.1", at=clock.real_now())
        for _ in range(5)
    )
    client.force_login(coordinator)

    assert [row.person for row in look(coordinator).locked] == [liaison]
    client.post(reverse("accounts:unlock", args=[liaison.pk]))
    assert look(coordinator).locked == []


def test_people_of_another_district_are_not_shown(coordinator: User, outsider: User) -> None:
    found = look(coordinator)

    assert outsider not in [row.person for row in found.never]


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("liaison", 403), ("supervisor", 403), ("viewer", 403)],
)
def test_only_those_who_run_the_district_look(
    client: Client, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("notifications:staffing")).status_code == status


def test_a_liaison_unlocks_nobody(client: Client, liaison: User, coordinator: User) -> None:
    client.force_login(liaison)

    assert client.post(reverse("accounts:unlock", args=[coordinator.pk])).status_code == 404
    assert client.post(reverse("accounts:unlock", args=[liaison.pk])).status_code == 403


@pytest.mark.parametrize("many", [1, 6])
def test_the_page_costs_the_same_for_many_people(
    client: Client, bureau: Department, coordinator: User, many: int
) -> None:
    for _ in range(many):
        send(member(bureau, Role.LIAISON), OutboxStatus.DEAD)
        DepartmentFactory.create(district=bureau.district)
    client.force_login(coordinator)

    with assertNumQueries(14):
        client.get(reverse("notifications:staffing"))

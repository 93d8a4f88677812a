"""Who follows whom as liaison, and how people are reached."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, Event, Membership, User
from accounts.usecases import NewPerson, change_contact, name_liaison
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, member

NEW = NewPerson("钱××", "0953-2010001", "qian@example.org")


@pytest.fixture
def head(bureau: Department) -> User:
    return member(bureau, Role.HEAD)


def seat_of(person: User) -> Membership:
    return person.memberships.get()


def name(bureau: Department, by: User, **changes: object) -> Membership:
    values = {
        "department_id": bureau.pk,
        "replaced_id": None,
        "newcomer": NEW,
        "by": by,
        "at": NOON,
        "now": NOON,
        "today": TODAY,
    }
    return name_liaison(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["head", "coordinator"])
def test_a_head_or_a_coordinator_names_who_follows(
    bureau: Department, liaison: User, who: str, request: pytest.FixtureRequest
) -> None:
    seat = name(bureau, request.getfixturevalue(who), replaced_id=seat_of(liaison).pk)

    assert (seat.user.name, seat.user.username, seat.from_on) == ("钱××", "09532010001", TODAY)
    assert not seat.user.has_usable_password()
    assert seat_of(liaison).until_on == TODAY
    assert list(bureau.memberships.active().of_role(Role.LIAISON)) == [seat]
    event = Event.objects.get(action="name_liaison")
    assert (event.note, event.department) == (f"{liaison.name}→钱××", bureau)


def test_a_person_of_the_unit_follows_and_keeps_the_account(
    bureau: Department, liaison: User, head: User
) -> None:
    seat = name(bureau, head, replaced_id=seat_of(liaison).pk, newcomer=head.pk)

    assert seat.user == head


def test_a_second_liaison_stands_beside_the_first(
    bureau: Department, liaison: User, head: User
) -> None:
    name(bureau, head)

    assert bureau.memberships.active().of_role(Role.LIAISON).count() == 2


def test_a_stranger_cannot_be_picked_by_number(
    bureau: Department, head: User, outsider: User
) -> None:
    with pytest.raises(InvalidError, match="本单位已登记"):
        name(bureau, head, newcomer=outsider.pk)


def test_who_is_liaison_already_or_has_gone_is_said(
    bureau: Department, liaison: User, head: User
) -> None:
    with pytest.raises(ConflictError, match="已经是"):
        name(bureau, head, newcomer=liaison.pk)
    Membership.objects.filter(user=liaison).update(until_on=TODAY)
    with pytest.raises(ConflictError, match="不在任"):
        name(bureau, head, replaced_id=seat_of(liaison).pk)
    assert not User.objects.filter(name="钱××").exists()


def test_a_new_person_needs_a_name_and_something_to_sign_in_with(
    bureau: Department, head: User
) -> None:
    for person, words in [(NewPerson(" "), "姓名"), (NewPerson("钱××"), "用户名")]:
        with pytest.raises(InvalidError, match=words):
            name(bureau, head, newcomer=person)
    with pytest.raises(InvalidError, match="已有人使用"):
        name(bureau, head, newcomer=NewPerson("钱××", username=head.username.upper()))


@pytest.mark.parametrize("who", ["liaison", "supervisor", "viewer", "outsider"])
def test_nobody_else_names_a_liaison(
    bureau: Department, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(ForbiddenError):
        name(bureau, request.getfixturevalue(who))


def test_the_head_of_another_unit_names_nobody_here(bureau: Department) -> None:
    other = member(DepartmentFactory.create(district=bureau.district), Role.HEAD)

    with pytest.raises(ForbiddenError):
        name(bureau, other)


def test_a_liaison_corrects_a_colleagues_address_but_not_the_heads(
    bureau: Department, liaison: User, head: User, coordinator: User
) -> None:
    colleague = member(bureau, Role.LIAISON)

    change_contact(user_id=colleague.pk, phone="1", email="new@example.org", by=liaison, at=NOON)
    change_contact(user_id=head.pk, phone="2", email="", by=coordinator, at=NOON)
    change_contact(user_id=coordinator.pk, phone="3", email="", by=coordinator, at=NOON)

    colleague.refresh_from_db()
    assert colleague.email == "new@example.org"
    assert Event.objects.filter(action="change_contact").first().data["before"]["phone"] == ""  # type: ignore[union-attr]
    for victim in (head, coordinator):
        with pytest.raises(ForbiddenError):
            change_contact(user_id=victim.pk, phone="", email="x@example.org", by=liaison, at=NOON)


def test_nobody_takes_over_an_administrator_by_a_new_address(
    bureau: Department, coordinator: User
) -> None:
    administrator = member(bureau, Role.LIAISON, Role.SYSTEM_ADMIN)

    with pytest.raises(ForbiddenError):
        change_contact(
            user_id=administrator.pk, phone="", email="x@example.org", by=coordinator, at=NOON
        )


def test_the_page_replaces_and_keeps_what_was_typed(
    client: Client, bureau: Department, liaison: User, head: User
) -> None:
    client.force_login(head)
    url = reverse("accounts:liaison", args=[bureau.pk])
    typed = {"replaced": seat_of(liaison).pk, "name": "钱××", "email": "q@example.org"}

    refused = client.post(url, typed)
    done = client.post(url, typed | {"phone": "13900000000"}, follow=True)

    assert refused.status_code == 400
    assert "q@example.org" in refused.content.decode()
    assert "钱××今天起是" in done.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("head", 200), ("coordinator", 200), ("liaison", 403), ("supervisor", 403), ("outsider", 404)],
)
def test_the_page_of_a_change_is_open_to_who_may_make_it(
    client: Client, bureau: Department, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("accounts:liaison", args=[bureau.pk])).status_code == status


def test_contacts_of_other_units_cannot_be_opened(
    client: Client, liaison: User, outsider: User, supervisor: User, head: User
) -> None:
    client.force_login(liaison)

    for person, status in [(outsider, 404), (supervisor, 404), (head, 403), (liaison, 200)]:
        assert client.get(reverse("accounts:contact", args=[person.pk])).status_code == status


@pytest.mark.parametrize("people", [1, 9])
def test_the_page_of_a_unit_costs_the_same_for_many_people(
    client: Client, bureau: Department, coordinator: User, people: int
) -> None:
    for _ in range(people):
        member(bureau, Role.LIAISON)
    client.force_login(coordinator)

    with assertNumQueries(16):
        client.get(reverse("accounts:department", args=[bureau.pk]))

"""Registering people."""

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, User
from accounts.usecases import add_person
from tests.conftest import NOON, TODAY


def register(bureau: Department, username: str = "zhang", **changes: object) -> User:
    values = {
        "username": username,
        "name": "张××",
        "password": "wangyuan-7319",
        "department_id": bureau.pk,
        "roles": [Role.LIAISON],
        "by": None,
        "at": NOON,
        "today": TODAY,
    }
    return add_person(**(values | changes))  # type: ignore[arg-type]


def test_a_registered_person_has_the_role_and_the_password(bureau: Department) -> None:
    person = register(bureau)

    assert person.check_password("wangyuan-7319")
    assert [m.role for m in person.memberships.active()] == [Role.LIAISON]


@pytest.mark.parametrize("look_alike", ["zhang", "Zhang", "ｚｈａｎｇ", " zhang "])
def test_names_that_look_alike_are_one(bureau: Department, look_alike: str) -> None:
    register(bureau)

    with pytest.raises(InvalidError, match="已有人使用"):
        register(bureau, look_alike)


def test_a_weak_password_is_refused(bureau: Department) -> None:
    with pytest.raises(InvalidError):
        register(bureau, password="123456")

    assert not User.objects.filter(username="zhang").exists()


def test_a_liaison_cannot_register_people(bureau: Department, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        register(bureau, by=liaison)


def test_the_command_registers_and_names_an_unknown_unit(
    bureau: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_PASSWORD", "wangyuan-7319")

    call_command("add_person", "li", "李××", "--department", bureau.name, "--role", "coordinator")
    with pytest.raises(CommandError, match="没有“区水务局”"):
        call_command("add_person", "wu", "吴", "--department", "区水务局", "--role", "liaison")

    assert User.objects.get(username="li").memberships.get().role == Role.COORDINATOR

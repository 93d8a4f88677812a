"""Keeping units and collective names."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from accounts.choices import DepartmentKind
from accounts.credit_code import clean_credit_code, is_credit_code
from accounts.errors import ForbiddenError, InvalidError, StaleError
from accounts.models import Department, DepartmentName, Event, Group, User
from accounts.selectors import meant_by_groups
from accounts.usecases import UnitEntry, edit_group, edit_unit
from tests.conftest import NOON
from tests.factories import DepartmentFactory

REGISTER = Path(__file__).parents[2] / "seeds" / "litong-register.json"


def edit(unit: Department, by: User, **changes: object) -> Department:
    entry = UnitEntry(**({"name": unit.name} | changes))  # type: ignore[arg-type]
    return edit_unit(department_id=unit.pk, entry=entry, by=by, at=NOON, expected_version=1)


def test_the_register_of_litong_has_its_organs_towns_and_townships() -> None:
    units = json.loads(REGISTER.read_text(encoding="utf-8"))["departments"]

    places = Counter(unit["name"][-1] for unit in units if unit["kind"] == "township")
    assert places == {"镇": 8, "乡": 4}
    assert sum(unit["kind"] != "township" for unit in units) == 30
    assert all(unit["full_name"] == "" for unit in units)


def test_an_edit_is_kept_with_what_stood_before(bureau: Department, coordinator: User) -> None:
    DepartmentName.objects.create(district=bureau.district, department=bureau, name="旧简称")
    before = bureau.name

    unit = edit(
        bureau,
        coordinator,
        name="区新局",
        full_name="某区新局",
        aliases=("新局",),
        former=("老局",),
    )

    assert (unit.name, unit.full_name, unit.is_confirmed, unit.version) == (
        "区新局",
        "某区新局",
        True,
        2,
    )
    assert set(unit.names.values_list("name", "kind")) == {("新局", "alias"), ("老局", "former")}
    data = Event.objects.get(action="edit_unit").data
    assert data["name"] == [before, "区新局"]
    assert data["aliases"] == [["旧简称"], ["新局"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "请填写单位简称"),
        ({"aliases": ("一", "一")}, "重复"),
        ({"name": "区邻局"}, "已经是区邻局的名称"),
        ({"aliases": ("邻局",)}, "已经是区邻局的名称"),
        ({"credit_code": "11640302MB12345678"}, "统一社会信用代码不对"),
        ({"host_id": 10**6}, "挂靠单位"),
    ],
)
def test_what_does_not_hold_is_refused(
    bureau: Department, coordinator: User, changes: dict[str, object], words: str
) -> None:
    other = DepartmentFactory.create(district=bureau.district, name="区邻局")
    DepartmentName.objects.create(district=other.district, department=other, name="邻局")

    with pytest.raises(InvalidError, match=words):
        edit(bureau, coordinator, **changes)


def test_two_editors_do_not_overwrite_each_other(bureau: Department, coordinator: User) -> None:
    edit(bureau, coordinator)

    with pytest.raises(StaleError):
        edit(bureau, coordinator)


@pytest.mark.parametrize("who", ["liaison", "supervisor", "viewer", "outsider"])
def test_nobody_but_the_coordinator_edits(
    bureau: Department, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(ForbiddenError):
        edit(bureau, request.getfixturevalue(who))


def test_the_last_sign_of_a_credit_code_is_checked() -> None:
    code = "91350100M000100Y43"

    assert is_credit_code(clean_credit_code(" ９1350100 m000100y43"))
    assert not is_credit_code(code[:-1] + "4")
    assert not is_credit_code(code[:-1])


def test_a_group_means_units_of_its_kinds_and_those_named(
    bureau: Department, coordinator: User
) -> None:
    group = Group.objects.create(district=bureau.district, name="各部门", is_open_ended=True)
    town = DepartmentFactory.create(district=bureau.district, kind=DepartmentKind.TOWNSHIP)
    court = DepartmentFactory.create(district=bureau.district, kind=DepartmentKind.COURT)
    elsewhere = DepartmentFactory.create(kind=DepartmentKind.TOWNSHIP)

    edit_group(
        group_id=group.pk,
        kinds=["township"],
        member_ids=[court.pk, elsewhere.pk],
        is_open_ended=False,
        by=coordinator,
        at=NOON,
        expected_version=1,
    )

    [(_, members)] = meant_by_groups(coordinator)
    assert members == [town, court]


def test_a_group_of_nobody_is_refused(bureau: Department, coordinator: User) -> None:
    group = Group.objects.create(district=bureau.district, name="各部门")

    with pytest.raises(InvalidError, match="成员不定"):
        edit_group(
            group_id=group.pk,
            kinds=[],
            member_ids=[],
            is_open_ended=False,
            by=coordinator,
            at=NOON,
            expected_version=1,
        )


def test_the_page_keeps_what_was_typed_and_shows_the_change(
    client: Client, bureau: Department, coordinator: User
) -> None:
    client.force_login(coordinator)
    url = reverse("accounts:edit-unit", args=[bureau.pk])
    typed = {
        "name": "区新局",
        "kind": "government",
        "aliases": "新局\n小新局",
        "expected_version": 1,
        "is_confirmed": "on",
    }

    refused = client.post(url, typed | {"credit_code": "123"})
    done = client.post(url, typed, follow=True)
    stale = client.post(url, typed)

    assert (refused.status_code, stale.status_code) == (400, 412)
    assert "小新局" in refused.content.decode()
    assert f"简称：{bureau.name} → 区新局" in done.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("liaison", 403), ("viewer", 403), ("outsider", 404)],
)
def test_the_pages_are_open_to_the_coordinator_only(
    client: Client, bureau: Department, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    group = Group.objects.create(district=bureau.district, name="各部门")
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("accounts:edit-unit", args=[bureau.pk])).status_code == status
    assert client.get(reverse("accounts:group", args=[group.pk])).status_code == status


@pytest.mark.parametrize("many", [1, 8])
def test_the_register_costs_the_same_for_many_units(
    client: Client, bureau: Department, coordinator: User, many: int
) -> None:
    for number in range(many):
        unit = DepartmentFactory.create(district=bureau.district)
        group = Group.objects.create(district=bureau.district, name=f"统称{number}")
        group.members.add(unit)
    client.force_login(coordinator)

    with assertNumQueries(14):
        client.get(reverse("accounts:departments"))

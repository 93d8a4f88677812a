"""New units and new names."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, Succession, User
from accounts.usecases import UnitEntry, add_unit, rename_unit
from plans.register import Register
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory


def rename(unit: Department, by: User, **changes: object) -> Department:
    values = {
        "department_id": unit.pk,
        "name": "区卫健局",
        "full_name": "",
        "basis": "利党发〔2019〕1号",
        "effective_on": TODAY,
        "by": by,
        "at": NOON,
        "today": TODAY,
    }
    return rename_unit(**(values | changes))  # type: ignore[arg-type]


def test_a_renamed_unit_is_found_by_both_names(bureau: Department, coordinator: User) -> None:
    before = bureau.name

    rename(bureau, coordinator)

    register = Register.load(bureau.district)
    assert register.unit("区卫健局") == register.unit(before) == bureau
    assert bureau.names.get().get_kind_display() == "曾用名"


def test_a_name_may_come_back(bureau: Department, coordinator: User) -> None:
    before = bureau.name
    rename(bureau, coordinator)
    unit = rename(bureau, coordinator, name=before)

    assert list(unit.names.values_list("name", flat=True)) == ["区卫健局"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"effective_on": TODAY + timedelta(days=1)}, "还没有到"),
        ({"basis": " "}, "依据"),
        ({"name": "区邻局"}, "已经是区邻局的名称"),
    ],
)
def test_a_renaming_that_does_not_hold_is_refused(
    bureau: Department, coordinator: User, changes: dict[str, object], words: str
) -> None:
    DepartmentFactory.create(district=bureau.district, name="区邻局")

    with pytest.raises(InvalidError, match=words):
        rename(bureau, coordinator, **changes)


def test_a_unit_that_ended_is_not_renamed(bureau: Department, coordinator: User) -> None:
    bureau.ended_on = date(2017, 1, 1)
    bureau.save()

    with pytest.raises(ConflictError, match="已经撤销"):
        rename(bureau, coordinator)


def test_a_liaison_renames_and_adds_nothing(bureau: Department, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        rename(bureau, liaison)
    with pytest.raises(ForbiddenError):
        add_unit(district_id=bureau.district_id, entry=UnitEntry("区新局"), by=liaison, at=NOON)


def test_a_new_unit_stands_last(
    client: Client, bureau: Department, coordinator: User, liaison: User
) -> None:
    client.force_login(coordinator)
    typed = {"name": "区新局", "kind": "government", "expected_version": 1}
    client.post(reverse("accounts:add-unit"), typed)
    refused = client.post(reverse("accounts:add-unit"), typed)
    client.force_login(liaison)

    unit = Department.objects.get(name="区新局")
    assert (unit.district, unit.ordinal) == (bureau.district, 1)
    assert "已经是区新局的名称" in refused.content.decode()
    assert client.get(reverse("accounts:add-unit")).status_code == 404


def test_names_of_a_unit_that_ended_mean_its_main_successor(bureau: Department) -> None:
    heirs = [DepartmentFactory.create(district=bureau.district) for _ in range(2)]
    for heir, is_main in zip(heirs, (False, True), strict=True):
        Succession.objects.create(
            predecessor=bureau, successor=heir, is_main=is_main, effective_on=TODAY, basis="文件"
        )

    assert Register.load(bureau.district).unit(bureau.name) == heirs[1]

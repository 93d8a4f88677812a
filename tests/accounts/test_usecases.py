"""Loading a register and filling the calendar."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.choices import Role
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import CalendarDay, Department, DepartmentName, Event, Group, User
from accounts.usecases import fill_calendar, load_register
from tests.conftest import NOON
from tests.factories import DepartmentFactory, member

SEED = Path(__file__).parents[2] / "seeds" / "litong-register.json"


@pytest.fixture
def register() -> dict[str, Any]:
    return json.loads(SEED.read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_the_seed_brings_thirty_organs_twelve_towns_and_four_groups(
    register: dict[str, Any],
) -> None:
    loaded = load_register(data=register, by=None, at=NOON)

    units = Department.objects.filter(district=loaded.district)
    assert (loaded.added, units.count()) == (42, 42)
    assert units.filter(kind="township").count() == 12
    assert set(Group.objects.values_list("name", flat=True)) == {
        "各乡镇",
        "各部门",
        "各有关部门",
        "有关部门",
    }
    assert units.get(name="区政府督查室").host == units.get(name="区政府办公室")
    assert units.get(name="区政府法制办").host is None
    assert not units.filter(is_confirmed=True).exists()
    assert loaded.district.code == "640302"


@pytest.mark.django_db
def test_every_unit_of_the_plan_is_in_the_seed(register: dict[str, Any]) -> None:
    load_register(data=register, by=None, at=NOON)
    gold = json.loads(
        (SEED.parents[1] / "tests/plans/parsing/gold-litong-2016-2020.json").read_text()
    )
    named = {
        name
        for task in gold["tasks"]
        for name in (*task["lead_canonical"], *task["support_canonical"])
    }

    known = set(Department.objects.values_list("name", flat=True)) | set(
        Group.objects.values_list("name", flat=True)
    )
    assert named - known == set()


@pytest.mark.django_db
def test_loading_again_leaves_what_a_person_has_confirmed(register: dict[str, Any]) -> None:
    load_register(data=register, by=None, at=NOON)
    Department.objects.filter(name="区财政局").update(
        is_confirmed=True, full_name="吴忠市利通区财政局", kind="vertical"
    )
    Department.objects.filter(name="区民政局").update(kind="vertical")

    loaded = load_register(data=register, by=None, at=NOON)

    finance = Department.objects.get(name="区财政局")
    assert (finance.full_name, finance.kind) == ("吴忠市利通区财政局", "vertical")
    assert Department.objects.get(name="区民政局").kind == "government"
    assert (loaded.added, loaded.updated, loaded.kept) == (0, 41, 1)
    assert DepartmentName.objects.filter(name="法制办").count() == 1
    assert Group.objects.count() == 4


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"district": {"name": "甲区"}, "departments": [{"name": "区局"}], "groups": []},
        {
            "district": {"name": "甲区"},
            "departments": [{"name": "", "kind": "party"}],
            "groups": [],
        },
        {"district": {"name": "甲区"}, "departments": [{"name": "局", "kind": "?"}], "groups": []},
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_register_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="单位名录"):
        load_register(data=data, by=None, at=NOON)

    assert not Department.objects.exists()


@pytest.mark.django_db
def test_a_liaison_cannot_load_a_register(register: dict[str, Any], liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        load_register(data=register, by=liaison, at=NOON)


@pytest.mark.django_db
def test_the_calendar_is_filled_with_published_days() -> None:
    load_register(data=json.loads(SEED.read_text(encoding="utf-8")), by=None, at=NOON)

    counts = fill_calendar(from_year=2017, to_year=2018, by=None, at=NOON)

    assert CalendarDay.objects.get(date=date(2018, 12, 29)).is_workday
    assert not CalendarDay.objects.get(date=date(2018, 12, 31)).is_workday
    assert CalendarDay.objects.count() == sum(counts.values())
    assert Event.objects.filter(action="fill_calendar").count() == 1


@pytest.mark.django_db
def test_days_entered_by_hand_stay() -> None:
    CalendarDay.objects.create(date=date(2017, 10, 1), is_workday=True, source="人工")

    fill_calendar(from_year=2017, to_year=2017, by=None, at=NOON)
    fill_calendar(from_year=2017, to_year=2017, by=None, at=NOON)

    assert CalendarDay.objects.get(date=date(2017, 10, 1)).is_workday


@pytest.mark.django_db
def test_a_year_without_a_notice_stays_empty() -> None:
    assert fill_calendar(from_year=2040, to_year=2040, by=None, at=NOON) == {2040: 0}


def test_a_system_administrator_may_fill_the_calendar(district: Any) -> None:
    administrator = member(DepartmentFactory.create(district=district), Role.SYSTEM_ADMIN)

    assert fill_calendar(from_year=2017, to_year=2017, by=administrator, at=NOON)[2017] > 0

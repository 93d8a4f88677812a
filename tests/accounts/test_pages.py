"""The register on its page and in the back office."""

import re
from datetime import date

from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import CalendarDay, Department, DepartmentName, User
from tests.factories import DepartmentFactory, member


def test_the_register_names_units_kinds_other_names_and_liaisons(
    client: Client, bureau: Department, liaison: User
) -> None:
    DepartmentName.objects.create(
        district=bureau.district, department=bureau, name="旧名局", kind="former"
    )
    liaison.phone = "0953-0000000"
    liaison.save()
    client.force_login(liaison)

    page = re.sub(r"<[^>]+>", "", client.get(reverse("accounts:departments")).content.decode())

    for word in (
        bureau.name,
        "政府部门",
        "旧名局（曾用名）",
        liaison.name,
        "0953-0000000",
        "待确认",
    ):
        assert word in page


def test_units_of_another_district_are_not_shown(client: Client, liaison: User) -> None:
    other = DepartmentFactory.create(name="外区某局")
    client.force_login(liaison)

    assert other.name not in client.get(reverse("accounts:departments")).content.decode()


def test_the_back_office_is_closed_to_whoever_is_not_staff(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)

    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


def test_staff_without_the_right_finds_nothing_to_change(client: Client, liaison: User) -> None:
    liaison.is_staff = True
    liaison.save()
    client.force_login(liaison)

    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_an_administrator_keeps_the_registers(client: Client, bureau: Department) -> None:
    administrator = member(bureau, Role.SYSTEM_ADMIN)
    administrator.is_staff = True
    administrator.save()
    client.force_login(administrator)

    for name in ("department", "group", "membership", "user", "calendarday", "district"):
        assert client.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:accounts_{name}_add")).status_code == 200
    client.post(reverse("admin:accounts_calendarday_add"), {"date": "2026-10-08", "name": "调休"})
    day = CalendarDay.objects.get(date=date(2026, 10, 8))
    assert (day.is_workday, day.source) == (False, "人工")


def test_a_person_is_registered_with_a_password_and_a_role(
    client: Client, bureau: Department
) -> None:
    administrator = member(bureau, Role.SYSTEM_ADMIN)
    administrator.is_staff = True
    administrator.save()
    client.force_login(administrator)
    roles = {
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    response = client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "wang",
            "name": "王××",
            "usable_password": "true",
            "password1": "Litong-2017-x",
            "password2": "Litong-2017-x",
            **roles,
        },
    )

    assert response.status_code == 302
    assert User.objects.get(username="wang").check_password("Litong-2017-x")


def test_another_name_belongs_to_the_district_of_its_unit(
    client: Client, bureau: Department
) -> None:
    administrator = member(bureau, Role.SYSTEM_ADMIN)
    administrator.is_staff = True
    administrator.save()
    client.force_login(administrator)

    client.post(
        reverse("admin:accounts_department_change", args=[bureau.pk]),
        {
            "district": bureau.district_id,
            "name": bureau.name,
            "kind": bureau.kind,
            "ordinal": "0",
            "names-TOTAL_FORMS": "1",
            "names-INITIAL_FORMS": "0",
            "names-0-name": "一局",
            "names-0-kind": "alias",
        },
    )

    assert DepartmentName.objects.get(name="一局").district == bureau.district

"""The back office, for staff who may, and the pages of the sign-in library."""

import re
from typing import Any

from accounts.models import CalendarDay
from notifications.models import ReminderRule
from tests.matrix.knocking import Knocker, routes
from tests.matrix.world import World

DAY = "2017-10-01"
REGISTERS = {
    *("district", "department", "group", "user", "membership", "externalid"),
    *("calendarday", "reminderrule"),
}
STEPS = re.compile(r"admin:(?:accounts|notifications)_(\w+)_(changelist|add|history|change|delete)")
STRANGERS_TAKE = {
    *("accounts/login/", "accounts/inactive/", "accounts/signup/", "accounts/confirm-email/"),
    *("accounts/password/reset/", "accounts/password/reset/done/"),
    *("accounts/password/reset/key/done/", "accounts/code/"),
}


def back_office(world: World) -> dict[str, str]:
    """Return the pages of the back office by their names, with a row where they want one."""
    CalendarDay.objects.create(date=DAY, is_workday=False)
    rows: dict[str, Any] = {"group": world.keys["group"], "department": world.bureau.pk}
    rows |= {"user": world.person("liaison").pk, "district": world.district.pk}
    rows |= {"reminderrule": ReminderRule.objects.earliest("pk").pk}
    rows |= {"membership": world.keys["charges"], "calendarday": DAY}
    rows |= {"externalid": world.keys["externalid"]}
    found = {}
    for name, path, _ in routes():
        if path.startswith("register/") and not re.search(r"[\^(]", path) and name != "admin:":
            step = STEPS.match(name)
            row = rows.get(step[1], 1) if step else 1
            found[name] = "/" + re.sub(r"<[^>]+>", str(row), path)
    return found


def test_the_back_office_is_for_staff_alone(world: World, knocker: Knocker) -> None:
    found = {
        (verb, address, who): knocker.answer(who, verb, address)
        for name, address in back_office(world).items()
        for who in set(world.people) - {"system"}
        for verb in ("GET", "POST")
        if name != "admin:login"
    }

    assert {door: told for door, told in found.items() if told not in {302, 403, 404}} == {}


def test_staff_keep_the_registers_and_delete_only_numbers(world: World, knocker: Knocker) -> None:
    pages = back_office(world)
    told = {}
    for name in pages:
        step = STEPS.fullmatch(name)
        if step and step[1] in REGISTERS:
            is_kept = step[2] == "delete" and step[1] != "externalid"
            told[name] = 403 if is_kept else 200
        elif name.endswith(("_changelist", "_add")):
            told[name] = 403

    assert {name: knocker.answer("system", "GET", pages[name]) for name in told} == told


def test_a_stranger_sees_of_the_accounts_only_the_way_in(world: World, knocker: Knocker) -> None:
    let_in = {
        path
        for _, path, _ in routes()
        if path.startswith("accounts/")
        and "(?P" not in path
        and knocker.answer("stranger", "GET", f"/{path}") == 200
    }

    assert let_in == STRANGERS_TAKE

"""Every resource of the API, every verb and every person, and no resource without a row."""

import json
from collections.abc import Iterator
from typing import Any

from tests.matrix.api_table import RESOURCES, Resource
from tests.matrix.doors import EVERYBODY
from tests.matrix.knocking import Knocker, routes
from tests.matrix.test_pages import address
from tests.matrix.world import MISSING, World
from tracking.models import Submission

ROOT = "api/v1/"
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def paths() -> list[str]:
    """Return the paths below the API; the one that answers every other address stands last."""
    found = {path.removeprefix(ROOT) for _, path, _ in routes() if path.startswith(ROOT)}
    return sorted(found)


def body(world: World, path: str) -> dict[str, Any]:
    """Return what any step takes."""
    words = ("reason", "note", "narrative", "text", "progress", "name")
    days = ("approved_on", "signed_on")
    report = {"work_status": "in_progress", "narrative": "统一编码尚未下发"}
    row = {"milestone": world.keys["sheet_row"], "expected_version": 0}
    unit = world.supporting if path.endswith("/contribute/") else world.office
    return {
        **report,
        **dict.fromkeys(words, "统一编码尚未下发"),
        **dict.fromkeys(days, "2017-11-20"),
        **dict.fromkeys(("new_due_on", "redo_by"), "2018-06-30"),
        "approved_by": "刘××",
        "signed_by": "张××",
        "role": "support",
        "decision": "noted",
        "department": unit.pk,
        "milestone": world.keys["milestone"],
        "rows": [row | report],
    }


class Caller:
    """Everybody at the resources of the API."""

    def __init__(self, world: World, knocker: Knocker) -> None:
        self.world, self.knocker = world, knocker

    def resources(self) -> Iterator[tuple[str, Resource, list[Any]]]:
        """Yield every resource with what fills its address."""
        for path, resource in RESOURCES.items():
            yield path, resource, [self.world.keys[name] for name in resource.about]

    def answer(self, who: str, verb: str, path: str, values: list[Any]) -> int:
        """Return the status of a call that brings all that a step may want."""
        data = json.dumps(body(self.world, path)) if verb in WRITING else ""
        return self.knocker.answer(
            *(who, verb, address(ROOT + path, values)),
            data=data,
            content_type="application/json",
            headers={"If-Match": '"v1"'},
        )


def test_every_resource_stands_in_the_table() -> None:
    assert paths() == sorted(RESOURCES)


def test_everybody_gets_the_answer_of_the_table(world: World, knocker: Knocker) -> None:
    caller = Caller(world, knocker)
    found, told = {}, {}
    for path, resource, values in caller.resources():
        for verb, door in resource.doors.items():
            for who in world.people:
                found[verb, path, who] = caller.answer(who, verb, path, values)
                told[verb, path, who] = door.answer_to(who)

    assert found == told


def test_a_verb_without_a_door_is_not_taken(world: World, knocker: Knocker) -> None:
    caller = Caller(world, knocker)
    found = {
        (verb, path): caller.answer("head", verb, path, values)
        for path, resource, values in caller.resources()
        for verb in (WRITING | {"GET"}) - set(resource.doors)
    }

    assert {door: told for door, told in found.items() if told != 405} == {}


def test_a_stranger_gets_nothing_by_any_verb(world: World, knocker: Knocker) -> None:
    caller = Caller(world, knocker)
    before = list(Submission.objects.order_by("pk").values())
    found = {
        (verb, path): caller.answer("stranger", verb, path, values)
        for path, _, values in caller.resources()
        for verb in WRITING | {"GET", "HEAD", "OPTIONS"}
        if path != "docs/"
    }

    assert {door: told for door, told in found.items() if told != 401} == {}
    assert list(Submission.objects.order_by("pk").values()) == before


def test_what_is_missing_looks_like_what_is_hidden(world: World, knocker: Knocker) -> None:
    caller = Caller(world, knocker)
    found = {
        (verb, path, who): caller.answer(who, verb, path, [MISSING for _ in values])
        for path, resource, values in caller.resources()
        for verb, door in resource.doors.items()
        for who in ("liaison", "coordinator", "outsider")
        if values and not (door.status == 400 and door.may == EVERYBODY)
    }

    assert {door: told for door, told in found.items() if told != 404} == {}


def test_reading_changes_nothing(world: World, knocker: Knocker) -> None:
    before = list(Submission.objects.order_by("pk").values())
    knocker.client.cookies.load(knocker.cookies["liaison"])
    for path, resource in RESOURCES.items():
        knocker.client.get(address(ROOT + path, [world.keys[name] for name in resource.about]))

    assert list(Submission.objects.order_by("pk").values()) == before

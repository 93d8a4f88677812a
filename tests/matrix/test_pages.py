"""Every page and every person: who gets in, who is refused, and no page without a row."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from tests.matrix.doors import EVERYBODY, Door
from tests.matrix.knocking import Knocker, routes
from tests.matrix.table import PAGES
from tests.matrix.world import MISSING, World

LIBRARY = re.compile(r"accounts/(?!code/)|register/|api/")
SOME = ("liaison", "unplaced", "stranger")
"""They stand for all at doors that refuse nobody."""
NOT_TAKEN = ([405, 302], [405, 405])
CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


def paths() -> list[str]:
    """Return the paths of all pages that the project writes itself."""
    return sorted({path for _, path, _ in routes() if not LIBRARY.match(path)})


def address(path: str, values: list[Any]) -> str:
    """Return the address that the path becomes with these values."""
    left = iter(values)
    return "/" + CONVERTED.sub(lambda _: str(next(left)), path)


def typed(world: World) -> dict[str, str]:
    """Return a form that any step takes, as far as one can be filled in for all."""
    today, later = "2017-11-20", "2018-06-30"
    words = ("reason", "note", "answer", "narrative", "text", "progress", "words", "missing")
    days = ("approved_on", "given_on", "asked_on", "issued_on", "signed_on")
    return {
        **dict.fromkeys(words, "统一编码尚未下发"),
        **dict.fromkeys(days, today),
        **dict.fromkeys(("new_due_on", "answer_by", "redo_by"), later),
        **dict.fromkeys(("approved_by", "leader", "person", "name", "signed_by"), "刘××"),
        "expected_version": "1",
        "work_status": "in_progress",
        "decision": "noted",
        "evidence-TOTAL_FORMS": "0",
        "evidence-INITIAL_FORMS": "0",
        "number": "1",
        "choice": "make_up",
        "kind": "urge",
        "role": "support",
        "username": "newcomer",
        "phone": "0953-1",
        "email": "a@example.org",
        "department": str(world.office.pk),
        "addressed_to": str(world.bureau.pk),
        "milestone": str(world.keys["late"]),
        "year": str(world.keys["year"]),
        f"row-{world.keys['sheet_row']}-expected_version": "0",
    }


def nowhere(value: Any) -> Any:
    """Return something of the same kind that there is not."""
    return MISSING if isinstance(value, int) else "x"


class Round:
    """One walk past all doors."""

    def __init__(self, world: World, knocker: Knocker) -> None:
        self.world, self.knocker = world, knocker
        form = {"content_type": "application/x-www-form-urlencoded"}
        self.given: dict[str, dict[str, str]] = {
            "GET": {},
            "POST": form | {"data": urlencode(typed(world))},
        }

    def doors(self) -> Iterator[tuple[str, str, list[Any], Door | None]]:
        """Yield every verb at every page, with what fills the address."""
        for path, page in PAGES.items():
            values = [self.world.keys[name] for name in page.about]
            yield "GET", path, values, page.get
            yield "POST", path, values, page.post

    def answer(self, who: str, verb: str, path: str, values: list[Any]) -> int:
        return self.knocker.answer(who, verb, address(path, values), **self.given[verb])


def test_every_page_stands_in_the_table() -> None:
    assert paths() == sorted(PAGES)


def test_everybody_gets_the_answer_of_the_table(world: World, knocker: Knocker) -> None:
    walk = Round(world, knocker)
    found, told = {}, {}
    for verb, path, values, door in walk.doors():
        if door is None:
            continue
        for who in SOME if door.may == EVERYBODY else world.people:
            found[verb, path, who] = walk.answer(who, verb, path, values)
            told[verb, path, who] = door.answer_to(who)

    assert found == told


def test_a_verb_without_a_door_is_not_taken(world: World, knocker: Knocker) -> None:
    walk = Round(world, knocker)
    found = {
        (verb, path): [walk.answer(who, verb, path, values) for who in ("head", "stranger")]
        for verb, path, values, door in walk.doors()
        if door is None
    }

    assert {door: told for door, told in found.items() if told not in NOT_TAKEN} == {}


def test_what_is_missing_looks_like_what_is_hidden(world: World, knocker: Knocker) -> None:
    walk = Round(world, knocker)
    found = {
        (verb, path, who): walk.answer(who, verb, path, [nowhere(value) for value in values])
        for verb, path, values, door in walk.doors()
        for who in ("liaison", "coordinator")
        # Whoever is refused whatever the row learns nothing of it.
        if door and values and not (path.startswith("services/") and who not in door.may)
    }

    assert {door: told for door, told in found.items() if told != 404} == {}

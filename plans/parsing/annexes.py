"""What rows of an appended table say of a measure besides its own text, and where they differ."""

from collections.abc import Sequence
from typing import NamedTuple

from plans.parsing.days import FoundDeadline
from plans.parsing.items import Item
from plans.parsing.responsibility import FoundName
from plans.parsing.spans import Span

Named = tuple[Item, FoundName]
Timed = tuple[Item, FoundDeadline]


class Difference(NamedTuple):
    """What a measure says in its own text, and what a row of a table says instead."""

    what: str
    here: str
    there: str
    span: Span


def completing(own: Sequence[Named], told: Sequence[Named]) -> tuple[list[Named], list[Difference]]:
    """Return the names of rows that complete those of a measure with a lead, and where they differ.

    Rows without a mark of who leads say who takes part. Helpers and persons are taken over where
    the measure names none.
    """
    if not told:
        return [], []
    mine, theirs = _Roles(own), _Roles(told)
    added = [] if mine.persons else theirs.persons
    found: list[Difference] = []
    if not theirs.is_marked:
        found += _different("责任单位", [*mine.leads, *mine.helpers], theirs.leads)
        return added, found
    found += _different("牵头单位", mine.leads, theirs.leads)
    if mine.helpers:
        found += _different("配合单位", mine.helpers, theirs.helpers)
    elif not found:
        added = [*added, *(n for n in theirs.helpers if not _holds(mine.leads, n))]
    return added, found


def other_days(own: Sequence[Timed], told: Sequence[Timed]) -> list[Difference]:
    """Return where the days of rows are others than those of the measure's own text."""
    others = unsaid(own, told)
    if not own or not others:
        return []
    row, first = others[0]
    here, there = ("、".join(_words(*timed) for timed in days) for days in (own, others))
    return [Difference("完成时限", here, there, row.view.span(first.start, first.end))]


def unsaid(own: Sequence[Timed], told: Sequence[Timed]) -> list[Timed]:
    """Return the days of rows that the measure's own text does not say, each once."""
    said = {_day(found) for _, found in own}
    others: dict[object, Timed] = {}
    for timed in told:
        if _day(timed[1]) not in said:
            others.setdefault(_day(timed[1]), timed)
    return list(others.values())


class _Roles:
    """Names by what they do; those who share are helpers beside a marked lead."""

    def __init__(self, names: Sequence[Named]) -> None:
        self.persons = [n for n in names if n[1].kind == "person"]
        organs = [n for n in names if n[1].kind != "person"]
        self.is_marked = any(name.role != "share" for _, name in organs)
        led = any(name.role == "lead" for _, name in organs)
        first = "lead" if led else "share"
        self.leads = [n for n in organs if n[1].role == first]
        self.helpers = [n for n in organs if n[1].role != first]


def _different(what: str, here: Sequence[Named], there: Sequence[Named]) -> list[Difference]:
    """Return the difference between two lists of names, whatever their order."""
    missing = [n for n in there if not _holds(here, n)]
    if not there or (not missing and all(_holds(there, n) for n in here)):
        return []
    row, first = (missing or list(there))[0]
    return [Difference(what, _list(here), _list(there), row.view.span(first.start, first.end))]


def _holds(names: Sequence[Named], wanted: Named) -> bool:
    """Tell whether a name is among others, with or without the level it is of."""
    said = wanted[1].text
    return any(n.text.endswith(said) or said.endswith(n.text) for _, n in names)


def _list(names: Sequence[Named]) -> str:
    return "、".join(name.text for _, name in names)


def _day(found: FoundDeadline) -> object:
    return found.due or found.kind


def _words(owner: Item, found: FoundDeadline) -> str:
    return owner.view.text[found.start : found.end]

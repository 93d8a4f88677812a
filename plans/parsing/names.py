"""Names of organs and groups, recognised by their structure."""

from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from plans.parsing.clauses import clauses, sentences
from plans.parsing.lexicon.assigning import CHARGED, LEADING, NOT_A_NAME, NOTE
from plans.parsing.lexicon.names import (
    AND,
    GENERIC_END,
    GROUP,
    LEVEL,
    LISTED_APART,
    MINISTRY,
    ORGAN_END,
    OWNERS,
    STRICT_END,
)
from plans.parsing.spans import View

LONGEST_NAME = 32
KEPT_NAMES = 1024


class _Judged(NamedTuple):
    """What a short stretch can be, by its form."""

    is_name: bool
    is_organ: bool
    is_group: bool


@lru_cache(maxsize=KEPT_NAMES)
def _judged(stretch: str) -> _Judged:
    is_group = bool(GROUP.search(stretch))
    is_name = len(stretch) > 1 and not NOT_A_NAME.search(plain_words(stretch))
    return _Judged(
        is_name, is_name and (is_group or bool(ORGAN_END.search(_bare(stretch)))), is_group
    )


def is_organ(stretch: str) -> bool:
    """Tell whether a stretch looks like the name of an organ or group, by its last characters."""
    return len(stretch) <= LONGEST_NAME and _judged(stretch).is_organ


def plain_words(stretch: str) -> str:
    """Return a name without what it explains or quotes: 各市(含两县,下同)人民政府."""
    return NOTE.sub("", stretch) if "(" in stretch or "“" in stretch else stretch


def _bare(stretch: str) -> str:
    """Return a name without the bracket that closes it."""
    return stretch[: stretch.rindex("(")] if stretch.endswith(")") and "(" in stretch else stretch


def is_group(stretch: str) -> bool:
    """Tell whether a name means a set of units that is not counted out."""
    if len(stretch) > LONGEST_NAME:
        return bool(GROUP.search(stretch))
    return _judged(stretch).is_group


def is_name(stretch: str) -> bool:
    """Tell whether a stretch in an assigning list can be a name: short, without verb or day."""
    return len(stretch) <= LONGEST_NAME and _judged(stretch).is_name


def halves(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the names that 和, 及, 与 join; 和 inside a name joins no two organs."""
    at = start
    for stop, go_on in _joints(text, start, end):
        left, right = text[at:stop], text[go_on:end]
        if is_group(left) and not (
            is_group(right)
            or LEVEL.match(right)
            or (STRICT_END.search(right) and right not in OWNERS)
        ):
            continue
        if len(right) > 1 and is_organ(left) and is_organ(right.split("和")[0] or right):
            yield at, stop
            at = go_on
    yield at, end


def joined(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what 和, 及, 与 join, whatever it is."""
    at = start
    for stop, go_on in _joints(text, start, end):
        yield at, stop
        at = go_on
    yield at, end


def _joints(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where 和, 及, 与 and 以及 stand."""
    for match in AND.finditer(text, start, end):
        is_long = match.group() == "及" and text.startswith("以", match.start() - 1)
        yield match.start() - is_long, match.end()


def charged_organs(view: View, known: Container[str]) -> Iterator[tuple[int, int]]:
    """Yield the organs that a sentence without bracket charges: 区司法局、财政局要加强…

    Organs are told by their names; those `known` from brackets elsewhere are organs in any case.
    """
    text = view.text
    for sentence in sentences(text, 0, len(text)):
        for start, end in clauses(text, *sentence):
            charge = CHARGED.search(text, start, end)
            if charge is None:
                continue
            by = text.rfind("由", start, charge.start())
            names = [
                half
                for item in _plain_items(text, by + 1 if by >= 0 else start, charge.start())
                for half in halves(text, *item)
            ]
            if names and all(text[a:b] in known or is_named_organ(text[a:b]) for a, b in names):
                yield from (n for n in names if not is_group(text[slice(*n)]))


def _plain_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    leading = LEADING.match(text, start, end)
    at = leading.end() if leading else start
    for stop in (mark.start() for mark in LISTED_APART.finditer(text, at, end) if mark["apart"]):
        yield at, stop
        at = stop + 1
    yield at, end


def is_named_organ(stretch: str) -> bool:
    """Tell whether running text names an organ here: a level or owner before, an office after."""
    if not 2 < len(stretch) <= LONGEST_NAME or NOT_A_NAME.search(stretch):
        return False
    if is_group(stretch):
        return True
    if GENERIC_END.search(stretch) or not STRICT_END.search(stretch):
        return False
    return bool(LEVEL.match(stretch) or MINISTRY.fullmatch(stretch)) or stretch.startswith(OWNERS)

"""Canonical names, completed from the document alone.

A name is taken apart into level (区), owner (政府, 委) and core (法制办). Elided levels and owners
are filled in from fuller names of the same core; slips of level (厅 in a district) are mended only
where the document has the right name; short forms go to the one long form they abbreviate.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plans.parsing.lexicon.names import (
    BRANCH,
    INSERTED,
    LEVEL,
    LONG_ENDS,
    ORGAN_END,
    OTHER_PLACE,
    OWNERS,
    PARTY_ORGAN,
    PLACE,
    UNPREFIXED_ENDS,
    UNPREFIXED_STARTS,
)

LONGEST_HEAD = 600
GOVERNMENT = frozenset(("人民政府", "政府"))


class NameParts(NamedTuple):
    """A name taken apart; level and owner may be elided (empty)."""

    level: str
    owner: str
    core: str

    @property
    def whole(self) -> str:
        """Return the name put together again."""
        return self.level + self.owner + self.core


@dataclass(frozen=True, slots=True)
class Register:
    """What the document calls its organs: canonical name, and mended slip, by written name."""

    canonical: dict[str, str]
    slips: dict[str, str]

    def variants(self) -> dict[str, list[str]]:
        """Return the canonical names that are written in several ways, slips apart."""
        written: dict[str, list[str]] = defaultdict(list)
        for text, name in self.canonical.items():
            if text not in self.slips:
                written[name].append(text)
        return {name: texts for name, texts in written.items() if len(texts) > 1}


def take_apart(name: str, level: str) -> NameParts:
    """Return level, owner and core of a name; an organ that is all owner (区政府) has no core."""
    rest = name
    found = ""
    match = LEVEL.match(name)
    if match and match.group() == level and len(name) > len(level):
        found, rest = level, name[len(level) :]
    for owner in OWNERS:
        if owner == "委" and not found:
            continue
        if rest.startswith(owner) and len(rest) > len(owner):
            return NameParts(found, owner, rest[len(owner) :])
    return NameParts(found, "", rest)


def level_of(names: Iterable[str]) -> str:
    """Return the level (区, 省, 自治区) that most names begin with, if a quarter do; or nothing."""
    given = list(names)
    counted = Counter(m.group() for name in given if (m := LEVEL.match(name)) and len(name) > 2)
    if not counted:
        return ""
    level = min(counted, key=lambda level: (-counted[level], level))
    return level if counted[level] * 4 >= len(given) else ""


def place_of(text: str, level: str) -> str:
    """Return the place that the head of a text names (南江 of 南江市), or nothing."""
    found = re.search(PLACE + re.escape(level), text[:LONGEST_HEAD]) if level else None
    return found["place"] if found else ""


def read_register(names: Iterable[str], text: str = "") -> Register:
    """Return the canonical name of every name written in the document (given in its order).

    The head of its text says which place it is for.
    """
    counted = Counter(names)
    written = list(counted)
    level = level_of(name for name, count in counted.items() for _ in range(count))
    place = place_of(text, level)
    parts = {name: take_apart(name, level) for name in written}
    by_core: dict[str, list[NameParts]] = defaultdict(list)
    for part in parts.values():
        by_core[_core_key(part.core)].append(part)
    slips: dict[str, str] = {}
    canonical: dict[str, str] = {}
    for name in written:
        part = parts[name]
        mended = _mended(part, by_core)
        if mended is not None:
            slips[name] = mended.whole
            part = mended
        canonical[name] = _complete(name, part, by_core, level, place)
    return Register(_join_short_forms(canonical, level), slips)


def _core_key(core: str) -> str:
    for long, short in LONG_ENDS:
        if core.endswith(long) and len(core) >= len(long):
            return core[: -len(long)] + short
    return core


def _mended(part: NameParts, by_core: dict[str, list[NameParts]]) -> NameParts | None:
    """Return the right name for 厅 below the province, if the document has it."""
    if (
        not part.core.endswith("厅")
        or part.core.endswith("办公厅")
        or part.level in ("省", "自治区")
    ):
        return None
    right = part.core[:-1] + "局"
    return NameParts(part.level, part.owner, right) if right in by_core else None


def _complete(
    name: str, part: NameParts, by_core: dict[str, list[NameParts]], level: str, place: str
) -> str:
    """Fill in level and owner: from fuller names of the same core, else the level alone.

    A name that begins with the place of the plan is whole (南江海关 in 南江市).
    """
    if not level or name.startswith(UNPREFIXED_STARTS) or name.endswith(UNPREFIXED_ENDS):
        return name
    if BRANCH.search(name) or OTHER_PLACE.match(name):
        return name
    if (place and name.startswith(place)) or not ORGAN_END.search(part.core):
        return name
    if LEVEL.match(name) and not part.level and not part.owner:
        return name
    alike = by_core[_core_key(part.core)]
    owners = {p.owner for p in alike if p.owner and p.level}
    owner = part.owner
    if not owner and part.core not in OWNERS and len(owners) == 1:
        owner = next(iter(owners))
    if not owner and not part.level and PARTY_ORGAN.match(part.core):
        owner = "委"
    core = max((p.core for p in alike if p.owner in ("", owner)), key=len, default=part.core)
    if owner in GOVERNMENT:
        longer = {p.owner for p in alike if p.owner in GOVERNMENT}
        owner = max(longer, key=len, default=owner)
    return level + owner + core


def _join_short_forms(canonical: dict[str, str], level: str) -> dict[str, str]:
    """Point the short form of an office to its one long form in the document."""
    buckets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in dict.fromkeys(canonical.values()):
        part = take_apart(name, level)
        buckets[part.owner, part.core[:1]].append(name)
    longer: dict[str, str] = {}
    for names in buckets.values():
        if len(names) > 60:
            continue
        for short in names:
            fuller = [long for long in names if abbreviates(short, long)]
            if len(fuller) == 1:
                longer[short] = fuller[0]
    return {
        text: longer.get(longer.get(name, name), longer.get(name, name))
        for text, name in canonical.items()
    }


def abbreviates(short: str, long: str) -> bool:
    """Tell whether one name is the other with words left out inside.

    Either a generic word is missing (领导小组), or characters are picked from the words (发改委 of
    发展和改革委员会). One whole word at the front (农业局, 农业机械局) is another office.
    """
    if len(short) >= len(long) or short[0] != long[0]:
        return False
    front = 0
    while front < len(short) and short[front] == long[front]:
        front += 1
    back = 0
    while back < len(short) - front and short[-1 - back] == long[-1 - back]:
        back += 1
    if front + back == len(short):
        return bool(INSERTED.match(long[front : len(long) - back]))
    if _core_key(long)[-1] != _core_key(short)[-1]:
        return False
    core = _core_key(short)[:-1]
    if core in long or len(core) < 3:
        return False
    rest = iter(long)
    return all(char in rest for char in core)

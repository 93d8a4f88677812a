"""Who has to do it: brackets, label lines and closing sentences that assign a measure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plans.parsing.clauses import Places, Stretches, clauses, sentences
from plans.parsing.lexicon.assigning import (
    ASSIGNING,
    CLOSING_VERB,
    DAY_ALONE,
    FOLLOW,
    ITEM_NUMBER,
    LABEL,
    LABEL_PLACE,
    LEADING,
    STRAY,
    SUBJECT,
    TITLE_BEFORE,
    VERSION,
)
from plans.parsing.lexicon.names import GENERIC_END, ORGAN_END, PERSON_NAMED, SECTOR
from plans.parsing.lexicon.signs import BRACKET
from plans.parsing.lexicon.tables import CELL_NUMBER, CELL_ROLES
from plans.parsing.lexicon.time import DATE_START, ONGOING, SENTENCE_END
from plans.parsing.name_lists import (
    LEAD,
    PERSON,
    SHARE,
    SUPPORT,
    TIME,
    Reading,
    add_list,
    list_items,
    read_names,
)
from plans.parsing.names import is_group, is_named_organ, is_organ
from plans.parsing.plan import NameKind, Role, Verb
from plans.parsing.shapes import is_list_of_organs, is_list_of_people, is_time
from plans.parsing.spans import View

LONGEST_LIST = 300
BOUNDS = frozenset(("", *"。;\n)"))


class FoundName(NamedTuple):
    """A name as it stands in a view, with its role; `group` numbers the list it stood in."""

    text: str
    start: int
    end: int
    role: Role
    kind: NameKind
    group: int


class Assignment(NamedTuple):
    """A stretch of a view that assigns: with [start, end) inside its bracket, if it has one."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    names: tuple[FoundName, ...]
    verb: Verb | None
    closed: bool = True
    sure: bool = True
    stray: tuple[int, int] | None = None
    unread: tuple[int, int] | None = None
    is_running: bool = False


def find_assignments(view: View) -> list[Assignment]:
    """Return the assigning stretches of a leaf or heading, in order."""
    if not ASSIGNING.search(view.text) and not any(sign in view.text for sign in "(:"):
        return []
    found = [a for bracket in brackets(view.text) if (a := _bracket(view, *bracket))]
    inside = [(a.outer_start, a.outer_end) for a in found]
    found += _label_lines(view, inside)
    if not any(a.names and a.sure for a in found):
        found += [*_sentences(view, inside), *_subject(view)]
    if any(a.names and a.sure for a in found):
        found = [a for a in found if a.sure or not a.names]
    return sorted(found, key=lambda a: a.start)


def brackets(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the outermost brackets as (inner start, inner end, closed) in order.

    A bracket ends with its paragraph; of those that never close the last is told.
    """
    opened: list[int] = []
    closed: list[tuple[int, int]] = []
    marks = [(match.start(), match.group()) for match in BRACKET.finditer(text)]
    for at, char in (*marks, (len(text), "\n")):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            start = opened.pop()
            while closed and closed[-1][0] > start:
                closed.pop()
            closed.append((start, at))
        elif char == "\n":
            yield from ((start + 1, end, True) for start, end in closed)
            if opened and (not closed or closed[-1][0] < opened[-1]):
                yield opened[-1] + 1, at, False
            opened, closed = [], []


def _bracket(view: View, start: int, end: int, closed: bool) -> Assignment | None:
    text = view.text
    if end - start < 2 or end - start > 600:
        return None
    if not closed:
        while end > start and text[end - 1] in "。;,":
            end -= 1
    if _is_day(text, start, end):
        return Assignment(start, end, start - 1, end + closed, (), None, closed)
    rule = FOLLOW.search(text, start, end)
    reading = read_names(view, start, rule.start() if rule else end)
    at_end = end + 1 >= len(text) or text[end + 1] in "。;,\n)"
    outer = (start - 1, end + 1) if closed else (start - 1, end)
    if reading.misfits and (len(reading.misfits) >= len(reading.names) or not reading.is_explicit):
        return None
    if not reading.names:
        if reading.is_time_read:
            return assignment_of(view, (start, end), outer, reading, closed=closed)
        return None
    strict = _is_strict([text[s:e] for s, e, _, _ in reading.names])
    if not reading.is_explicit and not (at_end and strict):
        return None
    return assignment_of(view, (start, end), outer, reading, closed=closed)


def _is_strict(names: list[str]) -> bool:
    """Tell whether names are all of organs, or of leaders beside them."""
    if all(PERSON_NAMED.search(name) for name in names):
        return False
    return all(is_organ(name) or PERSON_NAMED.search(name) for name in names)


def _is_day(text: str, start: int, end: int) -> bool:
    """Tell whether a bracket says nothing but when, not which version or years a paper is of."""
    if ONGOING.fullmatch(text, start, end):
        return True
    if end - start >= 40 or not DAY_ALONE.fullmatch(text, start, end):
        return False
    if not DATE_START.search(text, start, end):
        return False
    is_titled = VERSION.match(text, start, end) and TITLE_BEFORE.search(text, start - 13, start - 1)
    return not is_titled


def _label_lines(view: View, inside: list[tuple[int, int]]) -> Iterator[Assignment]:
    """Yield the runs of label lines (牵头单位:…) outside brackets."""
    text = view.text
    at, taken = 0, Stretches(inside)
    for place in (0, *(mark.end() for mark in LABEL_PLACE.finditer(text))):
        if place < at or taken.hold(place):
            continue
        label = _label_at(view, place)
        if label is None:
            continue
        end = _value_end(view, label)
        while following := _label_at(view, end + 1 + text.startswith("。\n", end)):
            end = _value_end(view, following)
        reading = read_names(view, place, end)
        if reading.names or reading.is_time_read:
            yield assignment_of(view, (place, end), (place, end), reading, closed=True)
        at = max(end, label.end())


def _label_at(view: View, place: int) -> "re.Match[str] | None":
    """Return the label that stands at a place, if it is followed by what it labels."""
    text = view.text
    number = None if text[place : place + 1].isalpha() else ITEM_NUMBER.match(text, place)
    place = number.end() if number else place
    label = LABEL.match(text, place + 1 if text.startswith("(", place) else place)
    return label if label and _opens(view, label) else None


def _opens(view: View, label: "re.Match[str]") -> bool:
    """Tell whether a label is followed by what it labels: a colon, a gap, or a line of its own."""
    text, end = view.text, label.end()
    if label["colon"]:
        return label["colon"] == ":"
    if text.startswith("\n", end):
        stop = text.find("\n", end + 1)
        value = text[end + 1 : stop if stop >= 0 else end + LONGEST_LIST]
        return (
            is_time(value)
            or is_list_of_organs(value)
            or (bool(label["person"]) and is_list_of_people(value))
        )
    return view.has_break(end)


def _value_end(view: View, label: "re.Match[str]") -> int:
    text = view.text
    at = label.end() + (1 if text.startswith("\n", label.end()) else 0)
    stop = SENTENCE_END.search(text, at)
    return stop.start() if stop else len(text)


def _sentences(view: View, inside: list[tuple[int, int]]) -> Iterator[Assignment]:
    """Yield runs of clauses that say nothing but who leads and who helps."""
    text = view.text
    taken = Places(iter(inside))
    for start, end in sentences(text, 0, len(text)):
        if not CLOSING_VERB.search(text, start, end):
            continue
        run: tuple[int, int] | None = None
        named: int | None = None
        for clause in (*clauses(text, start, end), None):
            fits = (
                clause is not None
                and clause[1] - clause[0] < LONGEST_LIST
                and bool(CLOSING_VERB.search(text, *clause))
                and not taken.hold(clause[0])
                and _only_assigns(view, *clause)
            )
            if fits and clause is not None:
                first = clause[0] if named is None else named
                run = (run[0] if run else first, clause[1])
            elif run:
                yield from _run(view, *run)
                run = None
            if fits or clause is None or not _only_names(text, *clause):
                named = None
            elif named is None:
                named = clause[0]


def _subject(view: View) -> Iterator[Assignment]:
    """Yield the organs that an item or sentence begins with, before a colon: 县住建局:负责…."""
    if ":" not in view.text:
        return
    for match in SUBJECT.finditer(view.text):
        start, end = match.span("who")
        who = match["who"]
        is_sector = bool(SECTOR.fullmatch(who.removesuffix("部门")))
        is_cut = who.count("(") != who.count(")")
        if is_cut or LABEL.fullmatch(who) or not (is_sector or is_list_of_organs(who)):
            continue
        reading = read_names(view, start, end)
        reading.is_explicit = bool(match["told"]) and start == 0
        names = (view.text[a:b] for a, b, _, _ in reading.names)
        if reading.is_explicit or is_sector or all(is_named_organ(name) for name in names):
            found = assignment_of(view, (start, end), (start, end + 1), reading, closed=True)
            yield found._replace(is_running=True)


def _only_names(text: str, start: int, end: int) -> bool:
    """Tell whether a clause is a list of organs that the next clause goes on: 由A、B,C负责."""
    if end - start > LONGEST_LIST:
        return False
    leading = LEADING.match(text, start, end)
    return leading is not None and is_list_of_organs(text[leading.end() : end])


def _only_assigns(view: View, start: int, end: int) -> bool:
    """Tell whether a clause consists of names of organs and what they do: 由A牵头."""
    stop = end - 1 if view.text[end - 1] == ")" and "(" not in view.text[start:end] else end
    reading = read_names(view, start, stop)
    names = [view.text[s:e] for s, e, _, _ in reading.names]
    return (
        reading.is_explicit
        and not reading.misfits
        and bool(names)
        and all(is_organ(name) for name in names)
        and not all(GENERIC_END.search(name) and not is_group(name) for name in names)
    )


def _run(view: View, start: int, end: int) -> Iterator[Assignment]:
    text = view.text
    stop = end - 1 if text[end - 1] == ")" and "(" not in text[start:end] else end
    reading = read_names(view, start, stop)
    roles = {role for _, _, role, _ in reading.names}
    is_whole = text[start - 1 : start] in BOUNDS and text[end : end + 1] in BOUNDS
    is_plain = is_whole and (SUPPORT in roles or text.startswith("由", start))
    if LEAD in roles or "职责" in text[start:end] or is_plain:
        found = assignment_of(view, (start, stop), (start, end), reading, closed=stop == end)
        yield found._replace(is_running=True)


def assign_cells(view: View, cells: list[tuple[str, int, int]]) -> list[Assignment]:
    """Return what the cells of a table row assign: (role, start, end), days apart."""
    reading = Reading(is_explicit=True, has_labels=True)
    named = [cell for cell in cells if cell[0] != TIME]
    for role, start, end in named:
        if role == PERSON or not _read_roles(view, role, start, end, reading):
            _read_list(view, role, start, end, reading)
    found = [
        Assignment(start, end, start, end, (), None) for role, start, end in cells if role == TIME
    ]
    if reading.names:
        span = (min(cell[1] for cell in named), max(cell[2] for cell in named))
        found.append(assignment_of(view, span, span, reading, closed=True))
    return sorted(found, key=lambda assignment: assignment.start)


def _read_list(view: View, role: str, start: int, end: int, reading: Reading) -> None:
    """Take the names of a cell that does what the head of its column says."""
    reading.mode = role
    for item_start, item_end in list_items(view, start, end, by_space=True):
        number = CELL_NUMBER.match(view.text, item_start, item_end)
        for piece in _slashed(view.text, number.end() if number else item_start, item_end):
            add_list(view.text, *piece, reading)
    reading.flush(role)


def _slashed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the names between strokes (县审计局/县发改局), or the whole where they part none."""
    pieces: list[tuple[int, int]] = []
    for piece in text[start:end].split("/"):
        pieces.append((start, start + len(piece)))
        start += len(piece) + 1
    return pieces if all(is_organ(text[a:b]) for a, b in pieces) else [(pieces[0][0], end)]


def _read_roles(view: View, role: str, start: int, end: int, reading: Reading) -> bool:
    """Take the names of a cell that says itself who leads and who helps; tell whether it does."""
    if not CELL_ROLES.search(view.text, start, end):
        return False
    own = read_names(view, start, end)
    if not own.names or not own.is_explicit or own.misfits:
        return False
    for name_start, name_end, does, group in own.names:
        given = role if role == SUPPORT or (role == LEAD and does == SHARE) else does
        reading.names.append((name_start, name_end, given, reading.group + group))
    reading.group += own.group + 1
    return True


def assignment_of(
    view: View,
    inner: tuple[int, int],
    outer: tuple[int, int],
    reading: Reading,
    *,
    closed: bool,
) -> Assignment:
    """Return what was read of a stretch, with the role of every name settled."""
    text = view.text
    has_lead = any(role == LEAD for _, _, role, _ in reading.names)
    verbs = {role for _, _, role, _ in reading.names}
    names: list[FoundName] = []
    seen: set[str] = set()
    shared = sum(
        role == SHARE and not PERSON_NAMED.search(text[start:end])
        for start, end, role, _ in reading.names
    )
    for start, end, role, group in reading.names:
        name = text[start:end]
        if name in seen:
            continue
        seen.add(name)
        kind: NameKind = "group" if is_group(name) else "department"
        given: Role = "support" if role == SUPPORT else "share"
        if role == PERSON or (PERSON_NAMED.search(name) and not ORGAN_END.search(name)):
            kind, given = "person", "lead"
        elif role == LEAD or (role == SHARE and not has_lead and shared == 1):
            given = "lead"
        names.append(FoundName(name, start, end, given, kind, group))
    verb: Verb | None = "配合" if SUPPORT in verbs else "负责" if SHARE in verbs else None
    stray = STRAY.search(text, *inner)
    unread = reading.misfits[0] if reading.misfits else None
    return Assignment(
        *inner,
        *outer,
        tuple(names),
        verb,
        closed,
        reading.is_explicit,
        stray.span() if stray else None,
        unread,
    )

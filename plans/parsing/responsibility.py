"""Who has to do it: brackets, label lines and closing sentences that assign a measure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.parsing.clauses import Places, clauses, sentences
from plans.parsing.lexicon.assigning import (
    ANY_VERB,
    ASSIGNING,
    CLOSING_VERB,
    FOLLOW,
    LABEL,
    LABEL_START,
    LEADING,
    LEADS_NOTE,
    NOT_A_NAME,
    PRIMARY_VERB,
    TOGETHER,
    VERB,
    VERB_NOTE,
)
from plans.parsing.lexicon.names import ET_CETERA, GENERIC_END, OPEN_GROUP, ORGAN_END
from plans.parsing.lexicon.signs import BRACKET
from plans.parsing.lexicon.time import DATE_START, ONGOING, SENTENCE_END
from plans.parsing.names import halves, is_group, is_name, is_organ, joined, plain_words
from plans.parsing.plan import NameKind, Role, Verb
from plans.parsing.spans import View

LONGEST_LIST = 300
SEPARATORS = frozenset(",;、。\n")
LEAD, SHARE, SUPPORT, PERSON, TIME = "lead", "share", "support", "person", "time"


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name as it stands in a view, with its role; `group` numbers the list it stood in."""

    text: str
    start: int
    end: int
    role: Role
    kind: NameKind
    group: int


@dataclass(frozen=True, slots=True)
class Assignment:
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


@dataclass(slots=True)
class Reading:
    """What has been read of one assigning stretch so far."""

    names: list[tuple[int, int, str, int]] = field(default_factory=list)
    pending: list[tuple[int, int]] = field(default_factory=list)
    mode: str | None = None
    group: int = 0
    is_explicit: bool = False
    has_labels: bool = False
    is_time_read: bool = False
    misfits: list[tuple[int, int]] = field(default_factory=list)
    others: list[tuple[int, int]] = field(default_factory=list)

    def flush(self, role: str | None) -> None:
        """Give the waiting names their role."""
        if role not in (None, TIME):
            self.names += [(start, end, str(role), self.group) for start, end in self.pending]
        self.pending = []
        self.group += 1


def find_assignments(view: View) -> list[Assignment]:
    """Return the assigning stretches of a leaf or heading, in order."""
    if not ASSIGNING.search(view.text) and "(" not in view.text:
        return []
    found = [a for bracket in brackets(view.text) if (a := _bracket(view, *bracket))]
    inside = [(a.outer_start, a.outer_end) for a in found]
    found += _label_lines(view, inside)
    if not any(a.names and a.sure for a in found):
        found += list(_sentences(view, inside))
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
    rule = FOLLOW.search(text, start, end)
    reading = read_names(view, start, rule.start() if rule else end)
    at_end = end + 1 >= len(text) or text[end + 1] in "。;,\n)"
    outer = (start - 1, end + 1) if closed else (start - 1, end)
    if reading.misfits and (len(reading.misfits) >= len(reading.names) or not reading.is_explicit):
        return None
    if not reading.names:
        if reading.is_time_read or (end - start < 40 and DATE_START.search(text, start, end)):
            return assignment_of(view, (start, end), outer, reading, closed=closed)
        return None
    strict = all(is_organ(text[s:e]) for s, e, _, _ in reading.names)
    if not reading.is_explicit and not (at_end and strict):
        return None
    return assignment_of(view, (start, end), outer, reading, closed=closed)


def _label_lines(view: View, inside: list[tuple[int, int]]) -> Iterator[Assignment]:
    """Yield the runs of label lines (牵头单位:…) outside brackets."""
    text = view.text
    at = 0
    while match := LABEL_START.search(text, at):
        start = match.start()
        if any(a <= start < b for a, b in inside):
            at = match.end()
            continue
        end = match.end()
        while True:
            stop = SENTENCE_END.search(text, end)
            end = stop.start() if stop else len(text)
            following = LABEL_START.match(text, end + 1) if stop else None
            if following is None:
                break
            end = following.end()
        reading = read_names(view, start, end)
        if reading.names or reading.is_time_read:
            yield assignment_of(view, (start, end), (start, end), reading, closed=True)
        at = max(end, match.end())


def _sentences(view: View, inside: list[tuple[int, int]]) -> Iterator[Assignment]:
    """Yield runs of clauses that say nothing but who leads and who helps."""
    text = view.text
    taken = Places(iter(inside))
    for start, end in sentences(text, 0, len(text)):
        run: tuple[int, int] | None = None
        for clause in (*clauses(text, start, end), None):
            fits = (
                clause is not None
                and clause[1] - clause[0] < LONGEST_LIST
                and bool(CLOSING_VERB.search(text, *clause))
                and not taken.hold(clause[0])
                and _only_assigns(view, *clause)
            )
            if fits and clause is not None:
                run = (run[0] if run else clause[0], clause[1])
            elif run:
                yield from _run(view, *run)
                run = None


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
    if LEAD in roles or "职责" in text[start:end]:
        yield assignment_of(view, (start, stop), (start, end), reading, closed=stop == end)


def read_names(view: View, start: int, end: int) -> Reading:
    """Read the lists of names, labels and verbs in a stretch of a view."""
    reading = Reading()
    for item_start, item_end in _items(view, start, end):
        _read_item(view.text, item_start, item_end, reading)
    if reading.mode is not None:
        reading.flush(reading.mode)
    elif any(role in (LEAD, SHARE) for _, _, role, _ in reading.names):
        reading.flush(SUPPORT)
    elif not reading.names:
        reading.flush(SHARE)
    for note in reading.others:
        inner = read_names(view, *note)
        reading.names += inner.names
        reading.misfits += inner.misfits
    return reading


def _items(
    view: View, start: int, end: int, *, by_space: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield what stands between separators outside brackets, and between names parted by space."""
    text, depth, at = view.text, 0, start
    has_labels = by_space or ":" in text[start:end]
    for index in range(start, end):
        char = text[index]
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif char in SEPARATORS:
            yield at, index
            at = index + 1
        elif (
            has_labels
            and index in view.breaks
            and index > at
            and (ORGAN_END.search(text, at, index) or LABEL.match(text, index, end))
        ):
            yield at, index
            at = index
    yield at, end


def assign_cells(view: View, cells: list[tuple[str, int, int]]) -> list[Assignment]:
    """Return what the cells of a table row assign: (role, start, end), days apart."""
    reading = Reading(is_explicit=True, has_labels=True)
    named = [cell for cell in cells if cell[0] != TIME]
    for role, start, end in named:
        reading.mode = role
        for item in _items(view, start, end, by_space=True):
            _add_list(view.text, *item, reading)
        reading.flush(role)
    found = [
        Assignment(start, end, start, end, (), None) for role, start, end in cells if role == TIME
    ]
    if reading.names:
        span = (min(cell[1] for cell in named), max(cell[2] for cell in named))
        found.append(assignment_of(view, span, span, reading, closed=True))
    return sorted(found, key=lambda assignment: assignment.start)


def _read_item(text: str, start: int, end: int, reading: Reading) -> None:
    while start < end and text[start] in ":( ":
        start += 1
    start = _read_label(text, start, end, reading)
    if reading.mode == TIME or start >= end or ONGOING.match(text, start, end):
        return
    for match in VERB.finditer(text, start, end) if ANY_VERB.search(text, start, end) else ():
        role = next(k for k in (LEAD, SHARE, SUPPORT) if match[k])
        if match.end() < end and not PRIMARY_VERB.search(match.group()):
            continue
        if reading.has_labels and match.end() < end:
            continue
        _add_names(text, start, match.start(), reading)
        if reading.pending or reading.names:
            reading.is_explicit = True
        if reading.mode is None or not reading.has_labels:
            reading.flush(SUPPORT if reading.mode == SUPPORT else role)
            reading.mode = None
        start = match.end()
    if start < end:
        _add_names(text, start, end, reading)


def _read_label(text: str, start: int, end: int, reading: Reading) -> int:
    """Let a label at the start of an item open its list; return where the list begins."""
    label = LABEL.match(text, start, end)
    if label is None:
        return start
    kind = next(k for k in (PERSON, LEAD, SHARE, SUPPORT, TIME) if label[k])
    is_bare = not label["colon"]
    if is_bare and (kind in (PERSON, TIME) or label.end() == end):
        return start
    if is_bare and VERB.match(text, label.end(), end):
        return start
    reading.flush(reading.mode)
    reading.mode = kind
    reading.has_labels = True
    reading.is_explicit |= kind != TIME
    reading.is_time_read |= kind == TIME
    return label.end()


def _add_names(text: str, start: int, end: int, reading: Reading) -> None:
    """Take the names of one item; 会同 and 商 make those before it lead, those after it help."""
    together = TOGETHER.search(text, start + 2, end) if end - start > 4 else None
    if together and not reading.has_labels and is_organ(text[start : together.start()]):
        _add_list(text, start, together.start(), reading)
        reading.flush(LEAD)
        reading.is_explicit = True
        reading.mode = SUPPORT
        start = together.end()
    _add_list(text, start, end, reading)


def _add_list(text: str, start: int, end: int, reading: Reading) -> None:
    leading = LEADING.match(text, start, end)
    if leading:
        start = leading.end()
    tail = ET_CETERA.search(text, start, end)
    groups: list[tuple[int, int]] = []
    if tail:
        groups = [g for g in joined(text, *tail.span("group")) if OPEN_GROUP.match(text, *g)]
        end = tail.start()
    for name_start, name_end in halves(text, start, end):
        stretch = text[name_start:name_end]
        if not stretch:
            continue
        if marked := LEADS_NOTE.search(stretch):
            role = SUPPORT if marked["support"] else LEAD
            reading.names.append((name_start, name_end - len(marked.group()), role, reading.group))
            reading.is_explicit = True
        elif said := VERB_NOTE.search(stretch):
            note = name_start + said.start()
            reading.pending.append((name_start, note))
            reading.others.append((note + 1, name_end - 1))
        elif stretch in BARE_UNITS and _goes_on(text, name_start, reading):
            reading.pending[-1] = (reading.pending[-1][0], name_end)
        elif reading.mode == PERSON or is_name(stretch):
            reading.pending.append((name_start, name_end))
        elif not NOT_A_NAME.search(plain_words(stretch)) or not any(c.isdigit() for c in stretch):
            reading.misfits.append((name_start, name_end))
    reading.pending += groups


def _goes_on(text: str, start: int, reading: Reading) -> bool:
    """Tell whether the last waiting name is a group that a bare noun goes on: 各部门、单位."""
    if not reading.pending:
        return False
    before = reading.pending[-1]
    return before[1] == start - 1 and is_group(text[before[0] : before[1]])


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
    shared = sum(role == SHARE for _, _, role, _ in reading.names)
    for start, end, role, group in reading.names:
        name = text[start:end]
        if name in seen:
            continue
        seen.add(name)
        kind: NameKind = "group" if is_group(name) else "department"
        given: Role = "support" if role == SUPPORT else "share"
        if role == PERSON:
            kind, given = "person", "lead"
        elif role == LEAD or (role == SHARE and not has_lead and shared == 1):
            given = "lead"
        names.append(FoundName(name, start, end, given, kind, group))
    verb: Verb | None = "配合" if SUPPORT in verbs else "负责" if SHARE in verbs else None
    stray = next(
        ((at, at + 2) for at in range(inner[0], inner[1] - 1) if text[at : at + 2] in STRAYS), None
    )
    unread = reading.misfits[0] if reading.misfits else None
    return Assignment(
        *inner, *outer, tuple(names), verb, closed, reading.is_explicit, stray, unread
    )


BARE_UNITS = frozenset(("单位", "部门", "机构", "企业"))
STRAYS = frozenset((",、", "、,", "、、", ",,", ";、", "、;"))

"""Lists of names in a stretch that assigns: labels, verbs and separators give the roles."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.parsing.lexicon.assigning import (
    CONTACT,
    FIRST_LEADS,
    ITEM_NUMBER,
    LABEL,
    LEADING,
    LEADS_NOTE,
    NOT_A_NAME,
    PRIMARY_VERB,
    SAME_AS_ABOVE,
    TOGETHER,
    VERB,
    VERB_NOTE,
)
from plans.parsing.lexicon.names import (
    AND,
    ET_CETERA,
    LEVELS,
    LEVELS_ON,
    OPEN_GROUP,
    ORGAN_END,
    OWNERS,
    TITLED,
    TITLES_ON,
)
from plans.parsing.lexicon.signs import LIST_SIGNS
from plans.parsing.lexicon.time import ONGOING
from plans.parsing.names import halves, is_group, is_name, is_organ, joined, plain_words
from plans.parsing.spans import View

SEPARATORS = frozenset(",;、。\n")
LEAD, SHARE, SUPPORT, PERSON, TIME = "lead", "share", "support", "person", "time"
BARE_UNITS = frozenset(("单位", "部门", "机构", "企业"))


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
    is_joint: bool = False
    misfits: list[tuple[int, int]] = field(default_factory=list)
    others: list[tuple[int, int]] = field(default_factory=list)

    def flush(self, role: str | None) -> None:
        """Give the waiting names their role."""
        if role not in (None, TIME):
            self.names += [(start, end, str(role), self.group) for start, end in self.pending]
        self.pending = []
        self.group += 1


def read_names(view: View, start: int, end: int) -> Reading:
    """Read the lists of names, labels and verbs in a stretch of a view."""
    reading = Reading()
    for item_start, item_end in list_items(view, start, end):
        if FIRST_LEADS.search(view.text, item_start, item_end):
            reading.is_explicit |= bool(reading.pending)
        else:
            _read_item(view, item_start, item_end, reading)
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


def list_items(
    view: View, start: int, end: int, *, by_space: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield what stands between separators outside brackets, and between names parted by space."""
    text, depth, at = view.text, 0, start
    last_quote = text.rfind("”", start, end)
    has_labels = by_space or ":" in text[start:end] or bool(LABEL.match(text, start, end))
    are_people = False
    signs = [sign.start() for sign in LIST_SIGNS.finditer(text, start, end)]
    if has_labels:
        signs = sorted({*signs, *view.breaks_in(start, end)})
    for index in signs:
        char = text[index]
        if char == "(" or (char == "“" and index < last_quote):
            depth += 1
        elif char in ")”":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif char in SEPARATORS:
            yield at, index
            at = index + 1
        elif index > at and view.has_break(index):
            label = LABEL.match(text, at, index)
            are_people = bool(label["person"]) if label else are_people
            begin = label.end() if label else at
            is_person = (
                are_people
                and 1 < index - begin < 5
                and not (TITLED.search(text, begin, index) or TITLES_ON.match(text, index, end))
            )
            if is_person or ORGAN_END.search(text, at, index) or LABEL.match(text, index, end):
                yield at, index
                at = index
    yield at, end


def _read_item(view: View, start: int, end: int, reading: Reading) -> None:
    text = view.text
    while start < end and text[start] in ":( ":
        start += 1
    number = None if text[start : start + 1].isalpha() else ITEM_NUMBER.match(text, start, end)
    if number and LABEL.match(text, number.end(), end):
        start = number.end()
    start = _read_label(view, start, end, reading)
    if reading.mode == TIME or start >= end or ONGOING.match(text, start, end):
        return
    for match in VERB.finditer(text, start, end):
        role = str(match.lastgroup)
        if match.end() < end and not PRIMARY_VERB.search(match.group()):
            continue
        is_noted = text.startswith(")", match.end())
        if reading.has_labels and match.end() < end and (is_noted or reading.mode != SHARE):
            continue
        _add_names(text, start, match.start(), reading)
        if reading.pending or reading.names:
            reading.is_explicit = True
        if reading.mode in (None, SHARE) or not reading.has_labels:
            helps = reading.mode == SUPPORT and not (reading.is_joint and role == SHARE)
            reading.flush(SUPPORT if helps else role)
            reading.mode = SHARE if reading.mode == SHARE and reading.has_labels else None
        start = match.end()
    if start < end:
        _add_names(text, start, end, reading)


def _read_label(view: View, start: int, end: int, reading: Reading) -> int:
    """Let a label at the start of an item open its list; return where the list begins."""
    text = view.text
    label = LABEL.match(text, start, end)
    if label is None:
        return start
    kind = next(k for k in (PERSON, LEAD, SHARE, SUPPORT, TIME) if label[k])
    is_alone = label.end() == end and text[end : end + 1] == "\n"
    is_bare = not label["colon"] and not is_alone and not view.has_break(label.end())
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
        add_list(text, start, together.start(), reading)
        reading.flush(LEAD)
        reading.is_explicit = True
        reading.mode = SUPPORT
        reading.is_joint = True
        start = together.end()
    add_list(text, start, end, reading)


def add_list(text: str, start: int, end: int, reading: Reading) -> None:
    leading = LEADING.match(text, start, end)
    if leading:
        start = leading.end()
    tail = ET_CETERA.search(text, start, end) if text.find("等", start, end) >= 0 else None
    groups: list[tuple[int, int]] = []
    if tail:
        groups = [g for g in joined(text, *tail.span("group")) if OPEN_GROUP.match(text, *g)]
        end = tail.start()
    parted = halves(text, start, end) if AND.search(text, start, end) else ((start, end),)
    for name_start, name_end in parted:
        stretch = text[name_start:name_end]
        if not stretch.strip("/-") or stretch == "无" or SAME_AS_ABOVE.fullmatch(stretch):
            continue
        _add_name(text, name_start, name_end, reading)
    reading.pending += groups


def _add_name(text: str, start: int, end: int, reading: Reading) -> None:
    """Take one stretch as a name, or what it is instead."""
    stretch = text[start:end]
    is_noted = stretch.endswith(")")
    if is_noted and (marked := LEADS_NOTE.search(stretch)):
        role = SUPPORT if marked["support"] else LEAD
        reading.names.append((start, end - len(marked.group()), role, reading.group))
        reading.is_explicit = True
    elif is_noted and (said := VERB_NOTE.search(stretch)):
        note = start + said.start()
        reading.pending.append((start, note))
        reading.others.append((note + 1, end - 1))
    elif _goes_on(text, start, end, reading):
        reading.pending[-1] = (reading.pending[-1][0], end)
    elif CONTACT.match(stretch):
        reading.mode, reading.has_labels = TIME, True
    elif ":" in plain_words(stretch):
        reading.misfits.append((start, end))
    elif reading.mode == PERSON or is_name(stretch):
        reading.pending.append((start, end))
    elif not NOT_A_NAME.search(plain_words(stretch)) or not any(c.isdigit() for c in stretch):
        reading.misfits.append((start, end))


def _goes_on(text: str, start: int, end: int, reading: Reading) -> bool:
    """Tell whether a name goes on the group before it: 各部门、单位, 各市、州人民政府."""
    if not reading.pending or reading.pending[-1][1] != start - 1:
        return False
    before = text[slice(*reading.pending[-1])]
    if text[start:end] in BARE_UNITS:
        return is_group(before)
    if text[start:end] in OWNERS:
        return before.endswith(("党委", "党工委", "党组"))
    return bool(LEVELS_ON.match(text, start, end) and LEVELS.fullmatch(before))

"""新旧文本对照: what became of every measure from the former edition to this one."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from plans.cadence import cadence_words
from plans.choices import (
    ChangeKind,
    DeadlineKind,
    DoubtCode,
    MetricOperator,
    ResponsibilityRole,
)
from plans.matching import Item, match, pieces, plain
from plans.models import Correction, Doubt, Edition, Measure, Metric
from plans.typography import full_width
from plans.wordiff import Run, runs

NUMBERING = re.compile(r"^\s*[(（]?[\d一二三四五六七八九十]+\s*[)）、.．]+\s*")
ABSENT = "无"
TITLE = "标题"
UNITS = "责任单位"
TO_CHECK = (ChangeKind.CHANGED, ChangeKind.NEW, ChangeKind.SPLIT, ChangeKind.MERGED)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something read from a measure that differs, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What became of a measure: of several when they were merged, or into several when split."""

    kind: ChangeKind
    befores: tuple[Measure, ...]
    afters: tuple[Measure, ...]
    is_moved: bool = False
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def before(self) -> Measure | None:
        """The former measure whose work goes on."""
        return self.befores[0] if self.befores else None

    @property
    def after(self) -> Measure | None:
        """The measure in which the work goes on."""
        return self.afters[0] if self.afters else None

    @property
    def label(self) -> str:
        """What became of it, in words."""
        also = self.is_moved and self.kind != ChangeKind.MOVED
        return f"{self.kind.label}，并移动" if also else str(self.kind.label)

    @cached_property
    def runs(self) -> list[Run]:
        """Both wordings as one text, word by word."""
        return runs(*("\n".join(row.text for row in rows) for rows in (self.befores, self.afters)))

    @property
    def to_check(self) -> list[Measure]:
        """The measures that want a person's eye and have not had it."""
        is_asked = self.kind in TO_CHECK
        return [row for row in self.afters if is_asked and row.checked_at is None]


@dataclass(frozen=True, slots=True)
class Count:
    """How many changes of a kind there are, and how many measures of each text they cover."""

    kind: ChangeKind
    changes: int
    before: int
    after: int


@dataclass(frozen=True)
class Comparison:
    """Two editions side by side: every measure of either is in exactly one change."""

    changes: list[Change]
    others: list[tuple[str, list[Run]]]

    @property
    def counts(self) -> list[Count]:
        """The changes by kind, in the order of the kinds."""
        return [
            Count(
                kind,
                len(rows),
                sum(len(row.befores) for row in rows),
                sum(len(row.afters) for row in rows),
            )
            for kind in ChangeKind
            for rows in [[row for row in self.changes if row.kind == kind]]
        ]

    @property
    def changed(self) -> list[Change]:
        """What is not as it was, new numbers aside."""
        quiet = (ChangeKind.SAME, ChangeKind.RENUMBERED)
        return [row for row in self.changes if row.kind not in quiet]

    @property
    def to_check(self) -> list[Measure]:
        """The measures that want a person's eye and have not had it."""
        return [measure for row in self.changes for measure in row.to_check]


def item_of(measure: Measure) -> Item:
    """Return what tells a measure from others; who carries it out may change."""
    text = measure.text.replace(measure.bracket, "") if measure.bracket else measure.text
    number = f"{measure.number}.{measure.sub_number}"
    part = plain(measure.part.title) if measure.part else ""
    return Item(measure.pk, number, measure.title, text, part)


def facts_between(before: Measure, after: Measure) -> tuple[Fact, ...]:
    """Return what was read differently; both need with_reading()."""
    pairs = ((label, say(before), say(after)) for label, say in SAID.items())
    return tuple(Fact(label, old, new) for label, old, new in pairs if plain(old) != plain(new))


def is_as_before(before: Measure, after: Measure) -> bool:
    """Whether text and reading are the same; both need with_reading()."""
    return plain(before.text) == plain(after.text) and not facts_between(before, after)


def _title(measure: Measure) -> str:
    return full_width(measure.title)


def _days(measure: Measure) -> str:
    said = [
        f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日"
        if row.due_on
        else str(DeadlineKind(row.kind).label)
        for row in measure.deadlines.all()
    ]
    return "、".join(said) or ABSENT


def _units(measure: Measure) -> str:
    said = [
        f"{row.department.name if row.department else row.canonical}"
        f"（{ResponsibilityRole(row.role).label}）"
        for row in measure.responsibilities.all()
    ]
    return "、".join(said) or ABSENT


def _recurrences(measure: Measure) -> str:
    said = [
        f"{cadence_words(row.frequency, row.due_in_period)}{f'{row.times}次' if row.times else ''}"
        for row in measure.recurrences.all()
    ]
    return "、".join(said) or ABSENT


def target(metric: Metric) -> str:
    """Return a target in words: 覆盖率 不低于 90%."""
    figures = (f"{value:f}" for value in (metric.value, metric.high) if value is not None)
    said = "至".join(row.rstrip("0").rstrip(".") if "." in row else row for row in figures)
    return f"{metric.name}{MetricOperator(metric.operator).label}{said}{metric.unit}"


def _targets(measure: Measure) -> str:
    return "；".join(target(row) for row in measure.metrics.all()) or ABSENT


SAID = {
    TITLE: _title,
    "完成时限": _days,
    "周期要求": _recurrences,
    UNITS: _units,
    "目标值": _targets,
}


def compare(edition: Edition) -> Comparison:
    """Return what became of the former edition's measures in this one; a fixed number of queries.

    Measures of one lineage are the same. Without a counterpart a measure is new or dropped, unless
    its words stand in another one: then that one was split, or swallowed it.
    """
    former = edition.former
    if former is None:
        raise ValueError("there is no former edition to compare with")
    old, new = _leaves(former), _leaves(edition)
    olds = {row.lineage: row for row in old}
    news = {row.lineage: row for row in new}
    doubts: dict[int, list[Doubt]] = {}
    asking = edition.doubts.open().filter(code__in=(DoubtCode.UNSURE_MATCH, DoubtCode.PIECE))
    for doubt in asking:
        doubts.setdefault(doubt.measure_id or 0, []).append(doubt)
    found = pieces(
        [item_of(row) for row in old],
        [item_of(row) for row in new],
        {row.pk: news[row.lineage].pk for row in old if row.lineage in news},
    )
    decided = _decided(edition)
    split = {new: old for new, old in found.split.items() if new not in decided}
    moved = _moved([(olds[row.lineage], row) for row in new if row.lineage in olds])
    changes = []
    for row in new:
        if row.pk in split:
            continue
        before = olds.get(row.lineage)
        befores = [before] if before else []
        befores += (other for other in old if found.merged.get(other.pk) == row.pk)
        afters = [row]
        if before is not None:
            afters += (other for other in new if split.get(other.pk) == before.pk)
        changes.append(_change(befores, afters, row.pk in moved, doubts))
    changes += (
        Change(ChangeKind.DROPPED, (row,), ())
        for row in old
        if row.lineage not in news and row.pk not in found.merged
    )
    return Comparison(_in_order(changes, old, news), _other_texts(former, edition))


def _decided(edition: Edition) -> set[int]:
    """Return the measures whose counterpart, or that they have none, a person has chosen."""
    chosen = Correction.objects.standing().filter(measure__edition=edition, field="lineage")
    return set(chosen.values_list("measure_id", flat=True))


def _change(
    befores: Sequence[Measure],
    afters: Sequence[Measure],
    is_moved: bool,
    doubts: Mapping[int, list[Doubt]],
) -> Change:
    facts: tuple[Fact, ...] = ()
    if not befores:
        kind = ChangeKind.NEW
    elif len(afters) > 1:
        kind = ChangeKind.SPLIT
    elif len(befores) > 1:
        kind = ChangeKind.MERGED
    elif not is_as_before(befores[0], afters[0]):
        kind = ChangeKind.CHANGED
    elif is_moved:
        kind = ChangeKind.MOVED
    else:
        same = befores[0].reference == afters[0].reference
        kind = ChangeKind.SAME if same else ChangeKind.RENUMBERED
    if befores:
        is_same_text = plain(befores[0].text) == plain(afters[0].text)
        facts = tuple(
            fact
            for fact in facts_between(befores[0], afters[0])
            if is_same_text or fact.label != TITLE
        )
    asked = tuple(doubt for row in afters for doubt in doubts.get(row.pk, []))
    return Change(kind, tuple(befores), tuple(afters), is_moved, facts, asked)


def _moved(pairs: Sequence[tuple[Measure, Measure]]) -> set[int]:
    """Return the new keys of measures that stand in another part or left the order of the rest.

    ``pairs`` are in the new order. A part's counterpart is the one to which most of its measures
    went, so that a part with a new title moves nothing.
    """
    went: dict[int | None, Counter[int | None]] = {}
    for before, after in pairs:
        went.setdefault(before.part_id, Counter())[after.part_id] += 1
    kept = _longest_rising([before.ordinal for before, _ in pairs])
    return {
        after.pk
        for index, (before, after) in enumerate(pairs)
        if index not in kept or went[before.part_id].most_common(1)[0][0] != after.part_id
    }


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the places of a longest rising subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        earlier.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [index]
    kept = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = earlier[index]
    return kept


def _in_order(
    changes: list[Change], old: Sequence[Measure], news: Mapping[UUID, Measure]
) -> list[Change]:
    """Sort as the new text stands; what was dropped follows what stood before it."""
    places: dict[int, int] = {}
    last = 0
    for row in old:
        last = news[row.lineage].ordinal if row.lineage in news else last
        places[row.pk] = last

    def place(change: Change) -> tuple[int, int]:
        if change.after is not None:
            return change.after.ordinal, 0
        return places[change.befores[0].pk], change.befores[0].ordinal

    return sorted(changes, key=place)


def _other_texts(former: Edition, edition: Edition) -> list[tuple[str, list[Run]]]:
    """Return what changed outside the measures, as the kind of passage and its runs."""
    old, new = _passages(former), _passages(edition)
    pairs = {row.after: row.before for row in match(list(old.values()), list(new.values()))}
    found = []
    for ordinal, item in new.items():
        before = old[pairs[ordinal]].text if ordinal in pairs else ""
        if plain(before) != plain(item.text):
            found.append((item.part, runs(before, item.text)))
    gone = set(old) - set(pairs.values())
    found += ((old[ordinal].part, runs(old[ordinal].text, "")) for ordinal in sorted(gone))
    return found


def _passages(edition: Edition) -> dict[int, Item]:
    """Return the passages that belong to no leaf, without their numbers, by ordinal."""
    rows = edition.passages.exclude(measure__is_leaf=True).order_by("ordinal")
    items = {}
    for row in rows:
        text = NUMBERING.sub("", edition.text[row.start : row.end].strip())
        if text:
            items[row.ordinal] = Item(row.ordinal, "", text[:20], text, row.get_kind_display())
    return items


def _leaves(edition: Edition) -> list[Measure]:
    return list(edition.measures.leaves().with_reading().in_order())

"""What people did to an earlier text, carried over to a later one as far as it still fits."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from accounts.models import Department
from plans import wording
from plans.choices import DoubtCode, Severity
from plans.comparison import is_as_before, item_of
from plans.matching import Item, Match, match, pieces, plain
from plans.models import Correction, Doubt, Edition, Measure
from plans.usecases.doubts import ON_UNITS
from plans.usecases.following import ANSWERED
from plans.usecases.lineages import keep_metrics
from plans.usecases.readings import CUT, LABELS, MODELS, Rows, read, write
from plans.usecases.recutting import cut_again

REFERENCE = re.compile(r"第\d+项(?:（\d+）)?")
OF_THE_ROW = ("start", "end", "lineage")
"""What tells where a row stands or which it is, not what it says."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of what people did was carried over, and how much now waits as a doubt."""

    corrections: int = 0
    answers: int = 0
    checks: int = 0
    left: int = 0


def carry_over(source: Edition, edition: Edition) -> Carried:
    """Give the measures of a fresh edition their lineage, and what was done to them before.

    The cuts are made again first, where the same words stand. Measures and metrics are matched;
    what is unsure becomes a doubt. A correction is applied anew where its field still reads as
    before it, or where the text is the same; else it becomes a doubt that shows both. Answers to
    doubts and marks of checking go over where the text is the same.
    """
    return _Carrying(source, edition).carry()


class _Carrying:
    def __init__(self, source: Edition, edition: Edition) -> None:
        self.source = source
        self.edition = edition
        self.recut = cut_again(source, edition)
        self.old = _correctable(source)
        self.new = _correctable(edition)
        self.doubts: list[Doubt] = []
        self.replayed: set[int] = set()
        self.is_same_file = source.file.sha256 == edition.file.sha256

    def carry(self) -> Carried:
        olds, news = list(self.old.values()), list(self.new.values())
        self.matches = match([item_of(row) for row in olds], [item_of(row) for row in news])
        self.pairs = {row.before: row.after for row in self.matches}
        self.parts = self._parts()
        self._keep_lineage()
        self._ask_about_matches()
        if self.is_same_file:
            self._keep_choices()
        corrections = self._replay()
        answers = self._answer()
        checks = self._check()
        last = self.edition.doubts.aggregate(last=Max("ordinal"))["last"] or 0
        for ordinal, doubt in enumerate(self.doubts, start=last + 1):
            doubt.edition, doubt.ordinal = self.edition, ordinal
        Doubt.objects.bulk_create(self.doubts)
        left = sum(doubt.code == DoubtCode.CORRECTION_LEFT for doubt in self.doubts)
        return Carried(corrections, answers, checks, left)

    def _parts(self) -> dict[int, int]:
        """Return the ordinals of the new parts by those of the old."""
        old, new = (
            [Item(row.ordinal, row.number, row.title, row.title) for row in edition.parts.all()]
            for edition in (self.source, self.edition)
        )
        return {row.before: row.after for row in match(old, new)}

    def _keep_lineage(self) -> None:
        """Give matched measures, their parents and their metrics the lineage of before."""
        for before, after in self.pairs.items():
            self.new[after].lineage = self.old[before].lineage
        parents, old_parents = _parents(self.edition), _parents(self.source)
        for pair in match(_items(old_parents), _items(parents)):
            parents[pair.after].lineage = old_parents[pair.before].lineage
        Measure.objects.bulk_update([*self.new.values(), *parents.values()], ["lineage"])
        keep_metrics(self.source, self.edition, self.pairs)

    def _ask_about_matches(self) -> None:
        for pair in self.matches:
            if not pair.is_sure:
                self._doubt(
                    DoubtCode.UNSURE_MATCH,
                    self.new[pair.after],
                    f"可能对应前一文本的{self._said(pair)}，请确认是不是同一项",
                    suggestion="不是的，在“新旧文本对照”里改选对应的措施或“没有对应”",
                )
        found = pieces(
            [item_of(row) for row in self.old.values()],
            [item_of(row) for row in self.new.values()],
            self.pairs,
        )
        goes_on = {before: self.new[after] for before, after in self.pairs.items()}
        for new, whole in found.split.items():
            self._doubt(
                DoubtCode.PIECE,
                self.new[new],
                f"由前一文本的{self.old[whole].reference}拆出，原有办理情况随"
                f"{goes_on[whole].reference}延续，本项按新任务交办，请确认",
            )
        for old, whole in found.merged.items():
            self._doubt(
                DoubtCode.PIECE,
                self.new[whole],
                f"前一文本的{self.old[old].reference}并入本项，原{self.old[old].reference}的"
                f"交办事项将终止，请确认",
            )

    def _keep_choices(self) -> None:
        """Keep what was asked and chosen about the former text when the same file is read again."""
        kept = [DoubtCode.CORRECTION_LEFT]
        if self.source.pk != self.edition.former_id:
            kept += [DoubtCode.UNSURE_MATCH, DoubtCode.PIECE]
            chosen = Correction.objects.standing().filter(
                measure__edition=self.source, field="lineage", measure__in=list(self.pairs)
            )
            Correction.objects.bulk_create(_copy(row, self.pairs) for row in chosen)
        for doubt in self.source.doubts.filter(code__in=kept):
            measure = self.new.get(self.pairs.get(doubt.measure_id or 0, 0))
            self._doubt(DoubtCode(doubt.code), measure, doubt.message, doubt.suggestion)
            self.doubts[-1].answer = doubt.answer
            self.doubts[-1].settled_at = doubt.settled_at
            self.doubts[-1].settled_by_id = doubt.settled_by_id

    def _said(self, pair: Match) -> str:
        before = self.old[pair.before]
        return f"{before.reference}“{before.title[:20]}”（相似度{pair.likeness:.0%}）"

    def _replay(self) -> int:
        """Apply the corrections of every measure anew; return how many fields were corrected."""
        made = []
        for (measure, field), corrections in self._standing().items():
            before = self.old[measure]
            after = self.new.get(self.pairs.get(measure, 0))
            if after is None and field != CUT and not self.is_same_file:
                continue
            if after is None or field not in LABELS:
                self._leave(before, after, corrections)
                continue
            now, wanted = read(after, field), self._wanted(before, after, field)
            if _same(now, wanted):
                continue
            is_same_text = plain(before.text) == plain(after.text)
            if wanted is not None and (is_same_text or _reads_as_before(now, corrections[0])):
                write(after, field, wanted)
                last = corrections[-1]
                made.append(
                    Correction(
                        measure=after, field=field, before=now, after=wanted, by=last.by, at=last.at
                    )
                )
                self.replayed.add(after.pk)
            elif not _is_linked(now, corrections):
                self._leave(before, after, corrections)
        Correction.objects.bulk_create(made)
        return len(made) + len(self.recut.replayed)

    def _standing(self) -> dict[tuple[int, str], list[Correction]]:
        """Return what is to be corrected, by measure and field; of what was cut every field.

        What was done to a measure that is merged by now belongs to the one that has its text.
        """
        standing: dict[tuple[int, str], list[Correction]] = defaultdict(list)
        rows = Correction.objects.standing().filter(measure__edition=self.source)
        merged = self.source.measures.exclude(merged_into=None)
        holders = {row.pk: row.merged_into_id or 0 for row in merged}
        for row in rows.exclude(field="lineage").select_related("by").order_by("pk"):
            field = "responsibilities" if row.field in ON_UNITS else row.field
            measure = row.measure_id
            while measure in holders:
                measure, field = holders[measure], CUT
            if field != CUT or row.pk not in self.recut.replayed:
                standing[measure, field].append(row)
        for measure, cut in self.recut.cuts.items():
            for field in ("title", "part", *MODELS) if measure in self.old else ():
                standing[measure, field] = standing[measure, field] or [cut]
        return standing

    def _wanted(self, before: Measure, after: Measure, field: str) -> Any:
        """Return what the field says in the earlier text, as the later one would hold it."""
        value = read(before, field)
        if field == "part":
            return self.parts.get(value)
        return _placed(value, before, after) if isinstance(value, list) else value

    def _leave(
        self, before: Measure, after: Measure | None, corrections: Sequence[Correction]
    ) -> None:
        district = self.edition.plan.district_id
        units = dict(Department.objects.filter(district=district).values_list("pk", "name"))
        parts = {row.ordinal: row.title for row in self.source.parts.all()}
        for row in corrections:
            told = wording.tell(row, units, parts)
            self._doubt(
                DoubtCode.CORRECTION_LEFT,
                after,
                f"前一文本{before.reference}的更正没有沿用（{row.by}），"
                f"更正前：{told.before}；更正后：{told.after}",
                suggestion="对照原文核对，需要的请重新更正",
            )

    def _answer(self) -> int:
        """Settle the doubts that were settled before in the same words of the same text."""
        waiting: dict[tuple[Any, ...], list[Doubt]] = defaultdict(list)
        for doubt in self.edition.doubts.open():
            waiting[self._asks(doubt, doubt.measure_id)].append(doubt)
        answered = []
        for doubt in self.source.doubts.exclude(settled_at=None):
            measure = self.pairs.get(doubt.measure_id or 0)
            if doubt.measure_id and not self._is_same_text(doubt.measure_id, measure):
                continue
            rows = waiting[self._asks(doubt, measure)]
            if not rows:
                continue
            row = rows.pop(0)
            is_corrected = row.code == DoubtCode.NO_LEAD and measure in self.replayed
            row.answer = ANSWERED if is_corrected else doubt.answer
            row.settled_at, row.settled_by_id = doubt.settled_at, doubt.settled_by_id
            answered.append(row)
        Doubt.objects.bulk_update(answered, ["answer", "settled_at", "settled_by"])
        return len(answered)

    def _asks(self, doubt: Doubt, measure: int | None) -> tuple[Any, ...]:
        text = (self.source if doubt.edition_id == self.source.pk else self.edition).text
        words = plain(text[doubt.start : doubt.end])
        return doubt.code, measure, REFERENCE.sub("", doubt.message), words

    def _is_same_text(self, old: int, new: int | None) -> bool:
        if old not in self.old or new is None:
            return False
        return plain(self.old[old].text) == plain(self.new[new].text)

    def _check(self) -> int:
        """Mark as checked what was, where text and reading are the same."""
        self.new = _correctable(self.edition)
        checked = []
        for before, after in self.pairs.items():
            old, new = self.old[before], self.new[after]
            if old.checked_at and is_as_before(old, new):
                new.checked_at, new.checked_by_id = old.checked_at, old.checked_by_id
                checked.append(new)
        Measure.objects.bulk_update(checked, ["checked_at", "checked_by"])
        return len(checked)

    def _doubt(
        self, code: DoubtCode, measure: Measure | None, message: str, suggestion: str = ""
    ) -> None:
        start, end = (measure.start, measure.end) if measure else (0, 0)
        self.doubts.append(
            Doubt(
                measure=measure,
                part_id=measure.part_id if measure else None,
                code=code,
                severity=Severity.CHECK,
                message=message,
                suggestion=suggestion,
                start=start,
                end=end,
            )
        )


def _copy(row: Correction, pairs: dict[int, int]) -> Correction:
    return Correction(
        measure_id=pairs[row.measure_id],
        field=row.field,
        before=row.before,
        after=row.after,
        by_id=row.by_id,
        at=row.at,
    )


def _correctable(edition: Edition) -> dict[int, Measure]:
    rows = edition.measures.correctable().with_reading().in_order()
    measures = {row.pk: row for row in rows}
    for row in measures.values():
        row.edition = edition
    return measures


def _parents(edition: Edition) -> dict[int, Measure]:
    rows = edition.measures.filter(is_leaf=False, set_aside="", merged_into=None)
    rows = rows.select_related("part").in_order()
    return {row.pk: row for row in rows}


def _items(measures: dict[int, Measure]) -> list[Item]:
    return [item_of(row) for row in measures.values()]


def _placed(rows: Rows, before: Measure, after: Measure) -> Rows:
    """Return the rows with their places in the later text; what is not there stands for all."""
    old, new = (row.edition.text[row.start : row.end] for row in (before, after))
    if old == new:
        return rows
    placed = []
    for row in rows:
        words = old[row["start"] : row["end"]]
        at = new.find(words)
        span = (at, at + len(words)) if at >= 0 else (0, len(new))
        placed.append(row | {"start": span[0], "end": span[1]})
    return placed


def _same(one: Any, other: Any) -> bool:
    """Whether two readings of a field say the same, wherever it stands."""
    if not isinstance(one, list) or not isinstance(other, list):
        return bool(one == other)
    return _said(one) == _said(other)


def _said(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in row if key not in OF_THE_ROW} for row in rows]


def _reads_as_before(now: Any, first: Correction) -> bool:
    """Whether the field reads as it did before the first correction of it."""
    return first.field in LABELS and _same(now, first.before)


def _is_linked(now: Any, corrections: Sequence[Correction]) -> bool:
    """Whether these only told which unit a name means, and the register has told it since."""
    linked = {row["name"] for row in now if row.get("department_id")} if now else set()
    return all(row.field == "department" and row.before["name"] in linked for row in corrections)

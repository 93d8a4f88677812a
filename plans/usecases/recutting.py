"""条文调整 of an earlier reading, made again where the same words stand in the new one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.errors import InvalidError
from plans.models import Correction, Edition, Measure
from plans.usecases.cutting import Given, give
from plans.usecases.doubts import ON_UNITS
from plans.usecases.readings import CUT, LABELS, read, write
from plans.usecases.restructuring import keep_cut

INTO_ONE = ("merge", "assign")
AROUND = (0, 20, 80)
"""How many characters on either side tell apart words that stand several times in a text."""


@dataclass(slots=True)
class Recut:
    """Which corrections stand again, and the last cut of each measure that was cut, by old key."""

    replayed: set[int] = field(default_factory=set)
    cuts: dict[int, Correction] = field(default_factory=dict)


def cut_again(source: Edition, edition: Edition) -> Recut:
    """Make the cuts of an earlier reading, and corrections of what was cut, in their order.

    In another text the measures that were cut must stand in the same words, once. What does not fit
    any more is left out, with all that was built on it.
    """
    return _Recutting(source, edition).replay()


class _Recutting:
    def __init__(self, source: Edition, edition: Edition) -> None:
        self.source = source
        self.edition = edition
        self.is_same_text = source.text == edition.text
        self.olds = source.measures.in_bulk()
        self.rows = list(
            Correction.objects.standing()
            .filter(measure__edition=source)
            .exclude(field="lineage")
            .order_by("pk")
        )
        self.cut = [row for row in self.rows if row.field == CUT]
        self.new: dict[int, int] = {}
        self.lost: set[int] = set()
        self.recut = Recut()

    def replay(self) -> Recut:
        if self.cut:
            self._find()
        touched = {key for row in self.cut for key in _measures(row)}
        for row in self.rows:
            if not touched.intersection(_measures(row)) or row.field in ON_UNITS[1:]:
                continue
            if self.lost.isdisjoint(_measures(row)) and self._again(row):
                self.recut.replayed.add(row.pk)
                if row.field == CUT:
                    self.recut.cuts |= dict.fromkeys(_measures(row), row)
            else:
                self.lost.update(_measures(row))
        self._keep_merged_lineage()
        return self.recut

    def _find(self) -> None:
        """Find the measures that stood where the cut ones did before they were first cut."""
        leaves = self.edition.measures.leaves()
        standing = {(row.start, len(row.text.rstrip())): row.pk for row in leaves}
        made: set[int] = set()
        for row in self.cut:
            for told in row.before["measures"]:
                if told["pk"] in made or told["pk"] in self.new:
                    continue
                place = self._place(told["start"], told["end"])
                if place in standing:
                    self.new[told["pk"]] = standing[place]
            made.add(row.before["made"])

    def _place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where words of the earlier text begin in the new one, and how long they are.

        None where they do not stand there, or more than once and in the same company.
        """
        old, new = self.source.text, self.edition.text
        words = old[start:end].rstrip()
        if self.is_same_text:
            return start, len(words)
        for around in AROUND:
            before = old[max(start - around, 0) : start]
            whole = before + words + old[start + len(words) : start + len(words) + around]
            if new.count(whole) == 1:
                return new.index(whole) + len(before), len(words)
        return None

    def _stretch(self, row: Correction) -> tuple[int, int] | None:
        """Return the stretch that was cut, in the new text: it stands by its measures."""
        told = row.after
        start, end = told["start"], told["end"]
        if self.is_same_text:
            return start, end
        by = next((m for m in row.before["measures"] if m["pk"] in self.new), None)
        if by is None:
            place = self._place(start, end)
            return (place[0], sum(place)) if place else None
        words = self.source.text[start:end].rstrip()
        start += self._counterpart(by["pk"]).start - by["start"]
        end = start + len(words)
        return (start, end) if self.edition.text[start:end] == words else None

    def _again(self, row: Correction) -> bool:
        if row.field == CUT:
            return self._cut(row)
        if row.measure_id not in self.new or row.field not in LABELS:
            return False
        measure = self._counterpart(row.measure_id)
        before = read(measure, row.field)
        if row.field == "part" and not self._has_part(row.after):
            return False
        write(measure, row.field, row.after)
        Correction.objects.create(
            measure=measure,
            field=row.field,
            before=before,
            after=row.after,
            by_id=row.by_id,
            at=row.at,
        )
        return True

    def _has_part(self, ordinal: int) -> bool:
        return self.is_same_text and self.edition.parts.filter(ordinal=ordinal).exists()

    def _cut(self, row: Correction) -> bool:
        """Give the same stretch to the same measure; False where that is not possible here."""
        told, made = row.after, row.before["made"]
        known = [key for key in _measures(row) if key != made]
        if any(key not in self.new for key in known):
            return False
        stretch = self._stretch(row)
        if stretch is None:
            return False
        receiver = None
        if told["step"] in INTO_ONE:
            receiver = self._counterpart(row.measure_id)
        try:
            given = give(self.edition, *stretch, receiver)
        except InvalidError:
            return False
        if made:
            self.new[made] = given.receiver.pk
            self._name(given, self.olds.get(made))
        correction = keep_cut(
            told["step"],
            self.edition,
            given,
            by=self.edition.imported_by,
            at=self.edition.imported_at,
        )
        correction.by_id, correction.at = row.by_id, row.at
        correction.save(update_fields=["by", "at"])
        return True

    def _name(self, given: Given, old: Measure | None) -> None:
        """Let a made measure be called as before; what was undone since may have had a name."""
        if old is None:
            return
        named = {"number": old.number, "sub_number": old.sub_number}
        others = self.edition.measures.filter(merged_into=None).exclude(pk=given.receiver.pk)
        if not others.filter(**named).exists():
            given.receiver.number, given.receiver.sub_number = old.number, old.sub_number
            given.receiver.save(update_fields=list(named))

    def _counterpart(self, key: int) -> Measure:
        measure = self.edition.measures.select_related("part").get(pk=self.new[key])
        measure.edition = self.edition
        return measure

    def _keep_merged_lineage(self) -> None:
        for key, new in self.new.items():
            old = self.olds.get(key)
            if old is not None and old.merged_into_id is not None:
                merged = self.edition.measures.filter(pk=new).exclude(merged_into=None)
                merged.update(lineage=old.lineage)


def _measures(row: Correction) -> Iterator[int]:
    yield row.measure_id
    if row.other_id is not None:
        yield row.other_id

"""条文调整 of an earlier reading, made again in a new reading of the same text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.errors import InvalidError
from plans.models import Correction, Edition, Measure
from plans.usecases.cutting import Given, give
from plans.usecases.doubts import ON_UNITS
from plans.usecases.readings import CUT, LABELS, read, write
from plans.usecases.restructuring import keep_cut

INTO_ONE = ("merge", "assign")


@dataclass(slots=True)
class Recut:
    """Which corrections stand again, and the last cut of each measure that was cut, by old key."""

    replayed: set[int] = field(default_factory=set)
    cuts: dict[int, Correction] = field(default_factory=dict)


def cut_again(source: Edition, edition: Edition) -> Recut:
    """Make the cuts of an earlier reading, and corrections of what was cut, in their order.

    Nothing is made where the text is another. What does not fit any more is left out, with all
    that was built on it.
    """
    if source.text != edition.text:
        return Recut()
    return _Recutting(source, edition).replay()


class _Recutting:
    def __init__(self, source: Edition, edition: Edition) -> None:
        self.edition = edition
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
        standing = {(row.start, row.end): row.pk for row in self.edition.measures.leaves()}
        made: set[int] = set()
        for row in self.cut:
            for told in row.before["measures"]:
                if told["pk"] in made or told["pk"] in self.new:
                    continue
                if (place := (told["start"], told["end"])) in standing:
                    self.new[told["pk"]] = standing[place]
            made.add(row.before["made"])

    def _again(self, row: Correction) -> bool:
        if row.field == CUT:
            return self._cut(row)
        if row.measure_id not in self.new or row.field not in LABELS:
            return False
        measure = self._counterpart(row.measure_id)
        before = read(measure, row.field)
        if row.field == "part" and not self.edition.parts.filter(ordinal=row.after).exists():
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

    def _cut(self, row: Correction) -> bool:
        """Give the same stretch to the same measure; False where that is not possible here."""
        told, made = row.after, row.before["made"]
        known = [key for key in _measures(row) if key != made]
        if any(key not in self.new for key in known):
            return False
        receiver = None
        if told["step"] in INTO_ONE:
            receiver = self._counterpart(row.measure_id)
        try:
            given = give(self.edition, told["start"], told["end"], receiver)
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

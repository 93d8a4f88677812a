"""The passages of an edition: together they are the whole text, once, however it is cut anew."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from plans.choices import PassageKind
from plans.models import Edition, Measure, Passage


class UncutTextError(AssertionError):
    """The passages of an edition do not cut its text as they must."""


def passages_of(edition: Edition) -> list[Passage]:
    """Return the passages in order, with the measures that they belong to."""
    return list(edition.passages.select_related("measure", "part").order_by("ordinal"))


LOOSE = frozenset({PassageKind.FRONT, PassageKind.INTRO, PassageKind.BACK})


def is_loose(edition: Edition, passage: Passage) -> bool:
    """Return whether the stretch holds nothing, so that a measure may have it.

    Titles, goals and indicators, and headings with measures below them are held.
    """
    if passage.kind != PassageKind.HEADING:
        return passage.kind in LOOSE
    leaves = edition.measures.leaves()
    if passage.measure is not None:
        return not leaves.filter(parent=passage.measure).exists()
    part = edition.parts.filter(start__gte=passage.start, start__lt=passage.end).first()
    return bool(passage.level) and not (part and leaves.filter(part=part).exists())


def cut_at(passages: Sequence[Passage], places: Sequence[int]) -> list[Passage]:
    """Return the same stretches with a border at each of the places."""
    pieces: list[Passage] = []
    for passage in passages:
        within = [at for at in places if passage.start < at < passage.end]
        borders = sorted({passage.start, passage.end, *within})
        pieces += (_piece(passage, start, end) for start, end in pairwise(borders))
    return pieces


def _piece(passage: Passage, start: int, end: int) -> Passage:
    return Passage(
        edition_id=passage.edition_id,
        kind=passage.kind,
        level=passage.level,
        part=passage.part,
        measure=passage.measure,
        indicator_id=passage.indicator_id,
        start=start,
        end=end,
    )


def rewrite(edition: Edition, passages: Sequence[Passage]) -> None:
    """Let these be the passages, neighbours of the same leaf joined; refuse_uncut looks at them."""
    joined: list[Passage] = []
    for passage in passages:
        last = joined[-1] if joined else None
        if last is not None and _are_one(last, passage):
            last.end = passage.end
        else:
            joined.append(_piece(passage, passage.start, passage.end))
    edition.passages.all().delete()
    for ordinal, passage in enumerate(joined, start=1):
        passage.ordinal = ordinal
    Passage.objects.bulk_create(joined)


def _are_one(left: Passage, right: Passage) -> bool:
    if left.kind != PassageKind.TASK or right.kind != PassageKind.TASK:
        return False
    return left.measure_id is not None and left.measure_id == right.measure_id


def refuse_uncut(edition: Edition, measures: Iterable[Measure] = ()) -> None:
    """Raise UncutTextError unless the passages are the whole text once.

    Each of the leaves must stand in passages that are one stretch; what was merged must have none.
    """
    passages = passages_of(edition)
    ends = [0, *(passage.end for passage in passages)]
    starts = [*(passage.start for passage in passages), len(edition.text)]
    if starts != ends or any(passage.start >= passage.end for passage in passages):
        raise UncutTextError(f"the passages of edition {edition.pk} are not its text once")
    owned: dict[int | None, list[Passage]] = {}
    for passage in passages:
        owned.setdefault(passage.measure_id, []).append(passage)
    for measure in measures:
        own = owned.get(measure.pk, [])
        if bool(own) != (measure.merged_into_id is None) or not _is_one_stretch(measure, own):
            raise UncutTextError(f"measure {measure.pk} does not stand in its own passages")


def _is_one_stretch(measure: Measure, own: Sequence[Passage]) -> bool:
    if any(left.end != right.start for left, right in pairwise(own)):
        return False
    return not own or own[0].start <= measure.start < measure.end <= own[-1].end

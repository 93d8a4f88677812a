"""A measure that a person makes of a stretch of the text: its number, its place, its part."""

import re
from collections.abc import Sequence

from django.db.models import F, Max

from plans.models import Edition, Measure, Passage
from plans.usecases.rereading import own_mark

AGAIN = "二三四五六七八九十"
COUNTED = re.compile(f"之[{AGAIN}]+$")
SUB_STYLES = frozenset({"(1)", "1)"})


def new_measure(
    edition: Edition, pieces: Sequence[Passage], taken: Sequence[Passage], donor: Measure | None
) -> Measure:
    """Return a new row, saved, that stands after the measure whose text comes before it.

    It is called as its own number says, where that is free, else 第4项（之二）; before all measures
    第1项（之前）.
    """
    start, end = taken[0].start, taken[-1].end
    above = [piece.measure for piece in pieces if piece.end <= start and piece.measure]
    beside = donor or next((m for m in reversed(above) if m.is_leaf), None)
    number, sub = _number(edition, beside, start, end)
    part = donor.part if donor else taken[0].part or (beside.part if beside else None)
    ordinal = _room_after(edition, max((m.ordinal for m in above), default=0))
    return Measure.objects.create(
        edition=edition,
        part=part,
        parent=beside.parent if beside and sub and number == beside.number else None,
        ordinal=ordinal,
        path=_path(edition, beside),
        number=number[:20],
        sub_number=sub[:20],
        title="",
        text="",
        bracket="",
        start=start,
        end=end,
    )


def _number(edition: Edition, beside: Measure | None, start: int, end: int) -> tuple[str, str]:
    mark = own_mark(edition.text, start, end)
    standing = edition.measures.filter(merged_into=None)
    following = standing.leaves().in_order().first()
    number = beside.number if beside else following.number if following else ""
    if mark is not None and mark.style == "1.":
        wanted = (mark.bare, "")
    elif beside is None:
        wanted = (number, "之前")
    elif mark is not None and mark.style in SUB_STYLES:
        wanted = (number, mark.bare)
    else:
        wanted = (number, "之二")
    is_free = not standing.filter(number=wanted[0], sub_number=wanted[1]).exists()
    is_said = wanted[1] != "之二" or not (beside and beside.sub_number)
    if is_free and is_said:
        return wanted
    stem = COUNTED.sub("", beside.sub_number) if beside else ""
    taken = set(standing.filter(number=number).values_list("sub_number", flat=True))
    return number, next((f"{stem}之{n}" for n in AGAIN if f"{stem}之{n}" not in taken), f"{stem}又")


def _path(edition: Edition, beside: Measure | None) -> str:
    stem = (beside.path if beside else "0")[:70]
    taken = set(edition.measures.values_list("path", flat=True))
    return next(path for n in range(2, len(taken) + 3) if (path := f"{stem}-{n}") not in taken)


def _room_after(edition: Edition, ordinal: int) -> int:
    """Return the ordinal behind this one; the measures that follow make room where it is taken."""
    if not edition.measures.filter(ordinal=ordinal + 1).exists():
        return ordinal + 1
    behind = edition.measures.filter(ordinal__gt=ordinal)
    clear: int = behind.aggregate(last=Max("ordinal"))["last"] + 1
    behind.update(ordinal=F("ordinal") + clear)
    edition.measures.filter(ordinal__gt=clear).update(ordinal=F("ordinal") - clear + 1)
    return ordinal + 1

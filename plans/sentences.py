"""Where a person may cut a text: after sentences, lines and brackets that assign work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Max, Min, Q

from plans.choices import PassageKind
from plans.models import Edition, Measure, Passage, Spanned
from plans.typography import full_width
from plans.usecases.passages import is_loose

BORDER = re.compile(
    r"[。；;！!？?][”」）)]?|\n|[（(][^（()）\n]*(?:牵头|负责|配合|单位)[^（()）\n]*[)）](?![。；;，,、])"
    r"|(?=[①②③④⑤⑥⑦⑧⑨])"
)
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A place where the text can be cut, and the words that follow it."""

    at: int
    words: str


def sentences_of(edition: Edition, start: int, end: int) -> list[Sentence]:
    """Return the sentences of a stretch, each with the place in the text where it begins."""
    return list(_sentences(edition.text, start, end))


def _sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    borders = [start, *(match.end() for match in BORDER.finditer(text, start, end)), end]
    for left, right in pairwise(borders):
        words = text[left:right]
        if words.strip() and any(sign.isalnum() for sign in words):
            at = left + len(words) - len(words.lstrip())
            shown = full_width(words.strip())
            yield Sentence(at, f"{shown[:WIDEST]}……" if len(shown) > WIDEST else shown)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a stretch touches: leaves to which its text may go, and text that may come to it."""

    start: int
    end: int
    previous: Measure | None
    next: Measure | None
    loose: list[Passage]


def beside(edition: Edition, own: Spanned) -> Beside:
    """Return what stands beside the passages of a measure or passage.

    ``next`` may be set aside as no measure: it can be merged all the same.
    """
    rows = edition.passages.filter(end__gt=own.start, start__lt=own.end)
    bounds = rows.aggregate(start=Min("start"), end=Max("end"))
    touching = list(
        edition.passages.filter(Q(end=bounds["start"]) | Q(start=bounds["end"])).select_related(
            "measure"
        )
    )
    before = next((row for row in touching if row.end == bounds["start"]), None)
    after = next((row for row in touching if row.start == bounds["end"]), None)
    previous = _measure(before)
    return Beside(
        bounds["start"],
        bounds["end"],
        previous if previous and previous.is_leaf else None,
        _measure(after),
        [row for row in (before, after) if row and is_loose(edition, row)],
    )


def _measure(passage: Passage | None) -> Measure | None:
    return passage.measure if passage and passage.kind == PassageKind.TASK else None

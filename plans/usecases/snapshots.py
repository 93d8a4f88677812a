"""Measures and passages as they stood before a cut, as JSON, and putting them back."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from plans.models import Edition, Measure, Passage
from plans.usecases.passages import cut_at, passages_of, refuse_uncut, rewrite
from plans.usecases.readings import MODELS, read, write

Snapshot = dict[str, Any]
OWN = (
    "pk",
    "number",
    "sub_number",
    "title",
    "text",
    "bracket",
    "start",
    "end",
    "is_leaf",
    "set_aside",
    "merged_into_id",
    "part_id",
    "checked_at",
    "checked_by_id",
)
PIECE = ("start", "end", "kind", "level", "part_id", "measure_id", "indicator_id")


def take(
    passages: Sequence[Passage], taken: Sequence[Passage], measures: Sequence[Measure]
) -> Snapshot:
    """Return the measures with their rows, and the passages that a cut of them may change."""
    ids = {measure.pk for measure in measures}
    near = [
        row
        for row in passages
        if row.measure_id in ids or (row.end > taken[0].start and row.start < taken[-1].end)
    ]
    kept = {
        "measures": [
            {name: getattr(measure, name) for name in OWN}
            | {"rows": {name: read(measure, name) for name in MODELS}}
            for measure in sorted(measures, key=lambda measure: measure.start)
        ],
        "passages": [{name: getattr(row, name) for name in PIECE} for row in near],
    }
    return json.loads(json.dumps(kept, cls=DjangoJSONEncoder))  # type: ignore[no-any-return]


def put_back(edition: Edition, before: Snapshot) -> list[Measure]:
    """Let passages and measures stand as before; what the cut had made has no text any more."""
    rows = before["passages"]
    start, end = rows[0]["start"], rows[-1]["end"]
    now = cut_at(passages_of(edition), [start, end])
    kept = [piece for piece in now if piece.end <= start or piece.start >= end]
    kept += [Passage(edition=edition, **row) for row in rows]
    rewrite(edition, sorted(kept, key=lambda piece: piece.start))
    measures = []
    for told in before["measures"]:
        measure = edition.measures.get(pk=told["pk"])
        for name in OWN:
            setattr(measure, name, told[name])
        measure.save(update_fields=[name.removesuffix("_id") for name in OWN if name != "pk"])
        for name, standing in told["rows"].items():
            write(measure, name, standing)
        measures.append(measure)
    refuse_uncut(edition, measures)
    return measures

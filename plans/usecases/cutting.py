"""Giving a stretch of a draft's text to a measure, or making it one; rows go where their words go.

What was before is kept as JSON, so that it can be put back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.errors import InvalidError
from plans.choices import STRENGTH, PassageKind
from plans.models import Edition, Measure, Passage
from plans.register import Register
from plans.usecases.passages import cut_at, is_loose, passages_of, refuse_uncut, rewrite
from plans.usecases.placing import new_measure
from plans.usecases.readings import MODELS, Rows, read, write
from plans.usecases.rereading import body_of, has_words, reread, title_of
from plans.usecases.snapshots import Snapshot, take

CHECKED = ("checked_at", "checked_by")


@dataclass(slots=True)
class Given:
    """What a cut did: who has the text now, who had it, and what was before."""

    receiver: Measure
    donor: Measure | None
    is_new: bool
    before: Snapshot
    start: int
    end: int
    firsts: dict[int | None, int]
    shared_by: int | None = None
    fresh: dict[str, Rows] = field(default_factory=dict)
    brackets: list[str] = field(default_factory=list)

    @property
    def involved(self) -> list[Measure]:
        """The measures whose text is another now."""
        return [self.receiver, *([self.donor] if self.donor else [])]


def give(edition: Edition, start: int, end: int, to: Measure | None) -> Given:
    """Let the stretch be text of the measure, or a measure of its own.

    InvalidError where it is empty, is no text of measures or beside them, or would tear one apart.
    """
    refuse_uncut(edition)
    passages = passages_of(edition)
    if not 0 <= start < end <= len(edition.text) or not edition.text[start:end].strip():
        raise InvalidError("所选的文字是空的，请重新选择。")
    last = next(piece for piece in passages if piece.start < end <= piece.end)
    end += len(edition.text[end : last.end]) - len(edition.text[end : last.end].lstrip())
    pieces = cut_at(passages, [start, end])
    taken = [piece for piece in pieces if start <= piece.start < end]
    donor = _donor(edition, taken, to)
    left = [p for p in pieces if donor and p.measure_id == donor.pk and p not in taken]
    if not _has_words(edition, taken):
        raise InvalidError("所选的文字只有编号，请重新选择。")
    if donor and not _has_words(edition, left):
        taken, left = sorted([*taken, *left], key=lambda p: p.start), []
    _refuse_torn(pieces, taken, left, to)
    if donor is not None and not left and to is None:
        raise InvalidError("这已经是单独的一条，请选择其中一部分文字。")
    before = take(passages, taken, [m for m in (to, donor) if m])
    unread = [piece for piece in taken if not _is_read(piece)]
    receiver = to or new_measure(edition, pieces, taken, donor)
    firsts = {piece.measure_id: piece.start for piece in reversed(passages)}
    own = (taken[0].start, taken[-1].end)
    given = Given(receiver, donor, to is None, before, *own, firsts)
    given.brackets += (measure.bracket for measure in given.involved)
    rows = _rows_of(given, taken, left)
    _add_unread(given, rows, edition, unread)
    _take_over(taken, receiver, left or [p for p in pieces if p.measure_id == receiver.pk])
    rewrite(edition, pieces)
    _settle_texts(edition, given, bool(left))
    for measure in given.involved:
        for name in MODELS:
            write(measure, name, _placed(measure, rows[measure.pk][name]))
    refuse_uncut(edition, given.involved)
    return given


def _has_words(edition: Edition, pieces: Sequence[Passage]) -> bool:
    return bool(pieces) and has_words(edition.text, pieces[0].start, pieces[-1].end)


def _is_read(piece: Passage) -> bool:
    return piece.kind == PassageKind.TASK and piece.measure is not None and piece.measure.is_leaf


def _donor(edition: Edition, taken: Sequence[Passage], to: Measure | None) -> Measure | None:
    """Return the measure that loses text; refuse text that others stand on."""
    donors = {
        piece.measure.pk: piece.measure
        for piece in taken
        if piece.kind == PassageKind.TASK and piece.measure
    }
    if to is not None and to.pk in donors:
        raise InvalidError("所选的文字已经有一部分属于这一条，请重新选择。")
    if len(donors) > 1:
        raise InvalidError("所选的文字跨了几条措施，请一次只调整一条。")
    for piece in taken:
        if piece.kind != PassageKind.TASK and not is_loose(edition, piece):
            raise InvalidError(
                "这个标题下面还有措施，不能归入措施。"
                if piece.kind == PassageKind.HEADING and piece.level
                else f"{piece.get_kind_display()}不能归入措施，请只选措施的文字。"
            )
    return next(iter(donors.values()), None)


def _refuse_torn(
    pieces: Sequence[Passage], taken: Sequence[Passage], left: Sequence[Passage], to: Measure | None
) -> None:
    """Refuse a stretch out of the middle of a measure, or one that does not touch the receiver."""
    start, end = taken[0].start, taken[-1].end
    if left and left[0].start < start and left[-1].end > end:
        raise InvalidError("只能分出一条措施开头或末尾的文字；要分成三条，请分两次。")
    if to is None:
        return
    own = [piece for piece in pieces if piece.measure_id == to.pk]
    if not own or (own[-1].end != start and own[0].start != end):
        raise InvalidError("这段文字和这一条不相连，中间隔着别的文字，请先归入相连的一条。")


def _take_over(taken: Sequence[Passage], receiver: Measure, beside: Sequence[Passage]) -> None:
    for piece in taken:
        piece.kind, piece.measure, piece.part = PassageKind.TASK, receiver, receiver.part
        piece.indicator_id = None
        piece.level = beside[0].level if beside else max(piece.level, 1)


def _settle_texts(edition: Edition, given: Given, has_rest: bool) -> None:
    """Bring the places, texts and titles of the measures into line with their passages."""
    donor = given.donor
    if donor is not None and not has_rest:
        donor.is_leaf, donor.merged_into = False, given.receiver
        donor.checked_at, donor.checked_by = None, None
        donor.save(update_fields=["is_leaf", "merged_into", *CHECKED])
    for measure in given.involved if has_rest else [given.receiver]:
        own = list(edition.passages.filter(measure=measure).order_by("ordinal"))
        start, end = own[0].start, own[-1].end
        body = body_of(edition.text, start, end)
        if start != given.firsts.get(measure.pk):
            measure.start = body.start
        measure.end = body.end
        measure.text = edition.text[measure.start : measure.end]
        if not measure.title or _plain(measure.title) not in _plain(measure.text):
            measure.title = title_of(edition.text, body, given.brackets)
        said = dict.fromkeys(told for told in given.brackets if told and told in measure.text)
        measure.bracket = "；".join(said) or next(filter(None, given.brackets), "")
        measure.checked_at, measure.checked_by = None, None
        measure.save(update_fields=["start", "end", "text", "title", "bracket", *CHECKED])


def _plain(text: str) -> str:
    return "".join(text.split())


def _rows_of(
    given: Given, taken: Sequence[Passage], left: Sequence[Passage]
) -> dict[int, dict[str, Rows]]:
    """Return the rows of each measure by field, with places in the whole text."""
    receiver, donor = given.receiver, given.donor
    rows = {m.pk: {name: _standing(m, name) for name in MODELS} for m in given.involved}
    if donor is None:
        return rows
    start, end = taken[0].start, taken[-1].end
    for name in MODELS:
        going: Rows = []
        staying: Rows = []
        for row in rows[donor.pk][name]:
            is_gone = not left or (not row["whole"] and start <= row["start"] < end)
            (going if is_gone else staying).append(row)
        before = rows[receiver.pk][name]
        is_behind = start >= receiver.start or given.is_new
        rows[receiver.pk][name] = [*before, *going] if is_behind else [*going, *before]
        rows[donor.pk][name] = staying if left else rows[donor.pk][name]
    if given.is_new:
        _share_names(given, rows[donor.pk], rows[receiver.pk])
    rows[receiver.pk]["responsibilities"] = _once(rows[receiver.pk]["responsibilities"])
    return rows


def _share_names(given: Given, staying: dict[str, Rows], going: dict[str, Rows]) -> None:
    """Let a bracket that bound the whole measure bind both halves; so does what a person added."""
    key = "responsibilities"
    common = [row for row in staying[key] if row["whole"] or row["is_inherited"]]
    if not staying[key] and going[key]:
        staying[key] = [row | {"is_inherited": True} for row in going[key]]
        given.shared_by = given.donor.pk if given.donor else None
    elif not going[key] and staying[key]:
        going[key] = [row | {"is_inherited": True} for row in staying[key]]
        given.shared_by = given.receiver.pk
    else:
        going[key] = [*going[key], *common]


def _standing(measure: Measure, name: str) -> Rows:
    length = measure.end - measure.start
    return [
        row
        | {
            "whole": (row["start"], row["end"]) == (0, length),
            "start": row["start"] + measure.start,
            "end": row["end"] + measure.start,
        }
        for row in read(measure, name)
    ]


def _placed(measure: Measure, rows: Rows) -> Rows:
    """Return the rows with places in the measure; what stood for the whole still does."""
    placed = []
    for row in rows:
        start, end = row["start"] - measure.start, row["end"] - measure.start
        if row.pop("whole", False):
            start, end = 0, measure.end - measure.start
        placed.append(row | {"start": start, "end": end})
    return placed


def _once(names: Iterable[dict[str, Any]]) -> Rows:
    """Return each body once, in its strongest role, where it is named first."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in names:
        key = (row["department_id"] or row["canonical"], row["sort"])
        other = kept.setdefault(key, row)
        if STRENGTH[row["role"]] < STRENGTH[other["role"]]:
            kept[key] = row
    return list(kept.values())


def _add_unread(
    given: Given, rows: dict[int, dict[str, Rows]], edition: Edition, unread: Sequence[Passage]
) -> None:
    """Read what nobody had read as a measure, and add what stands in it."""
    if not any(edition.text[p.start : p.end].strip() for p in unread):
        return
    register = Register.load(edition.plan.district_id)
    given.fresh, bracket = reread(edition, unread[0].start, unread[-1].end, register)
    given.brackets.append(bracket)
    own = rows[given.receiver.pk]
    for name in MODELS:
        own[name] = [*own[name], *(row | {"whole": False} for row in given.fresh[name])]
    own["responsibilities"] = _once(own["responsibilities"])

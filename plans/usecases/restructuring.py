"""条文调整: merging measures, splitting one, giving text to a measure, making a measure of text."""

from datetime import datetime

from accounts.errors import ConflictError, InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import PassageKind
from plans.models import Correction, Edition, Measure
from plans.usecases.cutting import Given, give
from plans.usecases.drafts import open_draft
from plans.usecases.following import follow, move_doubts, take_doubts_back
from plans.usecases.readings import CUT, CUT_LABEL
from plans.usecases.snapshots import put_back


@usecase
def merge_measures(
    *, measure_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Measure:
    """Let the measure that follows be part of this one: its text and all that was read from it.

    What it had is kept for undoing. ConflictError where none follows or something stands between.
    """
    measure = lock(Measure, measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "只有承担责任的措施可以合并。")
    own = edition.passages.filter(measure=measure).order_by("-ordinal").first()
    assert own is not None
    following = edition.passages.filter(start=own.end).select_related("measure").first()
    if following is None or following.kind != PassageKind.TASK or following.measure is None:
        between = "下面没有措施了" if following is None else "下一条之前还有别的文字"
        raise ConflictError(f"{between}，不能直接合并。可以先把中间的文字归入这一条。")
    given = give(edition, following.start, following.end, measure)
    return _keep("merge", edition, given, by=by, at=at)


@usecase
def split_measure(
    *, measure_id: int, place: int, by: User, at: datetime, expected_version: int | None = None
) -> Measure:
    """Make the text behind a place (counted from the start of the measure) a measure of its own.

    Return the new one. InvalidError where one of the two would be empty.
    """
    measure = lock(Measure, measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "只有承担责任的措施可以分开。")
    at_place = measure.start + place
    if not measure.text[: max(place, 0)].strip() or at_place >= measure.end:
        raise InvalidError("请选择从哪一句起分开，分开后两条都要有文字。")
    own = edition.passages.filter(measure=measure).order_by("-ordinal").first()
    assert own is not None
    return _keep("split", edition, give(edition, at_place, own.end, None), by=by, at=at)


@usecase
def assign_text(
    *,
    measure_id: int,
    start: int,
    end: int,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Measure:
    """Let a stretch that touches a measure and was read as something else be part of it."""
    measure = lock(Measure, measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "只能把文字归入承担责任的措施。")
    return _keep("assign", edition, give(edition, start, end, measure), by=by, at=at)


@usecase
def make_measure(
    *,
    edition_id: int,
    start: int,
    end: int,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Measure:
    """Make a measure of a stretch that was read as none; return it with what was read in it."""
    edition = open_draft(edition_id, by, expected_version)
    return _keep("make", edition, give(edition, start, end, None), by=by, at=at)


def _keep(step: str, edition: Edition, given: Given, *, by: User, at: datetime) -> Measure:
    """Write the Correction and its event; return the measure that has the text now."""
    correction = keep_cut(step, edition, given, by=by, at=at)
    record(
        correction.measure,
        "cut_measure",
        by=by,
        at=at,
        within=edition,
        district=edition.plan.district_id,
        note=CUT_LABEL,
        data={"correction": correction.pk, **correction.after},
    )
    return given.receiver


def keep_cut(step: str, edition: Edition, given: Given, *, by: User, at: datetime) -> Correction:
    """Write the Correction on the measure that stands there longer; settle what it answers."""
    main = given.donor if given.is_new and given.donor else given.receiver
    moved = move_doubts(edition, given, by=by, at=at)
    correction = Correction.objects.create(
        measure=main,
        other=given.receiver if main is given.donor else given.donor,
        field=CUT,
        before=given.before | {"doubts": moved, "made": given.receiver.pk if given.is_new else 0},
        after={
            "step": step,
            "start": given.start,
            "end": given.end,
            "text": edition.text[given.start : given.end],
            "references": [m.reference for m in given.involved if m.is_leaf],
        },
        by=by,
        at=at,
    )
    for measure in given.involved:
        if measure.is_leaf:
            follow(edition, measure, by=by, at=at)
    return correction


def undo_cut(correction: Correction, edition: Edition, *, by: User, at: datetime) -> Measure:
    """Let the text belong to whom it did; a measure that was made of it goes."""
    before = correction.before
    take_doubts_back(edition, before["doubts"], by=by, at=at)
    measures = put_back(edition, before)
    made = edition.measures.filter(pk=before["made"]).first()
    standing = measures[0] if measures else _beside(edition, correction.measure)
    if made is not None:
        record(
            made,
            "undo_made_measure",
            by=by,
            at=at,
            within=edition,
            district=edition.plan.district_id,
            note=made.reference,
        )
        made.delete()
    record(
        standing,
        "undo_correction",
        by=by,
        at=at,
        within=edition,
        district=edition.plan.district_id,
        note=CUT_LABEL,
        data={"correction": correction.pk},
    )
    for measure in measures:
        follow(edition, measure, by=by, at=at)
    return standing


def _beside(edition: Edition, measure: Measure) -> Measure:
    """Return the measure that stands before one that goes, or another where none does."""
    others = edition.measures.exclude(pk=measure.pk).order_by("ordinal")
    return others.filter(ordinal__lt=measure.ordinal).last() or others.first() or measure

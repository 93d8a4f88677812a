"""更正: what a person changes in the reading of a draft's measure, its undoing, and 已核对."""

from datetime import datetime

from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import Severity
from plans.models import Correction, Edition, Measure
from plans.querysets import CorrectionQuerySet
from plans.usecases.changes import Changes, values_of
from plans.usecases.doubts import ON_UNITS, confirm_as_read
from plans.usecases.drafts import locked_draft, open_draft
from plans.usecases.following import follow
from plans.usecases.lineages import follow_measure
from plans.usecases.readings import CUT, CUT_LABEL, LABELS, read, write
from plans.usecases.restructuring import undo_cut


@usecase
def correct_measure(
    *,
    measure_id: int,
    changes: Changes,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Measure:
    """Make a measure of a draft read as it should: a Correction and an event for each field.

    Doubts that the correction answers are settled with it. InvalidError where a value does not
    hold or nothing differs; ConflictError after the issue.
    """
    measure = lock(Measure, measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf or measure.set_aside, "这是上级措施，请在它的各分项里更正。")
    changed = {
        field: (before, after)
        for field, after in values_of(measure, changes).items()
        if (before := read(measure, field)) != after
    }
    if not changed:
        raise InvalidError("没有改动任何内容。")
    for field, (before, after) in changed.items():
        write(measure, field, after)
        Correction.objects.create(
            measure=measure, field=field, before=before, after=after, by=by, at=at
        )
        _record(measure, edition, "correct_measure", field, before, after, by=by, at=at)
    follow(edition, measure, by=by, at=at)
    return measure


@usecase
def undo_correction(
    *, correction_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Measure:
    """Make the field read as before the correction; the latest of a field goes first."""
    correction = lock(Correction, correction_id)
    measure = lock(Measure, correction.measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    field = correction.field
    refuse_unless(correction.undone_at is None, "这处更正已经撤销过了。")
    refuse_unless(
        (field in LABELS or field == CUT) and correction.doubt_id is None,
        "这处更正是处理“待核实”时作出的，请在那里撤回处理。",
    )
    later = later_corrections(correction).exists()
    label = CUT_LABEL if field == CUT else LABELS[field]
    refuse_unless(not later, f"“{label}”之后又作了更正，请先撤销之后的更正。")
    if field == "lineage":
        taken = edition.measures.filter(lineage=correction.before["lineage"]).exclude(pk=measure.pk)
        refuse_unless(not taken.exists(), "前一文本的那条措施现在对应着另一项，请先改那一项。")
    correction.undone_at, correction.undone_by = at, by
    correction.save(update_fields=["undone_at", "undone_by"])
    if field == CUT:
        return undo_cut(correction, edition, by=by, at=at)
    write(measure, field, correction.before)
    if field == "lineage":
        follow_measure(edition, measure)
    _record(
        measure,
        edition,
        "undo_correction",
        field,
        correction.after,
        correction.before,
        by=by,
        at=at,
    )
    follow(edition, measure, by=by, at=at)
    return measure


@usecase
def check_measure(
    *,
    measure_id: int,
    by: User,
    at: datetime,
    confirm: bool = False,
    expected_version: int | None = None,
) -> Measure:
    """Note that a person has compared a measure with the text and found it right.

    With ``confirm`` its doubts that are only to be checked are confirmed as read.
    """
    measure = lock(Measure, measure_id)
    locked = open_draft if confirm else locked_draft
    edition = locked(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "只有承担责任的措施需要核对。")
    refuse_unless(measure.checked_at is None, "这一条已经标为已核对。")
    if confirm:
        doubts = edition.doubts.open().filter(measure=measure, severity=Severity.CHECK)
        confirm_as_read(doubts, edition, by=by, at=at)
    measure.checked_at, measure.checked_by = at, by
    _save_check(measure, edition, "check_measure", by=by, at=at)
    return measure


@usecase
def uncheck_measure(
    *, measure_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Measure:
    """Take the mark 已核对 back."""
    measure = lock(Measure, measure_id)
    edition = locked_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.checked_at is not None, "这一条还没有标为已核对。")
    measure.checked_at, measure.checked_by = None, None
    _save_check(measure, edition, "uncheck_measure", by=by, at=at)
    return measure


def later_corrections(correction: Correction) -> CorrectionQuerySet:
    """Return what was built on a correction since: of the same field, or of the same text."""
    measures = filter(None, [correction.measure_id, correction.other_id])
    later = Correction.objects.standing().touching(measures).filter(pk__gt=correction.pk)
    if correction.field == CUT:
        return later
    fields = ON_UNITS if correction.field in ON_UNITS else (correction.field,)
    return later.filter(field__in=[*fields, CUT])


def _save_check(measure: Measure, edition: Edition, action: str, *, by: User, at: datetime) -> None:
    measure.save(update_fields=["checked_at", "checked_by"])
    record(measure, action, by=by, at=at, within=edition, district=edition.plan.district_id)


def _record(
    measure: Measure,
    edition: Edition,
    action: str,
    field: str,
    before: object,
    after: object,
    *,
    by: User,
    at: datetime,
) -> None:
    record(
        measure,
        action,
        by=by,
        at=at,
        within=edition,
        district=edition.plan.district_id,
        note=LABELS[field],
        data={"field": field, "before": before, "after": after},
    )

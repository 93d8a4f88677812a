"""更正: what a person changes in the reading of a draft's measure, its undoing, and 已核对."""

from datetime import datetime

from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import DoubtCode, ResponsibilityRole
from plans.models import Correction, Doubt, Edition, Measure
from plans.usecases.changes import Changes, values_of
from plans.usecases.doubts import ON_UNITS, names_like
from plans.usecases.drafts import locked_draft, open_draft, reopen, settle
from plans.usecases.readings import LABELS, read, write

ANSWERED = "已在该项措施中更正"


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
    follow_up(edition, measure, by=by, at=at)
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
        field in LABELS and correction.doubt_id is None,
        "这处更正是处理“待核实”时作出的，请在那里撤回处理。",
    )
    touching = ON_UNITS if field in ON_UNITS else (field,)
    later = measure.corrections.standing().filter(field__in=touching, pk__gt=correction.pk)
    refuse_unless(not later.exists(), f"“{LABELS[field]}”之后又作了更正，请先撤销之后的更正。")
    if field == "lineage":
        taken = edition.measures.filter(lineage=correction.before["lineage"]).exclude(pk=measure.pk)
        refuse_unless(not taken.exists(), "前一文本的那条措施现在对应着另一项，请先改那一项。")
    write(measure, field, correction.before)
    correction.undone_at, correction.undone_by = at, by
    correction.save(update_fields=["undone_at", "undone_by"])
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
    follow_up(edition, measure, by=by, at=at)
    return measure


@usecase
def check_measure(
    *, measure_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Measure:
    """Note that a person has compared a measure with the text and found it right."""
    measure = lock(Measure, measure_id)
    edition = locked_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "只有承担责任的措施需要核对。")
    refuse_unless(measure.checked_at is None, "这一条已经标为已核对。")
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


def follow_up(edition: Edition, measure: Measure, *, by: User, at: datetime) -> None:
    """Settle the doubts that the reading now answers; reopen those that it answers no more."""
    about = edition.doubts.filter(code=DoubtCode.NO_LEAD, measure=measure)
    about |= edition.doubts.filter(code=DoubtCode.UNKNOWN_DEPARTMENT)
    about |= edition.doubts.filter(code=DoubtCode.UNSURE_MATCH, measure=measure)
    for doubt in about.select_related("measure"):
        is_answered = _is_answered(doubt, edition)
        if is_answered and doubt.settled_at is None:
            settle(doubt, edition, ANSWERED, by=by, at=at)
        elif not is_answered and doubt.answer == ANSWERED:
            reopen(doubt, edition, by=by, at=at)
        else:
            continue
        doubt.save(update_fields=["settled_at", "settled_by", "answer"])


def _is_answered(doubt: Doubt, edition: Edition) -> bool:
    if doubt.code == DoubtCode.UNKNOWN_DEPARTMENT:
        rows = [row for row in names_like(doubt, edition) if row.department_id is None]
        leaves = edition.measures.leaves().filter(pk__in=[row.measure_id for row in rows])
        return not leaves.exists()
    measure = doubt.measure
    assert measure is not None
    if doubt.code == DoubtCode.UNSURE_MATCH:
        return measure.corrections.standing().filter(field="lineage").exists()
    leads = measure.responsibilities.filter(role=ResponsibilityRole.LEAD, department__isnull=False)
    return bool(measure.set_aside) or leads.exists()

"""Doubts that follow the reading: settled when it answers them, moved and added with the text."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.models import User
from plans.choices import DoubtCode, NameSort, ResponsibilityRole, Severity
from plans.models import Doubt, Edition, Measure
from plans.register import Register
from plans.usecases.cutting import Given
from plans.usecases.doubts import names_like
from plans.usecases.drafts import reopen, settle

ANSWERED = "已在该项措施中更正"
SETTLED = ["settled_at", "settled_by", "answer"]
NO_LEAD_ADVICE = "作为共性任务由各单位落实，或者不交办并写明理由"


def follow(edition: Edition, measure: Measure, *, by: User, at: datetime) -> None:
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
        doubt.save(update_fields=SETTLED)


def _is_answered(doubt: Doubt, edition: Edition) -> bool:
    if doubt.code == DoubtCode.UNKNOWN_DEPARTMENT:
        rows = [row for row in names_like(doubt, edition) if row.department_id is None]
        leaves = edition.measures.leaves().filter(pk__in=[row.measure_id for row in rows])
        return not leaves.exists()
    measure = doubt.measure
    assert measure is not None
    if doubt.code == DoubtCode.UNSURE_MATCH:
        return measure.corrections.standing().filter(field="lineage").exists()
    return bool(measure.set_aside) or _has_lead(measure)


def _has_lead(measure: Measure) -> bool:
    leads = measure.responsibilities.filter(role=ResponsibilityRole.LEAD, department__isnull=False)
    return leads.exists()


def move_doubts(edition: Edition, given: Given, *, by: User, at: datetime) -> dict[str, Any]:
    """Let doubts go where their words went, and add those that the cut raises.

    Return what undoing needs: whose they were, and the keys of the added ones.
    """
    moved = [
        doubt
        for doubt in edition.doubts.filter(start__gte=given.start, start__lt=given.end)
        if doubt.measure_id != given.receiver.pk
    ]
    if given.donor is not None and not given.donor.is_leaf:
        here = {doubt.pk for doubt in moved}
        moved += edition.doubts.filter(measure=given.donor).exclude(pk__in=here)
    kept = [{"pk": doubt.pk, "measure": doubt.measure_id} for doubt in moved]
    for doubt in moved:
        doubt.measure = given.receiver
        if doubt.code == DoubtCode.UNCOVERED and doubt.settled_at is None:
            settle(doubt, edition, f"已归入{given.receiver.reference}", by=by, at=at)
            kept[moved.index(doubt)]["settled"] = True
    Doubt.objects.bulk_update(moved, ["measure", *SETTLED])
    added = list(_raised(edition, given))
    last: int = edition.doubts.aggregate(last=Max("ordinal"))["last"] or 0
    for ordinal, doubt in enumerate(added, start=last + 1):
        doubt.ordinal = ordinal
        doubt.save()
    return {"moved": kept, "added": [doubt.pk for doubt in added]}


def _raised(edition: Edition, given: Given) -> Iterator[Doubt]:
    for measure in given.involved:
        if not measure.is_leaf:
            continue
        known = edition.doubts.filter(measure=measure, code=DoubtCode.NO_LEAD).exists()
        if not known and not _names_a_lead(measure):
            yield _doubt(
                measure,
                DoubtCode.NO_LEAD,
                Severity.ERROR,
                f"{measure.reference}没有写明责任单位",
                suggestion=NO_LEAD_ADVICE,
            )
        if given.shared_by == measure.pk:
            message = f"{measure.reference}分开后，责任单位取自原来共同的责任表述"
            yield _doubt(measure, DoubtCode.INHERITED, Severity.CHECK, message, suggestion="请确认")
    yield from _unknown(edition, given)


def _names_a_lead(measure: Measure) -> bool:
    rows = measure.responsibilities.all()
    has_lead = any(row.role == ResponsibilityRole.LEAD for row in rows)
    return has_lead or any(row.role == ResponsibilityRole.SHARE for row in rows)


def _unknown(edition: Edition, given: Given) -> Iterator[Doubt]:
    """Yield the units of text read anew that the register lacks and no doubt asks for yet."""
    register: Register | None = None
    for row in given.fresh.get("responsibilities", ()):
        if row["department_id"] or row["sort"] != NameSort.DEPARTMENT:
            continue
        message = f"单位名录里没有“{row['canonical']}”"
        asked = edition.doubts.filter(code=DoubtCode.UNKNOWN_DEPARTMENT)
        if asked.filter(message__startswith=message).exists():
            continue
        register = register or Register.load(edition.plan.district_id)
        closest = register.closest(row["canonical"], row["name"])
        doubt = _doubt(
            given.receiver,
            DoubtCode.UNKNOWN_DEPARTMENT,
            Severity.ERROR,
            message,
            suggestion=closest.name if closest else "",
        )
        doubt.start, doubt.end = row["start"], row["end"]
        yield doubt


def _doubt(
    measure: Measure, code: DoubtCode, severity: Severity, message: str, *, suggestion: str
) -> Doubt:
    return Doubt(
        edition_id=measure.edition_id,
        measure=measure,
        code=code,
        severity=severity,
        message=message,
        suggestion=suggestion,
        start=measure.start,
        end=measure.end,
    )


def take_doubts_back(edition: Edition, told: dict[str, Any], *, by: User, at: datetime) -> None:
    """Let doubts belong to whom they did before the cut, and drop those that it raised."""
    for kept in told["moved"]:
        doubt = edition.doubts.filter(pk=kept["pk"]).first()
        if doubt is None:
            continue
        doubt.measure_id = kept["measure"]
        if kept.get("settled") and doubt.settled_at is not None:
            reopen(doubt, edition, by=by, at=at)
        doubt.save()
    edition.doubts.filter(pk__in=told["added"]).delete()

"""对应: which measure of the former text a measure is, as a person decides."""

import uuid
from datetime import datetime

from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.models import Correction, Edition, Measure
from plans.usecases.drafts import open_draft
from plans.usecases.following import follow
from plans.usecases.lineages import follow_measure


@usecase
def match_measure(
    *,
    measure_id: int,
    former_id: int | None,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Measure:
    """Make a measure of a draft go on from one of the former text, or from none.

    One that had this counterpart before has none from now on; targets go with their measure. Each
    is a Correction, to be undone like any other.
    """
    measure = lock(Measure, measure_id)
    edition = open_draft(measure.edition_id, by, expected_version)
    refuse_unless(measure.is_leaf, "这不是承担责任的措施，没有对应关系。")
    former = _former(edition, former_id)
    before = _counterpart(edition, measure)
    if before == former:
        raise InvalidError("对应关系没有改动。")
    if former is not None:
        for other in edition.measures.filter(lineage=former.lineage):
            _match(edition, other, former, None, by=by, at=at)
    _match(edition, measure, before, former, by=by, at=at)
    return measure


def _former(edition: Edition, former_id: int | None) -> Measure | None:
    if former_id is None:
        return None
    found = Measure.objects.leaves().filter(pk=former_id, edition=edition.former_id).first()
    if found is None:
        raise InvalidError("前一文本里没有这条措施，请重新选择。")
    return found


def _counterpart(edition: Edition, measure: Measure) -> Measure | None:
    return Measure.objects.filter(edition=edition.former_id, lineage=measure.lineage).first()


def _match(
    edition: Edition,
    measure: Measure,
    before: Measure | None,
    after: Measure | None,
    *,
    by: User,
    at: datetime,
) -> None:
    old = {"lineage": str(measure.lineage), "reference": before.reference if before else ""}
    measure.lineage = after.lineage if after else uuid.uuid4()
    new = {"lineage": str(measure.lineage), "reference": after.reference if after else ""}
    measure.save(update_fields=["lineage"])
    follow_measure(edition, measure)
    Correction.objects.create(measure=measure, field="lineage", before=old, after=new, by=by, at=at)
    record(
        measure,
        "match_measure",
        by=by,
        at=at,
        within=edition,
        district=edition.plan.district_id,
        data={"field": "lineage", "before": old, "after": new},
    )
    follow(edition, measure, by=by, at=at)

"""Marking measures as checked, and who may change a draft until when."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.errors import ConflictError, ForbiddenError, StaleError
from accounts.models import Event, User
from plans.choices import EditionStatus
from plans.models import Correction, Edition, Measure
from plans.usecases import (
    Changes,
    check_measure,
    correct_measure,
    uncheck_measure,
    undo_correction,
)
from tests.conftest import NOON

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def measure(edition: Edition) -> Measure:
    return edition.measures.get(path="1.5")


def test_a_measure_is_marked_as_checked_once_and_unmarked(measure: Measure, checker: User) -> None:
    check_measure(measure_id=measure.pk, by=checker, at=NOON)
    with pytest.raises(ConflictError, match="已经标为已核对"):
        check_measure(measure_id=measure.pk, by=checker, at=LATER)
    measure.refresh_from_db()
    checked = (measure.checked_by, measure.checked_at)
    uncheck_measure(measure_id=measure.pk, by=checker, at=LATER)
    with pytest.raises(ConflictError, match="还没有"):
        uncheck_measure(measure_id=measure.pk, by=checker, at=LATER)

    measure.refresh_from_db()
    assert checked == (checker, NOON)
    assert (measure.checked_by, measure.checked_at) == (None, None)
    actions = Event.objects.about(measure.edition).values_list("action", flat=True)
    assert {"check_measure", "uncheck_measure"} <= set(actions)


def test_a_check_without_objection_confirms_what_was_only_to_be_checked(
    measure: Measure, edition: Edition, checker: User
) -> None:
    doubt = edition.doubts.get(code="several_leads", measure=measure)
    led = edition.measures.get(path="42")

    check_measure(measure_id=measure.pk, confirm=True, by=checker, at=NOON)
    check_measure(measure_id=led.pk, confirm=True, by=checker, at=NOON)

    doubt.refresh_from_db()
    assert (doubt.answer, doubt.settled_by) == ("按识别结果确认", checker)
    assert edition.doubts.get(code="no_lead", measure=led).settled_at is None
    assert edition.doubts.open().filter(code="several_leads").count() == 17


def steps(measure: Measure) -> list[Callable[..., Measure]]:
    correction = Correction.objects.create(
        measure=measure,
        field="title",
        before="甲",
        after="乙",
        by=measure.edition.imported_by,
        at=NOON,
    )
    return [
        lambda **who: correct_measure(measure_id=measure.pk, changes=Changes(title="丙"), **who),
        lambda **who: undo_correction(correction_id=correction.pk, **who),
        lambda **who: check_measure(measure_id=measure.pk, **who),
        lambda **who: uncheck_measure(measure_id=measure.pk, **who),
    ]


def test_only_a_coordinator_of_the_district_corrects(
    measure: Measure, liaison: User, coordinator: User
) -> None:
    for step in steps(measure):
        for person in (liaison, coordinator):
            with pytest.raises(ForbiddenError):
                step(by=person, at=NOON)


def test_an_issued_edition_is_neither_corrected_nor_checked(
    measure: Measure, checker: User
) -> None:
    Edition.objects.update(
        status=EditionStatus.ISSUED, document_number="演示", issued_on="2016-09-12"
    )

    for step in steps(measure):
        with pytest.raises(ConflictError, match="已经交办"):
            step(by=checker, at=NOON)


def test_a_step_on_an_old_version_is_refused(measure: Measure, checker: User) -> None:
    taken = steps(measure)
    taken[0](by=checker, at=NOON, expected_version=1)

    for step in taken:
        with pytest.raises(StaleError):
            step(by=checker, at=NOON, expected_version=1)

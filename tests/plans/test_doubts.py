"""Settling the doubts of a draft, and taking an answer back."""

import pytest
from django.core.files.base import ContentFile

from accounts.choices import DepartmentKind
from accounts.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
)
from accounts.models import Department, DepartmentName, District, Event, User
from plans.choices import EditionStatus
from plans.models import Correction, Doubt, Edition, Responsibility
from plans.usecases import NewUnit, import_plan, reopen_doubt, settle_doubt
from tests.conftest import NOON

TEXT = """某区实施方案

1.公布清单。2017年12月底前，公布清单（区卫生局牵头，区卫计局配合）。

2.清理文件。（区财政局牵头，区卫生局配合）
"""


@pytest.fixture
def unknown(litong: District, checker: User) -> Doubt:
    """区卫生局, which the register does not have, in two measures."""
    edition = import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )
    return edition.doubts.get(code="unknown_department")


def settled(doubt: Doubt) -> Doubt:
    doubt.refresh_from_db()
    return doubt


def test_a_unit_that_the_register_lacks_is_added_with_its_full_name_and_the_written_one(
    unknown: Doubt, checker: User
) -> None:
    new = NewUnit("区卫健局", DepartmentKind.GOVERNMENT, "利通区卫生健康局")

    settle_doubt(doubt_id=unknown.pk, new_unit=new, by=checker, at=NOON)

    made = Department.objects.get(name="区卫健局")
    assert (made.full_name, made.kind) == ("利通区卫生健康局", "government")
    assert DepartmentName.objects.get(name="区卫生局").department == made
    assert Responsibility.objects.filter(department=made).count() == 2
    assert Event.objects.get(action="add_department").object_id == made.pk


def test_a_full_name_that_the_register_has_is_not_entered_again(
    unknown: Doubt, checker: User
) -> None:
    Department.objects.filter(name="区卫计局").update(full_name="利通区卫生局")
    new = NewUnit("区卫健局", DepartmentKind.GOVERNMENT, "利通区卫生局")

    with pytest.raises(InvalidError, match="利通区卫生局"):
        settle_doubt(doubt_id=unknown.pk, new_unit=new, by=checker, at=NOON)


def test_a_doubt_is_confirmed_as_read(edition: Edition, checker: User) -> None:
    doubt = edition.doubts.get(code="before_plan")

    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON)

    assert settled(doubt).answer == "按识别结果确认"
    assert (doubt.settled_by, doubt.settled_at) == (checker, NOON)
    event = Event.objects.about(edition).get(action="settle_doubt")
    assert event.data["code"] == "before_plan"


def test_a_draft_without_number_is_checked_first_and_numbered_at_the_issue(
    edition: Edition, checker: User
) -> None:
    doubt = edition.doubts.get(code="draft")

    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON)

    assert settled(doubt).answer == "印发后，在交办时填写发文字号和印发日期"


def test_a_settled_doubt_is_not_settled_again(edition: Edition, checker: User) -> None:
    doubt = edition.doubts.get(code="before_plan")
    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON, answer="补报完成情况")

    with pytest.raises(ConflictError):
        settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON, answer="属笔误")

    assert settled(doubt).answer == "补报完成情况"


def test_a_measure_without_lead_is_given_one(edition: Edition, checker: User) -> None:
    measure = edition.measures.get(path="42")
    doubt = edition.doubts.get(code="no_lead", measure=measure)
    office = Department.objects.get(name="区政府办公室")
    legal = Department.objects.get(name="区政府法制办")

    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON, leads=[legal.pk, office.pk])

    rows = Responsibility.objects.filter(measure__path="42", role="lead").order_by("ordinal")
    assert [row.department for row in rows] == [legal, office]
    assert {(row.start, row.end) for row in rows} == {(measure.start, measure.end)}
    assert settled(doubt).answer == "由区政府法制办、区政府办公室牵头"
    assert Correction.objects.get(measure=measure).after == [
        {"department": legal.pk, "role": "lead"},
        {"department": office.pk, "role": "lead"},
    ]


def test_a_measure_without_lead_needs_a_lead_or_a_reason(edition: Edition, checker: User) -> None:
    doubt = edition.doubts.get(code="no_lead", measure__path="43")

    with pytest.raises(InvalidError, match="理由"):
        settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON)
    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON, answer="由各单位自行落实")

    assert settled(doubt).answer == "不交办：由各单位自行落实"
    assert not Correction.objects.exists()


def test_taking_the_lead_back_leaves_the_reading_as_it_was(edition: Edition, checker: User) -> None:
    doubt = edition.doubts.get(code="no_lead", measure__path="42")
    before = list(Responsibility.objects.values_list("pk", flat=True))
    legal = Department.objects.get(name="区政府法制办")
    settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON, leads=[legal.pk])

    reopen_doubt(doubt_id=doubt.pk, by=checker, at=NOON)

    assert list(Responsibility.objects.values_list("pk", flat=True)) == before
    assert (settled(doubt).settled_at, doubt.answer) == (None, "")
    assert not Correction.objects.standing().exists()
    assert Correction.objects.get().undone_by == checker


def test_an_unknown_unit_is_linked_everywhere_and_its_name_remembered(
    unknown: Doubt, checker: User
) -> None:
    health = Department.objects.get(name="区卫计局")

    settle_doubt(doubt_id=unknown.pk, by=checker, at=NOON, unit=health.pk)

    linked = Responsibility.objects.filter(department=health).order_by("measure__ordinal")
    assert [(row.name, row.role) for row in linked] == [
        ("区卫生局", "lead"),
        ("区卫生局", "support"),
    ]
    assert DepartmentName.objects.get(name="区卫生局").department == health
    assert settled(unknown).answer == "即区卫计局"


def test_an_unknown_unit_can_enter_the_register(unknown: Doubt, checker: User) -> None:
    new = NewUnit("区卫生局", DepartmentKind.GOVERNMENT)

    settle_doubt(doubt_id=unknown.pk, by=checker, at=NOON, new_unit=new)

    unit = Department.objects.get(name="区卫生局")
    assert Responsibility.objects.filter(department=unit).count() == 2
    assert not unit.is_confirmed
    assert not DepartmentName.objects.filter(name="区卫生局").exists()


def test_a_unit_that_exists_is_not_entered_twice(unknown: Doubt, checker: User) -> None:
    with pytest.raises(InvalidError, match="已有"):
        settle_doubt(
            doubt_id=unknown.pk,
            by=checker,
            at=NOON,
            new_unit=NewUnit("法制办", DepartmentKind.GOVERNMENT),
        )
    with pytest.raises(InvalidError, match="请选择"):
        settle_doubt(doubt_id=unknown.pk, by=checker, at=NOON)


def test_a_unit_of_another_district_is_refused(
    unknown: Doubt, checker: User, bureau: Department
) -> None:
    with pytest.raises(InvalidError, match="名录"):
        settle_doubt(doubt_id=unknown.pk, by=checker, at=NOON, unit=bureau.pk)


def test_taking_a_link_back_forgets_the_name(unknown: Doubt, checker: User) -> None:
    health = Department.objects.get(name="区卫计局")
    settle_doubt(doubt_id=unknown.pk, by=checker, at=NOON, unit=health.pk)

    reopen_doubt(doubt_id=unknown.pk, by=checker, at=NOON)

    assert [row.name for row in Responsibility.objects.filter(department=health)] == ["区卫计局"]
    assert not DepartmentName.objects.filter(name="区卫生局").exists()


def test_every_answer_raises_the_version_of_the_edition(edition: Edition, checker: User) -> None:
    first, second = edition.doubts.filter(code="several_leads")[:2]
    settle_doubt(doubt_id=first.pk, by=checker, at=NOON, expected_version=1)

    with pytest.raises(StaleError):
        settle_doubt(doubt_id=second.pk, by=checker, at=NOON, expected_version=1)


def test_an_issued_edition_is_not_corrected(edition: Edition, checker: User) -> None:
    doubt = edition.doubts.get(code="before_plan")
    Edition.objects.filter(pk=edition.pk).update(
        status=EditionStatus.ISSUED, document_number="演示", issued_on="2016-09-12"
    )

    with pytest.raises(ConflictError, match="已经交办"):
        settle_doubt(doubt_id=doubt.pk, by=checker, at=NOON)


def test_others_cannot_settle(
    edition: Edition, liaison: User, coordinator: User, checker: User
) -> None:
    doubt = edition.doubts.get(code="before_plan")

    for person in (liaison, coordinator):
        with pytest.raises(ForbiddenError):
            settle_doubt(doubt_id=doubt.pk, by=person, at=NOON)
    with pytest.raises(NotFoundError):
        settle_doubt(doubt_id=0, by=checker, at=NOON)

"""Correcting what was read wrongly, undoing it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.errors import ConflictError, InvalidError
from accounts.models import Department, District, Event, Group, User
from plans.models import Correction, Edition, Measure
from plans.usecases import (
    Again,
    Changes,
    Dated,
    Named,
    Targeted,
    check_measure,
    correct_measure,
    import_plan,
    reopen_doubt,
    settle_doubt,
    undo_correction,
)
from plans.usecases.readings import LABELS, read
from tests.conftest import NOON

LATER = NOON + timedelta(minutes=1)
TEXT = """某区实施方案

1.公布清单。2017年12月底前，公布清单，覆盖率不低于90%（区卫生局牵头，区财政局配合）。

2.清理文件。清理文件（区财政局牵头，区卫生局配合）。
"""


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    """Two measures; the register does not have 区卫生局."""
    return import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )


@pytest.fixture
def measure(draft: Edition) -> Measure:
    return draft.measures.get(path="1")


@pytest.fixture
def correct(measure: Measure, checker: User) -> Callable[..., Correction]:
    """Correct the first measure and return the latest correction."""

    def run(**fields: Any) -> Correction:
        correct_measure(measure_id=measure.pk, changes=Changes(**fields), by=checker, at=NOON)
        latest = measure.corrections.last()
        assert latest is not None
        measure.refresh_from_db()
        return latest

    return run


def unit(name: str) -> int:
    return Department.objects.get(name=name).pk


def names(measure: Measure) -> list[tuple[str, str, str | None]]:
    rows = measure.responsibilities.order_by("ordinal")
    return [(row.name, row.role, row.department.name if row.department else None) for row in rows]


def test_a_title_is_corrected_with_its_row_and_event(
    measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    written = measure.title

    correction = correct(title=" 公布  权责清单 ")

    assert measure.title == "公布 权责清单"
    assert (correction.field, correction.before, correction.after) == (
        "title",
        written,
        "公布 权责清单",
    )
    assert (correction.by, correction.at) == (checker, NOON)
    event = Event.objects.about(measure.edition).get(action="correct_measure")
    assert (event.note, event.data["before"]) == ("标题", written)
    assert measure.checked_at is None


def test_a_name_is_given_another_unit_and_role(
    measure: Measure, correct: Callable[..., Correction]
) -> None:
    before = read(measure, "responsibilities")

    correct(
        responsibilities=[
            Named(1, "support", unit("区卫计局")),
            Named(2, "lead", unit("区财政局")),
        ]
    )

    assert names(measure) == [
        ("区卫生局", "support", "区卫计局"),
        ("区财政局", "lead", "区财政局"),
    ]
    after = read(measure, "responsibilities")
    assert [(row["start"], row["end"]) for row in after] == [
        (row["start"], row["end"]) for row in before
    ]


def test_a_name_is_added_where_the_document_writes_it_or_for_the_whole_measure(
    measure: Measure, correct: Callable[..., Correction]
) -> None:
    group = Group.objects.create(district=measure.edition.plan.district, name="各单位")

    correct(
        responsibilities=[
            Named(2, "support", unit("区财政局")),
            Named(None, "lead", unit("区卫计局"), text="区卫生局"),
            Named(None, "share", group=group.pk),
        ]
    )

    found = list(measure.responsibilities.order_by("ordinal"))
    text = measure.edition.text
    assert [text[row.start : row.end] for row in found[:2]] == ["区财政局", "区卫生局"]
    assert (found[2].start, found[2].end) == (measure.start, measure.end)
    assert (found[2].group, found[2].sort) == (group, "group")


def test_deadlines_are_changed_added_and_removed(
    measure: Measure, correct: Callable[..., Correction]
) -> None:
    correct(
        deadlines=[
            Dated(1, "date", date(2018, 6, 30), "公布清单"),
            Dated(None, "ongoing", what="更新"),
        ]
    )
    changed = list(measure.deadlines.values_list("text", "kind", "due_on", "precision", "what"))
    correct(deadlines=[])

    assert changed == [
        ("2017年12月底前", "date", date(2018, 6, 30), "day", "公布清单"),
        ("长期坚持", "ongoing", None, "", "更新"),
    ]
    assert not measure.deadlines.exists()


def test_a_metric_is_edited_and_keeps_its_lineage(
    measure: Measure, correct: Callable[..., Correction]
) -> None:
    lineage = measure.metrics.get().lineage

    correct(metrics=[Targeted(1, ">=", Decimal(95), unit="%")])
    edited = measure.metrics.get()
    correct(metrics=[])

    assert (edited.value, edited.unit, edited.lineage) == (Decimal(95), "%", lineage)
    assert not measure.metrics.exists()


def test_a_measure_goes_to_another_part(edition: Edition, checker: User) -> None:
    measure = edition.measures.get(path="1.5")

    correct_measure(measure_id=measure.pk, changes=Changes(part=2), by=checker, at=NOON)

    measure.refresh_from_db()
    assert measure.part is not None
    assert measure.part.ordinal == 2
    assert measure.corrections.get().before == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "标题"),
        ({"part": 99}, "没有这个部分"),
        ({"responsibilities": [Named(1, "boss")]}, "分工"),
        ({"responsibilities": [Named(9, "lead")]}, "已经不在"),
        ({"responsibilities": [Named(None, "lead")]}, "从名录里选择"),
        ({"responsibilities": [Named(1, "lead", unit=0)]}, "名录"),
        ({"responsibilities": [Named(1, "lead", group=0)]}, "统称"),
        ({"deadlines": [Dated(1, "date")]}, "请填写日期"),
        ({"deadlines": [Dated(1, "ongoing", date(2018, 1, 1))]}, "类别请选"),
        ({"deadlines": [Dated(1, "never")]}, "类别"),
        ({"deadlines": [Dated(None, "ongoing", text="长期")]}, "原文这一项里没有“长期”"),
        ({"deadlines": [Dated(None, "ongoing"), Dated(None, "ongoing")]}, "出现了两次"),
        ({"recurrences": [Again(None, "never")]}, "多久一次"),
        ({"recurrences": [Again(None, "yearly", 400)]}, "次数"),
        ({"recurrences": [Again(None, "yearly"), Again(None, "yearly")]}, "出现了两次"),
        ({"recurrences": [Again(1, "yearly")]}, "已经不在"),
        ({"metrics": [Targeted(None, "=", Decimal(1))]}, "名称"),
        ({"metrics": [Targeted(1, "?", Decimal(1))]}, "关系"),
        ({"metrics": [Targeted(1, ">=")]}, "目标值"),
        ({"metrics": [Targeted(1, ">=", Decimal(10) ** 12)]}, "太大"),
        ({"metrics": [Targeted(1, ">=", Decimal(9), Decimal(8))]}, "上限"),
        ({}, "没有改动"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_kept(
    fields: dict[str, Any],
    sentence: str,
    measure: Measure,
    correct: Callable[..., Correction],
) -> None:
    before = {field: read(measure, field) for field in LABELS}

    with pytest.raises(InvalidError, match=sentence):
        correct(**fields)

    measure.refresh_from_db()
    assert {field: read(measure, field) for field in LABELS} == before
    assert not Correction.objects.exists()
    assert measure.edition.version == 1


def test_a_unit_stands_once_in_a_measure(correct: Callable[..., Correction]) -> None:
    finance = unit("区财政局")

    with pytest.raises(InvalidError, match="区财政局在这一项里出现了两次"):
        correct(responsibilities=[Named(1, "lead", finance), Named(2, "support", finance)])


def test_saving_the_same_again_is_no_correction(
    measure: Measure, correct: Callable[..., Correction]
) -> None:
    with pytest.raises(InvalidError, match="没有改动"):
        correct(
            title=measure.title,
            responsibilities=[Named(1, "lead"), Named(2, "support", unit("区财政局"))],
            deadlines=[Dated(1, "date", date(2017, 12, 31), measure.deadlines.get().what)],
            metrics=[Targeted(1, ">=", Decimal(90), unit="%")],
        )


def test_every_field_is_undone_to_what_was_read(
    measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    before = {field: read(measure, field) for field in LABELS}
    correct(title="公布", responsibilities=[], deadlines=[], metrics=[], set_aside="只是目标")

    for correction in measure.corrections.all():
        undo_correction(correction_id=correction.pk, by=checker, at=LATER)

    measure.refresh_from_db()
    assert {field: read(measure, field) for field in LABELS} == before
    assert measure.is_leaf
    assert not measure.corrections.standing().exists()
    assert set(measure.corrections.values_list("undone_by", "undone_at")) == {(checker.pk, LATER)}
    assert Event.objects.about(measure.edition).filter(action="undo_correction").count() == 5


def test_the_latest_correction_of_a_field_is_undone_first(
    measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    first = correct(title="甲")
    other = correct(deadlines=[])
    second = correct(title="乙")

    with pytest.raises(ConflictError, match="先撤销之后的更正"):
        undo_correction(correction_id=first.pk, by=checker, at=LATER)
    undo_correction(correction_id=other.pk, by=checker, at=LATER)
    undo_correction(correction_id=second.pk, by=checker, at=LATER)
    with pytest.raises(ConflictError, match="已经撤销"):
        undo_correction(correction_id=second.pk, by=checker, at=LATER)

    measure.refresh_from_db()
    assert measure.title == "甲"


def test_what_is_not_a_measure_is_set_aside_with_a_reason_and_comes_back(
    edition: Edition, checker: User
) -> None:
    measure = edition.measures.get(path="43")
    doubt = edition.doubts.get(code="no_lead", measure=measure)

    correct_measure(
        measure_id=measure.pk, changes=Changes(set_aside="只讲分工原则"), by=checker, at=NOON
    )
    measure.refresh_from_db()
    doubt.refresh_from_db()
    set_aside = (measure.is_leaf, measure.set_aside, doubt.answer)
    correct_measure(measure_id=measure.pk, changes=Changes(set_aside=""), by=checker, at=LATER)

    measure.refresh_from_db()
    doubt.refresh_from_db()
    assert set_aside == (False, "只讲分工原则", "已在该项措施中更正")
    assert (measure.is_leaf, doubt.settled_at) == (True, None)


def test_a_heading_above_measures_is_not_corrected(edition: Edition, checker: User) -> None:
    parent = edition.measures.filter(is_leaf=False).first()
    assert parent is not None

    with pytest.raises(ConflictError, match="上级措施"):
        correct_measure(measure_id=parent.pk, changes=Changes(title="甲"), by=checker, at=NOON)
    with pytest.raises(ConflictError, match="承担责任"):
        check_measure(measure_id=parent.pk, by=checker, at=NOON)


def test_a_lead_that_is_added_settles_the_doubt_and_its_undoing_reopens_it(
    edition: Edition, checker: User
) -> None:
    measure = edition.measures.get(path="42")
    doubt = edition.doubts.get(code="no_lead", measure=measure)
    kept = [
        Named(row.ordinal, row.role, row.department_id, row.group_id)
        for row in measure.responsibilities.all()
    ]
    lead = Named(None, "lead", unit("区政府法制办"))
    correct_measure(
        measure_id=measure.pk, changes=Changes(responsibilities=[*kept, lead]), by=checker, at=NOON
    )
    doubt.refresh_from_db()
    settled = doubt.settled_by

    undo_correction(correction_id=measure.corrections.get().pk, by=checker, at=LATER)

    doubt.refresh_from_db()
    assert (settled, doubt.settled_at) == (checker, None)


def test_an_unknown_unit_is_settled_once_no_measure_names_it_any_more(
    draft: Edition, measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    doubt = draft.doubts.get(code="unknown_department")
    correct(responsibilities=[Named(2, "lead", unit("区财政局"))])
    doubt.refresh_from_db()
    still_open = doubt.settled_at is None
    second = draft.measures.get(path="2")

    correct_measure(
        measure_id=second.pk,
        changes=Changes(responsibilities=[Named(1, "lead", unit("区财政局"))]),
        by=checker,
        at=NOON,
    )

    doubt.refresh_from_db()
    assert still_open
    assert doubt.answer == "已在该项措施中更正"


def test_a_name_taken_away_in_one_measure_is_still_linked_in_the_others(
    draft: Edition, checker: User, correct: Callable[..., Correction]
) -> None:
    doubt = draft.doubts.get(code="unknown_department")
    correct(responsibilities=[Named(2, "lead", unit("区财政局"))])

    settle_doubt(doubt_id=doubt.pk, unit=unit("区卫计局"), by=checker, at=LATER)

    assert ("区卫生局", "support", "区卫计局") in names(draft.measures.get(path="2"))


def test_a_unit_that_a_person_picked_is_not_overwritten_by_the_answer_to_a_doubt(
    draft: Edition, measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    doubt = draft.doubts.get(code="unknown_department")
    correct(responsibilities=[Named(1, "lead", unit("区民政局"))])

    settle_doubt(doubt_id=doubt.pk, unit=unit("区卫计局"), by=checker, at=LATER)
    reopen_doubt(doubt_id=doubt.pk, by=checker, at=LATER)

    assert names(measure) == [("区卫生局", "lead", "区民政局")]
    assert names(draft.measures.get(path="2"))[1] == ("区卫生局", "support", None)


def test_the_answer_to_a_doubt_is_taken_back_only_before_what_was_built_on_it(
    draft: Edition, measure: Measure, checker: User, correct: Callable[..., Correction]
) -> None:
    doubt = draft.doubts.get(code="unknown_department")
    settle_doubt(doubt_id=doubt.pk, unit=unit("区卫计局"), by=checker, at=NOON)
    linked = measure.corrections.get()
    later = correct(responsibilities=[Named(1, "lead", unit("区卫计局"))])

    with pytest.raises(ConflictError, match="待核实"):
        undo_correction(correction_id=linked.pk, by=checker, at=LATER)
    with pytest.raises(ConflictError, match="先撤销"):
        reopen_doubt(doubt_id=doubt.pk, by=checker, at=LATER)
    undo_correction(correction_id=later.pk, by=checker, at=LATER)
    reopen_doubt(doubt_id=doubt.pk, by=checker, at=LATER)

    assert names(measure)[0] == ("区卫生局", "lead", None)

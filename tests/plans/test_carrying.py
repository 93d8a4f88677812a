"""What people did to a text goes over to a later one, as far as it still fits; nothing is lost."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import DepartmentKind
from accounts.errors import ConflictError, ForbiddenError
from accounts.models import Department, District, Event, User
from plans.choices import DoubtCode
from plans.models import Correction, Doubt, Edition, Measure
from plans.usecases import (
    Changes,
    Dated,
    Named,
    NewUnit,
    check_measure,
    correct_measure,
    import_plan,
    match_measure,
    read_again,
    settle_doubt,
    undo_correction,
)
from tests.conftest import NOON
from tests.plans.test_importing import SMALL, small

LATER = date(2018, 6, 30)


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    return import_plan(upload=small(), district=litong, by=checker, at=NOON)


def first(edition: Edition) -> Measure:
    return edition.measures.get(number="1")


def again(draft: Edition, by: User, text: str = SMALL) -> Edition:
    return import_plan(
        upload=small(text), district=draft.plan.district, plan=draft.plan, by=by, at=NOON
    )


def correct(measure: Measure, by: User, **changes: object) -> None:
    correct_measure(measure_id=measure.pk, changes=Changes(**changes), by=by, at=NOON)  # type: ignore[arg-type]


def postpone(measure: Measure, by: User) -> None:
    correct(measure, by, deadlines=[Dated(1, "date", LATER, "公布清单")])


def left(edition: Edition) -> list[str]:
    return [doubt.message for doubt in edition.doubts.filter(code=DoubtCode.CORRECTION_LEFT)]


def test_corrections_survive_a_new_parse_of_the_same_file(draft: Edition, checker: User) -> None:
    reform = Department.objects.get(name="区发改局")
    measure = first(draft)
    postpone(measure, checker)
    correct(measure, checker, title="公布权责清单")
    correct(measure, checker, responsibilities=[Named(1, "lead", reform.pk)])

    edition = again(draft, checker)

    now = first(edition)
    assert now.title == "公布权责清单"
    assert now.deadlines.get().due_on == LATER
    assert now.responsibilities.get().department == reform
    standing = now.corrections.standing()
    assert {row.field for row in standing} == {"title", "deadlines", "responsibilities"}
    assert {(row.by, row.at) for row in standing} == {(checker, NOON)}
    assert left(edition) == []


def test_a_correction_that_was_carried_over_can_be_undone(draft: Edition, checker: User) -> None:
    postpone(first(draft), checker)
    edition = again(draft, checker)

    correction = Correction.objects.get(measure__edition=edition)
    undo_correction(correction_id=correction.pk, by=checker, at=NOON)

    assert first(edition).deadlines.get().due_on == date(2017, 12, 31)


def test_an_undone_correction_stays_undone(draft: Edition, checker: User) -> None:
    postpone(first(draft), checker)
    undo_correction(correction_id=Correction.objects.get().pk, by=checker, at=NOON)

    edition = again(draft, checker)

    assert first(edition).deadlines.get().due_on == date(2017, 12, 31)


def test_a_correction_fits_other_words_that_still_read_as_before(
    draft: Edition, checker: User
) -> None:
    postpone(first(draft), checker)

    edition = again(draft, checker, SMALL.replace("1.公布清单。", "1.公布清单。坚持便民高效。"))

    deadline = first(edition).deadlines.get()
    assert deadline.due_on == LATER
    assert edition.text[deadline.start : deadline.end] == "2017年12月底前"


def test_a_correction_that_no_longer_fits_is_a_doubt_that_shows_both(
    draft: Edition, checker: User
) -> None:
    postpone(first(draft), checker)

    edition = again(draft, checker, SMALL.replace("2017年12月底前", "2019年3月底前"))

    assert first(edition).deadlines.get().due_on == date(2019, 3, 31)
    (message,) = left(edition)
    assert "更正前：2017年12月31日 公布清单；更正后：2018年6月30日 公布清单" in message


def test_a_new_parser_that_reads_the_same_text_otherwise_is_corrected_all_the_same(
    draft: Edition, checker: User
) -> None:
    postpone(first(draft), checker)
    Correction.objects.update(before=[])

    edition = again(draft, checker)

    assert first(edition).deadlines.get().due_on == LATER


def test_a_correction_of_an_unknown_kind_becomes_a_doubt(draft: Edition, checker: User) -> None:
    Correction.objects.create(
        measure=first(draft), field="later_kind", before="甲", after="乙", by=checker, at=NOON
    )

    (message,) = left(again(draft, checker))

    assert "更正前：甲；更正后：乙" in message


def test_what_was_set_aside_stays_aside(draft: Edition, checker: User) -> None:
    correct(draft.measures.get(number="2"), checker, set_aside="是说明，不是任务")

    edition = again(draft, checker)

    second = edition.measures.get(number="2")
    assert (second.is_leaf, second.set_aside) == (False, "是说明，不是任务")


def test_only_what_reads_as_before_stays_checked(draft: Edition, checker: User) -> None:
    for measure in draft.measures.leaves():
        check_measure(measure_id=measure.pk, by=checker, at=NOON)

    edition = again(draft, checker, SMALL.replace("2017年12月底前", "2018年3月底前"))

    checked = {row.number: row.checked_by for row in edition.measures.leaves()}
    assert checked == {"1": None, "2": checker}


def test_half_width_marks_are_no_change(draft: Edition, checker: User) -> None:
    check_measure(measure_id=first(draft).pk, by=checker, at=NOON)

    edition = again(draft, checker, SMALL.replace("，", ",").replace("（", "(").replace("）", ")"))

    assert first(edition).checked_by == checker


def test_answers_to_doubts_go_over_with_what_they_changed(
    draft: Edition, checker: User, litong: District
) -> None:
    text = SMALL.replace("区教体局牵头，各协作单位配合", "区数据局牵头")
    text = text.replace("区教体局", "区民政局") + "\n3.加强宣传。\n"
    draft = again(draft, checker, text)
    doubt = draft.doubts.get(code=DoubtCode.UNKNOWN_DEPARTMENT)
    unit = NewUnit("区数据局", DepartmentKind.GOVERNMENT)
    settle_doubt(doubt_id=doubt.pk, new_unit=unit, by=checker, at=NOON)
    lead = Department.objects.get(name="区司法局")
    doubt = draft.doubts.get(code=DoubtCode.NO_LEAD)
    settle_doubt(doubt_id=doubt.pk, leads=[lead.pk], by=checker, at=NOON)

    edition = again(draft, checker, text)

    assert edition.measures.get(number="2").responsibilities.get().department is not None
    assert edition.measures.get(number="3").responsibilities.get().department == lead
    assert not edition.doubts.stopping().exists()
    assert left(edition) == []


def test_a_reason_for_handing_nothing_out_goes_over(draft: Edition, checker: User) -> None:
    text = f"{SMALL}\n3.加强宣传。\n"
    draft = again(draft, checker, text)
    doubt = draft.doubts.get(code=DoubtCode.NO_LEAD)
    settle_doubt(doubt_id=doubt.pk, answer="各单位共同落实", by=checker, at=NOON)

    edition = again(draft, checker, text.replace("公布清单", "公布目录"))

    assert edition.doubts.get(code=DoubtCode.NO_LEAD).answer == "不交办：各单位共同落实"


def test_a_new_reading_of_a_later_draft_follows_that_draft(draft: Edition, checker: User) -> None:
    text = SMALL.replace("2017年12月底前", "2018年3月底前")
    second = again(draft, checker, text)
    correct(first(second), checker, title="公布目录")
    Edition.objects.filter(pk=draft.pk).update(
        status="issued", document_number="演示〔2016〕1号", issued_on=NOON.date()
    )

    third = read_again(edition=second, by=checker, at=NOON)

    assert (third.former, first(third).title) == (draft, "公布目录")
    assert first(third).lineage == first(draft).lineage


def test_the_import_records_how_much_went_over(draft: Edition, checker: User) -> None:
    postpone(first(draft), checker)

    edition = again(draft, checker)

    event = Event.objects.get(action="import", object_id=edition.pk)
    assert (event.data["corrections"], event.data["left"]) == (1, 0)


def test_an_issued_text_is_not_read_again(draft: Edition, checker: User, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        read_again(edition=draft, by=liaison, at=NOON)
    draft.status = "issued"
    with pytest.raises(ConflictError, match="已经交办"):
        read_again(edition=draft, by=checker, at=NOON)


def test_the_button_reads_the_file_again(draft: Edition, checker: User, client: Client) -> None:
    client.force_login(checker)
    postpone(first(draft), checker)

    answer = client.post(reverse("plans:reread", args=[draft.pk]), follow=True)

    assert "已重新识别" in answer.content.decode()
    newest = draft.plan.editions.order_by("-number").first()
    assert newest is not None
    assert first(newest).deadlines.get().due_on == LATER
    assert not Doubt.objects.filter(code=DoubtCode.CORRECTION_LEFT).exists()


def test_what_was_asked_and_chosen_about_the_former_text_stays(
    draft: Edition, checker: User
) -> None:
    Edition.objects.filter(pk=draft.pk).update(
        status="issued", document_number="演示〔2016〕1号", issued_on=NOON.date()
    )
    text = SMALL.replace("2017年12月底前，公布清单", "按季度更新目录并在网站公开")
    second = again(draft, checker, text)
    asked = second.doubts.get(code=DoubtCode.UNSURE_MATCH)

    third = read_again(edition=second, by=checker, at=NOON)
    assert third.doubts.get(code=DoubtCode.UNSURE_MATCH).message == asked.message

    match_measure(measure_id=first(third).pk, former_id=None, by=checker, at=NOON)
    fourth = read_again(edition=third, by=checker, at=NOON)

    assert fourth.doubts.get(code=DoubtCode.UNSURE_MATCH).settled_by == checker
    assert first(fourth).lineage == first(third).lineage
    undo_correction(
        correction_id=first(fourth).corrections.get(field="lineage").pk, by=checker, at=NOON
    )
    assert first(fourth).lineage == first(draft).lineage


def test_an_older_draft_leads_to_the_newest(draft: Edition, checker: User, client: Client) -> None:
    newest = again(draft, checker)
    client.force_login(checker)

    shown = client.get(reverse("plans:edition", args=[draft.pk])).content.decode()

    assert "请在那里继续" in shown
    assert reverse("plans:edition", args=[newest.pk]) in shown

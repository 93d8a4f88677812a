"""Merging and splitting measures, giving them text, making measures of text; and undoing it."""

import pytest
from django.core.files.base import ContentFile

from accounts.errors import ConflictError, InvalidError
from accounts.models import District, Event, User
from plans.models import Correction, Edition, Measure
from plans.usecases import (
    Changes,
    Named,
    assign_text,
    check_measure,
    correct_measure,
    import_plan,
    make_measure,
    merge_measures,
    split_measure,
    undo_correction,
)
from plans.usecases.passages import refuse_uncut
from plans.usecases.readings import MODELS, read
from tests.conftest import NOON

TEXT = """某区工作实施方案（2016—2020年）

为做好工作，制定本方案。

一、主要任务

（一）公开

1.公布清单。2017年12月底前，公布清单，覆盖率不低于90%。每年更新一次（区财政局牵头，区民政局配合）。

2.清理文件。2018年6月底前，清理文件。清理结果向社会公布（区民政局牵头）。

各单位于2018年12月底前报送清理报告（区司法局、区财政局牵头）。

（二）监督

3.开展检查。开展检查（区财政局牵头）。4月底前完成整改。

二、有关要求

各单位要高度重视。
"""


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    return import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )


def leaf(edition: Edition, path: str) -> Measure:
    return edition.measures.get(path=path)


def names(measure: Measure) -> list[tuple[str, str]]:
    return list(measure.responsibilities.order_by("ordinal").values_list("name", "role"))


def place(measure: Measure, words: str) -> int:
    return measure.edition.text.index(words, measure.start) - measure.start


def state(edition: Edition) -> list[object]:
    """Return all that is read of the edition, without keys and ordinals."""
    edition.refresh_from_db()
    fields = ("reference", "title", "text", "bracket", "start", "end", "is_leaf", "merged_into_id")
    return [
        list(edition.passages.values_list("start", "end", "kind", "level", "measure", "part")),
        [
            [getattr(m, name) for name in fields] + [rows_of(m, name) for name in MODELS]
            for m in edition.measures.order_by("ordinal")
        ],
        list(edition.doubts.order_by("ordinal").values_list("message", "measure", "settled_at")),
    ]


def rows_of(measure: Measure, name: str) -> object:
    return read(measure, name)


def undo_all(edition: Edition, by: User) -> None:
    while latest := Correction.objects.standing().order_by("pk").last():
        undo_correction(correction_id=latest.pk, by=by, at=NOON)
        refuse_uncut(edition, edition.measures.filter(is_leaf=True))


def test_a_measure_is_split_and_both_halves_keep_the_common_bracket(
    draft: Edition, checker: User
) -> None:
    before = state(draft)
    first = leaf(draft, "1")

    new = split_measure(measure_id=first.pk, place=place(first, "每年更新"), by=checker, at=NOON)

    first.refresh_from_db()
    assert (first.reference, new.reference) == ("第1项", "第1项（之二）")
    assert (new.title, new.text[:6]) == ("每年更新一次", "每年更新一次")
    assert first.text.endswith("覆盖率不低于90%。")
    assert names(first) == names(new) == [("区财政局", "lead"), ("区民政局", "support")]
    assert [row.is_inherited for row in first.responsibilities.all()] == [True, True]
    assert first.deadlines.count() == first.metrics.count() == new.recurrences.count() == 1
    assert not new.deadlines.exists()
    doubt = draft.doubts.get(code="inherited", measure=first)
    assert "分开后" in doubt.message
    assert new.lineage != first.lineage
    refuse_uncut(draft, draft.measures.all())
    undo_all(draft, checker)
    assert state(draft) == before


def test_a_measure_takes_in_the_next_with_its_text_names_and_deadlines(
    draft: Edition, checker: User
) -> None:
    before = state(draft)
    first, second = leaf(draft, "1"), leaf(draft, "2")

    merge_measures(measure_id=first.pk, by=checker, at=NOON)

    first.refresh_from_db()
    second.refresh_from_db()
    assert second.text in first.text
    assert (second.is_leaf, second.merged_into) == (False, first)
    assert names(first) == [("区财政局", "lead"), ("区民政局", "lead"), ("区司法局", "lead")]
    assert first.deadlines.count() == 3
    assert not draft.measures.leaves().filter(pk=second.pk).exists()
    assert not Measure.objects.visible_to(checker).filter(pk=second.pk).exists()
    refuse_uncut(draft, draft.measures.exclude(pk=leaf(draft, "3").pk))
    undo_all(draft, checker)
    assert state(draft) == before


def test_text_read_as_a_heading_or_an_introduction_is_given_to_the_measure_beside_it(
    draft: Edition, checker: User
) -> None:
    before = state(draft)
    third = leaf(draft, "3")
    heading = draft.passages.get(start=draft.text.index("二、有关要求"))
    intro = draft.passages.get(start=heading.end)

    with pytest.raises(InvalidError, match="不相连"):
        assign_text(measure_id=third.pk, start=intro.start, end=intro.end, by=checker, at=NOON)
    for piece in (heading, intro):
        assign_text(measure_id=third.pk, start=piece.start, end=piece.end, by=checker, at=NOON)

    third.refresh_from_db()
    assert third.text.endswith("二、有关要求\n\n各单位要高度重视。")
    undo_all(draft, checker)
    assert state(draft) == before


def test_the_tail_of_a_measure_goes_to_the_next_with_what_stands_in_it(
    draft: Edition, checker: User
) -> None:
    first, second = leaf(draft, "1"), leaf(draft, "2")
    start = draft.text.index("每年更新")

    assign_text(measure_id=second.pk, start=start, end=first.end, by=checker, at=NOON)

    first.refresh_from_db()
    second.refresh_from_db()
    assert second.text.startswith("每年更新一次")
    assert second.title == "清理文件"
    assert not names(first)
    assert names(second)[0] == ("区财政局", "lead")
    assert draft.doubts.get(code="no_lead", measure=first).severity == "error"
    assert second.recurrences.count() == 1


def test_a_measure_is_made_of_text_and_what_stands_in_it_is_read(
    draft: Edition, checker: User
) -> None:
    text = "各单位要在2019年6月底前建立台账（区水利局牵头，区财政局配合）。"
    other = import_plan(
        upload=ContentFile(TEXT.replace("为做好工作，制定本方案。", text).encode(), name="b.txt"),
        district=draft.plan.district,
        by=checker,
        at=NOON,
    )
    before = state(other)
    start = other.text.index(text)

    made = make_measure(
        edition_id=other.pk, start=start, end=start + len(text), by=checker, at=NOON
    )

    assert (made.reference, made.ordinal) == ("第1项（之前）", 1)
    assert made.title == "各单位要在2019年6月底前建立台账"
    assert names(made) == [("区水利局", "lead"), ("区财政局", "support")]
    assert str(made.deadlines.get().due_on) == "2019-06-30"
    assert other.doubts.filter(code="unknown_department", measure=made).count() == 1
    refuse_uncut(other, other.measures.filter(is_leaf=True))
    undo_all(other, checker)
    assert state(other) == before


def test_a_measure_that_begins_with_a_number_of_its_own_is_called_by_it(
    draft: Edition, checker: User
) -> None:
    first = leaf(draft, "1")
    merge_measures(measure_id=first.pk, by=checker, at=NOON)
    first.refresh_from_db()

    again = split_measure(measure_id=first.pk, place=place(first, "2.清理"), by=checker, at=NOON)

    assert (again.reference, again.title) == ("第2项", "清理文件")


@pytest.mark.parametrize(
    ("words", "end", "sentence"),
    [
        ("某区工作", 4, "标题不能归入"),
        ("（一）公开", 5, "下面还有措施"),
        ("清理结果向社会公布", 5, "不相连|只能分出"),
        ("\n\n一、", 2, "空的"),
        ("每年更新一次", 30, "跨了几条"),
    ],
)
def test_text_on_which_others_stand_or_that_tears_a_measure_is_not_given_away(
    words: str, end: int, sentence: str, draft: Edition, checker: User
) -> None:
    start = draft.text.index(words)
    before = state(draft)

    with pytest.raises(InvalidError, match=sentence):
        assign_text(
            measure_id=leaf(draft, "3").pk, start=start, end=start + end, by=checker, at=NOON
        )

    assert state(draft) == before


def test_what_stands_between_two_measures_keeps_them_apart(draft: Edition, checker: User) -> None:
    with pytest.raises(ConflictError, match="还有别的文字"):
        merge_measures(measure_id=leaf(draft, "2").pk, by=checker, at=NOON)
    with pytest.raises(InvalidError, match="从哪一句"):
        split_measure(measure_id=leaf(draft, "2").pk, place=0, by=checker, at=NOON)


def test_a_cut_takes_the_marks_of_checking_away_and_its_undoing_gives_them_back(
    draft: Edition, checker: User
) -> None:
    first = leaf(draft, "1")
    check_measure(measure_id=first.pk, by=checker, at=NOON)

    merge_measures(measure_id=first.pk, by=checker, at=NOON)
    first.refresh_from_db()
    after = first.checked_at
    undo_all(draft, checker)

    first.refresh_from_db()
    assert (after, first.checked_at) == (None, NOON)
    actions = Event.objects.about(draft).values_list("action", flat=True)
    assert {"cut_measure", "undo_correction"} <= set(actions)


def test_what_was_built_on_a_cut_is_undone_before_it(draft: Edition, checker: User) -> None:
    first = leaf(draft, "1")
    correct_measure(measure_id=first.pk, changes=Changes(title="甲"), by=checker, at=NOON)
    titled = Correction.objects.latest("pk")
    new = split_measure(measure_id=first.pk, place=place(first, "每年更新"), by=checker, at=NOON)
    cut = Correction.objects.latest("pk")
    correct_measure(
        measure_id=new.pk, changes=Changes(responsibilities=[Named(1, "lead")]), by=checker, at=NOON
    )
    named = Correction.objects.latest("pk")

    for correction in (titled, cut):
        with pytest.raises(ConflictError, match="先撤销之后的更正"):
            undo_correction(correction_id=correction.pk, by=checker, at=NOON)
    for correction in (named, cut, titled):
        undo_correction(correction_id=correction.pk, by=checker, at=NOON)

    assert not draft.measures.filter(pk=new.pk).exists()

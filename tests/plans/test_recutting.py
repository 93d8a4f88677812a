"""What people cut and corrected stands again when the same text is read again."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import ConflictError, InvalidError
from accounts.models import Department, District, User
from plans.choices import DoubtCode
from plans.models import Correction, Edition
from plans.usecases import (
    Changes,
    Dated,
    Named,
    correct_measure,
    import_plan,
    merge_measures,
    read_again,
    split_measure,
    undo_correction,
)
from plans.usecases.passages import refuse_uncut
from plans.usecases.readings import MODELS, read
from tests.conftest import NOON
from tests.plans.test_cut_sequences import STEPS, step
from tests.plans.test_restructuring import TEXT, leaf, place

LATER = NOON + timedelta(days=1)
FIELDS = st.tuples(
    st.sampled_from(["title", "deadlines", "responsibilities", "set_aside"]),
    st.integers(0, 20),
    st.integers(1, 28),
    st.just(0),
)


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    return import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )


def correct(edition: Edition, by: User, kind: str, which: int, day: int) -> None:
    leaves = list(edition.measures.leaves().order_by("ordinal"))
    unit = Department.objects.order_by("pk")[day]
    changes = {
        "title": Changes(title=f"第{day}号标题"),
        "deadlines": Changes(deadlines=[Dated(0, "date", date(2019, 1, day), "全部工作")]),
        "responsibilities": Changes(responsibilities=[Named(0, "lead", unit.pk)]),
        "set_aside": Changes(set_aside=f"理由{day}"),
    }
    correct_measure(
        measure_id=leaves[which % len(leaves)].pk, changes=changes[kind], by=by, at=NOON
    )


def reading(edition: Edition) -> list[object]:
    """Return what the edition says, without keys and lineages of rows."""
    measures = edition.measures.order_by("ordinal").select_related("part", "merged_into")
    bounds = edition.passages.order_by("ordinal")
    return [
        list(bounds.values_list("start", "end", "kind", "measure__number", "measure__sub_number")),
        [
            (
                m.reference,
                m.title,
                m.text,
                m.is_leaf,
                m.set_aside,
                m.merged_into and m.merged_into.reference,
                m.lineage,
                m.part and m.part.ordinal,
                [
                    [{k: row[k] for k in row if k != "lineage"} for row in read(m, name)]
                    for name in MODELS
                ],
            )
            for m in measures
        ],
    ]


def left(edition: Edition) -> list[str]:
    return [doubt.message for doubt in edition.doubts.filter(code=DoubtCode.CORRECTION_LEFT)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.one_of(STEPS, FIELDS), min_size=1, max_size=8), undone=st.integers(0, 2))
def test_any_sequence_of_cuts_and_corrections_stands_again(
    steps: list[tuple[str, int, int, int]], undone: int, draft: Edition, checker: User
) -> None:
    start = import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"),
        district=draft.plan.district,
        by=checker,
        at=NOON,
    )
    for kind, which, at, length in steps:
        try:
            if kind in ("merge", "split", "assign", "make"):
                step(start, checker, kind, which, at, length)
            else:
                correct(start, checker, kind, which, at)
        except (InvalidError, ConflictError, ZeroDivisionError):
            continue
    for row in (
        Correction.objects.standing().filter(measure__edition=start).order_by("-pk")[:undone]
    ):
        undo_correction(correction_id=row.pk, by=checker, at=NOON)

    again = read_again(edition=start, by=checker, at=LATER)

    refuse_uncut(again, again.measures.exclude(is_leaf=False, merged_into=None))
    assert reading(again) == reading(start)
    assert left(again) == []
    while latest := Correction.objects.standing().filter(measure__edition=again).last():
        undo_correction(correction_id=latest.pk, by=checker, at=LATER)
    fresh = [row.text for row in draft.measures.order_by("ordinal")]
    assert [row.text for row in again.measures.order_by("ordinal")] == fresh


def test_a_cut_made_again_is_marked_and_can_be_undone(
    draft: Edition, checker: User, client: Client
) -> None:
    measure = leaf(draft, "2")
    text = measure.text
    split_measure(measure_id=measure.pk, place=place(measure, "清理结果"), by=checker, at=NOON)

    again = read_again(edition=draft, by=checker, at=LATER)

    correction = Correction.objects.get(measure__edition=again, field="cut")
    assert (correction.by, correction.at) == (checker, NOON)
    client.force_login(checker)
    shown = client.get(
        reverse("plans:measure", args=[again.pk, correction.measure_id])
    ).content.decode()
    assert "沿用上次识别的更正" in shown
    undo_correction(correction_id=correction.pk, by=checker, at=LATER)
    assert leaf(again, "2").text == text


def later(draft: Edition, by: User, text: str) -> Edition:
    return import_plan(
        upload=ContentFile(text.encode(), name="a.txt"),
        district=draft.plan.district,
        plan=draft.plan,
        by=by,
        at=LATER,
    )


NEW = "\n0.成立专班。成立工作专班（区民政局牵头）。\n"


def test_cuts_stand_again_in_a_later_text_where_their_words_do(
    draft: Edition, checker: User
) -> None:
    correct(draft, checker, "title", 1, 5)
    merge_measures(measure_id=leaf(draft, "1").pk, by=checker, at=NOON)
    third = leaf(draft, "3")
    split_measure(measure_id=third.pk, place=place(third, "4月底前"), by=checker, at=NOON)

    again = later(draft, checker, TEXT.replace("（一）公开\n", f"（一）公开\n{NEW}", 1))

    cut = Correction.objects.filter(measure__edition=again, field="cut")
    assert [row.after["step"] for row in cut.order_by("pk")] == ["merge", "split"]
    assert "清理文件" in leaf(again, "1").text
    assert leaf(again, "3-2").text.startswith("4月底前")
    assert left(again) == []
    refuse_uncut(again)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2.清理文件。", "2.清理全部文件。"), ("各单位要高度重视。", "各单位要高度重视。\n" + TEXT)],
    ids=["other words", "the same words in two places"],
)
def test_a_cut_of_other_words_stays_a_doubt_that_shows_both(
    old: str, new: str, draft: Edition, checker: User
) -> None:
    correct(draft, checker, "title", 1, 5)
    merge_measures(measure_id=leaf(draft, "1").pk, by=checker, at=NOON)

    again = later(draft, checker, TEXT.replace(old, new))

    messages = left(again)
    assert any("更正前：第1项、第2项；更正后：第1项" in message for message in messages)
    assert any("第5号标题" in message for message in messages)

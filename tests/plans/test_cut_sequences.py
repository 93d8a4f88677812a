"""However a person merges and splits, the text stays whole, and all of it can be undone."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.errors import ConflictError, InvalidError
from accounts.models import District, User
from plans.models import Correction, Edition, Measure, Passage
from plans.usecases import (
    assign_text,
    import_plan,
    make_measure,
    merge_measures,
    split_measure,
    undo_correction,
)
from plans.usecases.passages import UncutTextError, cut_at, refuse_uncut
from tests.conftest import NOON
from tests.plans.test_restructuring import TEXT, state

STEPS = st.tuples(
    st.sampled_from(["merge", "split", "assign", "make"]),
    st.integers(0, 20),
    st.integers(0, 250),
    st.integers(1, 60),
)


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    return import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )


def step(edition: Edition, by: User, kind: str, which: int, at: int, length: int) -> None:
    leaves = list(edition.measures.leaves().order_by("ordinal"))
    measure = leaves[which % len(leaves)]
    steps: dict[str, Callable[[], Measure]] = {
        "merge": lambda: merge_measures(measure_id=measure.pk, by=by, at=NOON),
        "split": lambda: split_measure(
            measure_id=measure.pk, place=at % (measure.end - measure.start), by=by, at=NOON
        ),
        "assign": lambda: assign_text(
            measure_id=measure.pk, start=at, end=at + length, by=by, at=NOON
        ),
        "make": lambda: make_measure(
            edition_id=edition.pk, start=at, end=at + length, by=by, at=NOON
        ),
    }
    steps[kind]()


def names_and_days(edition: Edition) -> set[tuple[str, int]]:
    """Return what was read and where, whoever it belongs to."""
    leaves = edition.measures.leaves()
    return {(row.name, row.start) for leaf in leaves for row in leaf.responsibilities.all()} | {
        (row.text, row.start) for leaf in leaves for row in leaf.deadlines.all()
    }


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
@example(steps=[("make", 0, TEXT.index("开展检查。开展"), 27)])
@example(steps=[("make", 0, TEXT.index("3.开展检查"), 2)])
def test_any_sequence_keeps_the_text_whole_and_is_undone(
    steps: list[tuple[str, int, int, int]], draft: Edition, checker: User
) -> None:
    before = state(draft)
    days = {row for row in names_and_days(draft) if row[0].endswith("前")}

    for one in steps:
        try:
            step(draft, checker, *one)
        except (InvalidError, ConflictError):
            continue
        refuse_uncut(draft, draft.measures.exclude(is_leaf=False, merged_into=None))
        assert days <= names_and_days(draft)
        bounds = draft.passages.order_by("ordinal").values_list("start", "end")
        assert "".join(draft.text[a:b] for a, b in bounds) == draft.text

    while latest := Correction.objects.standing().order_by("pk").last():
        undo_correction(correction_id=latest.pk, by=checker, at=NOON)
    assert state(draft) == before


@given(places=st.lists(st.integers(-5, 60), max_size=8))
def test_borders_part_passages_and_lose_nothing(places: list[int]) -> None:
    passages = [Passage(kind="task", start=a, end=b) for a, b in ((0, 10), (10, 11), (11, 50))]

    pieces = cut_at(passages, places)

    assert [p.start for p in pieces] == sorted({0, 10, 11, *(x for x in places if 0 < x < 50)})
    assert [p.end for p in pieces[:-1]] == [p.start for p in pieces[1:]]
    assert pieces[-1].end == 50


@pytest.mark.parametrize("harm", ["gap", "overlap", "end", "stranger"])
def test_passages_that_do_not_cut_the_text_once_are_found(harm: str, draft: Edition) -> None:
    measure = draft.measures.get(path="2")
    own = draft.passages.get(measure=measure)
    if harm == "gap":
        own.delete()
    elif harm == "overlap":
        draft.passages.filter(pk=own.pk).update(start=own.start - 1)
    elif harm == "end":
        draft.text += "。"
    else:
        draft.measures.filter(pk=measure.pk).update(end=own.end + 1)

    with pytest.raises(UncutTextError):
        refuse_uncut(draft, draft.measures.filter(pk=measure.pk))

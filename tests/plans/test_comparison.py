"""新旧文本对照: a second edition of the home plan shows its ten edits, and no more."""

from collections.abc import Mapping

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import District, User
from plans.choices import ChangeKind, DoubtCode
from plans.comparison import Change, Comparison, compare
from plans.models import Correction, Edition, Measure, Metric
from plans.usecases import import_plan, match_measure, undo_correction
from plans.wordiff import runs
from tests.conftest import NOON
from tests.plans.test_importing import SMALL, small
from tests.second_edition import EDITS, second_edition


@pytest.fixture
def second(edition: Edition, checker: User, litong: District) -> Edition:
    """The second edition, as a draft beside the first."""
    return import_plan(
        upload=ContentFile(second_edition().encode(), name="第二稿.txt"),
        district=litong,
        plan=edition.plan,
        by=checker,
        at=NOON,
    )


def by_former(found: Comparison) -> Mapping[tuple[str, ...], Change]:
    return {tuple(row.path for row in change.befores): change for change in found.changed}


def test_the_ten_edits_are_shown_and_no_more(second: Edition) -> None:
    found = compare(second)

    assert {paths: change.kind for paths, change in by_former(found).items()} == EDITS
    assert found.others == []


def test_every_measure_of_both_texts_is_in_one_change(second: Edition) -> None:
    counts = compare(second).counts

    assert sum(count.before for count in counts) == 82
    assert sum(count.after for count in counts) == second.measures.leaves().count() == 82
    same = next(count for count in counts if count.kind == ChangeKind.SAME)
    assert (same.changes, same.before, same.after) == (72, 72, 72)


def test_a_changed_day_and_a_changed_lead_show_both(second: Edition) -> None:
    found = by_former(compare(second))

    (day,) = found[("1.2",)].facts
    assert (day.label, day.before, day.after) == ("完成时限", "2017年12月31日", "2018年6月30日")
    (units,) = found[("5.3",)].facts
    assert units.before.startswith("区发改局（牵头）")
    assert units.after.startswith("区市场监管局（牵头）")


def test_lineage_is_kept_over_every_match_and_every_metric(second: Edition) -> None:
    former = second.former
    assert former is not None
    lineages = set(former.measures.values_list("lineage", flat=True))

    kept = second.measures.filter(lineage__in=lineages)
    assert kept.leaves().count() == 80
    assert not second.measures.filter(is_leaf=False).exclude(lineage__in=lineages).exists()
    old, new = (
        set(
            Metric.objects.filter(indicator__part__edition=edition).values_list(
                "lineage", flat=True
            )
        )
        for edition in (former, second)
    )
    assert old == new


def test_a_piece_and_a_merger_are_asked_about(second: Edition) -> None:
    asked = second.doubts.filter(code=DoubtCode.PIECE).order_by("ordinal")

    assert [doubt.measure.reference for doubt in asked if doubt.measure] == [
        "第18项（5）",
        "第4项（1）",
    ]
    assert not second.doubts.filter(code=DoubtCode.UNSURE_MATCH).exists()


def test_a_person_can_choose_another_counterpart_and_undo_it(
    second: Edition, checker: User
) -> None:
    former = second.former
    assert former is not None
    dropped = former.measures.get(path="23.4")
    new = second.measures.get(path="22.3")

    match_measure(measure_id=new.pk, former_id=dropped.pk, by=checker, at=NOON)

    assert by_former(compare(second))[("23.4",)].afters == (new,)
    correction = Correction.objects.get(measure=new)
    undo_correction(correction_id=correction.pk, by=checker, at=NOON)
    assert {paths: row.kind for paths, row in by_former(compare(second)).items()} == EDITS


def test_a_counterpart_that_is_taken_leaves_the_other_measure_new(
    second: Edition, checker: User
) -> None:
    former = second.former
    assert former is not None
    taken = former.measures.get(path="1.3")
    new = second.measures.get(path="22.3")

    match_measure(measure_id=new.pk, former_id=taken.pk, by=checker, at=NOON)

    news = {row.afters[0].path for row in compare(second).changes if row.kind == ChangeKind.NEW}
    assert news == {"1.3"}
    left = Correction.objects.get(measure__path="1.3", field="lineage")
    with pytest.raises(ConflictError, match="对应着另一项"):
        undo_correction(correction_id=left.pk, by=checker, at=NOON)


def test_targets_go_where_a_person_says_that_their_measure_comes_from(
    second: Edition, checker: User
) -> None:
    row = Metric.objects.filter(measure__edition=second.former_id).first()
    assert row is not None
    assert row.measure is not None
    former = row.measure
    measure = second.measures.get(lineage=former.lineage)
    other = second.measures.get(path="22.3")
    Metric.objects.create(
        measure=other, ordinal=1, name=row.name, operator=row.operator, start=0, end=2
    )

    match_measure(measure_id=other.pk, former_id=former.pk, by=checker, at=NOON)

    assert other.metrics.get().lineage == row.lineage
    assert not measure.metrics.filter(lineage=row.lineage).exists()
    for last in Correction.objects.order_by("-pk"):
        undo_correction(correction_id=last.pk, by=checker, at=NOON)
    assert other.metrics.get().lineage != row.lineage
    assert measure.metrics.filter(lineage=row.lineage).count() == 1


def test_a_piece_that_a_person_calls_new_is_new(second: Edition, checker: User) -> None:
    piece = second.measures.get(path="18.5")
    former = second.former
    assert former is not None
    other = former.measures.get(path="23.4")

    match_measure(measure_id=piece.pk, former_id=other.pk, by=checker, at=NOON)
    match_measure(measure_id=piece.pk, former_id=None, by=checker, at=NOON)

    kinds = {row.afters[0].path: row.kind for row in compare(second).changed if row.afters}
    assert (kinds["18.5"], kinds["18.4"]) == (ChangeKind.NEW, ChangeKind.CHANGED)


def test_a_measure_of_another_text_is_no_counterpart(second: Edition, checker: User) -> None:
    own, other = second.measures.filter(path__in=["1.3", "1.4"]).order_by("path")

    with pytest.raises(InvalidError, match="前一文本里没有"):
        match_measure(measure_id=own.pk, former_id=other.pk, by=checker, at=NOON)
    former = Measure.objects.get(edition=second.former_id, path="1.3")
    with pytest.raises(InvalidError, match="没有改动"):
        match_measure(measure_id=own.pk, former_id=former.pk, by=checker, at=NOON)


def test_only_who_checks_the_edition_matches(second: Edition, liaison: User) -> None:
    measure = second.measures.get(path="1.3")

    with pytest.raises(ForbiddenError):
        match_measure(measure_id=measure.pk, former_id=None, by=liaison, at=NOON)


def test_an_unsure_match_is_a_doubt_until_a_person_decides(litong: District, checker: User) -> None:
    first = import_plan(upload=small(), district=litong, by=checker, at=NOON)
    changed = SMALL.replace("2017年12月底前，公布清单", "按季度更新目录并在网站公开")
    second = import_plan(
        upload=small(changed), district=litong, plan=first.plan, by=checker, at=NOON
    )
    doubt = second.doubts.get(code=DoubtCode.UNSURE_MATCH)
    assert "第1项“公布清单”" in doubt.message

    match_measure(measure_id=doubt.measure_id or 0, former_id=None, by=checker, at=NOON)

    doubt.refresh_from_db()
    assert doubt.settled_by == checker
    undo_correction(correction_id=Correction.objects.get().pk, by=checker, at=NOON)
    doubt.refresh_from_db()
    assert doubt.settled_at is None


def test_the_page_asks_a_fixed_number_of_questions(
    second: Edition,
    checker: User,
    litong: District,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    first = import_plan(upload=small(), district=litong, by=checker, at=NOON)
    other = import_plan(upload=small(), district=litong, plan=first.plan, by=checker, at=NOON)
    client.force_login(checker)

    for edition in (second, other):
        with django_assert_max_num_queries(32):
            page = client.get(reverse("plans:comparison", args=[edition.pk]), {"kind": "all"})
        assert page.status_code == 200


def test_the_page_leads_through_the_kinds_and_to_the_choice(
    second: Edition, checker: User, client: Client
) -> None:
    client.force_login(checker)
    address = reverse("plans:comparison", args=[second.pk])

    page = client.get(address).content.decode()
    assert "<del>2017年12</del><ins>2018年6</ins>" in page
    assert "全部变化 10" in page
    split = client.get(address, {"kind": "split"}).content.decode()
    assert "第18项（5）" in split
    assert "第21项（3）" not in split

    new = second.measures.get(path="22.3")
    form = reverse("plans:rematch", args=[new.pk])
    assert "没有对应，是新增的" in client.get(form).content.decode()
    dropped = Measure.objects.get(edition=second.former_id, path="23.4")
    answer = client.post(form, {"former": dropped.pk, "expected_version": second.version})
    assert answer["Location"] == f"{address}#measure-{new.pk}"
    undo = reverse("plans:undo", args=[Correction.objects.get().pk])
    assert client.post(undo, {"compare": ""})["Location"] == f"{address}#measure-{new.pk}"


def test_who_may_not_see_the_drafts_sees_no_comparison(
    second: Edition, liaison: User, client: Client
) -> None:
    client.force_login(liaison)
    new = second.measures.get(path="22.3")

    assert client.get(reverse("plans:comparison", args=[second.pk])).status_code == 404
    assert client.get(reverse("plans:rematch", args=[new.pk])).status_code == 404
    assert client.post(reverse("plans:reread", args=[second.pk])).status_code == 404


def test_a_text_without_a_former_one_has_no_comparison(
    edition: Edition, checker: User, client: Client
) -> None:
    client.force_login(checker)

    assert client.get(reverse("plans:comparison", args=[edition.pk])).status_code == 404


def test_words_are_compared_in_whole_figures_and_full_width() -> None:
    found = [
        (run.kind, run.text) for run in runs("(2016年12月底前,完成)", "（2018年6月底前，完成）")
    ]

    assert found == [
        ("same", "（"),
        ("removed", "2016年12"),
        ("added", "2018年6"),
        ("same", "月底前，完成）"),
    ]

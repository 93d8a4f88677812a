"""Merging, splitting and sorting of text with plain forms."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Department, District, User
from plans.choices import EditionStatus
from plans.models import Edition, Measure
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.factories import member
from tests.plans.test_restructuring import TEXT


@pytest.fixture
def desk(client: Client, checker: User) -> Client:
    """The browser of a coordinator."""
    client.force_login(checker)
    return client


@pytest.fixture
def draft(litong: District, checker: User) -> Edition:
    return import_plan(
        upload=ContentFile(TEXT.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )


@pytest.fixture
def first(draft: Edition) -> Measure:
    return draft.measures.get(path="1")


def page_of(measure: Measure) -> str:
    return reverse("plans:measure", args=[measure.edition_id, measure.pk])


def shown(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def at(draft: Edition, words: str) -> int:
    return draft.text.index(words)


def test_the_page_offers_the_next_measure_the_sentences_and_the_text_beside(
    desk: Client, draft: Edition, first: Measure
) -> None:
    page = shown(desk.get(page_of(first)))
    last = shown(desk.get(page_of(draft.measures.get(path="3"))))

    assert "与下一条合并 第2项 清理文件" in page
    assert "每年更新一次（区财政局牵头，区民政局配合）。" in page
    assert "归入下一条（第2项）" in page
    assert "归入本条" not in page
    assert "下文归入本条 标题：二、有关要求" in last
    assert "与下一条合并 第" not in last


def test_merging_and_its_undoing_are_one_button_each(
    desk: Client, draft: Edition, first: Measure
) -> None:
    merged = desk.post(reverse("plans:merge", args=[first.pk]), follow=True)
    second = draft.measures.get(path="2")
    gone = desk.get(page_of(second))
    plan = shown(desk.get(reverse("plans:edition", args=[draft.pk])))
    undo = reverse("plans:undo", args=[first.corrections.get().pk])
    undone = desk.post(undo, follow=True)

    assert "已与下一条合并" in shown(merged)
    assert "条文调整（合并）" in shown(merged)
    assert "第1项、第2项 → 第1项" in shown(merged)
    assert gone.status_code == 404
    assert "2项措施、2条任务" in plan
    assert "已撤销" in shown(undone)
    assert desk.get(page_of(second)).status_code == 200


def test_a_measure_is_split_at_the_chosen_sentence(
    desk: Client, draft: Edition, first: Measure
) -> None:
    url = reverse("plans:split", args=[first.pk])

    refused = desk.post(url, {"to": "new"}, follow=True)
    done = desk.post(url, {"to": "new", "place": at(draft, "每年更新")}, follow=True)

    assert "请选择从哪一句起分开" in shown(refused)
    assert "已分成两条" in shown(done)
    assert [m.reference for m in draft.measures.in_order()[:2]] == ["第1项", "第1项（之二）"]


@pytest.mark.parametrize(
    ("path", "to", "words", "receiver"),
    [("1", "next", "每年更新", "2"), ("2", "previous", "清理结果", "1")],
)
def test_one_end_of_a_measure_goes_to_its_neighbour(
    path: str, to: str, words: str, receiver: str, desk: Client, draft: Edition
) -> None:
    measure = draft.measures.get(path=path)

    response = desk.post(
        reverse("plans:split", args=[measure.pk]),
        {"to": to, "place": at(draft, words)},
        follow=True,
    )

    assert "已归入相邻的一条" in shown(response)
    other = draft.measures.get(path=receiver)
    moved = "每年更新一次" if to == "next" else "2.清理文件"
    assert moved in other.text


def test_text_beside_a_measure_is_taken_in(desk: Client, draft: Edition) -> None:
    third = draft.measures.get(path="3")
    heading = draft.passages.get(start=at(draft, "二、有关要求"))
    url = reverse("plans:take", args=[third.pk])

    done = desk.post(url, {"start": heading.start, "end": heading.end}, follow=True)
    refused = desk.post(url, {"start": "x"}, follow=True)

    assert "已归入这一条" in shown(done)
    assert "是空的" in shown(refused)
    third.refresh_from_db()
    assert third.text.endswith("二、有关要求")


def test_text_of_no_measure_is_made_one_or_given_to_its_neighbour(
    desk: Client, draft: Edition
) -> None:
    start = at(draft, "各单位要高度")
    page = reverse("plans:passage", args=[draft.pk, start])
    sort = reverse("plans:sort", args=[draft.pk, start])

    asked = desk.get(page)
    apart = desk.post(sort, {"to": "previous", "place": ""}, follow=True)
    made = desk.post(sort, {"to": "new", "place": ""}, follow=True)
    again = desk.get(page)

    assert "识别为“说明”" in shown(asked)
    assert "不相连" in shown(apart)
    assert made.context["measure"].text == "各单位要高度重视。"
    assert "文字已归类" in shown(made)
    assert again.headers["Location"] == page_of(made.context["measure"])


def test_the_text_of_a_draft_leads_to_the_sorting_of_what_is_no_measure(
    desk: Client, draft: Edition
) -> None:
    page = reverse("plans:passage", args=[draft.pk, at(draft, "各单位要高度")])

    assert page in desk.get(reverse("plans:text", args=[draft.pk])).content.decode()


def test_others_and_issued_editions_are_left_alone(
    desk: Client, draft: Edition, first: Measure
) -> None:
    stranger = Client()
    stranger.force_login(member(Department.objects.get(name="区发改局"), Role.LIAISON))
    start = at(draft, "各单位要高度")
    for name in ("merge", "split", "take"):
        assert stranger.post(reverse(f"plans:{name}", args=[first.pk])).status_code == 404
    for name in ("passage", "sort"):
        url = reverse(f"plans:{name}", args=[draft.pk, start])
        assert stranger.post(url).status_code in {404, 405}
    Edition.objects.update(
        status=EditionStatus.ISSUED, document_number="演示", issued_on="2016-09-12"
    )

    refused = desk.post(reverse("plans:merge", args=[first.pk]))
    page = desk.get(reverse("plans:passage", args=[draft.pk, start]))

    assert refused.status_code == 302
    assert "/text/#c" in page.headers["Location"]
    assert draft.measures.leaves().count() == 3

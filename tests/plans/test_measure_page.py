"""One measure a page: what was read beside the text, corrected with plain forms."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import Department, District, User
from plans.choices import EditionStatus
from plans.models import Correction, Edition, Measure
from plans.usecases import Changes, correct_measure, import_plan
from tests.conftest import NOON
from tests.factories import member


@pytest.fixture
def desk(client: Client, checker: User) -> Client:
    """The browser of a coordinator."""
    client.force_login(checker)
    return client


@pytest.fixture
def measure(edition: Edition) -> Measure:
    return edition.measures.get(path="1.5")


def page_of(measure: Measure) -> str:
    return reverse("plans:measure", args=[measure.edition_id, measure.pk])


def shown(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def filled(response: Any) -> dict[str, Any]:
    """Return what the form of the page would send as it stands."""
    forms = response.context["forms"]
    data: dict[str, Any] = {"expected_version": response.context["edition"].version}
    sets = [block.rows for block in forms.blocks]
    for form in (
        forms.own,
        *(form for rows in sets for form in rows),
        *(rows.management_form for rows in sets),
    ):
        for field in form:
            if field.name not in {"DELETE", "expected_version", "request_key"}:
                value = field.value()
                data[field.html_name] = "" if value is None else value
    return data


def test_the_page_shows_the_text_with_its_marks_and_what_was_read(
    desk: Client, measure: Measure
) -> None:
    response = desk.get(page_of(measure))

    html = response.content.decode()
    article = html[html.index("<article") : html.index("</article>")]
    assert '<mark class="date"' in article
    assert '<mark class="lead"' in article
    assert "2016年12月底前" in re.sub(r"<[^>]+>", "", article)
    assert response.context["forms"].deadlines.initial_forms[0].initial["kind"] == "date"
    assert "已核对 0/82" in shown(response)


def test_what_was_read_wrongly_is_corrected_by_a_plain_form(desk: Client, measure: Measure) -> None:
    data = filled(desk.get(page_of(measure)))
    wanted = Department.objects.get(name="区民政局")
    added = {
        "names-0-role": "support",
        "deadlines-0-due_on": "2017-06-30",
        f"names-{data['names-INITIAL_FORMS']}-unit": f"u{wanted.pk}",
    }

    response = desk.post(page_of(measure), data | added, follow=True)

    assert "已保存更正" in shown(response)
    fields = measure.corrections.values_list("field", flat=True)
    assert set(fields) == {"responsibilities", "deadlines"}
    assert str(measure.deadlines.get().due_on) == "2017-06-30"
    assert measure.responsibilities.filter(department=wanted, role="support").exists()
    assert "区民政局（配合）" in shown(response)


def test_a_metric_and_a_recurrence_are_added_by_a_plain_form(
    desk: Client, measure: Measure
) -> None:
    added = {
        "metrics-0-name": "清单公布率",
        "metrics-0-operator": "=",
        "metrics-0-value": "100",
        "metrics-0-unit": "%",
        "recurrences-0-frequency": "yearly",
        "recurrences-0-times": "1",
        "recurrences-0-what": "更新清单",
    }

    response = desk.post(page_of(measure), filled(desk.get(page_of(measure))) | added, follow=True)

    assert "清单公布率达到100%" in shown(response)
    assert "每年1次 更新清单" in shown(response)
    assert measure.metrics.get().name == "清单公布率"
    assert measure.recurrences.get().times == 1


def test_a_row_is_taken_away_by_its_tick(desk: Client, measure: Measure) -> None:
    data = filled(desk.get(page_of(measure)))

    desk.post(page_of(measure), data | {"deadlines-0-DELETE": "on"})

    assert not measure.deadlines.exists()
    assert measure.responsibilities.exists()


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"title": ""}, 400, "请填写标题"),
        ({"deadlines-0-due_on": ""}, 400, "请填写日期"),
        ({}, 400, "没有改动任何内容"),
        ({"title": "公布清单", "expected_version": 99}, 412, "刚被他人修改"),
    ],
)
def test_a_refused_correction_says_why_and_keeps_what_was_typed(
    fields: dict[str, Any], status: int, sentence: str, desk: Client, measure: Measure
) -> None:
    data = filled(desk.get(page_of(measure))) | fields

    response = desk.post(page_of(measure), data)

    assert response.status_code == status
    assert sentence in shown(response)
    assert str(data["title"]) in response.content.decode()
    assert f'name="expected_version" value="{measure.edition.version}"' in response.content.decode()
    assert not Correction.objects.exists()


def test_a_correction_is_undone_by_its_button(desk: Client, measure: Measure) -> None:
    title = measure.title
    desk.post(page_of(measure), filled(desk.get(page_of(measure))) | {"title": "公布清单"})
    correction = measure.corrections.get()

    page = desk.get(page_of(measure))
    undone = desk.post(reverse("plans:undo", args=[correction.pk]), follow=True)
    again = desk.post(reverse("plans:undo", args=[correction.pk]), follow=True)

    measure.refresh_from_db()
    assert measure.title == title
    assert reverse("plans:undo", args=[correction.pk]) in page.content.decode()
    assert "已撤销" in shown(undone)
    assert "已经撤销过了" in shown(again)


def test_checking_goes_on_to_what_is_in_doubt_first(desk: Client, edition: Edition) -> None:
    doubtful = edition.doubts.open().exclude(measure=None).order_by("measure__ordinal").first()
    assert doubtful is not None
    first = edition.measures.leaves().order_by("ordinal").first()
    assert first is not None

    response = desk.post(reverse("plans:check", args=[first.pk]), follow=True)

    assert response.context["measure"].pk in set(
        edition.doubts.open().values_list("measure", flat=True)
    )
    assert "已核对 1/82" in shown(response)
    first.refresh_from_db()
    assert first.checked_at is not None


def test_a_check_without_objection_confirms_the_doubts_of_the_measure(
    desk: Client, measure: Measure
) -> None:
    page = shown(desk.get(page_of(measure)))

    desk.post(reverse("plans:check", args=[measure.pk]), {"confirm": "1"})

    assert "没有异议，已核对，到下一条" in page
    assert not measure.doubt_set.open().exists()
    assert desk.get(page_of(measure)).context["to_confirm"] == 0


def test_the_last_check_leads_back_to_the_plan(desk: Client, measure: Measure) -> None:
    measure.edition.measures.exclude(pk=measure.pk).update(
        checked_at=NOON, checked_by=measure.edition.imported_by
    )

    response = desk.post(reverse("plans:check", args=[measure.pk]), follow=True)

    assert "全部措施都已核对" in shown(response)
    assert "已核对 82/82" in shown(response)
    desk.post(reverse("plans:check", args=[measure.pk]), {"done": "0"})
    measure.refresh_from_db()
    assert measure.checked_at is None


def test_what_is_no_measure_is_set_aside_and_brought_back(desk: Client, measure: Measure) -> None:
    url = reverse("plans:set_aside", args=[measure.pk])

    refused = desk.post(url, {"reason": " "}, follow=True)
    aside = desk.post(url, {"reason": "只是说明"}, follow=True)
    plan = desk.get(reverse("plans:edition", args=[measure.edition_id]))
    back = desk.post(url, follow=True)

    assert "请写明为什么不是任务" in shown(refused)
    assert "只是说明" in shown(aside)
    assert page_of(measure) in plan.content.decode()
    assert "81条任务" in shown(plan)
    assert "已保存" not in shown(back)
    measure.refresh_from_db()
    assert measure.is_leaf


def test_a_doubt_is_settled_on_the_page_of_its_measure(desk: Client, edition: Edition) -> None:
    doubt = edition.doubts.get(code="no_lead", measure__path="42")
    assert doubt.measure is not None
    page = desk.get(page_of(doubt.measure)).content.decode()
    legal = Department.objects.get(name="区政府法制办")

    response = desk.post(
        reverse("plans:settle", args=[doubt.pk]), {"lead": legal.pk, "measure": doubt.measure.pk}
    )

    assert reverse("plans:settle", args=[doubt.pk]) in page
    assert response.headers["Location"] == f"{page_of(doubt.measure)}#doubt-{doubt.pk}"


def test_the_page_is_reached_from_the_plan_its_doubts_and_its_text(
    desk: Client, edition: Edition, measure: Measure
) -> None:
    plan = desk.get(reverse("plans:edition", args=[edition.pk])).content.decode()
    text = desk.get(reverse("plans:text", args=[edition.pk])).content.decode()
    doubtful = edition.doubts.get(code="no_lead", measure__path="42").measure
    assert doubtful is not None

    assert page_of(measure) in plan
    assert page_of(measure) in text
    assert plan.count(page_of(doubtful)) >= 2


def test_an_issued_measure_is_shown_in_the_text(desk: Client, measure: Measure) -> None:
    Edition.objects.update(
        status=EditionStatus.ISSUED, document_number="演示", issued_on="2016-09-12"
    )

    response = desk.get(page_of(measure))
    posted = desk.post(reverse("plans:check", args=[measure.pk]), follow=True)

    assert response.headers["Location"].endswith(f"/text/#c{measure.start}")
    assert posted.status_code == 200
    measure.refresh_from_db()
    assert measure.checked_at is None


def test_others_do_not_find_a_measure_of_a_draft(client: Client, measure: Measure) -> None:
    client.force_login(member(Department.objects.get(name="区发改局"), Role.LIAISON))

    for name in ("plans:check", "plans:set_aside"):
        assert client.post(reverse(name, args=[measure.pk])).status_code == 404
    assert client.get(page_of(measure)).status_code == 404
    assert client.post(page_of(measure)).status_code == 404


def test_a_measure_above_others_has_no_page(desk: Client, edition: Edition) -> None:
    parent = edition.measures.filter(is_leaf=False).first()
    assert parent is not None

    assert desk.get(page_of(parent)).status_code == 404


def test_the_page_takes_the_same_few_queries_however_much_is_on_it(
    desk: Client,
    edition: Edition,
    checker: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    busy = edition.doubts.get(code="no_lead", measure__path="42").measure
    assert busy is not None
    for title in "甲乙丙丁":
        correct_measure(measure_id=busy.pk, changes=Changes(title=title), by=checker, at=NOON)

    with django_assert_max_num_queries(32):
        desk.get(page_of(busy))


def test_the_issue_page_says_how_many_are_unchecked(desk: Client, edition: Edition) -> None:
    page = shown(desk.get(reverse("tracking:issue", args=[edition.pk])))

    assert "还有82条没有标为“已核对”" in page


def test_an_unknown_unit_is_asked_for_in_every_measure_that_names_it_and_answered_once(
    desk: Client, litong: District, checker: User
) -> None:
    text = "某区实施方案\n\n" + "\n\n".join(
        f"{n}.公布清单{n}。公布清单（区卫生计局牵头）。" for n in (1, 2)
    )
    draft = import_plan(
        upload=ContentFile(text.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )
    doubt = draft.doubts.get(code="unknown_department")
    first, second = draft.measures.leaves().order_by("ordinal")
    page = desk.get(page_of(second))
    health = Department.objects.get(name="区卫计局")
    settle = reverse("plans:settle", args=[doubt.pk])

    both = {"unit": Department.objects.get(name="区财政局").pk, "new_name": "区健康局"}
    refused = desk.post(settle, both | {"new_kind": "government"})
    answered = desk.post(settle, {"unit": health.pk, "measure": second.pk})

    assert answered.headers["Location"].startswith(page_of(second))
    assert settle in page.content.decode()
    assert f'<option value="{health.pk}" selected>区卫计局' in page.content.decode()
    assert "只能选一样" in shown(refused)
    for measure in (first, second):
        assert measure.responsibilities.get().department == health
    assert settle not in desk.get(page_of(second)).content.decode()

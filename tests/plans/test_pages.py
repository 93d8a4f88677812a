"""The pages of the plan as written."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import Department, District, StoredFile, User
from plans.choices import EditionStatus
from plans.models import Deadline, Doubt, Edition, Measure, Plan
from plans.slips import slips_workbook
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.factories import member
from tests.plans.conftest import HOME_PLAN


@pytest.fixture
def desk(client: Client, checker: User) -> Client:
    """The browser of a coordinator."""
    client.force_login(checker)
    return client


@pytest.fixture
def reader(litong: District) -> Client:
    """The browser of a liaison of the district."""
    browser = Client()
    browser.force_login(member(Department.objects.get(name="区发改局"), Role.LIAISON))
    return browser


@pytest.fixture
def issued(edition: Edition) -> Edition:
    edition.status = EditionStatus.ISSUED
    edition.document_number = "演示〔2016〕1号"
    edition.issued_on = NOON.date()
    edition.save()
    return edition


def shown(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def page_of(edition: Edition) -> str:
    return reverse("plans:edition", args=[edition.pk])


def text_of(edition: Edition) -> str:
    return reverse("plans:text", args=[edition.pk])


def test_an_uploaded_plan_leads_to_what_was_read_from_it(desk: Client) -> None:
    upload = SimpleUploadedFile("方案.txt", HOME_PLAN.read_bytes())

    response = desk.post(
        reverse("plans:import"),
        {"file": upload, "district": District.objects.get().pk, "request_key": "k"},
        follow=True,
    )

    assert response.redirect_chain == [(page_of(Edition.objects.get()), 302)]
    page = shown(response)
    assert "7个方面和“组织保障和落实机制”，45项措施、82条任务" in page
    assert "30家（牵头22家），统称4种" in page
    assert "37个：2016年6月1个、12月19个；2017年6月1个、12月11个；2018年12月3个" in page
    assert "49条任务" in page
    assert "41条、目标值69个（满意度11个）" in page
    assert "必须处理还有 6 处" in page
    crowd = "2016年12月31日集中到期19项，其中区政府办公室、区政府法制办牵头或共同牵头10项"
    assert crowd in page
    assert page.index("已更正") < page.index(crowd)
    assert "96处，如“1)”读作“(1)”" in page
    assert "全文已逐字归位，没有遗漏" in page


def test_pasted_text_is_read_like_a_file(desk: Client) -> None:
    text = HOME_PLAN.read_text(encoding="utf-8")

    desk.post(reverse("plans:import"), {"text": text, "district": District.objects.get().pk})

    assert Edition.objects.get().measures.leaves().count() == 82


def test_another_file_for_the_same_plan_becomes_its_next_document(
    desk: Client, edition: Edition
) -> None:
    page = desk.get(reverse("plans:import"), {"plan": edition.plan_id})
    text = HOME_PLAN.read_text(encoding="utf-8")

    desk.post(
        reverse("plans:import"),
        {"text": text, "plan": edition.plan_id, "district": edition.plan.district_id},
    )

    assert f'name="plan" value="{edition.plan_id}"' in page.content.decode()
    assert list(edition.plan.editions.values_list("number", flat=True)) == [2, 1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "请选择一个文件，或者粘贴全文"),
        ({"text": "请于明天开会。"}, "没有从文件里识别到"),
        ({"file": SimpleUploadedFile("方案.docx", b"PK\x03\x04")}, "另存为"),
        ({"file": SimpleUploadedFile("a.txt", b"1."), "text": "一"}, "只能选一样"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_what_was_pasted(
    fields: dict[str, Any], sentence: str, desk: Client
) -> None:
    response = desk.post(reverse("plans:import"), fields | {"district": District.objects.get().pk})

    assert response.status_code == 400
    assert sentence in shown(response)
    assert fields.get("text", "") in response.content.decode()
    assert not Plan.objects.exists()


def test_a_liaison_neither_imports_nor_sees_a_draft(edition: Edition, reader: Client) -> None:
    assert reader.get(reverse("plans:import")).status_code == 403
    assert reader.get(page_of(edition)).status_code == 404
    assert reader.get(text_of(edition)).status_code == 404
    assert "还没有交办的实施方案" in shown(reader.get(reverse("plans:plans")))


def test_an_outsider_finds_nothing(issued: Edition, outsider: User) -> None:
    browser = Client()
    browser.force_login(outsider)

    for url in (page_of(issued), text_of(issued)):
        assert browser.get(url).status_code == 404
    assert issued.title not in shown(browser.get(reverse("plans:plans")))


def test_a_liaison_reads_the_issued_plan_without_the_doubts(
    issued: Edition, reader: Client
) -> None:
    page = shown(reader.get(page_of(issued)))

    assert "任务清单" in page
    assert "建议核对" not in page
    assert reader.get(reverse("plans:export_slips", args=[issued.pk])).status_code == 403
    doubt = issued.doubts.get(code="before_plan")
    assert reader.post(reverse("plans:settle", args=[doubt.pk])).status_code == 404


def test_the_issue_is_offered_once_nothing_stops_it(desk: Client, edition: Edition) -> None:
    issue = reverse("tracking:issue", args=[edition.pk])
    before = desk.get(page_of(edition)).content.decode()
    Doubt.objects.filter(severity="error").update(settled_at=NOON, settled_by=edition.imported_by)

    after = desk.get(page_of(edition)).content.decode()

    assert issue not in before
    assert issue in after


def test_a_doubt_is_settled_on_the_page_without_scripts(desk: Client, edition: Edition) -> None:
    doubt = edition.doubts.get(code="no_lead", measure__path="42")
    url = reverse("plans:settle", args=[doubt.pk])

    refused = desk.post(url, {})
    legal = Department.objects.get(name="区政府法制办")
    settled = desk.post(url, {"lead": legal.pk})

    assert refused.status_code == 400
    assert "请选择牵头单位" in shown(refused)
    assert settled.headers["Location"] == f"{page_of(edition)}#doubt-{doubt.pk}"
    assert "由区政府法制办牵头" in shown(desk.get(page_of(edition)))


def test_htmx_gets_the_row_and_how_much_is_left(desk: Client, edition: Edition) -> None:
    doubt = edition.doubts.get(code="before_plan")
    url = reverse("plans:settle", args=[doubt.pk])

    first = desk.post(url, {"answer": "补报完成情况"}, headers={"HX-Request": "true"})
    second = desk.post(url, {"answer": "属笔误"}, headers={"HX-Request": "true"})

    assert first.status_code == 200
    assert "补报完成情况" in shown(first)
    assert "已处理 1/" in shown(first)
    assert "<html" not in first.content.decode()
    assert second.status_code == 409
    assert "属笔误" in shown(second)


def test_an_answer_is_taken_back(desk: Client, edition: Edition) -> None:
    doubt = edition.doubts.get(code="before_plan")
    desk.post(reverse("plans:settle", args=[doubt.pk]), {})

    desk.post(reverse("plans:reopen", args=[doubt.pk]))

    doubt.refresh_from_db()
    assert doubt.settled_at is None


def test_all_doubts_of_a_kind_are_confirmed_at_once(desk: Client, edition: Edition) -> None:
    desk.post(reverse("plans:confirm", args=[edition.pk]), {"code": "several_leads"})

    answers = edition.doubts.filter(code="several_leads").values_list("answer", flat=True)
    assert set(answers) == {"按识别结果确认"}
    assert edition.doubts.open().filter(code="each_unit").exists()


def test_doubts_that_stop_the_issue_are_never_confirmed_in_bulk(
    desk: Client, edition: Edition
) -> None:
    desk.post(reverse("plans:confirm", args=[edition.pk]), {"code": "no_lead"})

    assert edition.doubts.stopping().filter(code="no_lead").count() == 3


def test_the_text_page_shows_every_character_once(desk: Client, edition: Edition) -> None:
    html = desk.get(text_of(edition)).content.decode()

    article = html[html.index("<article") : html.index("</article>")]
    plain = re.sub(r'<a class="(measure-link|flag)[^>]*>[^<]*</a>|<[^>]+>', "", article)
    plain = plain.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    written = edition.text.translate(str.maketrans("", "", ",:;()?!-"))
    assert "".join(re.sub("[，：；（）？！—,:;()?!-]", "", plain).split()) == "".join(
        re.sub("[，：；（）？！—]", "", written).split()
    )


def test_every_deadline_and_doubt_has_its_place_in_the_text(desk: Client, edition: Edition) -> None:
    html = desk.get(text_of(edition)).content.decode()

    ids = re.findall(r'id="(c\d+)"', html)
    spans = [
        *Deadline.objects.values_list("start", flat=True),
        *Doubt.objects.values_list("start", flat=True),
        *Measure.objects.leaves().values_list("start", flat=True),
    ]
    assert {f"c{start}" for start in spans} - set(ids) == set()
    assert len(ids) == len(set(ids))
    first = Deadline.objects.get(measure__path="1.5")
    assert f'id="c{first.start}" title="完成时限：2016年12月31日">2016年12月底前</mark>' in html


def test_the_text_is_shown_full_width_and_escaped(
    litong: District, checker: User, desk: Client
) -> None:
    text = "某区方案\n\n1.公布<script>alert(1)</script>清单,并公开(区财政局牵头)。\n"
    edition = import_plan(
        upload=ContentFile(text.encode(), name="a.txt"), district=litong, by=checker, at=NOON
    )

    html = desk.get(text_of(edition)).content.decode()

    assert "<script>alert" not in html
    assert "清单，并公开（" in html


def test_the_text_of_an_issued_plan_leads_to_the_work(issued: Edition, reader: Client) -> None:
    html = reader.get(text_of(issued)).content.decode()

    measure = issued.measures.get(path="1.5")
    assert f"?measure={measure.pk}" in html
    assert 'class="flag"' not in html


@pytest.mark.parametrize("name", ["plans:edition", "plans:text"])
def test_pages_take_the_same_few_queries_for_any_plan(
    name: str,
    desk: Client,
    edition: Edition,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(35):
        desk.get(reverse(name, args=[edition.pk]))


def test_the_slips_workbook_holds_every_repair_as_plain_text(edition: Edition) -> None:
    Doubt.objects.filter(code="repair").update(suggestion='=HYPERLINK("http://x")')

    book = load_workbook(BytesIO(slips_workbook(edition)))

    slips = book["文稿勘误表"]
    assert slips.max_row == 108
    assert {cell.data_type for cell in slips["D"][1:]} == {"s"}
    assert book["待核实事项"].max_row == 1 + edition.doubts.exclude(severity="note").count()


def test_the_slips_are_a_download(desk: Client, edition: Edition) -> None:
    response = desk.get(reverse("plans:export_slips", args=[edition.pk]))

    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_stored_file_is_a_download_that_does_not_run(desk: Client, edition: Edition) -> None:
    response = desk.get(reverse("accounts:file", args=[edition.file_id]))

    assert b"".join(response.streaming_content) == HOME_PLAN.read_bytes()  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_file_is_not_sent_to_others(edition: Edition, reader: Client) -> None:
    assert reader.get(reverse("accounts:file", args=[edition.file_id])).status_code == 404


def test_a_file_that_is_gone_is_not_found(desk: Client, edition: Edition, settings: Any) -> None:
    stored = StoredFile.objects.get(pk=edition.file_id)
    (Path(settings.MEDIA_ROOT) / stored.stored_as).unlink()

    assert desk.get(reverse("accounts:file", args=[stored.pk])).status_code == 404

"""Accepted texts as a Word file, and pictures that are shown in their page."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from accounts.files import store
from accounts.models import Department, StoredFile, User
from tests.conftest import NOON
from tests.factories import MilestoneFactory, SubmissionFactory
from tests.tracking.reporting import url
from tests.tracking.test_query_counts import questions
from tracking.models import Evidence, Milestone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return "\n".join(row.text for row in Document(BytesIO(answer.content)).paragraphs)


def test_a_unit_takes_all_its_accepted_texts_along_as_one_file(
    page: Client, milestone: Milestone, bureau: Department
) -> None:
    accepted = SubmissionFactory.create(
        milestone=milestone, accepted=True, problems="缺编制", help_wanted="请编办协调"
    )
    Evidence.objects.create(submission=accepted, name="权责清单", document_number="利政发1号")
    SubmissionFactory.create(milestone=milestone, number=2, narrative="还在写的草稿")
    SubmissionFactory.create(
        milestone=MilestoneFactory.create(department__district=bureau.district),
        accepted=True,
        narrative="别的单位写的",
    )

    text = words(page, f"/departments/{bureau.pk}/reports.docx")

    assert f"{bureau.name}历次反馈" in text
    assert "第1次反馈（2016年9月12日报送，正在推进）" in text
    assert "已印发权责清单" in text
    assert "存在问题及原因：缺编制" in text
    assert "需区政府协调解决的事项：请编办协调" in text
    assert "佐证材料：权责清单（利政发1号）。" in text
    assert "还在写的草稿" not in text
    assert "别的单位写的" not in text


def test_one_item_is_a_file_of_its_own(page: Client, milestone: Milestone) -> None:
    SubmissionFactory.create(milestone=milestone, accepted=True)
    SubmissionFactory.create(
        milestone=MilestoneFactory.create(assignment=milestone.assignment),
        accepted=True,
        narrative="另一个时间节点",
    )

    text = words(page, f"{url(milestone)}reports.docx")

    assert "已印发权责清单" in text
    assert "另一个时间节点" not in text


def test_a_file_without_accepted_texts_says_so(page: Client, bureau: Department) -> None:
    assert "还没有审核通过的反馈" in words(page, f"/departments/{bureau.pk}/reports.docx")


def test_other_units_get_neither_file(
    client: Client, milestone: Milestone, outsider: User, supervisor: User
) -> None:
    addresses = [
        f"/departments/{milestone.department_id}/reports.docx",
        f"{url(milestone)}reports.docx",
    ]
    colleague = MilestoneFactory.create(department__district=milestone.department.district)
    neighbour = SubmissionFactory.create(milestone=colleague).author
    for person, expected in ((outsider, 404), (neighbour, 404), (supervisor, 200)):
        client.force_login(person)
        assert {client.get(address).status_code for address in addresses} == {expected}


def test_the_paper_names_official_fonts_and_what_to_take_instead(
    page: Client, bureau: Department
) -> None:
    answer = page.get(f"/departments/{bureau.pk}/reports.docx")

    with ZipFile(BytesIO(answer.content)) as packed:
        fonts = packed.read("word/fontTable.xml").decode()
        body = packed.read("word/document.xml").decode()
    assert 'w:eastAsia="仿宋_GB2312"' in body
    assert '<w:altName w:val="仿宋,FangSong,Noto Serif CJK SC"/>' in fonts


def test_a_longer_file_asks_no_more_questions(page: Client, bureau: Department) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            report = SubmissionFactory.create(
                milestone=MilestoneFactory.create(department=bureau), accepted=True
            )
            Evidence.objects.create(submission=report, name="材料")

    grow(2)
    few = questions(page, f"/departments/{bureau.pk}/reports.docx")
    grow(5)

    assert questions(page, f"/departments/{bureau.pk}/reports.docx") == few


@pytest.mark.parametrize(
    ("name", "content", "is_shown"),
    [("现场.png", b"\x89PNG picture", True), ("清单.txt", b"<script>", False)],
)
def test_only_a_picture_is_shown_in_its_page(
    page: Client, bureau: Department, liaison: User, name: str, content: bytes, is_shown: bool
) -> None:
    kept: StoredFile = store(
        SimpleUploadedFile(name, content),
        district=bureau.district,
        department=bureau,
        by=liaison,
        at=NOON,
    )

    answer = page.get(f"/files/{kept.pk}/?inline=1")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("inline") is is_shown
    assert "sandbox" in answer.headers["Content-Security-Policy"]

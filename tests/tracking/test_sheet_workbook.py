"""The yearly sheet filled in offline: locked keys, every line checked, nothing half-applied."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tests.tracking.test_sheets import fill_in, send
from tracking.choices import MilestoneKind
from tracking.models import Sheet, Submission
from tracking.workbook import HEAD_ROW, TYPED

FIRST = HEAD_ROW + 1
HIDDEN = re.compile(r'<input type="(?:hidden|checkbox)" name="([^"]+)"(?: value="([^"]*)")?')


@pytest.fixture(autouse=True)
def open_day(settings: Settings) -> None:
    settings.FIXED_TODAY = date(2017, 12, 15)


def download(page: Client, sheet: Sheet) -> Any:
    answer = page.get(f"/sheets/{sheet.pk}/workbook/")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content))


def write(book: Any, line: int = 0, **typed: object) -> None:
    for name, value in typed.items():
        book.active.cell(FIRST + line, TYPED[name]).value = value


def upload(page: Client, sheet: Sheet, book: Any, name: str = "填报表.xlsx") -> Any:
    content = BytesIO()
    if isinstance(book, bytes):
        content.write(book)
    else:
        book.save(content)
    file = SimpleUploadedFile(name, content.getvalue())
    return page.post(f"/sheets/{sheet.pk}/workbook/", {"workbook": file})


def confirm(page: Client, sheet: Sheet, html: str, **more: str) -> Any:
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    fields = {
        name: value for name, value in HIDDEN.findall(main) if not name.endswith("-mine")
    } | dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)<', main))
    return page.post(f"/sheets/{sheet.pk}/", fields | more)


def test_a_filled_workbook_is_looked_at_first_and_then_kept(page: Client, sheet: Sheet) -> None:
    book = download(page, sheet)
    write(book, 0, work_status="正在推进", narrative="离线填的\n第二行")
    write(book, 1, work_status="已完成", completed_on="2017-12-01", narrative="已办")

    preview = upload(page, sheet, book)

    assert preview.status_code == 200
    assert "确认写入2行" in preview.content.decode()
    assert not Submission.objects.exists()
    assert confirm(page, sheet, preview.content.decode()).status_code == 302
    assert set(Submission.objects.values_list("narrative", "completed_on")) == {
        ("离线填的\n第二行", None),
        ("已办", date(2017, 12, 1)),
    }


def test_a_real_day_in_a_cell_is_read_as_a_day(page: Client, sheet: Sheet) -> None:
    book = download(page, sheet)
    write(book, 0, work_status="已完成", narrative="已办", completed_on=date(2017, 12, 1))
    book.active.cell(FIRST, TYPED["completed_on"]).number_format = "yyyy-mm-dd"

    preview = upload(page, sheet, book)
    confirm(page, sheet, preview.content.decode())

    assert Submission.objects.get().completed_on == date(2017, 12, 1)


def test_one_wrong_line_keeps_all_lines_out_and_says_where(page: Client, sheet: Sheet) -> None:
    book = download(page, sheet)
    write(book, 0, work_status="正在推进", narrative="好的")
    write(book, 1, work_status="办完了", completed_on="去年", narrative="机密★")

    answer = upload(page, sheet, book)

    html = answer.content.decode()
    assert answer.status_code == 400
    assert f"第{FIRST + 1}行" in html
    assert "“办完了”不在可选范围内" in html
    assert "请按 2017-11-20 的样式填写日期" in html
    assert "密级标志" in html
    assert "确认写入" not in html.split("<form", 1)[1].split("</form>")[0]


def test_a_changed_key_is_refused(page: Client, sheet: Sheet) -> None:
    book = download(page, sheet)
    cell = book.active.cell(FIRST, 1)
    cell.value = "9" + cell.value

    answer = upload(page, sheet, book)

    assert "行标识缺失或被改动" in answer.content.decode()


def test_the_workbook_of_another_sheet_is_refused(
    page: Client, client: Client, sheet: Sheet, bureau: Department
) -> None:
    book = download(page, sheet)
    for number, row in enumerate(sheet.milestones.all()):
        other = MilestoneFactory.create(
            department=bureau, kind=MilestoneKind.CYCLE, deadline=None, period=str(2030 + number)
        )
        type(row).objects.filter(pk=row.pk).update(sheet=None)
        type(row).objects.filter(pk=other.pk).update(sheet=sheet)
    write(book, 0, narrative="别处的")

    assert "不属于这张表" in upload(page, sheet, book).content.decode()


def test_a_row_changed_since_the_download_is_shown_side_by_side(
    page: Client, sheet: Sheet, bureau: Department
) -> None:
    book = download(page, sheet)
    fill_in(sheet, member(bureau, Role.LIAISON))
    write(book, 0, work_status="正在推进", narrative="离线写的")

    html = upload(page, sheet, book).content.decode()

    assert "下载之后有人改过这一行" in html
    assert "已组织两次集中学法" in html
    assert confirm(page, sheet, html).status_code == 409
    assert not Submission.objects.filter(narrative="离线写的").exists()
    first = sheet.milestones.order_by("id")[0]
    version = first.submissions.get().version
    more = {f"row-{first.pk}-mine": str(version)}
    assert confirm(page, sheet, html, **more).status_code == 302
    assert first.submissions.get().narrative == "离线写的"


def test_a_row_left_alone_in_the_workbook_is_not_written_over(
    page: Client, sheet: Sheet, bureau: Department
) -> None:
    book = download(page, sheet)
    fill_in(sheet, member(bureau, Role.LIAISON))

    assert "没有要写入的" in upload(page, sheet, book).content.decode()


def test_a_row_that_was_sent_is_not_written(page: Client, sheet: Sheet, liaison: User) -> None:
    book = download(page, sheet)
    fill_in(sheet, liaison)
    send(sheet, liaison)
    write(book, 0, narrative="晚了")

    assert "已经报送或审核，不能再写入" in upload(page, sheet, book).content.decode()


def test_nothing_in_the_workbook_is_a_formula(page: Client, sheet: Sheet, liaison: User) -> None:
    for milestone in sheet.milestones.all():
        SubmissionFactory.create(
            milestone=milestone, author=liaison, narrative='=HYPERLINK("http://x","点我")'
        )

    page_of = download(page, sheet).active

    cells = [cell for row in page_of.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert page_of.cell(FIRST, TYPED["narrative"]).value.startswith("=HYPERLINK")


def test_only_what_is_to_be_filled_in_is_unlocked(page: Client, sheet: Sheet) -> None:
    page_of = download(page, sheet).active

    assert page_of.protection.sheet
    assert page_of.column_dimensions["A"].hidden
    unlocked = {
        cell.column for row in page_of.iter_rows() for cell in row if not cell.protection.locked
    }
    assert unlocked == set(TYPED.values()) - {TYPED["times"]}
    assert len(page_of.data_validations.dataValidation) == 2


def strange() -> Workbook:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "随便一张表"
    return book


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("表.xls", lambda: b"\xd0\xcf\x11\xe0", "不能上传"),
        ("表.xlsx", lambda: b"PK\x03\x04broken", "损坏"),
        ("表.xlsx", lambda: b"not a zip", "不符"),
        ("表.xlsx", strange, "不是从本系统下载的"),
    ],
)
def test_a_foreign_file_is_refused_in_words(
    page: Client, sheet: Sheet, name: str, make: Callable[[], Any], sentence: str
) -> None:
    answer = upload(page, sheet, make(), name)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_without_a_file_the_page_asks_for_one(page: Client, sheet: Sheet) -> None:
    answer = page.post(f"/sheets/{sheet.pk}/workbook/", {})

    assert "请选择填好的文件" in answer.content.decode()


def test_an_overseer_gets_no_workbook(client: Client, sheet: Sheet, supervisor: User) -> None:
    client.force_login(supervisor)

    assert client.get(f"/sheets/{sheet.pk}/workbook/").status_code == 403

"""Yearly sheets on the list of telephone calls: one line a sheet, one call a sheet."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from accounts.choices import DepartmentKind
from accounts.errors import ConflictError, ForbiddenError
from accounts.models import Department, Event, User
from tests.conftest import NOON
from tests.factories import DepartmentFactory, MilestoneFactory, SheetFactory, SubmissionFactory
from tracking.choices import MilestoneKind, SubmissionStatus
from tracking.models import Milestone, Sheet
from tracking.selectors.calls import sheet_calls_of
from tracking.usecases import record_sheet_call

IN_WINDOW = date(2017, 12, 20)
AFTER = date(2017, 12, 25)


@pytest.fixture(autouse=True)
def in_the_window(settings: Settings) -> None:
    settings.FIXED_TODAY = IN_WINDOW


def add_sheet(like: Sheet, unit: Department) -> Sheet:
    row = MilestoneFactory.create(
        department=unit, kind=MilestoneKind.CYCLE, deadline=None, period="2017"
    )
    found: Sheet = SheetFactory.create(year=like.year, department=unit)
    Milestone.objects.filter(pk=row.pk).update(sheet=found)
    return found


def test_an_open_sheet_is_called_about_as_one(
    sheet: Sheet, supervisor: User, liaison: User
) -> None:
    row = sheet.milestones.order_by("id")[0]
    SubmissionFactory.create(milestone=row)

    (call,) = sheet_calls_of(supervisor, today=IN_WINDOW)

    assert (call.sheet, call.lacks, call.days) == (sheet, "2行未报（已填1行）", 2)
    assert liaison.name in call.people
    assert sheet_calls_of(supervisor, today=AFTER)[0].is_late


def test_a_sheet_that_is_not_open_or_was_sent_is_not_called_about(
    sheet: Sheet, supervisor: User
) -> None:
    assert not sheet_calls_of(supervisor, today=date(2017, 12, 8))

    for row in sheet.milestones.all():
        SubmissionFactory.create(milestone=row, waiting=True)

    assert not sheet_calls_of(supervisor, today=IN_WINDOW)
    with pytest.raises(ConflictError):
        record_sheet_call(sheet_id=sheet.pk, person="", by=supervisor, at=NOON)


def test_a_row_that_came_back_is_called_about_and_not_named_in_the_group(
    sheet: Sheet, supervisor: User
) -> None:
    for row in sheet.milestones.all():
        SubmissionFactory.create(milestone=row, waiting=True, status=SubmissionStatus.RETURNED)

    (call,) = sheet_calls_of(supervisor, today=IN_WINDOW)

    assert (call.lacks, call.is_for_the_group) == ("退回待补正2行", False)


def test_the_page_the_workbook_and_the_words_name_the_sheet(
    client: Client, sheet: Sheet, supervisor: User
) -> None:
    organ = DepartmentFactory.create(district=sheet.department.district, kind=DepartmentKind.PARTY)
    add_sheet(sheet, organ)
    client.force_login(supervisor)

    html = client.get("/calls/").content.decode()
    book = load_workbook(BytesIO(client.get("/calls.xlsx").content))

    words = html[html.index('id="group-words"') : html.index("</textarea>")]
    assert f"{sheet.department.name}：2017年度集中填报表，请于12月22日前报送" in words
    assert organ.name not in words
    lines = [row[:4] for row in book["电话催办名单"].iter_rows(min_row=2, values_only=True)]
    assert [line[3] for line in lines if line[0] == organ.name] == ["2017年度集中填报表"]


def test_a_call_is_one_click_and_counted(
    client: Client, sheet: Sheet, supervisor: User, liaison: User, outsider: User
) -> None:
    client.force_login(supervisor)
    assert client.post(f"/sheets/{sheet.pk}/call/").headers["Location"] == "/calls/"

    assert Event.objects.get(action="call").object_kind == "tracking.sheet"
    assert sheet_calls_of(supervisor, today=IN_WINDOW)[0].calls == 1

    client.force_login(outsider)
    assert client.post(f"/sheets/{sheet.pk}/call/").status_code == 404
    with pytest.raises(ForbiddenError):
        record_sheet_call(sheet_id=sheet.pk, person="", by=liaison, at=NOON)


def test_more_sheets_ask_no_more_questions(client: Client, sheet: Sheet, supervisor: User) -> None:
    client.force_login(supervisor)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/calls/").status_code == 200
        return len(asked)

    few = questions()
    for _ in range(4):
        add_sheet(sheet, DepartmentFactory.create(district=sheet.department.district))

    assert questions() == few

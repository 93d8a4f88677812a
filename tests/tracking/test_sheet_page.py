"""The page of a yearly sheet: what was typed is kept or shown again, never lost."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import CalendarDay, Department, User
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tests.tracking.test_sheets import NOON, fill_in, send
from tracking.choices import MilestoneKind, SubmissionStatus
from tracking.models import Milestone, Sheet, Submission
from tracking.usecases import return_submission

SIGNED = {"signed_by": "张××", "signed_on": "2017-12-15"}


@pytest.fixture(autouse=True)
def open_day(settings: Settings) -> None:
    settings.FIXED_TODAY = date(2017, 12, 15)


def row(milestone: Milestone, narrative: str = "已组织两次", **fields: Any) -> dict[str, Any]:
    given = {
        "expected_version": "0",
        "seen": "",
        "work_status": "in_progress",
        "narrative": narrative,
    } | fields
    return {f"row-{milestone.pk}-{name}": value for name, value in given.items()}


def rows_of(sheet: Sheet) -> list[Milestone]:
    return list(sheet.milestones.order_by("id"))


def post(page: Client, sheet: Sheet, *rows: dict[str, Any], **more: Any) -> Any:
    body: dict[str, Any] = {"request_key": str(uuid4())} | more
    for part in rows:
        body |= part
    return page.post(f"/sheets/{sheet.pk}/", body)


def test_all_rows_are_kept_with_one_button(page: Client, sheet: Sheet) -> None:
    first, second = rows_of(sheet)

    answer = post(page, sheet, row(first, "一"), row(second, "二"))

    assert answer.status_code == 302
    assert set(Submission.objects.values_list("narrative", flat=True)) == {"一", "二"}


def test_a_row_on_which_nothing_was_typed_starts_no_draft(page: Client, sheet: Sheet) -> None:
    first, second = rows_of(sheet)

    post(page, sheet, row(first), row(second, "", work_status=""))

    assert Submission.objects.get().milestone == first


def test_what_holds_is_kept_beside_what_does_not(page: Client, sheet: Sheet) -> None:
    first, second = rows_of(sheet)

    answer = post(page, sheet, row(first, completed_on="昨天"), row(second, "二"))

    assert answer.status_code == 400
    assert "请按 2017-11-20 的样式填写日期" in answer.content.decode()
    assert "昨天" in answer.content.decode()
    assert Submission.objects.count() == 2


def test_a_row_kept_by_somebody_else_is_shown_beside_what_was_typed(
    page: Client, sheet: Sheet, bureau: Department
) -> None:
    fill_in(sheet, member(bureau, Role.LIAISON))
    first = rows_of(sheet)[0]

    answer = post(page, sheet, row(first, "我写的"))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的" in html
    assert "已组织两次集中学法" in html
    assert not Submission.objects.filter(narrative="我写的").exists()


def test_what_was_typed_wins_once_its_writer_says_so(
    page: Client, sheet: Sheet, bureau: Department
) -> None:
    fill_in(sheet, member(bureau, Role.LIAISON))
    first = rows_of(sheet)[0]
    version = first.submissions.get().version

    post(page, sheet, row(first, "我写的", mine=str(version)))

    assert first.submissions.get().narrative == "我写的"


def test_a_row_that_was_only_read_does_not_clash(
    page: Client, sheet: Sheet, liaison: User, bureau: Department
) -> None:
    first, second = rows_of(sheet)
    post(page, sheet, row(first, "旧"))
    seen = page.get(f"/sheets/{sheet.pk}/").content.decode()
    mark = seen.split(f'name="row-{first.pk}-seen" value="')[1].split('"')[0]
    post(page, sheet, row(first, "他人改过", expected_version="1", seen=mark))

    answer = post(page, sheet, row(first, "旧", expected_version="1", seen=mark), row(second, "二"))

    assert answer.status_code == 302
    assert first.submissions.get().narrative == "他人改过"


def test_sending_keeps_first_and_says_what_is_missing(page: Client, sheet: Sheet) -> None:
    first, _ = rows_of(sheet)

    answer = post(page, sheet, row(first), step="submit", **SIGNED)

    assert answer.status_code == 400
    assert "还没有填写。" in answer.content.decode()
    assert Submission.objects.get().status == SubmissionStatus.DRAFT


def test_sending_without_a_signature_keeps_and_asks(page: Client, sheet: Sheet) -> None:
    first, second = rows_of(sheet)

    answer = post(page, sheet, row(first), row(second), step="submit")

    assert answer.status_code == 400
    assert "请填写审签人" in answer.content.decode()
    assert Submission.objects.count() == 2


def test_a_whole_sheet_is_sent_with_its_last_words(page: Client, sheet: Sheet) -> None:
    first, second = rows_of(sheet)

    answer = post(page, sheet, row(first), row(second), step="submit", **SIGNED)

    assert answer.status_code == 302
    assert Submission.objects.waiting().count() == 2
    assert "等待审核" in page.get(f"/sheets/{sheet.pk}/").content.decode()


def test_one_row_is_kept_by_itself(page: Client, sheet: Sheet) -> None:
    first, _ = rows_of(sheet)

    answer = page.post(f"/sheets/{sheet.pk}/rows/{first.pk}/", row(first, "自动"))

    html = answer.content.decode()
    assert "已填1/2行" in html
    assert f'name="row-{first.pk}-expected_version" value="1"' in html
    assert first.submissions.get().narrative == "自动"


def test_a_bad_row_says_so_where_it_is_kept_by_itself(page: Client, sheet: Sheet) -> None:
    first, _ = rows_of(sheet)

    answer = page.post(f"/sheets/{sheet.pk}/rows/{first.pk}/", row(first, "密级：机密★"))

    assert "密级标志" in answer.content.decode()
    assert not Submission.objects.filter(narrative__contains="★").exists()


def test_last_years_words_are_taken_along_before_what_is_typed(page: Client, sheet: Sheet) -> None:
    first, _ = rows_of(sheet)
    last = MilestoneFactory.create(
        assignment=first.assignment, kind=MilestoneKind.CYCLE, deadline=None, period="2016"
    )
    SubmissionFactory.create(milestone=last, accepted=True, narrative="去年的话")

    post(page, sheet, row(first, "今年的话"), reuse=str(first.pk))

    assert first.submissions.get().narrative == "去年的话\n今年的话"


def test_a_returned_row_shows_its_reason_and_the_rest_is_read_only(
    page: Client, sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    back = Submission.objects.order_by("pk")[0]
    return_submission(
        submission_id=back.pk,
        note="缺文号",
        redo_by=date(2017, 12, 29),
        by=supervisor,
        at=NOON,
        today=date(2017, 12, 15),
    )

    html = page.get(f"/sheets/{sheet.pk}/").content.decode()

    assert "缺文号" in html
    assert html.count("data-autosave") == 1


def test_before_it_opens_a_sheet_is_read_only(
    page: Client, sheet: Sheet, settings: Settings
) -> None:
    settings.FIXED_TODAY = date(2017, 11, 20)

    html = page.get(f"/sheets/{sheet.pk}/").content.decode()

    assert "12月11日起填报" in html
    assert "<textarea" not in html


def test_papers_of_a_sheet_name_every_row(page: Client, sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison)

    for paper in ("sign-off", "blank"):
        html = page.get(f"/sheets/{sheet.pk}/{paper}/").content.decode()
        assert html.count("公布清单") >= 2


def test_another_unit_does_not_see_the_sheet(client: Client, sheet: Sheet, outsider: User) -> None:
    client.force_login(outsider)

    for path in ("", "sign-off/", "blank/"):
        assert client.get(f"/sheets/{sheet.pk}/{path}").status_code == 404
    assert post(client, sheet).status_code == 404


def test_an_overseer_reads_and_does_not_write(
    client: Client, sheet: Sheet, supervisor: User, liaison: User
) -> None:
    fill_in(sheet, liaison)
    client.force_login(supervisor)

    html = client.get(f"/sheets/{sheet.pk}/").content.decode()

    assert "已组织两次集中学法" not in html
    assert post(client, sheet, row(rows_of(sheet)[0])).status_code == 403


def test_a_long_sheet_asks_as_few_questions_as_a_short_one(
    page: Client, sheet: Sheet, liaison: User, bureau: Department
) -> None:
    def questions() -> int:
        fill_in_rest(sheet, liaison)
        with CaptureQueriesContext(connection) as asked:
            assert page.get(f"/sheets/{sheet.pk}/").status_code == 200
        return len(asked)

    few = questions()
    for _ in range(5):
        MilestoneFactory.create(
            department=bureau,
            kind=MilestoneKind.CYCLE,
            deadline=None,
            period="2017",
            sheet=sheet,
            assignment__measure__edition=rows_of(sheet)[0].assignment.measure.edition,
        )

    assert questions() == few


def fill_in_rest(sheet: Sheet, by: User) -> None:
    for milestone in sheet.milestones.filter(submissions=None):
        SubmissionFactory.create(milestone=milestone, author=by)


def test_a_year_whose_holidays_are_unknown_is_said_on_the_sheet(page: Client, sheet: Sheet) -> None:
    said = "2017年的放假安排还没有录入"

    assert said in page.get(f"/sheets/{sheet.pk}/").content.decode()

    CalendarDay.objects.create(date=date(2017, 10, 1), is_workday=False)
    assert said not in page.get(f"/sheets/{sheet.pk}/").content.decode()

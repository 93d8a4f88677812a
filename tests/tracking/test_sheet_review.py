"""审核 of a sheet: one page, ticks, each row its own decision."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import User
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tests.tracking.test_sheets import fill_in, send
from tracking.choices import MilestoneKind, SubmissionStatus
from tracking.models import Review, Sheet, Submission


@pytest.fixture(autouse=True)
def open_day(settings: Settings) -> None:
    settings.FIXED_TODAY = date(2017, 12, 15)


@pytest.fixture
def sent(sheet: Sheet, liaison: User) -> Sheet:
    fill_in(sheet, liaison)
    return send(sheet, liaison)


@pytest.fixture
def desk(client: Client, supervisor: User) -> Client:
    client.force_login(supervisor)
    return client


def post(desk: Client, sheet: Sheet, **fields: Any) -> Any:
    return desk.post(f"/sheets/{sheet.pk}/review/", {"request_key": str(uuid4())} | fields)


def ticked(*reports: Submission) -> dict[str, Any]:
    versions = {f"version-{row.pk}": str(row.version) for row in reports}
    return {"row": [str(row.pk) for row in reports]} | versions


def test_the_queue_shows_a_sheet_as_one_thing(desk: Client, sent: Sheet) -> None:
    html = desk.get("/queue/").content.decode()

    assert f"/sheets/{sent.pk}/review/" in html
    assert "2行" in html
    assert "/submissions/" not in html
    assert f"/sheets/{sent.pk}/review/" in desk.get("/").content.decode()


def test_ticked_rows_are_accepted_and_the_rest_waits(desk: Client, sent: Sheet) -> None:
    first, second = Submission.objects.order_by("pk")

    post(desk, sent, **ticked(first))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (SubmissionStatus.ACCEPTED, SubmissionStatus.SUBMITTED)


def test_without_a_tick_nothing_is_accepted(desk: Client, sent: Sheet) -> None:
    answer = post(desk, sent)

    assert "请先勾选" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_row_changed_meanwhile_stops_all_and_says_so(desk: Client, sent: Sheet) -> None:
    first, second = Submission.objects.order_by("pk")
    old = ticked(first, second)
    Submission.objects.filter(pk=second.pk).update(version=second.version + 1)

    answer = post(desk, sent, **old)

    assert answer.status_code == 409
    assert "一行都没有通过" in answer.content.decode()
    assert not Review.objects.exists()


def test_one_row_is_sent_back_alone(desk: Client, sent: Sheet) -> None:
    first, second = Submission.objects.order_by("pk")
    prefix = f"return-{first.pk}"

    post(
        desk,
        sent,
        **{
            "return": str(first.pk),
            f"{prefix}-reason": "写明次数",
            f"{prefix}-redo_by": "2017-12-29",
            f"{prefix}-expected_version": str(first.version),
        },
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (SubmissionStatus.RETURNED, SubmissionStatus.SUBMITTED)
    assert first.review.note == "写明次数"


def test_sending_back_without_a_reason_asks_for_one(desk: Client, sent: Sheet) -> None:
    first = Submission.objects.order_by("pk")[0]

    answer = post(desk, sent, **{"return": str(first.pk)})

    assert answer.status_code == 400
    assert "请勾选缺什么，或写明理由" in answer.content.decode()


def test_nobody_accepts_rows_of_the_own_office(client: Client, sent: Sheet) -> None:
    insider = member(sent.department, Role.SUPERVISOR)
    client.force_login(insider)

    html = client.get(f"/sheets/{sent.pk}/review/").content.decode()

    assert "回避" in html
    assert "审核通过所选" not in html
    assert post(client, sent, **ticked(*Submission.objects.all())).status_code == 403
    assert not Review.objects.exists()


def test_rows_of_another_sheet_are_not_decided_from_here(desk: Client, sent: Sheet) -> None:
    other = SubmissionFactory.create(milestone__department=sent.department, waiting=True)

    post(desk, sent, **ticked(other))

    assert not Review.objects.exists()


def test_a_liaison_has_no_review_page(page: Client, sent: Sheet) -> None:
    assert page.get(f"/sheets/{sent.pk}/review/").status_code == 403


@pytest.mark.parametrize("url", ["/queue/", "/", "review"])
def test_longer_sheets_ask_no_more_questions(desk: Client, sent: Sheet, url: str) -> None:
    address = f"/sheets/{sent.pk}/review/" if url == "review" else url

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    few = questions()
    first = sent.milestones.all()[0]
    for _ in range(4):
        row = MilestoneFactory.create(
            department=sent.department,
            kind=MilestoneKind.CYCLE,
            deadline=None,
            period="2017",
            sheet=sent,
            assignment__measure__edition=first.assignment.measure.edition,
        )
        SubmissionFactory.create(milestone=row, waiting=True)

    assert questions() == few

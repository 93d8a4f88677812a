"""Yearly sheets by HTTP: read with rows, kept together, sent as one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import Department, User
from tests.api.conftest import Caller
from tests.factories import MilestoneFactory, SheetFactory, SubmissionFactory
from tracking.choices import MilestoneKind, SubmissionStatus
from tracking.models import Milestone, Sheet, Submission


@pytest.fixture
def sheet(bureau: Department, settings: Settings) -> Sheet:
    settings.FIXED_TODAY = date(2017, 12, 15)
    rows = [yearly(bureau) for _ in range(2)]
    sheet: Sheet = SheetFactory.create(year__plan=rows[0].plan, department=bureau)
    Milestone.objects.update(sheet=sheet)
    return sheet


def yearly(bureau: Department, **given: object) -> Milestone:
    row: Milestone = MilestoneFactory.create(
        department=bureau, kind=MilestoneKind.CYCLE, deadline=None, period="2017", **given
    )
    return row


def rows(sheet: Sheet, version: int = 0) -> dict[str, object]:
    return {
        "rows": [
            {
                "milestone": pk,
                "expected_version": version,
                "work_status": "in_progress",
                "narrative": "已组织两次。",
            }
            for pk in sheet.milestones.values_list("pk", flat=True)
        ]
    }


def test_a_sheet_is_kept_and_sent(call: type[Caller], sheet: Sheet, liaison: User) -> None:
    caller = call(liaison)

    kept = caller.post(f"sheets/{sheet.pk}/rows/", rows(sheet))
    sent = caller.post(
        f"sheets/{sheet.pk}/submit/",
        {"signed_by": "张××", "signed_on": "2017-12-15"},
        version=kept.json()["version"],
    )

    assert [row["is_filled"] for row in kept.json()["rows"]] == [True, True]
    assert sent.status_code == 200, sent.json()
    assert sent.headers["ETag"].startswith('"v2.')
    assert {row["submission"]["status"] for row in sent.json()["rows"]} == {"submitted"}

    back = caller.post(f"sheets/{sheet.pk}/take-back/", version=2)
    assert back.status_code == 200
    assert set(Submission.objects.values_list("status", flat=True)) == {SubmissionStatus.DRAFT}


def test_an_old_row_is_refused_and_nothing_is_kept(
    call: type[Caller], sheet: Sheet, liaison: User
) -> None:
    caller = call(liaison)
    caller.post(f"sheets/{sheet.pk}/rows/", rows(sheet))

    again = caller.post(f"sheets/{sheet.pk}/rows/", rows(sheet, version=0))

    assert (again.status_code, again.json()["code"]) == (412, "stale")


def test_sending_wants_the_version_and_whole_rows(
    call: type[Caller], sheet: Sheet, liaison: User
) -> None:
    caller = call(liaison)
    signed = {"signed_by": "张××", "signed_on": "2017-12-15"}

    assert caller.post(f"sheets/{sheet.pk}/submit/", signed).status_code == 428
    lacking = caller.post(f"sheets/{sheet.pk}/submit/", signed, version=1)

    assert (lacking.status_code, lacking.json()["code"]) == (400, "rows_lacking")


def test_nobody_outside_the_unit_writes(
    call: type[Caller], sheet: Sheet, supervisor: User, outsider: User
) -> None:
    assert call(supervisor).get(f"sheets/{sheet.pk}/").status_code == 200
    assert call(supervisor).post(f"sheets/{sheet.pk}/rows/", rows(sheet)).status_code == 403
    assert call(outsider).get(f"sheets/{sheet.pk}/").status_code == 404
    assert call(outsider).post(f"sheets/{sheet.pk}/rows/", rows(sheet)).status_code == 404


def test_an_overseer_reads_no_drafts(
    call: type[Caller], sheet: Sheet, supervisor: User, liaison: User
) -> None:
    call(liaison).post(f"sheets/{sheet.pk}/rows/", rows(sheet))

    shown = call(supervisor).get(f"sheets/{sheet.pk}/").json()

    assert [row["submission"] for row in shown["rows"]] == [None, None]


def test_sheets_are_narrowed_by_year_and_by_what_is_unsent(
    call: type[Caller], sheet: Sheet, liaison: User
) -> None:
    caller = call(liaison)

    found = [
        [row["id"] for row in caller.get("sheets/", **query).json()["results"]]
        for query in ({"year": 2017}, {"year": 2016}, {"unsent": "true"}, {"unsent": "false"})
    ]

    assert found == [[sheet.pk], [], [sheet.pk], []]


def test_a_long_sheet_asks_as_few_questions_as_a_short_one(
    call: type[Caller], sheet: Sheet, liaison: User, bureau: Department
) -> None:
    caller = call(liaison)

    def questions() -> int:
        for row in sheet.milestones.filter(submissions=None):
            SubmissionFactory.create(milestone=row, author=liaison)
        with CaptureQueriesContext(connection) as asked:
            assert caller.get(f"sheets/{sheet.pk}/").status_code == 200
        return len(asked)

    few = questions()
    edition = sheet.milestones.all()[0].assignment.measure.edition
    for _ in range(4):
        yearly(bureau, sheet=sheet, assignment__measure__edition=edition)

    assert questions() == few

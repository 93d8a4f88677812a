"""文书建议: which paper comes next on what is long overdue, and what is put on record."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.calendar import published_days
from accounts.choices import DepartmentKind
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import CalendarDay, Department, Event, User
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    SubmissionFactory,
)
from tracking.choices import PaperKind, SubmissionStatus
from tracking.models import Milestone, SentPaper
from tracking.selectors.papers import proposals_of
from tracking.usecases import record_paper

LATE = date(2017, 6, 30)
AUGUST = date(2017, 8, 14)


@pytest.fixture(autouse=True)
def on_the_day(db: None, settings: Settings) -> None:
    CalendarDay.objects.bulk_create(published_days(2017))
    settings.FIXED_TODAY = TODAY


@pytest.fixture
def late(bureau: Department) -> Milestone:
    return MilestoneFactory.create(department=bureau, due_on=LATE)


def put(row: Milestone, by: User, kind: PaperKind = PaperKind.URGE, **fields: object) -> SentPaper:
    given: dict[str, Any] = {
        "number": "利政督〔2017〕8号",
        "issued_on": AUGUST,
        "answer_by": date(2017, 8, 25),
    } | fields
    return record_paper(milestone_id=row.pk, kind=kind, by=by, at=NOON, today=TODAY, **given)


def proposed(user: User) -> list[tuple[Milestone, PaperKind | None]]:
    return [(row.milestone, row.kind) for row in proposals_of(user, today=TODAY)]


def test_first_an_urging_paper_then_a_notice_and_then_none(
    late: Milestone, supervisor: User
) -> None:
    assert proposed(supervisor) == [(late, PaperKind.URGE)]
    put(late, supervisor)
    assert proposed(supervisor) == [(late, PaperKind.NOTICE)]
    put(late, supervisor, PaperKind.NOTICE, issued_on=date(2017, 11, 1), answer_by=TODAY)
    assert proposed(supervisor) == [(late, None)]
    assert Event.objects.filter(action="record_paper").count() == 2


def test_no_notice_before_the_day_of_the_answer_or_after_an_answer(
    late: Milestone, supervisor: User, liaison: User
) -> None:
    paper = put(late, supervisor, answer_by=TODAY)
    assert proposed(supervisor) == [(late, None)]
    SentPaper.objects.filter(pk=paper.pk).update(answer_by=date(2017, 8, 25))
    SubmissionFactory.create(
        milestone=late, author=liaison, status=SubmissionStatus.ACCEPTED, submitted_at=NOON
    )
    assert proposed(supervisor) == [(late, None)]


def test_papers_are_proposed_after_ten_working_days_to_government_units_only(
    bureau: Department, supervisor: User
) -> None:
    tenth = MilestoneFactory.create(department=bureau, due_on=date(2017, 11, 6))
    MilestoneFactory.create(department=bureau, due_on=date(2017, 11, 7))
    party = DepartmentFactory.create(district=bureau.district, kind=DepartmentKind.PARTY)
    asked = MilestoneFactory.create(department=party, due_on=LATE)

    assert proposed(supervisor) == [(tenth, PaperKind.URGE)]
    with pytest.raises(ConflictError, match="商请"):
        put(asked, supervisor)


def test_what_does_not_hold_is_refused(late: Milestone, supervisor: User, liaison: User) -> None:
    with pytest.raises(ConflictError, match="请先登记催办单"):
        put(late, supervisor, PaperKind.NOTICE)
    for fields in (
        {"number": " "},
        {"issued_on": date(2017, 11, 21)},
        {"issued_on": LATE},
        {"answer_by": date(2017, 8, 1)},
    ):
        with pytest.raises(InvalidError):
            put(late, supervisor, **fields)
    put(late, supervisor)
    with pytest.raises(ConflictError, match="已经登记过"):
        put(late, supervisor)
    with pytest.raises(ForbiddenError):
        put(late, liaison)


def test_the_page_keeps_what_was_typed_and_asks_the_same_for_more(
    client: Client, late: Milestone, supervisor: User, liaison: User
) -> None:
    client.force_login(supervisor, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as few:
        assert "建议发催办单" in client.get("/papers/").content.decode()
    edition = late.assignment.measure.edition
    for _ in range(4):
        assignment = AssignmentFactory.create(measure__edition=edition, department=late.department)
        MilestoneFactory.create(assignment=assignment, department=late.department, due_on=LATE)
    with CaptureQueriesContext(connection) as many:
        client.get("/papers/")
    assert len(few) == len(many)

    data = {"kind": "urge", "number": "八号", "issued_on": "2017-11-30", "answer_by": "2017-12-01"}
    refused = client.post(f"/milestones/{late.pk}/paper/", data)
    assert refused.status_code == 400
    assert "八号" in refused.content.decode()
    assert "发出日期不能晚于今天" in refused.content.decode()
    done = client.post(
        f"/milestones/{late.pk}/paper/", data | {"issued_on": "2017-11-17"}, follow=True
    )
    assert "编号八号" in done.content.decode()
    timeline = client.get(f"/milestones/{late.pk}/").content.decode()
    assert "2017年11月17日发出催办单（编号八号），反馈期限2017年12月1日" in timeline
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/papers/").status_code == 403

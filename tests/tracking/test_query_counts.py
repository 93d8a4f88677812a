"""Lists and papers ask the same number of questions however long they are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import Department, User
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    MilestoneFactory,
    SubmissionFactory,
)
from tracking.models import Milestone
from tracking.usecases import (
    Report,
    return_submission,
    save_draft,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


def sent(milestone: Milestone, by: User) -> int:
    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(work_status="in_progress", narrative="正文"),
        by=by,
        at=NOON,
    )
    submit(submission_id=draft.pk, signed_by="李局长", signed_on=TODAY, by=by, at=NOON, today=TODAY)
    return draft.pk


def questions(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("url", ["/my-work/", "/milestones/", "/assignments/"])
def test_lists_ask_the_same_number_of_questions_at_any_length(
    client: Client, bureau: Department, liaison: User, url: str
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            led = MilestoneFactory.create(department=bureau)
            AssignmentFactory.create(
                measure=led.assignment.measure,
                department__district=bureau.district,
                reports_through=led.assignment,
            )
            SubmissionFactory.create(milestone=led, accepted=True)
            other = MilestoneFactory.create(department__district=bureau.district).assignment
            AssignmentFactory.create(
                measure=other.measure, department=bureau, reports_through=other
            )
            AssignmentFactory.create(department=bureau)

    client.force_login(liaison)
    grow(2)
    few = questions(client, url)
    grow(6)

    assert questions(client, url) == few


def test_the_page_of_a_milestone_asks_the_same_number_of_questions_after_many_reports(
    client: Client, bureau: Department, liaison: User, supervisor: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau)

    def report_and_return(times: int) -> None:
        for _ in range(times):
            return_submission(
                submission_id=sent(milestone, liaison),
                note="缺文号",
                redo_by=TODAY,
                by=supervisor,
                at=NOON,
                today=TODAY,
            )

    client.force_login(liaison)
    report_and_return(1)
    few = questions(client, f"/milestones/{milestone.pk}/")
    report_and_return(4)

    assert questions(client, f"/milestones/{milestone.pk}/") == few


def test_a_paper_asks_the_same_number_of_questions_at_any_length(
    client: Client, bureau: Department, liaison: User
) -> None:
    first = MilestoneFactory.create(department=bureau).assignment
    url = f"/dispatches/{first.dispatch_id}/"
    client.force_login(liaison)
    few = questions(client, url)
    for _ in range(4):
        MilestoneFactory.create(
            department=bureau,
            assignment__measure__edition=first.measure.edition,
            assignment__dispatch=first.dispatch,
        )

    assert questions(client, url) == few

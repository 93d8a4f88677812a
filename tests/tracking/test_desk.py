"""The review queue and the page on which a report is decided."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from accounts.choices import DepartmentKind, Role
from accounts.models import Department, User
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tracking.choices import Decision, WorkStatus
from tracking.models import Review, Submission
from tracking.usecases import accept_submission, return_submission, take_back

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def on_the_demo_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


@pytest.fixture
def waiting(bureau: Department) -> Submission:
    """A report that says completed, sent on Tuesday 2017-11-14."""
    return SubmissionFactory.create(
        milestone=MilestoneFactory.create(department=bureau),
        waiting=True,
        work_status=WorkStatus.COMPLETED,
        completed_on=date(2017, 11, 10),
        submitted_at=datetime(2017, 11, 14, 10, 0, tzinfo=SHANGHAI),
    )


def page(client: Client, user: User, name: str, *args: int) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def decide(client: Client, user: User, submission: Submission, **typed: str) -> Any:
    client.force_login(user)
    form = {"expected_version": str(submission.version)} | typed
    return client.post(reverse("tracking:review", args=[submission.pk]), form)


def test_the_queue_counts_the_working_days_a_report_has_waited(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    text = page(client, supervisor, "tracking:queue")

    assert "4个工作日" in text
    assert waiting.milestone.assignment.measure.reference in text


def test_the_queue_has_the_oldest_report_first(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    older = SubmissionFactory.create(
        milestone=MilestoneFactory.create(department=waiting.milestone.department),
        waiting=True,
        submitted_at=datetime(2017, 10, 14, 10, 0, tzinfo=SHANGHAI),
    )

    text = page(client, supervisor, "tracking:queue")

    first, second = (reverse("tracking:review", args=[row.pk]) for row in (older, waiting))
    assert text.index(first) < text.index(second)


def test_the_queue_says_so_when_it_is_empty(client: Client, supervisor: User) -> None:
    text = page(client, supervisor, "tracking:queue")

    assert "现在没有待审核的反馈" in text


def test_the_queue_can_be_narrowed_to_a_department(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    other = SubmissionFactory.create(
        milestone=MilestoneFactory.create(
            department=DepartmentFactory.create(district=waiting.milestone.department.district)
        ),
        waiting=True,
    )
    client.force_login(supervisor)

    text = client.get(
        reverse("tracking:queue"), {"department": other.milestone.department_id}
    ).content.decode()

    assert reverse("tracking:review", args=[other.pk]) in text
    assert reverse("tracking:review", args=[waiting.pk]) not in text


def test_a_report_of_the_reviewers_host_office_is_shown_as_stood_aside_with_who_can(
    client: Client, coordinator: User, bureau: Department, waiting: Submission
) -> None:
    hosted = DepartmentFactory.create(district=bureau.district, host=bureau, name="区政府督查室")
    reviewer = member(hosted, Role.SUPERVISOR)
    office = coordinator.memberships.get().department

    text = page(client, reviewer, "tracking:queue")

    assert "回避" in text
    assert f"由{office}审核" in text


@pytest.mark.parametrize("role", [Role.LIAISON, Role.HEAD, Role.VIEWER, Role.SYSTEM_ADMIN])
def test_who_does_not_review_gets_no_queue(client: Client, bureau: Department, role: Role) -> None:
    client.force_login(member(bureau, role))

    assert client.get(reverse("tracking:queue")).status_code == 403


@pytest.mark.parametrize("role", [Role.LIAISON, Role.VIEWER])
def test_who_does_not_review_gets_no_review_page(
    client: Client, waiting: Submission, role: Role
) -> None:
    client.force_login(member(waiting.milestone.department, role))

    response = client.get(reverse("tracking:review", args=[waiting.pk]))

    assert response.status_code == 403


def test_a_supervisor_of_another_district_does_not_find_the_report(
    client: Client, waiting: Submission
) -> None:
    client.force_login(member(DepartmentFactory.create(), Role.SUPERVISOR))

    response = client.get(reverse("tracking:review", args=[waiting.pk]))

    assert response.status_code == 404


def test_the_queue_asks_the_same_number_of_questions_at_two_sizes(
    client: Client,
    supervisor: User,
    waiting: Submission,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(supervisor)
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("tracking:queue"))
    for _ in range(5):
        department = DepartmentFactory.create(district=waiting.milestone.department.district)
        SubmissionFactory.create(
            milestone=MilestoneFactory.create(department=department), waiting=True
        )

    with django_assert_max_num_queries(30) as many:
        client.get(reverse("tracking:queue"))

    assert len(many) == len(few)


def test_the_review_page_shows_what_changed_since_the_report_before(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    Submission.objects.filter(pk=waiting.pk).update(number=2, narrative="已起草，已印发。")
    before = SubmissionFactory.create(
        milestone=waiting.milestone, accepted=True, narrative="已起草，待印发。"
    )
    Review.objects.create(submission=before, by=supervisor, at=NOON, decision=Decision.NOTED)

    text = page(client, supervisor, "tracking:review", waiting.pk)

    assert "已起草，<del>待印发。</del><ins>已印发。</ins>" in text


def test_to_a_party_organ_the_return_is_a_request(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    Department.objects.filter(pk=waiting.milestone.department_id).update(kind=DepartmentKind.PARTY)

    text = page(client, supervisor, "tracking:review", waiting.pk)

    assert "商请补充" in text
    assert "退回补正" not in text


def test_nobody_is_offered_the_decision_on_their_own_office(
    client: Client, waiting: Submission
) -> None:
    reviewer = member(waiting.milestone.department, Role.SUPERVISOR)

    text = page(client, reviewer, "tracking:review", waiting.pk)

    assert "回避" in text
    assert 'name="decision"' not in text


def test_ticks_and_words_make_up_the_reason_of_a_return(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    decide(
        client,
        supervisor,
        waiting,
        action="return",
        missing="缺文号",
        reason="请附清单。",
        redo_by="2017-11-27",
    )

    assert Review.objects.get(submission=waiting).note == "缺文号。请附清单。"


def test_a_return_without_a_reason_keeps_the_page_and_says_so(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    response = decide(client, supervisor, waiting, action="return", redo_by="2017-11-27")

    assert response.status_code == 400
    assert "请勾选缺什么，或写明理由。" in response.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_the_return_page_proposes_the_fifth_working_day(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    text = page(client, supervisor, "tracking:review", waiting.pk)

    assert 'value="2017-11-27"' in text


def test_after_a_decision_the_next_report_that_waits_is_shown(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    following = SubmissionFactory.create(
        milestone=MilestoneFactory.create(department=waiting.milestone.department), waiting=True
    )

    response = decide(client, supervisor, waiting, action="accept", decision="done")

    assert response.url == reverse("tracking:review", args=[following.pk])


def test_after_the_last_decision_the_queue_is_shown(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    response = decide(client, supervisor, waiting, action="accept", decision="done")

    assert response.url == reverse("tracking:queue")


def test_the_slower_reviewer_sees_who_decided_and_keeps_the_typed_reason(
    client: Client, supervisor: User, coordinator: User, waiting: Submission
) -> None:
    accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=coordinator, at=NOON)

    response = decide(
        client, supervisor, waiting, action="return", reason="缺清单", redo_by="2017-11-27"
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert f"{coordinator.name}已于2017年11月20日12:00审核了这次反馈：认定办结" in text
    assert "缺清单</textarea>" in text


def test_a_report_taken_back_meanwhile_keeps_the_typed_reason(
    client: Client, supervisor: User, liaison: User, waiting: Submission
) -> None:
    take_back(submission_id=waiting.pk, by=liaison, at=NOON)

    response = decide(
        client, supervisor, waiting, action="return", reason="缺清单", redo_by="2017-11-27"
    )

    assert response.status_code == 409
    assert "收回了这次反馈" in response.content.decode()
    assert "缺清单</textarea>" in response.content.decode()


def test_a_decided_report_shows_its_decision_instead_of_the_forms(
    client: Client, supervisor: User, waiting: Submission
) -> None:
    return_submission(
        submission_id=waiting.pk,
        note="缺文号",
        redo_by=date(2017, 11, 27),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    text = page(client, supervisor, "tracking:review", waiting.pk)

    assert "缺文号" in text
    assert 'name="decision"' not in text

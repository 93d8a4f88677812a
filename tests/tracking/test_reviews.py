"""The decision on a report, and what follows from it."""

import threading
from datetime import date

import pytest
from django.db import connection

from accounts.choices import Role
from accounts.errors import ConflictError, DomainError, ForbiddenError, InvalidError, StaleError
from accounts.models import Department, Event, User
from plans.choices import ResponsibilityRole
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DeadlineFactory,
    DepartmentFactory,
    MilestoneFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import AssignmentStatus, Decision, MilestoneStatus, WorkStatus
from tracking.models import Milestone, Review, Submission
from tracking.usecases import accept_submission, record_extension, return_submission

COMPLETED_ON = date(2017, 11, 10)
REDO_BY = date(2017, 11, 27)


@pytest.fixture
def waiting(bureau: Department) -> Submission:
    return completed(MilestoneFactory.create(department=bureau))


def completed(milestone: Milestone) -> Submission:
    submission: Submission = SubmissionFactory.create(
        milestone=milestone,
        waiting=True,
        work_status=WorkStatus.COMPLETED,
        completed_on=COMPLETED_ON,
    )
    return submission


def test_done_finishes_the_milestone_on_the_day_the_work_was_completed(
    waiting: Submission, supervisor: User
) -> None:
    accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=supervisor, at=NOON)

    milestone = Milestone.objects.get()
    assert (milestone.status, milestone.completed_on) == (MilestoneStatus.DONE, COMPLETED_ON)
    assert milestone.done_at == NOON


def test_noted_leaves_the_milestone_open(waiting: Submission, supervisor: User) -> None:
    accept_submission(submission_id=waiting.pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    waiting.refresh_from_db()
    assert waiting.status == "accepted"
    assert Milestone.objects.get().status == MilestoneStatus.OPEN


def test_a_report_without_a_day_of_completion_cannot_be_done(
    waiting: Submission, supervisor: User
) -> None:
    Submission.objects.update(completed_on=None)

    with pytest.raises(InvalidError, match="没有写实际完成日期"):
        accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=supervisor, at=NOON)

    assert not Review.objects.exists()


def test_returned_is_no_way_of_accepting(waiting: Submission, supervisor: User) -> None:
    with pytest.raises(InvalidError):
        accept_submission(
            submission_id=waiting.pk, decision=Decision.RETURNED, by=supervisor, at=NOON
        )


def test_a_return_keeps_the_due_day_and_gives_its_own(
    waiting: Submission, supervisor: User
) -> None:
    due_on = waiting.milestone.due_on

    return_submission(
        submission_id=waiting.pk,
        note="缺文号",
        redo_by=REDO_BY,
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    review = Review.objects.get()
    assert (review.decision, review.note, review.redo_by) == ("returned", "缺文号", REDO_BY)
    assert Milestone.objects.get().due_on == due_on


def test_a_return_needs_a_reason(waiting: Submission, supervisor: User) -> None:
    with pytest.raises(InvalidError, match="理由"):
        return_submission(
            submission_id=waiting.pk, note=" ", redo_by=REDO_BY, by=supervisor, at=NOON, today=TODAY
        )


def test_a_return_cannot_ask_for_yesterday(waiting: Submission, supervisor: User) -> None:
    with pytest.raises(InvalidError, match="补正期限"):
        return_submission(
            submission_id=waiting.pk,
            note="缺文号",
            redo_by=date(2017, 11, 19),
            by=supervisor,
            at=NOON,
            today=TODAY,
        )


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COORDINATOR])
def test_nobody_reviews_a_report_of_the_own_office(waiting: Submission, role: Role) -> None:
    reviewer = member(waiting.milestone.department, role)

    with pytest.raises(ForbiddenError):
        accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=reviewer, at=NOON)

    assert Event.objects.filter(result="denied", actor=reviewer).exists()


def test_nobody_reviews_a_report_of_the_office_that_hosts_theirs(
    waiting: Submission, bureau: Department
) -> None:
    hosted = DepartmentFactory.create(district=bureau.district, host=bureau)
    reviewer = member(hosted, Role.SUPERVISOR)

    with pytest.raises(ForbiddenError):
        accept_submission(submission_id=waiting.pk, decision=Decision.NOTED, by=reviewer, at=NOON)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.HEAD, Role.VIEWER, Role.SYSTEM_ADMIN])
def test_only_reviewers_review(waiting: Submission, bureau: Department, role: Role) -> None:
    person = member(DepartmentFactory.create(district=bureau.district), role)

    with pytest.raises(ForbiddenError):
        accept_submission(submission_id=waiting.pk, decision=Decision.NOTED, by=person, at=NOON)


def test_a_reviewer_of_another_district_does_not_review(waiting: Submission) -> None:
    stranger = member(DepartmentFactory.create(), Role.SUPERVISOR)

    with pytest.raises(ForbiddenError):
        accept_submission(submission_id=waiting.pk, decision=Decision.NOTED, by=stranger, at=NOON)


def test_the_second_reviewer_is_told_that_it_is_decided(
    waiting: Submission, supervisor: User, coordinator: User
) -> None:
    accept_submission(submission_id=waiting.pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    with pytest.raises(ConflictError):
        return_submission(
            submission_id=waiting.pk,
            note="缺文号",
            redo_by=REDO_BY,
            by=coordinator,
            at=NOON,
            today=TODAY,
        )


def test_a_reviewer_who_read_an_older_version_is_told(
    waiting: Submission, supervisor: User
) -> None:
    with pytest.raises(StaleError):
        accept_submission(
            submission_id=waiting.pk,
            decision=Decision.NOTED,
            by=supervisor,
            at=NOON,
            expected_version=waiting.version + 1,
        )


def test_the_last_milestone_finishes_the_assignment_and_those_that_report_through_it(
    waiting: Submission, supervisor: User, bureau: Department
) -> None:
    assignment = waiting.milestone.assignment
    follower = AssignmentFactory.create(
        department=DepartmentFactory.create(district=bureau.district),
        measure=assignment.measure,
        role=ResponsibilityRole.SUPPORT,
        reports_through=assignment,
    )

    accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=supervisor, at=NOON)

    assignment.refresh_from_db()
    follower.refresh_from_db()
    assert {assignment.status, follower.status} == {AssignmentStatus.DONE}
    assert (assignment.done_at, follower.done_at) == (NOON, NOON)


def test_an_assignment_with_another_open_milestone_goes_on(
    waiting: Submission, supervisor: User
) -> None:
    assignment = waiting.milestone.assignment
    MilestoneFactory.create(
        assignment=assignment, deadline=DeadlineFactory.create(measure=assignment.measure)
    )

    accept_submission(submission_id=waiting.pk, decision=Decision.DONE, by=supervisor, at=NOON)

    assignment.refresh_from_db()
    assert assignment.status == AssignmentStatus.IN_PROGRESS


def test_an_extension_moves_the_day_and_keeps_the_plans_own(
    waiting: Submission, coordinator: User
) -> None:
    record_extension(
        milestone_id=waiting.milestone_id,
        asked_on=TODAY,
        reason="等待自治区统一编码",
        new_due_on=date(2018, 6, 30),
        approved_by="马××",
        approved_on=TODAY,
        by=coordinator,
        at=NOON,
    )

    milestone = Milestone.objects.get()
    assert (milestone.due_on, milestone.original_due_on) == (date(2018, 6, 30), date(2017, 12, 31))
    assert milestone.report_by == date(2018, 6, 29)


def test_a_day_is_not_moved_without_a_leaders_name(waiting: Submission, coordinator: User) -> None:
    with pytest.raises(InvalidError, match="批准领导"):
        record_extension(
            milestone_id=waiting.milestone_id,
            asked_on=TODAY,
            reason="等待",
            new_due_on=date(2018, 6, 30),
            approved_by="",
            approved_on=TODAY,
            by=coordinator,
            at=NOON,
        )


def test_a_finished_milestone_is_not_extended(bureau: Department, coordinator: User) -> None:
    milestone = MilestoneFactory.create(department=bureau, done=True)

    with pytest.raises(ConflictError):
        record_extension(
            milestone_id=milestone.pk,
            asked_on=TODAY,
            reason="等待",
            new_due_on=date(2018, 6, 30),
            approved_by="马××",
            approved_on=TODAY,
            by=coordinator,
            at=NOON,
        )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_reviewers_at_once_one_decides() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks; its writers stand in one line anyway")
    department = DepartmentFactory.create()
    reviewers = [
        member(DepartmentFactory.create(district=department.district), Role.SUPERVISOR)
        for _ in range(2)
    ]
    submission = completed(MilestoneFactory.create(department=department))
    start = threading.Barrier(2)
    refused: list[DomainError] = []

    def decide(reviewer: User) -> None:
        start.wait()
        try:
            accept_submission(
                submission_id=submission.pk,
                decision=Decision.DONE,
                by=reviewer,
                at=NOON,
                expected_version=submission.version,
            )
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[reviewer]) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = Review.objects.select_related("by").get().by
    assert [(type(error), error.code) for error in refused] == [(ConflictError, "already_decided")]
    assert refused[0].message.startswith(f"{winner.name}已于2017年11月20日12:00审核了这次反馈")

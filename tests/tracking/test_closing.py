"""办结, 长期坚持, 销号 and back."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.errors import ConflictError, ForbiddenError, IllegalTransitionError, StaleError
from accounts.models import Event, User
from tests.conftest import NOON
from tests.factories import AssignmentFactory, MilestoneFactory, SubmissionFactory
from tests.tracking.test_query_counts import questions
from tracking.choices import AssignmentStatus, Decision, MilestoneStatus, WorkStatus
from tracking.models import Assignment, Milestone, Submission
from tracking.usecases import accept_submission, close_assignments, reopen_assignment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def claimed(milestone: Milestone) -> Submission:
    report: Submission = SubmissionFactory.create(
        milestone=milestone,
        waiting=True,
        work_status=WorkStatus.COMPLETED,
        completed_on=date(2017, 11, 10),
    )
    return report


def accept(milestone: Milestone, by: User, **more: Any) -> Assignment:
    accept_submission(
        submission_id=claimed(milestone).pk, decision=Decision.DONE, by=by, at=NOON, **more
    )
    return Assignment.objects.get(pk=milestone.assignment_id)


def test_a_measure_that_goes_on_stands_when_its_date_is_done(
    milestone: Milestone, supervisor: User
) -> None:
    assignment = accept(milestone, supervisor, stands=True)

    assert (assignment.is_standing, assignment.status) == (True, AssignmentStatus.IN_PROGRESS)
    milestone.refresh_from_db()
    assert milestone.status == MilestoneStatus.DONE
    with pytest.raises(IllegalTransitionError):
        close_assignments(versions={assignment.pk: assignment.version}, by=supervisor, at=NOON)


def test_the_answer_of_a_year_never_ends_a_task(milestone: Milestone, supervisor: User) -> None:
    Milestone.objects.update(kind="cycle", deadline=None, period="2017")
    milestone.refresh_from_db()

    assert accept(milestone, supervisor).status == AssignmentStatus.IN_PROGRESS


def test_the_reviewer_is_shown_the_words_by_which_a_measure_goes_on(
    client: Client, milestone: Milestone, supervisor: User
) -> None:
    measure = milestone.assignment.measure
    text = "1.编码。2017年底前，完成统一编码，并实行动态化管理，及时更新（区发改局牵头）。"
    measure.edition.text = text
    measure.edition.save()
    measure.start, measure.end = 0, len(text)
    measure.save()
    start = text.index("2017")
    measure.deadlines.update(start=start, end=start + 7)
    client.force_login(supervisor)

    html = client.get(f"/submissions/{claimed(milestone).pk}/review/").content.decode()

    assert "方案在时限之后还写着“并实行动态化管理”" in html
    tick = html[html.index('name="stands"') :].split(">")[0]
    assert "checked" in tick


def test_done_tasks_are_struck_off_together_each_with_its_entry(
    client: Client, milestone: Milestone, supervisor: User
) -> None:
    follower = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=milestone.department.district,
        reports_through=milestone.assignment,
    )
    first = accept(milestone, supervisor)
    other = accept(MilestoneFactory.create(department=milestone.department), supervisor)
    client.force_login(supervisor)
    assert f'name="version-{other.pk}"' in client.get("/assignments/closing/").content.decode()

    answer = client.post(
        "/assignments/closing/",
        {"row": [first.pk, other.pk]}
        | {f"version-{row.pk}": row.version for row in (first, other)},
    )

    assert answer.status_code == 302
    follower.refresh_from_db()
    statuses = set(Assignment.objects.values_list("status", flat=True))
    assert statuses == {AssignmentStatus.CLOSED}
    assert Event.objects.filter(action="close").count() == 3


def test_one_that_changed_meanwhile_or_is_not_done_stops_all(
    milestone: Milestone, supervisor: User
) -> None:
    done = accept(milestone, supervisor)
    open_one = MilestoneFactory.create(department=milestone.department).assignment

    with pytest.raises(StaleError):
        close_assignments(versions={done.pk: done.version - 1}, by=supervisor, at=NOON)
    with pytest.raises(IllegalTransitionError):
        close_assignments(
            versions={done.pk: done.version, open_one.pk: open_one.version}, by=supervisor, at=NOON
        )
    with pytest.raises(ConflictError, match="请先勾选"):
        close_assignments(versions={}, by=supervisor, at=NOON)

    done.refresh_from_db()
    assert done.status == AssignmentStatus.DONE


def test_a_task_taken_up_again_owes_its_last_date_anew(
    milestone: Milestone, supervisor: User
) -> None:
    done = accept(milestone, supervisor)
    close_assignments(versions={done.pk: done.version}, by=supervisor, at=NOON)

    reopened = reopen_assignment(
        assignment_id=done.pk, reason="核查发现未公布", by=supervisor, at=NOON
    )

    milestone.refresh_from_db()
    assert (reopened.status, reopened.done_at) == (AssignmentStatus.IN_PROGRESS, None)
    assert (milestone.status, milestone.completed_on) == (MilestoneStatus.OPEN, None)
    assert Event.objects.get(action="take_up").note == "核查发现未公布"


def test_only_reviewers_strike_off_and_take_up_again(
    client: Client, milestone: Milestone, supervisor: User, liaison: User, outsider: User
) -> None:
    done = accept(milestone, supervisor)

    for person in (liaison, outsider):
        with pytest.raises(ForbiddenError):
            close_assignments(versions={done.pk: done.version}, by=person, at=NOON)
        with pytest.raises(ForbiddenError):
            reopen_assignment(assignment_id=done.pk, reason="再办", by=person, at=NOON)
        client.force_login(person)
        assert client.get("/assignments/closing/").status_code == 403


def test_a_longer_list_asks_no_more_questions(
    client: Client, milestone: Milestone, supervisor: User
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            accept(MilestoneFactory.create(department=milestone.department), supervisor)

    client.force_login(supervisor)
    grow(2)
    few = questions(client, "/assignments/closing/")
    grow(4)

    assert questions(client, "/assignments/closing/") == few

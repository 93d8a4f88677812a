"""机构改革承接: a unit ends, others go on with its tasks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from accounts.models import Department, Succession, User
from plans.choices import ResponsibilityRole as R
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    StoredFileFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import AssignmentStatus, MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Evidence, Milestone
from tracking.selectors.history import timeline_of
from tracking.selectors.paper import paper_of
from tracking.usecases import reorganise, submit


@pytest.fixture
def heir(bureau: Department) -> Department:
    return DepartmentFactory.create(district=bureau.district, name="区司法局")


@pytest.fixture
def milestone(bureau: Department) -> Milestone:
    return MilestoneFactory.create(department=bureau)


def carry_out(unit: Department, main: Department, by: User, **changes: object) -> Department:
    values = {
        "department_id": unit.pk,
        "main_id": main.pk,
        "choices": {},
        "effective_on": TODAY,
        "basis": "利党发〔2019〕1号",
        "by": by,
        "at": NOON,
        "now": NOON,
        "today": TODAY,
    }
    return reorganise(**(values | changes))  # type: ignore[arg-type]


def beside(task: Assignment, unit: Department, role: R, **fields: object) -> Assignment:
    """Let the unit stand on the task's measure too."""
    return AssignmentFactory.create(
        **{"measure": task.measure, "department": unit, "role": role, **fields}
    )


def live(task: Assignment) -> list[tuple[str, str]]:
    rows = Assignment.objects.filter(measure=task.measure).live().order_by("id")
    return [(row.department.name, row.role) for row in rows]


def test_a_task_goes_on_with_its_days_drafts_and_evidence(
    milestone: Milestone, bureau: Department, heir: Department, coordinator: User, supervisor: User
) -> None:
    old = milestone.assignment
    draft = SubmissionFactory.create(milestone=milestone)
    file = StoredFileFactory.create(district=bureau.district, department=bureau)
    Evidence.objects.create(submission=draft, name="清单", file=file)
    successor = member(heir, Role.LIAISON)

    carry_out(bureau, heir, coordinator)

    new = Assignment.objects.live().get(measure=old.measure)
    old.refresh_from_db()
    milestone.refresh_from_db()
    file.refresh_from_db()
    assert (new.department, new.role, new.dispatch.issued_on) == (heir, R.LEAD, TODAY)
    assert new.dispatch.taken_over_from == bureau
    assert (old.status, old.continued_by) == (AssignmentStatus.MERGED, new)
    assert (milestone.assignment, milestone.department, file.department) == (new, heir, heir)
    submit(
        submission_id=draft.pk, signed_by="张", signed_on=TODAY, by=successor, at=NOON, today=TODAY
    )


def test_the_unit_ends_and_its_people_go_to_the_main_successor(
    bureau: Department, heir: Department, liaison: User, coordinator: User, supervisor: User
) -> None:
    old_head, new_head = member(bureau, Role.HEAD), member(heir, Role.HEAD)
    hosted = DepartmentFactory.create(district=bureau.district, host=bureau)

    carry_out(bureau, heir, coordinator)

    bureau.refresh_from_db()
    hosted.refresh_from_db()
    assert bureau.ended_on == TODAY
    assert hosted.host == heir
    assert liaison.memberships.active().get().department == heir
    assert not old_head.memberships.active().exists()
    assert [seat.user for seat in heir.memberships.active().of_role(Role.HEAD)] == [new_head]
    assert Succession.objects.get().is_main


@pytest.mark.parametrize(
    ("own", "theirs", "kept"),
    [(R.LEAD, R.SUPPORT, R.LEAD), (R.SUPPORT, R.LEAD, R.LEAD), (R.LEAD, R.LEAD, R.LEAD)],
)
def test_the_stronger_role_stays_and_the_other_ends(
    milestone: Milestone,
    heir: Department,
    coordinator: User,
    supervisor: User,
    own: R,
    theirs: R,
    kept: R,
) -> None:
    task = milestone.assignment
    Assignment.objects.filter(pk=task.pk).update(role=own)
    standing = beside(task, heir, theirs, reports_through=task)
    other = beside(
        task, DepartmentFactory.create(district=heir.district), R.SUPPORT, reports_through=task
    )

    carry_out(milestone.department, heir, coordinator)

    milestone.refresh_from_db()
    other.refresh_from_db()
    [mine, _] = sorted(live(task), key=lambda row: row[0] != heir.name)
    assert mine == (heir.name, kept)
    assert milestone.assignment.department == heir
    assert milestone.assignment.reports_through is None
    assert other.reports_through == milestone.assignment
    standing.refresh_from_db()
    assert (standing.status == AssignmentStatus.MERGED) == (own != R.SUPPORT)


def test_a_follower_that_moves_still_reports_through_the_same_unit(
    milestone: Milestone, bureau: Department, heir: Department, coordinator: User, supervisor: User
) -> None:
    leader = MilestoneFactory.create(
        department=DepartmentFactory.create(district=bureau.district)
    ).assignment
    follower = beside(leader, bureau, R.SUPPORT, reports_through=leader)

    carry_out(bureau, heir, coordinator)

    follower.refresh_from_db()
    assert follower.continued_by is not None
    assert follower.continued_by.reports_through == leader


def test_a_day_that_both_owe_is_owed_once(
    milestone: Milestone, heir: Department, coordinator: User, supervisor: User
) -> None:
    standing = beside(milestone.assignment, heir, R.LEAD)
    theirs = MilestoneFactory.create(
        assignment=standing, department=heir, deadline=milestone.deadline
    )

    carry_out(milestone.department, heir, coordinator)

    milestone.refresh_from_db()
    assert milestone.status == MilestoneStatus.CANCELLED
    assert heir.milestone_set.filter(status=MilestoneStatus.OPEN).count() == 1
    assert theirs.deadline_id == milestone.deadline_id


def test_tasks_are_split_between_successors_with_a_paper_for_each(
    milestone: Milestone, bureau: Department, heir: Department, coordinator: User, supervisor: User
) -> None:
    other = DepartmentFactory.create(district=bureau.district)
    second = MilestoneFactory.create(department=bureau)

    carry_out(bureau, heir, coordinator, choices={second.assignment_id: other.pk})

    milestone.refresh_from_db()
    second.refresh_from_db()
    assert (milestone.department, second.department) == (heir, other)
    assert [unit.dispatch_set.count() for unit in (heir, other)] == [1, 1]
    assert set(Succession.objects.values_list("successor", "is_main")) == {
        (heir.pk, True),
        (other.pk, False),
    }


def test_a_successor_with_work_of_its_own_gets_a_further_paper(
    milestone: Milestone, bureau: Department, heir: Department, coordinator: User, supervisor: User
) -> None:
    edition = milestone.assignment.measure.edition
    AssignmentFactory.create(department=heir, measure__edition=edition)

    carry_out(bureau, heir, coordinator)

    assert list(heir.dispatch_set.order_by("serial").values_list("serial", flat=True)) == [1, 2]


def test_old_papers_and_histories_stay_readable(
    milestone: Milestone, bureau: Department, heir: Department, coordinator: User, supervisor: User
) -> None:
    old = milestone.assignment

    carry_out(bureau, heir, coordinator)

    [row] = paper_of(old.dispatch).lead
    assert [day.due_on for day in row.days] == [date(2017, 12, 31)]
    milestone.refresh_from_db()
    told = [entry.what for entry in timeline_of(milestone.assignment, user=coordinator)]
    assert {"机构改革承接", f"机构改革并入{heir}", "交办"} <= set(told)


def test_nobody_ends_as_reviewer_of_the_own_unit(
    milestone: Milestone, bureau: Department, heir: Department
) -> None:
    insider = member(bureau, Role.COORDINATOR)

    with pytest.raises(ConflictError, match="没有人可以审核"):
        carry_out(bureau, heir, insider)
    member(DepartmentFactory.create(district=bureau.district), Role.SUPERVISOR)
    carry_out(bureau, heir, insider)
    assert insider.memberships.active().get().department == heir


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"effective_on": TODAY + timedelta(days=1)}, InvalidError, "还没有到"),
        ({"basis": " "}, InvalidError, "依据"),
        ({"shown": [10**6]}, StaleError, "重新预览"),
        ({"main_id": 10**6}, InvalidError, "承接单位"),
    ],
)
def test_what_does_not_hold_is_refused(
    milestone: Milestone,
    heir: Department,
    coordinator: User,
    supervisor: User,
    changes: dict[str, object],
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        carry_out(milestone.department, heir, coordinator, **changes)
    assert not Succession.objects.exists()


def test_a_unit_ends_once_and_nobody_hands_over_to_itself_or_abroad(
    bureau: Department, heir: Department, coordinator: User, outsider: User
) -> None:
    for wrong in (bureau, outsider.memberships.get().department):
        with pytest.raises(InvalidError):
            carry_out(bureau, wrong, coordinator)
    carry_out(bureau, heir, coordinator)
    with pytest.raises(ConflictError, match="已经由其他单位承接"):
        carry_out(bureau, heir, coordinator)


@pytest.mark.parametrize("who", ["liaison", "supervisor", "viewer", "outsider"])
def test_only_the_coordinator_reorganises(
    bureau: Department, heir: Department, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(ForbiddenError):
        carry_out(bureau, heir, request.getfixturevalue(who))


def test_the_database_holds_one_live_assignment_of_a_unit_on_a_measure(
    milestone: Milestone,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        beside(milestone.assignment, milestone.department, R.SUPPORT)


def test_the_page_previews_and_then_carries_out(
    client: Client, milestone: Milestone, heir: Department, coordinator: User, supervisor: User
) -> None:
    client.force_login(coordinator)
    url = reverse("tracking:succession", args=[milestone.department_id])
    typed = {
        "way": "hand_over",
        "main": heir.pk,
        "basis": "利党发〔2019〕1号",
        "effective_on": "2017-11-20",
        "shown": [milestone.assignment_id],
    }

    preview = client.post(url, typed).content.decode()
    assert "由区司法局牵头" in preview
    assert not Succession.objects.exists()
    with_hole = client.post(url, typed | {"main": "", "confirm": "1"})
    done = client.post(url, typed | {"confirm": "1"}, follow=True).content.decode()

    assert with_hole.status_code == 400
    assert "利党发〔2019〕1号" in with_hole.content.decode()
    assert "撤销，由" in done


def test_the_page_renames(client: Client, bureau: Department, coordinator: User) -> None:
    client.force_login(coordinator)
    url = reverse("tracking:succession", args=[bureau.pk])
    typed = {
        "way": "rename",
        "name": "区卫健局",
        "basis": "文件",
        "effective_on": "2017-11-20",
    }

    assert "确认更名" in client.post(url, typed).content.decode()
    client.post(url, typed | {"confirm": "1"})
    bureau.refresh_from_db()
    assert bureau.name == "区卫健局"


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("liaison", 403), ("supervisor", 403), ("outsider", 404)],
)
def test_the_page_is_open_to_the_coordinator(
    client: Client, bureau: Department, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("tracking:succession", args=[bureau.pk])).status_code == status


@pytest.mark.parametrize("many", [1, 6])
def test_the_preview_costs_the_same_for_many_tasks(
    client: Client, bureau: Department, heir: Department, coordinator: User, many: int
) -> None:
    for _ in range(many):
        SubmissionFactory.create(
            milestone__department=bureau, status=SubmissionStatus.SUBMITTED, submitted_at=NOON
        )
    client.force_login(coordinator)
    typed = {
        "way": "hand_over",
        "main": heir.pk,
        "basis": "文件",
        "effective_on": "2017-11-20",
    }

    with assertNumQueries(18):
        client.post(reverse("tracking:succession", args=[bureau.pk]), typed)

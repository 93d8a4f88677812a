"""The steps of assignments, and what units ask for, by HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Event, User
from tests.api.conftest import Caller
from tests.factories import AssignmentFactory, DepartmentFactory, member
from tracking.models import Assignment, ExtensionRequest, HandBack, Milestone

Call = Callable[[User | None], Caller]
CONSENT = {"reason": "职责调整", "approved_by": "马××", "approved_on": "2017-11-20"}
ASKED = {"new_due_on": "2018-06-30", "reason": "等待规范", "progress": "初稿"}
GRANTED = {"new_due_on": "2018-06-30", "approved_by": "马××", "approved_on": "2017-11-20"}


@pytest.fixture
def boss(milestone: Milestone) -> User:
    """The coordinator of the district."""
    unit = DepartmentFactory.create(district=milestone.department.district)
    return member(unit, Role.COORDINATOR)


def test_a_later_day_is_asked_for_and_granted(
    call: Call, milestone: Milestone, liaison: User, boss: User, supervisor: User
) -> None:
    asked = call(liaison).post(f"milestones/{milestone.pk}/ask-extension/", ASKED)
    assert asked.status_code == 201
    path = f"extension-requests/{asked.json()['id']}/"

    assert call(supervisor).post(f"{path}grant/", GRANTED, version=1).status_code == 403
    assert call(boss).post(f"{path}grant/", GRANTED).status_code == 428
    assert call(boss).post(f"{path}grant/", GRANTED, version=9).status_code == 412
    granted = call(boss).post(f"{path}grant/", GRANTED, version=1)

    assert (granted.status_code, granted.json()["status"]) == (200, "granted")
    assert call(liaison).get(f"milestones/{milestone.pk}/").json()["due_on"] == "2018-06-30"
    again = call(boss).post(f"{path}refuse/", {"note": "迟了"}, version=2)
    assert again.status_code == 409


def test_requests_are_listed_for_their_unit_and_the_overseers(
    call: Call, milestone: Milestone, liaison: User, supervisor: User, outsider: User
) -> None:
    call(liaison).post(f"milestones/{milestone.pk}/ask-extension/", ASKED)
    call(liaison).post(f"assignments/{milestone.assignment_id}/hand-back/", {"reason": "非本局"})

    def counts(user: User) -> list[int]:
        lists = ("extension-requests/", "hand-backs/")
        return [len(call(user).get(path, status="asked").json()["results"]) for path in lists]

    assert (counts(liaison), counts(supervisor), counts(outsider)) == ([1, 1], [1, 1], [0, 0])
    request, hand_back = ExtensionRequest.objects.get(), HandBack.objects.get()
    for path in (f"extension-requests/{request.pk}/", f"hand-backs/{hand_back.pk}/"):
        assert call(outsider).get(path).status_code == 404
        assert call(outsider).post(f"{path}withdraw/", version=1).status_code == 404
        assert call(liaison).post(f"{path}withdraw/", version=1).status_code == 200


def test_a_task_rests_goes_on_and_ends(call: Call, milestone: Milestone, boss: User) -> None:
    path = f"assignments/{milestone.assignment_id}/"

    steps = [
        call(boss).post(f"{path}{step}/", CONSENT, version=version).json()["status"]
        for version, step in enumerate(("suspend", "resume", "terminate"), start=1)
    ]

    assert steps == ["suspended", "in_progress", "terminated"]


def test_the_lead_changes_and_a_unit_takes_part(
    call: Call, milestone: Milestone, boss: User
) -> None:
    path = f"assignments/{milestone.assignment_id}/"
    one, two = (DepartmentFactory.create(district=milestone.department.district) for _ in range(2))

    added = call(boss).post(
        f"{path}add-department/", CONSENT | {"department": one.pk, "role": "support"}
    )
    changed = call(boss).post(f"{path}change-lead/", CONSENT | {"department": two.pk}, version=1)

    assert (added.status_code, added.json()["department"]["id"]) == (201, one.pk)
    assert changed.status_code == 200
    assert Milestone.objects.get(pk=milestone.pk).department == two


def test_a_task_is_handed_back_to_another_unit(
    call: Call, milestone: Milestone, liaison: User, boss: User
) -> None:
    unit = DepartmentFactory.create(district=milestone.department.district)
    asked = call(liaison).post(
        f"assignments/{milestone.assignment_id}/hand-back/", {"reason": "非本局职责"}
    )
    body = CONSENT | {"department": unit.pk}

    granted = call(boss).post(f"hand-backs/{asked.json()['id']}/grant/", body, version=1)

    assert (granted.status_code, granted.json()["status"]) == (200, "granted")
    assert granted.json()["handed_to"] == Assignment.objects.get(department=unit).pk


def test_a_done_task_is_struck_off_and_taken_up_again(
    call: Call, milestone: Milestone, supervisor: User, liaison: User
) -> None:
    Assignment.objects.update(status="done")
    path = f"assignments/{milestone.assignment_id}/"

    assert call(liaison).post(f"{path}close/", version=1).status_code == 403
    closed = call(supervisor).post(f"{path}close/", version=1)
    reopened = call(supervisor).post(f"{path}reopen/", {"reason": "未公布"}, version=2)

    assert (closed.json()["status"], reopened.json()["status"]) == ("closed", "in_progress")


def test_a_supporting_unit_adds_its_part_and_a_call_is_noted(
    call: Call, milestone: Milestone, liaison: User, supervisor: User, outsider: User
) -> None:
    partner = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=milestone.department.district,
        reports_through=milestone.assignment,
        role="support",
    )
    helper = member(partner.department, Role.LIAISON)
    body: dict[str, Any] = {"department": partner.department_id, "text": "已清理3项"}
    path = f"milestones/{milestone.pk}/"

    written = call(helper).post(f"{path}contribute/", body)

    assert written.status_code == 201
    assert call(liaison).get(f"{path}contributions/").json()[0]["text"] == "已清理3项"
    assert call(supervisor).get(f"{path}contributions/").json() == []
    assert call(outsider).get(f"{path}contributions/").status_code == 404
    assert call(liaison).post(f"{path}contribute/", body).status_code == 403
    assert call(supervisor).post(f"{path}call/", {"person": "王××"}).status_code == 201
    assert call(liaison).post(f"{path}call/").status_code == 403
    assert Event.objects.filter(action="call").get().data["person"] == "王××"

"""The timeline of a unit: what happened to it, its people and its work, read by those who may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Department, Event, User
from accounts.usecases import name_liaison
from accounts.usecases.people import NewPerson
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, member
from tracking.models import Milestone
from tracking.selectors.unit_history import PER_PAGE, UnitHistory, unit_history
from tracking.usecases import (
    Report,
    acknowledge_dispatch,
    record_call,
    return_submission,
    save_draft,
    submit,
)

pytestmark = pytest.mark.usefixtures("demonstration_day")


def report(milestone: Milestone, by: User) -> int:
    said = Report(work_status="in_progress", narrative="正文")
    draft = save_draft(milestone_id=milestone.pk, report=said, by=by, at=NOON)
    submit(submission_id=draft.pk, signed_by="李", signed_on=TODAY, by=by, at=NOON, today=TODAY)
    return draft.pk


def told(found: UnitHistory) -> list[str]:
    return [f"{entry.about} {entry.what}".strip() for entry in found.entries]


def test_work_papers_and_people_of_a_unit_stand_in_one_timeline(
    milestone: Milestone, bureau: Department, liaison: User, coordinator: User, supervisor: User
) -> None:
    acknowledge_dispatch(dispatch_id=milestone.assignment.dispatch_id, by=liaison, at=NOON)
    pk = report(milestone, liaison)
    return_submission(
        submission_id=pk, note="缺文号", redo_by=TODAY, by=supervisor, at=NOON, today=TODAY
    )
    newcomer = NewPerson("赵六", "", "", "zhao6")
    name_liaison(
        department_id=bureau.pk,
        replaced_id=None,
        newcomer=newcomer,
        by=coordinator,
        at=NOON,
        now=NOON,
        today=TODAY,
    )

    found = unit_history(bureau, user=coordinator)

    item = milestone.assignment.measure.reference
    assert told(found) == [
        "更换联络员",
        f"{item} 第1次反馈退回补正，补正期限2017年11月20日",
        f"{item} 报送第1次反馈（正在推进）",
        "交办单 签收交办单",
    ]
    assert found.entries[1].note == "缺文号"
    assert found.entries[1].url == reverse("tracking:assignment", args=[milestone.assignment_id])


def test_what_a_unit_does_before_it_reports_is_told_to_its_own_people(
    milestone: Milestone, bureau: Department, liaison: User, supervisor: User
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(), by=liaison, at=NOON)

    assert len(unit_history(bureau, user=liaison).entries) == 1
    assert unit_history(bureau, user=supervisor).entries == []


def test_nothing_of_other_units_stands_in_it(
    milestone: Milestone, bureau: Department, supervisor: User
) -> None:
    other = MilestoneFactory.create(department__district=bureau.district)
    record_call(milestone_id=other.pk, person="王", by=supervisor, at=NOON)

    assert unit_history(bureau, user=supervisor).entries == []
    assert len(unit_history(other.department, user=supervisor).entries) == 1


def test_it_is_closed_to_other_units_and_districts(
    client: Client, bureau: Department, liaison: User, viewer: User, outsider: User
) -> None:
    url = reverse("tracking:unit-history", args=[bureau.pk])
    neighbour = member(DepartmentFactory.create(district=bureau.district), Role.LIAISON)

    for person, status in ((liaison, 200), (viewer, 200), (neighbour, 404), (outsider, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status


def test_pages_follow_one_another_without_a_gap_and_at_one_cost(
    client: Client, milestone: Milestone, bureau: Department, supervisor: User
) -> None:
    client.force_login(supervisor)
    url = reverse("tracking:unit-history", args=[bureau.pk])

    def call(times: int) -> int:
        for _ in range(times):
            record_call(milestone_id=milestone.pk, person="王", by=supervisor, at=NOON)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    assert call(1) == call(PER_PAGE)
    newest = unit_history(bureau, user=supervisor)
    older = unit_history(bureau, user=supervisor, before=newest.older)

    assert len(newest.entries) == PER_PAGE
    assert len(older.entries) == 1
    assert older.older is None
    assert newest.older == Event.objects.filter(action="call").order_by("seq")[1].seq
    assert "更早的" in client.get(url).content.decode()
    assert "最近的" in client.get(f"{url}?before={newest.older}").content.decode()

"""The steps on the page of an assignment, for those who may take them."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import DepartmentFactory
from tracking.choices import AssignmentStatus
from tracking.models import Assignment, HandBack, Milestone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]
CONSENT = {"reason": "职责调整", "approved_by": "马××", "approved_on": "2017-11-20"}


def page(milestone: Milestone, step: str = "") -> str:
    return f"/assignments/{milestone.assignment_id}/{step}"


def offered(client: Client, user: User, milestone: Milestone) -> set[str]:
    client.force_login(user)
    html = client.get(page(milestone)).content.decode()
    keys = ("hand-back", "instruct", "add-department", "change-lead", "suspend", "resume")
    return {key for key in (*keys, "terminate", "reopen") if f'id="step-{key}"' in html}


def test_each_role_is_offered_its_own_steps(
    client: Client,
    milestone: Milestone,
    liaison: User,
    supervisor: User,
    coordinator: User,
    viewer: User,
) -> None:
    assert offered(client, liaison, milestone) == {"hand-back"}
    assert offered(client, supervisor, milestone) == {"instruct"}
    assert offered(client, coordinator, milestone) == {
        *("instruct", "add-department", "change-lead", "suspend", "terminate"),
    }
    assert offered(client, viewer, milestone) == set()
    Assignment.objects.update(status="suspended")
    assert "resume" in offered(client, coordinator, milestone)
    Assignment.objects.update(status="done")
    assert offered(client, supervisor, milestone) == {"instruct", "reopen"}


@pytest.mark.parametrize(
    ("step", "status"), [("suspend", AssignmentStatus.SUSPENDED), ("terminate", "terminated")]
)
def test_a_step_is_taken_once_and_an_old_page_says_so(
    client: Client, milestone: Milestone, coordinator: User, step: str, status: str
) -> None:
    client.force_login(coordinator)
    form = CONSENT | {"expected_version": "1"}

    first, second = (client.post(page(milestone, f"{step}/"), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 412)
    assert Assignment.objects.get().status == status


def test_a_gap_is_said_at_its_field_and_nothing_typed_is_lost(
    client: Client, milestone: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator)

    answer = client.post(
        page(milestone, "suspend/"), CONSENT | {"approved_on": "", "expected_version": "1"}
    )

    html = answer.content.decode()
    assert answer.status_code == 400
    assert "职责调整</textarea>" in html
    assert '<details class="panel no-print" id="step-suspend" open>' in html


def test_the_lead_is_changed_and_a_unit_added_on_the_page(
    client: Client, milestone: Milestone, coordinator: User
) -> None:
    unit, other = (
        DepartmentFactory.create(district=milestone.department.district) for _ in range(2)
    )
    client.force_login(coordinator)

    added = client.post(
        page(milestone, "add-department/"),
        CONSENT | {"department": unit.pk, "role": "support", "expected_version": "1"},
    )
    changed = client.post(
        page(milestone, "change-lead/"),
        CONSENT | {"department": other.pk, "keeps_part": "on", "expected_version": "1"},
    )

    assert (added.status_code, changed.status_code) == (302, 302)
    milestone.refresh_from_db()
    assert milestone.department == other
    assert Assignment.objects.filter(reports_through=milestone.assignment).count() == 2


def test_a_task_is_handed_back_by_page_and_answered_by_page(
    client: Client, milestone: Milestone, liaison: User, coordinator: User, outsider: User
) -> None:
    client.force_login(liaison)
    client.post(page(milestone, "hand-back/"), {"reason": "非本局职责"})
    asked = HandBack.objects.get()
    answers: dict[str, Any] = {}
    for name, person in {"other": outsider, "own": liaison, "coordinator": coordinator}.items():
        client.force_login(person)
        answers[name] = client.get(f"/hand-backs/{asked.pk}/").status_code
    assert answers == {"other": 404, "own": 200, "coordinator": 200}
    assert f"/hand-backs/{asked.pk}/" in client.get("/queue/").content.decode()
    unit = DepartmentFactory.create(district=milestone.department.district)

    done = client.post(
        f"/hand-backs/{asked.pk}/",
        {
            "step": "grant",
            "department": unit.pk,
            "approved_by": "马××",
            "approved_on": "2017-11-20",
            "expected_version": "1",
        },
    )

    assert done.status_code == 302
    assert "已同意" in client.get(f"/hand-backs/{asked.pk}/").content.decode()
    milestone.refresh_from_db()
    assert milestone.department == unit


def test_a_step_that_does_not_exist_or_is_not_ones_own_is_refused(
    client: Client, milestone: Milestone, liaison: User, outsider: User
) -> None:
    client.force_login(liaison)
    assert client.post(page(milestone, "dissolve/")).status_code == 404
    assert client.post(page(milestone, "suspend/"), CONSENT).status_code == 403
    client.force_login(outsider)
    assert client.post(page(milestone, "suspend/"), CONSENT).status_code == 404

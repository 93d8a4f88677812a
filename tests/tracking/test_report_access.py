"""Who sees what on the page of a milestone, extensions, the paper and the timeline."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import Department, User
from plans.choices import ResponsibilityRole
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    SubmissionFactory,
    member,
)
from tests.tracking.reporting import typed, url
from tracking.models import Milestone, Submission
from tracking.usecases import Report, return_submission, save_draft, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def test_another_unit_and_another_district_find_nothing(
    client: Client, milestone: Milestone, outsider: User, bureau: Department
) -> None:
    neighbour = member(DepartmentFactory.create(district=bureau.district), Role.LIAISON)
    for stranger in (outsider, neighbour):
        client.force_login(stranger)

        assert client.get(url(milestone)).status_code == 404
        assert client.post(url(milestone), typed()).status_code == 404


def test_a_unit_that_reports_through_another_reads_but_cannot_write(
    client: Client, milestone: Milestone, bureau: Department
) -> None:
    partner = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=bureau.district,
        role=ResponsibilityRole.SUPPORT,
        reports_through=milestone.assignment,
    )
    client.force_login(member(partner.department, Role.LIAISON))

    shown = client.get(url(milestone))
    posted = client.post(url(milestone), typed())

    assert shown.status_code == 200
    assert "统一反馈" in shown.content.decode()
    assert 'name="narrative"' not in shown.content.decode()
    assert posted.status_code == 403
    assert not Submission.objects.exists()


def test_overseers_see_what_has_left_the_house_only(
    client: Client, milestone: Milestone, liaison: User, supervisor: User
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(narrative="内部草稿"), by=liaison, at=NOON)
    client.force_login(supervisor)

    html = client.get(url(milestone)).content.decode()

    assert "内部草稿" not in html
    assert "草稿" not in html


def test_a_coordinator_puts_an_extension_on_record(
    client: Client, milestone: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator)
    form = {
        "request_key": str(uuid4()),
        "expected_version": str(milestone.version),
        "asked_on": "2017-11-15",
        "new_due_on": "2017-12-30",
        "approved_by": "刘副区长",
        "approved_on": "2017-11-18",
        "reason": "等待统一编码规范",
    }

    refused = client.post(f"{url(milestone)}extensions/", form)
    granted = client.post(
        f"{url(milestone)}extensions/",
        form | {"new_due_on": "2018-06-30", "request_key": str(uuid4())},
    )

    assert refused.status_code == 400
    assert "延期后的时限要晚于现在的完成时限" in refused.content.decode()
    assert "等待统一编码规范</textarea>" in refused.content.decode()
    assert granted.status_code == 302
    milestone.refresh_from_db()
    assert milestone.due_on == date(2018, 6, 30)
    assert "原时限2017年12月31日" in client.get(url(milestone)).content.decode()


def test_an_extension_that_came_too_late_keeps_what_was_typed(
    client: Client, milestone: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator)
    form = {
        "expected_version": str(milestone.version - 1),
        "asked_on": "2017-11-15",
        "new_due_on": "2018-06-30",
        "approved_by": "刘副区长",
        "approved_on": "2017-11-18",
        "reason": "等待统一编码规范",
    }

    answer = client.post(f"{url(milestone)}extensions/", form)

    assert answer.status_code == 412
    assert "等待统一编码规范</textarea>" in answer.content.decode()


def test_a_liaison_has_no_form_for_extensions(page: Client, milestone: Milestone) -> None:
    assert "登记延期" not in page.get(url(milestone)).content.decode()


def test_the_paper_for_the_signature_shows_the_report(
    page: Client, milestone: Milestone, bureau: Department
) -> None:
    page.post(url(milestone), typed())

    html = page.get(f"{url(milestone)}?paper=1").content.decode()

    assert "审签单" in html
    assert bureau.name in html
    assert "清单正在征求意见" in html


def test_the_address_of_a_report_leads_to_its_place_on_the_page(
    page: Client, milestone: Milestone, outsider: User
) -> None:
    sent = SubmissionFactory.create(milestone=milestone, waiting=True)

    answer = page.get(f"/submissions/{sent.pk}/")
    page.force_login(outsider)

    assert answer["Location"] == f"{url(milestone)}#report-1"
    assert page.get(f"/submissions/{sent.pk}/").status_code == 404


def test_the_timeline_tells_the_steps_in_sentences(
    page: Client, milestone: Milestone, liaison: User, supervisor: User
) -> None:
    for words in ("一稿", "二稿"):
        draft = save_draft(
            milestone_id=milestone.pk,
            report=Report(work_status="in_progress", narrative=words),
            by=liaison,
            at=NOON,
        )
    submit(
        submission_id=draft.pk,
        signed_by="李局长",
        signed_on=TODAY,
        by=liaison,
        at=NOON,
        today=TODAY,
    )
    return_submission(
        submission_id=draft.pk,
        note="缺清单",
        redo_by=date(2017, 11, 24),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    entries = page.get(url(milestone)).context["entries"]

    assert [entry.what for entry in entries] == [
        "第1次反馈退回补正，补正期限2017年11月24日",
        "报送第1次反馈（正在推进）",
        "保存第1次反馈草稿",
    ]
    assert entries[0].note == "缺清单"
    assert entries[0].who == f"{supervisor.memberships.get().department} {supervisor.name}"

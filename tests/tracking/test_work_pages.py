"""The day's work of a unit, and the lists and papers everybody reads."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from plans.choices import ResponsibilityRole
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DispatchFactory,
    MilestoneFactory,
    member,
)
from tracking.models import Dispatch, Milestone
from tracking.selectors import Agenda, agenda_of, timeline_of
from tracking.usecases import (
    Report,
    record_extension,
    return_submission,
    save_draft,
    send_for_sign_off,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


def acknowledged(milestone: Milestone) -> Milestone:
    Dispatch.objects.update(acknowledged_at=NOON)
    return milestone


def sections(agenda: Agenda) -> dict[str, list[Milestone]]:
    return {part.key: [row.milestone for row in part.rows] for part in agenda.sections}


def sent(milestone: Milestone, by: User) -> int:
    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(work_status="in_progress", narrative="正文"),
        by=by,
        at=NOON,
    )
    submit(submission_id=draft.pk, signed_by="李局长", signed_on=TODAY, by=by, at=NOON, today=TODAY)
    return draft.pk


def test_the_agenda_stands_worst_first_and_names_nothing_twice(
    bureau: Department, liaison: User, supervisor: User
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30))
    back = MilestoneFactory.create(department=bureau)
    near = MilestoneFactory.create(department=bureau)
    begun = MilestoneFactory.create(department=bureau, due_on=date(2018, 12, 31))
    waits = MilestoneFactory.create(department=bureau, due_on=date(2018, 6, 30))
    later = MilestoneFactory.create(department=bureau, due_on=date(2019, 12, 31))
    done = MilestoneFactory.create(department=bureau, done=True)
    return_submission(
        submission_id=sent(back, liaison),
        note="缺文号",
        redo_by=date(2017, 11, 24),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )
    save_draft(milestone_id=begun.pk, report=Report(narrative="半句"), by=liaison, at=NOON)
    sent(waits, liaison)

    agenda = agenda_of(liaison, today=TODAY)

    assert sections(agenda) == {
        "overdue": [late],
        "returned": [back],
        "soon": [near],
        "house": [begun],
        "waiting": [waits],
    }
    assert [row.milestone for row in agenda.later] == [later]
    assert [row.milestone for row in agenda.finished] == [done]


def test_what_is_near_is_named_by_the_end_of_the_year_where_that_is_its_day(
    bureau: Department, liaison: User
) -> None:
    MilestoneFactory.create(
        department=bureau, due_on=date(2017, 12, 31), report_by=date(2017, 12, 29)
    )

    (year_end,) = agenda_of(liaison, today=TODAY).sections
    MilestoneFactory.create(department=bureau, due_on=date(2017, 12, 20))
    (mixed,) = agenda_of(liaison, today=TODAY).sections

    assert (year_end.title, year_end.note) == (
        "年底前到期",
        "完成时限12月31日，请于12月29日前报送",
    )
    assert (mixed.title, mixed.note) == ("即将到期", "")


def test_a_head_finds_what_waits_for_the_signature_on_top(
    bureau: Department, liaison: User
) -> None:
    head = member(bureau, Role.HEAD)
    milestone = MilestoneFactory.create(department=bureau)
    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(work_status="in_progress", narrative="正文"),
        by=liaison,
        at=NOON,
    )
    send_for_sign_off(submission_id=draft.pk, by=liaison, at=NOON)

    assert sections(agenda_of(head, today=TODAY)) == {"sign": [milestone]}
    assert sections(agenda_of(liaison, today=TODAY)) == {"soon": [milestone]}


def test_a_row_tells_the_extension_the_days_and_who_reports(
    client: Client, bureau: Department, liaison: User, coordinator: User
) -> None:
    milestone = acknowledged(MilestoneFactory.create(department=bureau, due_on=date(2016, 12, 31)))
    partner = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=bureau.district,
        role=ResponsibilityRole.LEAD,
        reports_through=milestone.assignment,
    )
    record_extension(
        milestone_id=milestone.pk,
        asked_on=date(2016, 12, 29),
        reason="等待目录",
        new_due_on=date(2017, 6, 30),
        approved_by="刘副区长",
        approved_on=date(2016, 12, 30),
        by=coordinator,
        at=NOON,
    )
    client.force_login(liaison)

    html = client.get("/my-work/").content.decode()

    assert "原时限2016年12月31日，延期1次至2017年6月30日，已逾期143天" in html
    assert f"本单位填报，{partner.department}共同牵头；尚无反馈" in html
    assert f'href="/milestones/{milestone.pk}/#report-form">填报</a>' in html


def test_with_nothing_to_fill_in_the_page_says_so_and_names_what_comes_next(
    client: Client, bureau: Department, liaison: User
) -> None:
    acknowledged(MilestoneFactory.create(department=bureau, due_on=date(2019, 12, 31)))
    client.force_login(liaison)

    html = client.get("/my-work/").content.decode()

    assert "现在没有要填的。" in html
    assert "完成时限2019年12月31日" in html
    assert "逾期" not in html


def test_a_unit_without_assignments_is_told_who_reports_for_it(
    client: Client, liaison: User
) -> None:
    client.force_login(liaison)

    assert "不需要本单位填报" in client.get("/my-work/").content.decode()


def test_what_others_report_is_named_with_who_does(
    client: Client, bureau: Department, liaison: User
) -> None:
    led = MilestoneFactory.create(department__district=bureau.district).assignment
    AssignmentFactory.create(
        measure=led.measure,
        department=bureau,
        role=ResponsibilityRole.SUPPORT,
        reports_through=led,
    )
    client.force_login(liaison)

    html = client.get("/my-work/").content.decode()

    assert f"配合，由{led.department}统一反馈" in html


def test_a_dispatch_is_acknowledged_once_by_its_own_unit(
    client: Client, bureau: Department, liaison: User, outsider: User, coordinator: User
) -> None:
    paper = DispatchFactory.create(department=bureau, edition__plan__district=bureau.district)
    url = f"/dispatches/{paper.pk}/acknowledge/"
    client.force_login(outsider)
    stranger = client.post(url)
    client.force_login(coordinator)
    overseer = client.post(url)
    client.force_login(liaison)
    assert "签收</button>" in client.get("/my-work/").content.decode()

    own = client.post(url, {"request_key": str(uuid4())})

    assert (stranger.status_code, overseer.status_code, own.status_code) == (404, 403, 302)
    paper.refresh_from_db()
    assert paper.acknowledged_by == liaison
    assert "签收</button>" not in client.get("/my-work/").content.decode()


def test_the_paper_keeps_the_days_of_its_own_day(
    client: Client, bureau: Department, liaison: User, coordinator: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    record_extension(
        milestone_id=milestone.pk,
        asked_on=TODAY,
        reason="等待目录",
        new_due_on=date(2018, 6, 30),
        approved_by="刘副区长",
        approved_on=TODAY,
        by=coordinator,
        at=NOON,
    )
    client.force_login(liaison)

    html = client.get(f"/dispatches/{milestone.assignment.dispatch_id}/").content.decode()

    assert f"{bureau.name}（全称待确认）" in html
    assert "2017年12月31日" in html
    assert "2017年12月29日" in html
    assert "2018年6月" not in html
    assert '编号：<span class="blank">' in html


def test_the_lists_hold_a_persons_own_units_only(
    client: Client, bureau: Department, liaison: User, outsider: User, viewer: User
) -> None:
    own = MilestoneFactory.create(department=bureau, assignment__measure__title="本局的事")
    MilestoneFactory.create(
        department__district=bureau.district, assignment__measure__title="别局的事"
    )

    def shown(user: User) -> list[tuple[bool, bool]]:
        client.force_login(user)
        pages = [client.get(f"/{name}/").content.decode() for name in ("milestones", "assignments")]
        return [("本局的事" in page, "别局的事" in page) for page in pages]

    assert shown(liaison) == [(True, False)] * 2
    assert shown(viewer) == [(True, True)] * 2
    assert shown(outsider) == [(False, False)] * 2
    assert client.get(f"/assignments/{own.assignment_id}/").status_code == 404
    assert client.get(f"/dispatches/{own.assignment.dispatch_id}/").status_code == 404


def test_a_list_narrows_by_its_address(client: Client, bureau: Department, viewer: User) -> None:
    MilestoneFactory.create(
        department=bureau, due_on=date(2017, 6, 30), assignment__measure__title="逾期的事"
    )
    MilestoneFactory.create(department=bureau, assignment__measure__title="年底的事")
    client.force_login(viewer)

    html = client.get("/milestones/?state=overdue").content.decode()

    assert "逾期的事" in html
    assert "年底的事" not in html


def test_a_measure_without_a_date_is_filled_in_once_a_year(
    client: Client, bureau: Department, liaison: User
) -> None:
    undated = AssignmentFactory.create(department=bureau)
    client.force_login(liaison)

    for url in ("/assignments/", f"/assignments/{undated.pk}/"):
        assert "无时限" in client.get(url).content.decode()


def test_an_assignment_shows_the_measure_whole_and_everybody_on_it(
    client: Client, bureau: Department, liaison: User
) -> None:
    led = MilestoneFactory.create(department__district=bureau.district).assignment
    own = AssignmentFactory.create(
        measure=led.measure,
        department=bureau,
        role=ResponsibilityRole.SUPPORT,
        reports_through=led,
    )
    client.force_login(liaison)

    html = client.get(f"/assignments/{own.pk}/").content.decode()

    assert "公布清单。2016年12月底前，公布清单（区发改局牵头）。" in html
    assert f"由{led.department}统一反馈，{bureau}提供情况" in html
    assert "2017年12月31日" in html


def test_partners_read_the_steps_but_not_what_was_said_of_the_report(
    bureau: Department, liaison: User, supervisor: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    partner = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=bureau.district,
        reports_through=milestone.assignment,
    )
    return_submission(
        submission_id=sent(milestone, liaison),
        note="内部理由",
        redo_by=TODAY,
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    told = timeline_of(milestone.assignment, user=member(partner.department, Role.LIAISON))

    assert [entry.what for entry in told] == [
        "第1次反馈退回补正，补正期限2017年11月20日",
        "报送第1次反馈（正在推进）",
    ]
    assert [entry.note for entry in told] == ["", ""]

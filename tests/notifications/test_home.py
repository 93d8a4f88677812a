"""The home page of each role: what it shows, and in how many questions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from accounts.choices import DepartmentKind, Role
from accounts.models import CalendarDay, Department, Membership, User
from notifications.choices import Channel, ReminderStatus, RuleKind, Subject
from notifications.models import Reminder, ReminderRule
from plans.models import Plan
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    EditionFactory,
    MeasureFactory,
    MilestoneFactory,
    SubmissionFactory,
    UserFactory,
    member,
)
from tracking.choices import Decision, SubmissionStatus
from tracking.models import Dispatch, Milestone, Review

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR_END = date(2017, 12, 31)


@pytest.fixture(autouse=True)
def on_the_demo_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY
    settings.ROOT_URLCONF = "config.urls"


@pytest.fixture
def plan(bureau: Department) -> Plan:
    """A plan with one milestone that the bureau has long reported and finished."""
    milestone = MilestoneFactory.create(department=bureau, due_on=date(2016, 12, 31), done=True)
    Dispatch.objects.update(acknowledged_at=NOON)
    return milestone.plan


def owe(plan: Plan, department: Department, due_on: date = YEAR_END, **given: object) -> Milestone:
    measure = MeasureFactory.create(edition=plan.editions.get())
    milestone: Milestone = MilestoneFactory.create(
        assignment=AssignmentFactory.create(department=department, measure=measure),
        due_on=due_on,
        **given,
    )
    return milestone


def send(milestone: Milestone, on: date = date(2017, 11, 14)) -> None:
    SubmissionFactory.create(
        milestone=milestone,
        status=SubmissionStatus.SUBMITTED,
        submitted_at=datetime.combine(on, datetime.min.time(), tzinfo=SHANGHAI),
    )


def home(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_coordinator_without_a_plan_is_led_to_the_import(
    client: Client, coordinator: User
) -> None:
    assert "还没有实施方案" in home(client, coordinator)


def test_the_coordinator_sees_the_figures_with_what_they_are_counted_of(
    client: Client, coordinator: User, plan: Plan, bureau: Department, liaison: User
) -> None:
    owe(plan, bureau, date(2017, 6, 30))
    owe(plan, bureau)

    text = home(client, coordinator)

    assert "时间节点3个，截至今日应完成2个，已完成1个（50.0%）；另提前完成0个" in text


def test_the_coordinator_sees_what_is_overdue_with_its_days(
    client: Client, coordinator: User, plan: Plan, bureau: Department
) -> None:
    owe(plan, bureau, date(2017, 6, 30))

    text = home(client, coordinator)

    assert "逾期143天" in text
    assert 'data-state="逾期未反馈"' in text


def test_the_coordinator_sees_which_unit_has_nobody_to_report(
    client: Client, coordinator: User, plan: Plan, bureau: Department
) -> None:
    member(bureau, Role.HEAD)

    text = home(client, coordinator)

    assert "联络员缺失" in text
    assert "提醒改送审签领导" in text


def test_a_unit_with_a_liaison_is_not_missed(
    client: Client, coordinator: User, plan: Plan, liaison: User
) -> None:
    assert "联络员缺失" not in home(client, coordinator)


def test_the_coordinator_sees_who_has_not_signed_for_the_work(
    client: Client, coordinator: User, plan: Plan
) -> None:
    Dispatch.objects.update(acknowledged_at=None)

    assert "1家单位还没有签收交办单" in home(client, coordinator)


def test_the_coordinator_sees_a_draft_that_waits_to_be_issued(
    client: Client, coordinator: User, bureau: Department
) -> None:
    EditionFactory.create(draft=True, plan__district=bureau.district, plan__title="某某方案")

    text = home(client, coordinator)

    assert "某某方案" in text
    assert "交办预览" in text


def test_the_coordinator_sees_a_return_whose_day_is_near(
    client: Client, coordinator: User, plan: Plan, bureau: Department
) -> None:
    milestone = owe(plan, bureau)
    returned = SubmissionFactory.create(
        milestone=milestone, status=SubmissionStatus.RETURNED, submitted_at=NOON
    )
    Review.objects.create(
        submission=returned,
        by=coordinator,
        at=NOON,
        decision=Decision.RETURNED,
        note="缺文号",
        redo_by=date(2017, 11, 24),
    )

    assert "第1次退回，补正期限11月24日" in home(client, coordinator)


def test_the_coordinator_sees_what_the_own_office_owes(
    client: Client, coordinator: User, plan: Plan
) -> None:
    owe(plan, coordinator.memberships.get().department)

    assert "本办应填" in home(client, coordinator)


def test_the_coordinator_reads_how_many_units_were_reminded_today(
    client: Client, coordinator: User, plan: Plan, bureau: Department, liaison: User
) -> None:
    Reminder.objects.create(
        subject_kind=Subject.MILESTONE,
        subject_id=owe(plan, bureau).pk,
        rule=ReminderRule.objects.get_or_create(kind=RuleKind.BEFORE_DUE, offset=30)[0],
        offset=30,
        day=TODAY,
        channel=Channel.MAIL,
        recipient=liaison,
        due_on=YEAR_END,
        status=ReminderStatus.ENQUEUED,
    )

    assert "今天是到期前第30个工作日：已提醒1个填报单位" in home(client, coordinator)


def test_the_supervisor_finds_party_organs_apart(
    client: Client, supervisor: User, plan: Plan, bureau: Department
) -> None:
    party = DepartmentFactory.create(
        district=bureau.district, kind=DepartmentKind.PARTY, name="区委宣传部"
    )
    owe(plan, bureau, date(2017, 6, 30))
    owe(plan, party, date(2017, 6, 30))

    text = home(client, supervisor)

    government, others = text.index("政府口逾期"), text.index("非政府口逾期")
    assert government < text.index(f'todo-unit">{bureau}') < others < text.index("区委宣传部")
    assert "由党委督查机构协调" in text


def test_the_supervisor_stands_aside_for_the_own_office(
    client: Client, supervisor: User, plan: Plan
) -> None:
    send(owe(plan, supervisor.memberships.get().department))

    text = home(client, supervisor)

    assert "没有待您审核的" in text
    assert "目前无人可审核" in text


def test_a_liaison_sees_only_what_the_own_unit_owes(
    client: Client, liaison: User, plan: Plan, bureau: Department
) -> None:
    mine = owe(plan, bureau)
    other = owe(plan, DepartmentFactory.create(district=bureau.district))

    text = home(client, liaison)

    assert f"{bureau} · 我的待办" in text
    assert mine.assignment.measure.reference in text
    assert other.assignment.measure.reference not in text


def test_a_co_lead_sees_who_reports(
    client: Client, plan: Plan, bureau: Department, liaison: User
) -> None:
    milestone = owe(plan, bureau)
    partner = DepartmentFactory.create(district=bureau.district)
    AssignmentFactory.create(
        department=partner,
        measure=milestone.assignment.measure,
        reports_through=milestone.assignment,
    )

    text = home(client, member(partner, Role.LIAISON))

    assert f"由{bureau}填报，本单位共同牵头" in text


def test_a_township_without_work_reads_why(client: Client, plan: Plan, bureau: Department) -> None:
    town = DepartmentFactory.create(district=bureau.district, kind=DepartmentKind.TOWNSHIP)

    text = home(client, member(town, Role.LIAISON))

    assert "现在没有要填的" in text
    assert "由牵头单位统一反馈，不需要本单位填报" in text


def test_the_head_sees_what_waits_for_the_signature(
    client: Client, plan: Plan, bureau: Department
) -> None:
    SubmissionFactory.create(milestone=owe(plan, bureau), status=SubmissionStatus.SIGN_OFF)

    text = home(client, member(bureau, Role.HEAD))

    assert 'data-state="待审签"' in text
    assert "时间节点2个：已办结1，待审核0，逾期0，年底前到期1，以后到期0" in text


def test_the_leader_reads_one_page(
    client: Client, viewer: User, plan: Plan, bureau: Department
) -> None:
    owe(plan, bureau)

    text = home(client, viewer)

    assert "2个时间节点，截至今日应完成1个，已完成1个（100.0%），逾期0个" in text
    assert "12月31日（星期日）到期1个，尚待报送1个" in text


def test_the_administrator_is_warned_of_a_sweep_that_never_ran(
    client: Client, bureau: Department, settings: Settings
) -> None:
    text = home(client, member(bureau, Role.SYSTEM_ADMIN))

    assert "提醒扫描已停" in text
    assert settings.VERSION in text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.COORDINATOR])
def test_who_fills_the_calendar_in_is_warned_of_a_year_without_holidays(
    client: Client, bureau: Department, settings: Settings, role: Role
) -> None:
    settings.FIXED_TODAY = date(2090, 1, 1)

    assert "2090、2091年的放假安排还没有录入" in home(client, member(bureau, role))


def test_a_person_without_a_role_is_told_whom_to_ask(client: Client, db: None) -> None:
    assert "您还没有单位和角色" in home(client, UserFactory.create())


def test_a_person_with_two_roles_gets_both_sections_the_stronger_first(
    client: Client, supervisor: User, plan: Plan
) -> None:
    office = supervisor.memberships.get().department
    Membership.objects.create(
        user=supervisor, department=office, role=Role.LIAISON, from_on=date(2016, 1, 1)
    )
    owe(plan, office)

    text = home(client, supervisor)

    assert text.index("政府口逾期") < text.index(f"{office} · 我的待办")


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}]
)
def test_a_home_page_asks_the_same_number_of_questions_at_two_sizes(
    client: Client,
    plan: Plan,
    bureau: Department,
    role: Role,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def grow() -> None:
        department = DepartmentFactory.create(district=bureau.district)
        for unit in (bureau, department):
            owe(plan, unit)
            owe(plan, unit, date(2017, 6, 30))
            send(owe(plan, unit))
            SubmissionFactory.create(milestone=owe(plan, unit), status=SubmissionStatus.SIGN_OFF)

    grow()
    client.force_login(member(bureau, role))
    with django_assert_max_num_queries(30) as few:
        client.get("/")
    grow()
    grow()

    with django_assert_max_num_queries(30) as many:
        client.get("/")

    assert len(many) == len(few)


def test_a_liaison_is_told_when_the_year_of_something_due_is_unknown(
    client: Client, plan: Plan, bureau: Department, liaison: User
) -> None:
    CalendarDay.objects.create(date=date(2017, 10, 1), is_workday=False)
    owe(plan, bureau)
    assert "放假安排还没有录入" not in home(client, liaison)

    owe(plan, bureau, due_on=date(2018, 6, 30))
    assert "2018年的放假安排还没有录入" in home(client, liaison)

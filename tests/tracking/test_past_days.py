"""Days that had passed before the work was handed out: what is decided, and when it is late."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.choices import DepartmentKind, Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, District, Event, Group, User
from plans.choices import DoubtCode, ResponsibilityRole, Severity
from plans.models import Deadline, Doubt, Edition
from tests.conftest import NOON, TODAY
from tests.factories import (
    DeadlineFactory,
    DepartmentFactory,
    EditionFactory,
    MeasureFactory,
    member,
)
from tests.tracking.issuing import hand_out, name
from tracking.choices import MilestoneState, MilestoneStatus, PastChoice, ReportMode
from tracking.models import Dispatch, Extension, Milestone
from tracking.selectors import agenda_of, paper_of
from tracking.selectors.distribution import Choice
from tracking.selectors.history import timeline_of
from tracking.selectors.past import PastDay
from tracking.usecases import decide_past_day

PRINTED = date(2016, 6, 30)
TOMORROW = date(2017, 11, 21)
MADE_UP_BY = date(2017, 12, 4)
LATER = PastDay(PastChoice.NEW_DAY, date(2018, 3, 31), "张××", date(2017, 11, 17))
SLIP = PastDay(PastChoice.SLIP, date(2018, 6, 30))


@pytest.fixture
def deadline(district: District, bureau: Department) -> Deadline:
    """A day that had long passed, of a draft that waits to be handed out."""
    draft = EditionFactory.create(draft=True, plan__district=district)
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, ResponsibilityRole.LEAD)
    return DeadlineFactory.create(measure=measure, due_on=PRINTED)


@pytest.fixture
def draft(deadline: Deadline) -> Edition:
    return deadline.measure.edition


def owed() -> Milestone:
    return Milestone.objects.counted().get()


def state(on: date = TODAY) -> str:
    rows: Any = Milestone.objects.counted().with_state(today=on, soon_until=on)
    return str(rows.get().state)


def decide(past: PastDay, by: User, at: datetime = NOON) -> Milestone:
    return decide_past_day(milestone_id=owed().pk, decided=past, by=by, at=at, today=TODAY)


def test_a_day_that_had_passed_is_not_overdue_until_somebody_decides(
    draft: Edition, coordinator: User
) -> None:
    hand_out(draft, coordinator)

    assert owed().status == MilestoneStatus.UNDECIDED
    assert state() == MilestoneState.UNDECIDED
    assert not Milestone.objects.overdue(today=TODAY).exists()


def test_what_is_made_up_is_overdue_only_after_ten_working_days(
    draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    hand_out(draft, coordinator, past={deadline.pk: PastDay(PastChoice.MAKE_UP)})

    assert (owed().due_on, owed().report_by) == (PRINTED, MADE_UP_BY)
    assert state(MADE_UP_BY) == MilestoneState.SOON
    assert state(MADE_UP_BY + timedelta(days=1)) == MilestoneState.OVERDUE_UNREPORTED
    assert not Milestone.objects.overdue(today=MADE_UP_BY).exists()
    assert owed().days_overdue(MADE_UP_BY + timedelta(days=3)) == 3


def test_another_day_keeps_the_original_one_and_who_decided(
    draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    hand_out(draft, coordinator, past={deadline.pk: LATER})

    assert (owed().due_on, owed().original_due_on) == (date(2018, 3, 31), PRINTED)
    extension = Extension.objects.get()
    assert (extension.approved_by, extension.approved_on) == ("张××", date(2017, 11, 17))
    assert (extension.old_due_on, extension.new_due_on) == (PRINTED, date(2018, 3, 31))


def test_a_slip_moves_the_day_and_stands_among_the_slips_of_the_text(
    draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    hand_out(draft, coordinator, past={deadline.pk: SLIP})

    assert (owed().due_on, owed().original_due_on) == (date(2018, 6, 30),) * 2
    slip = Doubt.objects.get(edition=draft, severity=Severity.NOTE)
    assert (slip.start, slip.end, slip.suggestion) == (
        deadline.start,
        deadline.end,
        "应为2018年6月30日",
    )


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (PastDay(PastChoice.NEW_DAY, date(2018, 3, 31)), "由谁确定"),
        (PastDay(PastChoice.NEW_DAY, date(2017, 11, 19), "张××", TODAY), "今天以后的时限"),
        (
            PastDay(PastChoice.NEW_DAY, date(2018, 3, 31), "张××", TOMORROW),
            "不能晚于今天",
        ),
        (PastDay(PastChoice.SLIP), "今天以后的时限"),
    ],
)
def test_another_day_needs_to_come_and_a_name(
    draft: Edition, deadline: Deadline, coordinator: User, past: PastDay, words: str
) -> None:
    with pytest.raises(InvalidError, match=words):
        hand_out(draft, coordinator, past={deadline.pk: past})

    assert not Milestone.objects.exists()


def test_what_was_left_open_is_decided_later_and_told(
    draft: Edition, coordinator: User, liaison: User
) -> None:
    hand_out(draft, coordinator)

    decide(LATER, coordinator)

    assert (owed().status, state()) == (MilestoneStatus.OPEN, MilestoneState.SILENT)
    entry = timeline_of(owed().assignment, user=liaison)[0]
    assert entry.what == "时间节点交办时已过时限，另定时限为2018年3月31日"
    assert entry.note == "张××2017年11月17日确定"


def test_a_day_is_decided_once(draft: Edition, coordinator: User) -> None:
    hand_out(draft, coordinator)
    decide(PastDay(PastChoice.MAKE_UP), coordinator)

    with pytest.raises(ConflictError):
        decide(LATER, coordinator)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.HEAD, Role.SUPERVISOR, Role.VIEWER])
def test_only_a_coordinator_decides(
    draft: Edition, coordinator: User, bureau: Department, role: Role
) -> None:
    hand_out(draft, coordinator)

    with pytest.raises(ForbiddenError):
        decide(PastDay(PastChoice.MAKE_UP), member(bureau, role))

    assert owed().status == MilestoneStatus.UNDECIDED


def test_the_unit_sees_that_nothing_is_asked_of_it_yet(
    draft: Edition, coordinator: User, liaison: User
) -> None:
    hand_out(draft, coordinator)

    agenda = agenda_of(liaison, today=TODAY)

    (section,) = [part for part in agenda.sections if part.key == "undecided"]
    assert not section.rows[0].is_to_fill_in
    assert not agenda.later


def test_the_paper_says_what_held_on_its_day(
    draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    hand_out(draft, coordinator)
    (before,) = paper_of(Dispatch.objects.get()).lead[0].days
    decide(LATER, coordinator, NOON + timedelta(days=1))
    (after,) = paper_of(Dispatch.objects.get()).lead[0].days

    assert before.past == after.past == "时限已过，怎样办理另行通知"


def test_the_paper_says_what_was_decided_at_the_issue(
    draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    hand_out(draft, coordinator, past={deadline.pk: PastDay(PastChoice.MAKE_UP)})

    (day,) = paper_of(Dispatch.objects.get()).lead[0].days

    assert day.past == "请于2017年12月4日前补报完成情况"


def test_units_that_answer_for_themselves_follow_what_is_decided_for_all(
    draft: Edition, deadline: Deadline, coordinator: User, bureau: Department, district: District
) -> None:
    towns = Group.objects.create(district=district, name="各乡镇", kinds=[DepartmentKind.TOWNSHIP])
    DepartmentFactory.create(district=district, kind=DepartmentKind.TOWNSHIP)
    common = Choice(mode=ReportMode.COMMON, groups=frozenset({towns.pk}))
    hand_out(draft, coordinator, choices={deadline.measure_id: common})
    days = Milestone.objects.filter(deadline=deadline)
    assert {row.status for row in days} == {MilestoneStatus.UNDECIDED}

    decide(LATER, coordinator)

    assert [row.due_on for row in days.all()] == [date(2018, 3, 31)] * 2
    assert Event.objects.filter(action="decide").count() == 1


@pytest.fixture
def desk(client: Client, coordinator: User, settings: Settings) -> Client:
    settings.FIXED_TODAY = TODAY
    client.force_login(coordinator)
    return client


def issue_by(desk: Client, draft: Edition, **typed: str) -> str:
    data = {
        "document_number": "某政发〔2016〕1号",
        "issued_on": "2016-09-12",
        "expected_version": str(draft.version),
    }
    url = reverse("tracking:issue", args=[draft.pk])
    return desk.post(url, data | typed, follow=True).content.decode()


def test_the_page_recommends_what_was_noted_when_the_text_was_checked(
    desk: Client, draft: Edition, deadline: Deadline, coordinator: User
) -> None:
    shown = desk.get(reverse("tracking:issue", args=[draft.pk])).content.decode()
    assert '<option value="make_up" selected>' in shown

    Doubt.objects.create(
        edition=draft,
        ordinal=0,
        measure=deadline.measure,
        code=DoubtCode.BEFORE_PLAN,
        severity=Severity.CHECK,
        message="早于本通知日期",
        answer="属笔误，应为2018年",
        start=0,
        end=1,
    )
    shown = desk.get(reverse("tracking:issue", args=[draft.pk])).content.decode()
    assert '<option value="slip" selected>' in shown


def test_the_page_asks_for_what_the_choice_needs_and_keeps_what_was_typed(
    desk: Client, draft: Edition, deadline: Deadline
) -> None:
    shown = issue_by(
        desk,
        draft,
        **{f"past_{deadline.pk}": "new_day", f"past_day_{deadline.pk}": "2018-03-31"},
    )

    assert "请填写由谁确定。" in shown
    assert 'value="2018-03-31"' in shown
    assert not Milestone.objects.exists()


def test_the_page_hands_out_with_what_was_chosen(
    desk: Client, draft: Edition, deadline: Deadline
) -> None:
    issue_by(desk, draft, **{f"past_{deadline.pk}": "make_up"})

    assert owed().past_choice == PastChoice.MAKE_UP
    shown = desk.get(reverse("tracking:milestone", args=[owed().pk])).content.decode()
    assert "补报完成情况，请于2017年12月4日前补报" in shown


def test_what_was_left_open_is_decided_on_the_page_of_the_milestone(
    desk: Client, draft: Edition, deadline: Deadline
) -> None:
    issue_by(desk, draft, **{f"past_{deadline.pk}": ""})
    page = reverse("tracking:milestone", args=[owed().pk])
    assert "确定怎样办理" in desk.get(page).content.decode()
    assert "交办时已过时限，请确定" in desk.get("/").content.decode()

    url = reverse("tracking:milestone-decide", args=[owed().pk])
    refused = desk.post(url, {"choice": "slip", "expected_version": "1"})
    assert refused.status_code == 400
    assert "请填写应为哪一天。" in refused.content.decode()

    desk.post(url, {"choice": "slip", "day": "2018-06-30", "expected_version": "1"})

    assert owed().due_on == date(2018, 6, 30)
    assert "方案原文的日子有误" in desk.get(page).content.decode()
    assert Event.objects.filter(action="decide").count() == 1

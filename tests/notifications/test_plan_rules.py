"""Rules of one plan: what it changes, what stays, and what a month would bring."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, Event, User
from notifications.choices import RuleKind
from notifications.models import PlanRule, Reminder, ReminderRule
from notifications.preview import preview_of
from notifications.usecases import RuleChoice, change_plan_rules
from plans.models import Plan
from tests.conftest import NOON, TODAY
from tests.factories import AssignmentFactory, MilestoneFactory, member
from tests.notifications.conftest import send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar")
NIGHT = 7
DECEMBER = date(2017, 12, 1)


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau)


def rule(kind: str = RuleKind.BEFORE_DUE, offset: int = 30) -> ReminderRule:
    return ReminderRule.objects.get(kind=kind, offset=offset)


def change(plan: Plan, by: User, choice: RuleChoice, which: ReminderRule | None = None) -> None:
    choices = {(which or rule()).pk: choice}
    change_plan_rules(plan_id=plan.pk, choices=choices, by=by, at=NOON)


def test_a_plan_moves_a_rule_and_others_keep_theirs(
    milestone: Milestone, bureau: Department, coordinator: User
) -> None:
    other = MilestoneFactory.create(department=bureau)
    change(milestone.plan, coordinator, RuleChoice(20, False, True))

    sweep_on(TODAY, hour=NIGHT)
    sweep_on(date(2017, 12, 4), hour=NIGHT)

    told = Reminder.objects.order_by("day").values_list("day", "subject_id", "offset")
    assert list(told) == [(TODAY, other.pk, 30), (date(2017, 12, 4), milestone.pk, 20)]


def test_a_plan_can_switch_a_rule_off_or_tell_the_head(
    milestone: Milestone, bureau: Department, coordinator: User, liaison: User
) -> None:
    head = member(bureau, Role.HEAD)
    change(milestone.plan, coordinator, RuleChoice(30, True, True))
    sweep_on(TODAY, hour=NIGHT)
    told = set(Reminder.objects.values_list("recipient", flat=True))
    change(milestone.plan, coordinator, RuleChoice(30, True, False))
    sweep_on(TODAY)

    assert told == {liaison.pk, head.pk}
    assert set(Reminder.objects.values_list("reason", flat=True)) == {"该方案已停用这条提醒规则"}


def test_a_rule_changed_after_the_mail_does_not_remind_again(
    milestone: Milestone, coordinator: User
) -> None:
    sweep_on(TODAY)
    send_on(TODAY)
    change(milestone.plan, coordinator, RuleChoice(30, True, True))

    assert sweep_on(TODAY, hour=10).planned == 0
    assert Reminder.objects.get().words == "到期前30个工作日"


def test_what_equals_the_rule_for_all_follows_it_again_and_the_record_tells(
    milestone: Milestone, coordinator: User
) -> None:
    change(milestone.plan, coordinator, RuleChoice(20, False, True))
    change(milestone.plan, coordinator, RuleChoice(30, False, True))

    assert not PlanRule.objects.exists()
    events = Event.objects.filter(action="change_rules").order_by("seq")
    assert [event.data["rules"][str(rule().pk)] for event in events] == [
        {"from": [30, 0, 1], "to": [20, 0, 1]},
        {"from": [20, 0, 1], "to": [30, 0, 1]},
    ]


@pytest.mark.parametrize("offset", [0, 61])
def test_a_distance_has_bounds(milestone: Milestone, coordinator: User, offset: int) -> None:
    with pytest.raises(InvalidError, match="请填1至60"):
        change(milestone.plan, coordinator, RuleChoice(offset, False, True))


def test_only_the_coordinator_of_the_district_changes_rules(
    milestone: Milestone, liaison: User, supervisor: User, outsider: User
) -> None:
    for person in (liaison, supervisor, outsider):
        with pytest.raises(ForbiddenError):
            change(milestone.plan, person, RuleChoice(20, False, True))


def test_the_preview_counts_what_the_sweep_then_sends(milestone: Milestone, liaison: User) -> None:
    (unit,) = preview_of(milestone.plan, DECEMBER, today=TODAY)

    assert [mail.day for mail in unit.mails] == [date(2017, 12, 21), date(2017, 12, 29)]
    assert [words for words, _ in unit.mails[1].why] == ["到期前1个工作日", "截止当日"]
    assert not Reminder.objects.exists()
    for mail in unit.mails:
        sweep_on(mail.day)
        assert send_on(mail.day) == 1


def test_the_preview_asks_as_much_for_many_as_for_one(
    milestone: Milestone, bureau: Department
) -> None:
    with CaptureQueriesContext(connection) as few:
        preview_of(milestone.plan, DECEMBER, today=TODAY)
    for _ in range(5):
        assignment = AssignmentFactory.create(
            measure__edition=milestone.assignment.measure.edition, department=bureau
        )
        MilestoneFactory.create(assignment=assignment, department=bureau)
    with CaptureQueriesContext(connection) as many:
        (unit,) = preview_of(milestone.plan, DECEMBER, today=TODAY)

    assert unit.mails[0].why == [("到期前7个工作日", 6)]
    assert len(few) == len(many)


def test_the_page_saves_and_keeps_what_was_typed_wrongly(
    client: Client, milestone: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/plans/{milestone.plan_id}/reminders/"
    on = {f"on-{row.pk}": "on" for row in ReminderRule.objects.all()}
    on |= {f"head-{row.pk}": "on" for row in ReminderRule.objects.filter(to_head=True)}

    wrong = client.post(path, {**on, f"offset-{rule().pk}": "三十"})
    right = client.post(path, {**on, f"offset-{rule().pk}": "25"}, follow=True)

    assert wrong.status_code == 422
    assert "三十" in wrong.content.decode()
    assert "由“到期前30个工作日”改为“到期前25个工作日”" in right.content.decode()
    assert PlanRule.objects.get().offset == 25


def test_the_pages_are_the_coordinators(
    client: Client, milestone: Milestone, supervisor: User, outsider: User
) -> None:
    for person, status in ((supervisor, 403), (outsider, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for page in ("", "preview/"):
            answer = client.get(f"/plans/{milestone.plan_id}/reminders/{page}")
            assert answer.status_code == status


def test_after_four_weekly_lines_no_mail_is_made_of_them_alone(
    bureau: Department, liaison: User
) -> None:
    MilestoneFactory.create(department=bureau, due_on=date(2017, 9, 1))
    mondays = [date(2017, 10, 30), date(2017, 11, 6), date(2017, 11, 13), TODAY]

    sent = []
    for monday in [*mondays, date(2017, 11, 27)]:
        sweep_on(monday)
        sent.append(send_on(monday))

    assert sent == [1, 1, 1, 1, 0]
    last = Reminder.objects.get(day=date(2017, 11, 27))
    assert last.reason == "每周汇总已列4次，不再单独发信"


def test_a_fifth_weekly_line_stands_in_a_mail_that_leaves_anyway(
    bureau: Department, liaison: User
) -> None:
    MilestoneFactory.create(department=bureau, due_on=date(2017, 9, 1))
    for monday in (date(2017, 10, 23), date(2017, 10, 30), date(2017, 11, 6), date(2017, 11, 13)):
        sweep_on(monday)
        send_on(monday)
    MilestoneFactory.create(department=bureau)

    sweep_on(TODAY)

    assert set(Reminder.objects.filter(day=TODAY).values_list("status", flat=True)) == {"enqueued"}

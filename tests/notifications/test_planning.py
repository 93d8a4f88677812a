from datetime import date

import pytest

from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.models import Department, User
from notifications.choices import ReminderStatus, RuleKind
from notifications.intents import planned_in
from notifications.models import Reminder
from notifications.people import People
from notifications.planning import Rules, working_days
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    SubmissionFactory,
    member,
)
from tests.notifications.conftest import moment, sweep_on
from tracking.choices import Decision, SubmissionStatus
from tracking.models import Milestone, Review

pytestmark = pytest.mark.usefixtures("calendar")
NIGHT = 7


def owe(bureau: Department, due_on: date) -> Milestone:
    return MilestoneFactory.create(department=bureau, due_on=due_on)


def rules_on(day: date) -> list[str]:
    """Plan the day alone, before the hour of mail; return what was planned."""
    Reminder.objects.all().delete()
    sweep_on(day, hour=NIGHT)
    return sorted(
        f"{row.rule.kind} {row.rule.offset}"
        for row in Reminder.objects.filter(day=day).select_related("rule")
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 11, 17), []),
        (date(2017, 11, 20), ["before_due 30"]),
        (date(2017, 11, 21), []),
        (date(2017, 12, 20), []),
        (date(2017, 12, 21), ["before_due 7"]),
        (date(2017, 12, 28), []),
        (date(2017, 12, 29), ["before_due 1", "on_day 0"]),
        (date(2017, 12, 30), []),
        (date(2017, 12, 31), []),
        (date(2018, 1, 1), []),
        (date(2018, 1, 2), ["overdue 1", "weekly 0"]),
        (date(2018, 1, 3), []),
        (date(2018, 1, 8), ["overdue 5", "weekly 0"]),
        (date(2018, 1, 15), ["weekly 0"]),
    ],
)
def test_a_day_inside_the_new_year_holiday_is_counted_back_from_itself(
    bureau: Department, liaison: User, day: date, expected: list[str]
) -> None:
    owe(bureau, date(2017, 12, 31))

    assert rules_on(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 6, 29), ["before_due 1"]),
        (date(2017, 6, 30), ["on_day 0"]),
        (date(2017, 7, 1), []),
        (date(2017, 7, 3), ["overdue 1", "weekly 0"]),
        (date(2017, 7, 7), ["overdue 5"]),
    ],
)
def test_a_working_day_is_reminded_of_before_on_and_after_it(
    bureau: Department, liaison: User, day: date, expected: list[str]
) -> None:
    owe(bureau, date(2017, 6, 30))

    assert rules_on(day) == expected


def test_the_day_before_a_swapped_working_saturday_is_that_saturday(
    bureau: Department, liaison: User
) -> None:
    owe(bureau, date(2018, 2, 26))

    assert rules_on(date(2018, 2, 24)) == ["before_due 1"]


def test_the_week_begins_on_its_first_working_day(bureau: Department, liaison: User) -> None:
    owe(bureau, date(2017, 6, 30))

    assert rules_on(date(2017, 10, 9)) == ["weekly 0"]
    assert rules_on(date(2017, 10, 10)) == []


def test_on_the_fifth_day_the_head_hears_of_it_too(bureau: Department, liaison: User) -> None:
    head = member(bureau, Role.HEAD)
    owe(bureau, date(2017, 12, 31))

    sweep_on(date(2018, 1, 2), hour=NIGHT)
    first = set(Reminder.objects.values_list("recipient", flat=True))
    sweep_on(date(2018, 1, 8), hour=NIGHT)
    fifth = Reminder.objects.filter(rule__kind=RuleKind.OVERDUE, rule__offset=5)

    assert first == {liaison.pk}
    assert set(fifth.values_list("recipient", flat=True)) == {liaison.pk, head.pk}


def test_a_unit_without_a_liaison_has_its_head_reminded(bureau: Department) -> None:
    head = member(bureau, Role.HEAD)
    owe(bureau, date(2017, 12, 31))

    sweep_on(TODAY, hour=NIGHT)

    assert Reminder.objects.get().recipient == head


def test_a_report_that_came_back_is_reminded_of_on_its_last_day(
    bureau: Department, liaison: User, supervisor: User
) -> None:
    milestone = owe(bureau, date(2018, 12, 31))
    report = SubmissionFactory.create(
        milestone=milestone, author=liaison, waiting=True, status=SubmissionStatus.RETURNED
    )
    Review.objects.create(
        submission=report,
        by=supervisor,
        at=moment(date(2017, 11, 16)),
        decision=Decision.RETURNED,
        note="缺少佐证材料",
        redo_by=date(2017, 11, 25),
    )

    assert rules_on(date(2017, 11, 23)) == []
    assert rules_on(date(2017, 11, 24)) == ["returned 0"]
    assert rules_on(date(2017, 11, 27)) == ["not_redone 1"]
    assert rules_on(date(2017, 11, 28)) == []


def test_what_waits_for_review_is_not_reminded_of(bureau: Department, liaison: User) -> None:
    SubmissionFactory.create(milestone=owe(bureau, date(2017, 12, 31)), waiting=True)
    SubmissionFactory.create(milestone=owe(bureau, date(2017, 6, 30)), waiting=True)

    assert rules_on(TODAY) == []


def test_what_is_done_is_not_reminded_of(bureau: Department, liaison: User) -> None:
    MilestoneFactory.create(department=bureau, done=True)

    assert rules_on(TODAY) == []


def test_two_sweeps_plan_once(bureau: Department, liaison: User) -> None:
    owe(bureau, date(2017, 12, 31))

    first = sweep_on(TODAY, hour=NIGHT)
    second = sweep_on(TODAY, hour=NIGHT)

    assert (first.planned, second.planned) == (1, 0)
    assert Reminder.objects.count() == 1


def test_three_days_stopped_are_caught_up_with_the_newest_only(
    bureau: Department, liaison: User
) -> None:
    owe(bureau, date(2017, 12, 29))
    sweep_on(date(2017, 12, 27), hour=NIGHT)

    sweep_on(date(2018, 1, 2), hour=NIGHT)

    told = Reminder.objects.order_by("day", "rule").values_list("rule__kind", "status")
    assert list(told) == [
        ("before_due", ReminderStatus.COALESCED),
        ("on_day", ReminderStatus.COALESCED),
        ("overdue", ReminderStatus.COALESCED),
        ("weekly", ReminderStatus.PLANNED),
    ]


def test_a_gap_is_caught_up_seven_days_back_and_no_further(
    bureau: Department, liaison: User
) -> None:
    owe(bureau, date(2017, 12, 20))
    owe(bureau, date(2017, 12, 21))
    sweep_on(date(2017, 12, 1), hour=NIGHT)

    sweep_on(date(2017, 12, 28), hour=NIGHT)

    assert Reminder.objects.earliest("day", "id").day == date(2017, 12, 21)


def test_the_first_sweep_plans_its_own_day_only(bureau: Department, liaison: User) -> None:
    owe(bureau, date(2017, 11, 21))

    sweep_on(date(2017, 11, 22), hour=NIGHT)

    assert list(Reminder.objects.values_list("day", flat=True)) == [date(2017, 11, 22)]


def test_a_co_lead_that_reports_through_another_is_not_reminded(
    bureau: Department, liaison: User
) -> None:
    milestone = owe(bureau, date(2017, 12, 31))
    co_lead = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department=DepartmentFactory.create(district=bureau.district),
        reports_through=milestone.assignment,
    )
    member(co_lead.department, Role.LIAISON)

    sweep_on(TODAY, hour=NIGHT)

    assert set(Reminder.objects.values_list("recipient", flat=True)) == {liaison.pk}


def test_a_month_asked_at_once_gives_what_its_days_give_one_by_one(
    bureau: Department, liaison: User, supervisor: User
) -> None:
    for due_on in (date(2017, 11, 17), date(2017, 12, 1), date(2017, 12, 31), date(2018, 1, 26)):
        owe(bureau, due_on)
    mending = owe(bureau, date(2017, 11, 24))
    report = SubmissionFactory.create(
        milestone=mending,
        author=liaison,
        status=SubmissionStatus.RETURNED,
        submitted_at=moment(date(2017, 11, 20)),
    )
    Review.objects.create(
        submission=report,
        by=supervisor,
        decision=Decision.RETURNED,
        redo_by=date(2017, 12, 6),
        note="补",
        at=moment(date(2017, 11, 21)),
    )
    calendar, people, rules = WorkCalendar.load(), People.load(), Rules().active()
    days = working_days(date(2017, 11, 20), date(2017, 12, 31), calendar)

    together = set(planned_in(days, rules, calendar, people))
    one_by_one = {row for day in days for row in planned_in([day], rules, calendar, people)}

    assert together == one_by_one
    assert {row.spoken.rule.kind for row in together} >= {"before_due", "overdue", "weekly"}
    kinds = ("overdue", "weekly")
    late = [row.day for row in together if row.pk == mending.pk and row.spoken.rule.kind in kinds]
    assert min(late) > date(2017, 12, 6)

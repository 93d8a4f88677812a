"""集中填报: reminded of as one, on working days, until it is sent."""

from datetime import date

import pytest

from accounts.choices import Role
from accounts.models import Department, User
from notifications.choices import ReminderStatus, Subject
from notifications.digest import make_digest
from notifications.matters import Matters
from notifications.models import Outbox, Reminder
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.choices import MilestoneKind
from tracking.models import Milestone, ReportingYear, Sheet

pytestmark = pytest.mark.usefixtures("calendar")
NIGHT = 7


@pytest.fixture
def sheet(bureau: Department) -> Sheet:
    """Two rows, open from 2017-12-11 to 2017-12-22."""
    rows = [
        MilestoneFactory.create(
            department=bureau, kind=MilestoneKind.CYCLE, deadline=None, period="2017"
        )
        for _ in range(2)
    ]
    year = ReportingYear.objects.create(
        plan=rows[0].plan,
        year=2017,
        opens_on=date(2017, 12, 11),
        closes_on=date(2017, 12, 22),
        reports_on=date(2018, 2, 28),
        draft_on=date(2018, 3, 9),
        sent_on=date(2018, 3, 30),
    )
    sheet = Sheet.objects.create(year=year, department=bureau)
    Milestone.objects.update(sheet=sheet)
    return sheet


def rules_on(day: date) -> list[str]:
    Reminder.objects.all().delete()
    sweep_on(day, hour=NIGHT)
    found = Reminder.objects.filter(day=day, subject_kind=Subject.SHEET).select_related("rule")
    return sorted(f"{row.rule.kind} {row.rule.offset}" for row in found)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 12, 8), []),
        (date(2017, 12, 11), ["sheet_open 0"]),
        (date(2017, 12, 12), []),
        (date(2017, 12, 15), ["sheet_close 5"]),
        (date(2017, 12, 21), ["sheet_close 1"]),
        (date(2017, 12, 22), ["sheet_close 0"]),
        (date(2017, 12, 23), []),
        (date(2017, 12, 25), ["sheet_late 1", "weekly 0"]),
        (date(2017, 12, 29), ["sheet_late 5"]),
        (date(2018, 1, 1), []),
        (date(2018, 1, 2), ["weekly 0"]),
    ],
)
def test_a_sheet_is_reminded_of_when_it_opens_closes_and_is_late(
    sheet: Sheet, liaison: User, day: date, expected: list[str]
) -> None:
    assert rules_on(day) == expected


def test_a_last_day_inside_a_holiday_is_reminded_of_on_the_working_day_before(
    sheet: Sheet, liaison: User
) -> None:
    ReportingYear.objects.update(closes_on=date(2017, 12, 31))

    assert rules_on(date(2017, 12, 29)) == ["sheet_close 0", "sheet_close 1"]


def test_what_is_on_a_sheet_is_not_reminded_of_row_by_row(sheet: Sheet, liaison: User) -> None:
    Milestone.objects.update(due_on=date(2017, 12, 22))

    sweep_on(date(2017, 12, 21), hour=NIGHT)

    assert set(Reminder.objects.values_list("subject_kind", flat=True)) == {Subject.SHEET}


def test_a_late_sheet_is_told_to_the_head_from_the_fifth_day(
    sheet: Sheet, bureau: Department, liaison: User
) -> None:
    head = member(bureau, Role.HEAD)

    sweep_on(date(2017, 12, 25), hour=NIGHT)
    first = set(Reminder.objects.values_list("recipient", flat=True))
    sweep_on(date(2017, 12, 29), hour=NIGHT)
    fifth = Reminder.objects.filter(rule__kind="sheet_late", rule__offset=5)

    assert first == {liaison.pk}
    assert set(fifth.values_list("recipient", flat=True)) == {liaison.pk, head.pk}


def test_two_sweeps_remind_once_and_missed_days_give_the_newest(
    sheet: Sheet, liaison: User
) -> None:
    sweep_on(date(2017, 12, 20), hour=NIGHT)
    sweep_on(date(2017, 12, 25))
    sweep_on(date(2017, 12, 25))
    send_on(date(2017, 12, 25))
    send_on(date(2017, 12, 25))

    told = Reminder.objects.order_by("day", "rule").values_list("rule__kind", "status")
    assert list(told) == [
        ("sheet_close", ReminderStatus.COALESCED),
        ("sheet_close", ReminderStatus.COALESCED),
        ("weekly", ReminderStatus.COALESCED),
        ("sheet_late", ReminderStatus.ENQUEUED),
    ]
    assert Outbox.objects.get().status == "sent"


def test_a_sheet_sent_before_the_mail_leaves_is_not_reminded_of(
    sheet: Sheet, liaison: User
) -> None:
    sweep_on(date(2017, 12, 21))
    Sheet.objects.update(submitted_at=moment(date(2017, 12, 21)))

    send_on(date(2017, 12, 21))

    reminder = Reminder.objects.get()
    assert (reminder.status, reminder.reason) == (ReminderStatus.SUPPRESSED, "已报送")
    assert Outbox.objects.get().status == "cancelled"


def test_a_last_day_that_moved_ends_the_reminder_of_the_old_one(
    sheet: Sheet, liaison: User
) -> None:
    sweep_on(date(2017, 12, 21), hour=NIGHT)
    ReportingYear.objects.update(closes_on=date(2017, 12, 25))

    sweep_on(date(2017, 12, 21))

    assert Reminder.objects.get().reason == "填报截止日已改为2017年12月25日"


def test_the_digest_says_how_much_of_the_sheet_is_filled_in(sheet: Sheet, liaison: User) -> None:
    SubmissionFactory.create(milestone=sheet.milestones.order_by("id")[0], author=liaison)

    digest = make_digest(liaison, Matters(sheets=[sheet.pk]), at=moment(date(2017, 12, 21)))

    assert "集中填报表1张" in digest.subject
    item = digest.sections[0].items[0]
    assert (item.reference, item.title) == ("《2017年度集中填报表》", "12月22日截止，已填1/2行")


def test_the_digest_before_it_opens_says_when(
    sheet: Sheet, bureau: Department, liaison: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau)

    digest = make_digest(liaison, Matters(milestones=[milestone.pk]), at=moment(date(2017, 11, 20)))

    assert digest.rest.endswith("12月11日起开放《2017年度集中填报表》，一次填完、一次审签。")

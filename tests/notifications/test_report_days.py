"""反馈截止日 follows the calendar, and the units concerned are told."""

from datetime import date

import pytest

from accounts.calendar import published_days
from accounts.models import CalendarDay, Department, Event, User
from notifications.channels.mailbox import keys_of, read
from notifications.models import Notice, Reminder
from tests.conftest import TODAY
from tests.factories import MilestoneFactory
from tests.notifications.conftest import send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar")
NIGHT = 7


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau, due_on=date(2017, 12, 31))


def test_a_day_off_more_moves_the_report_day_and_the_reminders(
    milestone: Milestone, liaison: User
) -> None:
    CalendarDay.objects.create(date=date(2017, 12, 29), is_workday=False)
    sweep_on(TODAY, hour=NIGHT)
    sweep_on(TODAY, hour=NIGHT)
    sweep_on(date(2017, 12, 28), hour=NIGHT)

    milestone.refresh_from_db()
    assert (milestone.report_by, milestone.due_on) == (date(2017, 12, 28), date(2017, 12, 31))
    assert "由2017年12月29日改为2017年12月28日" in Notice.objects.get(recipient=liaison).text
    days = Reminder.objects.filter(rule__kind="on_day").values_list("day", flat=True)
    assert list(days) == [date(2017, 12, 28)]


def test_a_year_filled_in_is_followed_once(bureau: Department, liaison: User) -> None:
    CalendarDay.objects.filter(date__year=2018).delete()
    milestone = MilestoneFactory.create(department=bureau, due_on=date(2018, 12, 31))
    assert milestone.report_by == date(2018, 12, 31)
    CalendarDay.objects.bulk_create(published_days(2018))

    sweep_on(TODAY, hour=NIGHT)
    sweep_on(TODAY, hour=NIGHT)

    milestone.refresh_from_db()
    assert milestone.report_by == date(2018, 12, 29)
    assert Event.objects.filter(action="follow_calendar", department=bureau).count() == 1


def test_days_past_and_done_stay_as_they_were(bureau: Department, liaison: User) -> None:
    past = MilestoneFactory.create(
        department=bureau, due_on=date(2017, 6, 30), report_by=date(2017, 6, 29)
    )
    done = MilestoneFactory.create(department=bureau, done=True, report_by=date(2017, 12, 1))

    sweep_on(TODAY, hour=NIGHT)

    kept = set(Milestone.objects.values_list("pk", "report_by"))
    assert kept == {(past.pk, date(2017, 6, 29)), (done.pk, date(2017, 12, 1))}
    assert not Event.objects.filter(action="follow_calendar").exists()


def test_the_coordinator_is_told_once_for_the_district(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    MilestoneFactory.create(due_on=date(2017, 12, 30), department=milestone.department)
    CalendarDay.objects.create(date=date(2017, 12, 29), is_workday=False)

    sweep_on(TODAY, hour=NIGHT)
    sweep_on(TODAY, hour=NIGHT)

    told = Notice.objects.get(recipient=coordinator)
    assert "1家单位2个时间节点的反馈截止日随之改变" in told.text
    assert told.path == "/calendar/"


def test_the_next_digest_says_once_which_day_moved(milestone: Milestone, liaison: User) -> None:
    CalendarDay.objects.create(date=date(2017, 12, 29), is_workday=False)
    for day in range(15, 30):
        sweep_on(date(2017, 12, day))
        send_on(date(2017, 12, day))

    texts = [mail.text for mail in read(liaison.email, keys_of(liaison.email)[::-1])]

    news = "反馈截止日随之改变：1个时间节点由12月29日改为12月28日。"
    assert len(texts) > 1
    assert [news in text for text in texts] == [True] + [False] * (len(texts) - 1)

"""工作日历: who may change it, by which of three ways, and what the page says."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.calendar import unknown_years
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import CalendarDay, Event, User
from accounts.usecases import enter_notice, fill_calendar, set_calendar_day
from tests.accounts.test_holiday_notice import OF_2018
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory


def sign_in(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


def test_a_pasted_notice_is_checked_before_it_is_taken_over(
    client: Client, coordinator: User
) -> None:
    sign_in(client, coordinator)
    read = client.post("/calendar/notice/", {"year": "2018", "text": OF_2018})
    page = read.content.decode()

    assert "读出" in page
    assert "2月11日 星期日：上班" in page
    assert not CalendarDay.objects.exists()

    checked = read.context["checked"]
    client.post("/calendar/notice/", {"year": "2018", "text": OF_2018, "checked": checked})

    assert CalendarDay.objects.get(date=date(2018, 2, 11)).is_workday
    assert not unknown_years([date(2018, 1, 1)])
    assert Event.objects.get(action="enter_notice").actor == coordinator


def test_what_was_changed_after_the_check_is_read_again(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    checked = client.post("/calendar/notice/", {"year": "2018", "text": OF_2018}).context["checked"]
    other = OF_2018.replace("2月11日（星期日）、", "")

    page = client.post("/calendar/notice/", {"year": "2018", "text": other, "checked": checked})

    assert "请与通知核对" in page.content.decode()
    assert not CalendarDay.objects.exists()


def test_a_notice_of_another_year_is_refused_and_kept_on_the_page(
    client: Client, coordinator: User
) -> None:
    sign_in(client, coordinator)
    answer = client.post("/calendar/notice/", {"year": "2019", "text": OF_2018})

    assert answer.status_code == 400
    assert "请核对年份" in answer.content.decode()
    assert "2月15日至21日放假调休" in answer.content.decode()
    with pytest.raises(InvalidError):
        enter_notice(year=2019, text=OF_2018, by=coordinator, at=NOON)


def test_one_day_is_worked_off_or_again_what_its_weekday_says(coordinator: User) -> None:
    day = date(2018, 10, 25)
    set_calendar_day(day=day, is_workday=False, name="自治区纪念日", by=coordinator, at=NOON)
    assert not CalendarDay.objects.get(date=day).is_workday
    set_calendar_day(day=day, is_workday=None, name="", by=coordinator, at=NOON)
    assert not CalendarDay.objects.exists()
    with pytest.raises(InvalidError):
        set_calendar_day(day=day, is_workday=None, name="", by=coordinator, at=NOON)
    assert Event.objects.filter(action="set_calendar_day").count() == 2


def test_the_library_does_not_undo_what_a_person_entered(coordinator: User) -> None:
    day = date(2018, 2, 24)
    set_calendar_day(day=day, is_workday=False, name="本地安排", by=coordinator, at=NOON)

    fill_calendar(from_year=2018, to_year=2018, by=coordinator, at=NOON)

    assert not CalendarDay.objects.get(date=day).is_workday


def test_who_only_reads_sees_the_year_and_cannot_change_it(client: Client, liaison: User) -> None:
    sign_in(client, liaison)
    page = client.get("/calendar/?year=2018").content.decode()

    assert "还没有录入" in page
    assert "粘贴放假通知" not in page
    for path, data in (
        ("fill", {"year": "2018"}),
        ("day", {"day": "2018-01-02", "kind": "off"}),
        ("notice", {"year": "2018", "text": OF_2018}),
    ):
        assert client.post(f"/calendar/{path}/", data).status_code == 403
    with pytest.raises(ForbiddenError):
        set_calendar_day(day=TODAY, is_workday=False, name="", by=liaison, at=NOON)


def test_a_bad_day_is_shown_with_what_was_typed(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    data = {"day": "2018-13-40", "kind": "off", "name": "某纪念日", "year": "2018"}

    answer = client.post("/calendar/day/", data)

    assert answer.status_code == 400
    assert "某纪念日" in answer.content.decode()


def test_the_page_asks_no_more_for_a_full_year(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    client.get("/calendar/?year=2018")
    with CaptureQueriesContext(connection) as empty:
        client.get("/calendar/?year=2018")
    fill_calendar(from_year=2018, to_year=2018, by=coordinator, at=NOON)
    with CaptureQueriesContext(connection) as full:
        page = client.get("/calendar/?year=2018").content.decode()

    assert len(empty) == len(full)
    assert "还没有录入" not in page
    assert "录入2018年的安排" in page


def test_pages_with_days_of_an_unknown_year_say_so(client: Client, coordinator: User) -> None:
    unit = coordinator.memberships.get().department
    milestone = MilestoneFactory.create(department__district=unit.district)
    sign_in(client, coordinator)
    year = milestone.due_on.year
    pages = ("/milestones/?state=", f"/milestones/{milestone.pk}/")

    for page in pages:
        assert f"{year}年的放假安排还没有录入" in client.get(page).content.decode()
    fill_calendar(from_year=year, to_year=year, by=None, at=NOON)
    for page in pages:
        assert "放假安排还没有录入" not in client.get(page).content.decode()

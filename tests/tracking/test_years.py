"""年度日程: the coordinator sets the days of a year, and what the plan does not date follows."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.errors import ForbiddenError, InvalidError, StaleError
from accounts.models import Event, User
from tests.factories import MilestoneFactory
from tests.tracking.test_sheets import NOON, fill_in, send
from tracking.models import Milestone, ReportingYear, Sheet
from tracking.selectors.years import years_at_work
from tracking.usecases import set_reporting_year

DAYS = {
    "opens_on": date(2017, 12, 4),
    "closes_on": date(2017, 12, 16),
    "reports_on": date(2018, 2, 28),
    "draft_on": date(2018, 3, 9),
    "sent_on": date(2018, 3, 30),
}


def reschedule(year: ReportingYear, by: User, **changed: Any) -> ReportingYear:
    return set_reporting_year(year_id=year.pk, by=by, at=NOON, **(DAYS | changed))


@pytest.fixture
def year(sheet: Sheet) -> ReportingYear:
    Milestone.objects.update(due_on=date(2017, 12, 22), original_due_on=date(2017, 12, 22))
    return sheet.year


def test_open_rows_of_the_year_follow_its_last_day(year: ReportingYear, coordinator: User) -> None:
    reschedule(year, coordinator)

    days = set(Milestone.objects.values_list("due_on", "original_due_on", "report_by"))
    assert days == {(date(2017, 12, 16), date(2017, 12, 16), date(2017, 12, 15))}


def test_what_the_plan_dates_or_was_extended_or_done_stays(
    year: ReportingYear, sheet: Sheet, coordinator: User
) -> None:
    extended, done = sheet.milestones.order_by("id")
    Milestone.objects.filter(pk=extended.pk).update(due_on=date(2018, 1, 31))
    Milestone.objects.filter(pk=done.pk).update(status="done", completed_on=date(2017, 12, 1))
    dated = MilestoneFactory.create(department=sheet.department, sheet=sheet)

    reschedule(year, coordinator)

    assert Milestone.objects.get(pk=extended.pk).due_on == date(2018, 1, 31)
    assert Milestone.objects.get(pk=done.pk).due_on == date(2017, 12, 22)
    assert Milestone.objects.get(pk=dated.pk).due_on == date(2017, 12, 31)


def test_the_change_is_on_record_with_both_days(year: ReportingYear, coordinator: User) -> None:
    reschedule(year, coordinator)

    note = Event.objects.get(action="reschedule").note
    assert "集中填报截止由2017年12月22日改为2017年12月16日" in note
    assert "部门年度报告" not in note


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_on": date(2017, 12, 17)},
        {"reports_on": date(2017, 12, 16)},
        {"draft_on": date(2018, 2, 28)},
        {"sent_on": date(2018, 3, 1)},
    ],
)
def test_days_out_of_order_are_refused(
    year: ReportingYear, coordinator: User, wrong: dict[str, date]
) -> None:
    with pytest.raises(InvalidError):
        reschedule(year, coordinator, **wrong)


def test_only_the_coordinator_sets_days(year: ReportingYear, supervisor: User) -> None:
    with pytest.raises(ForbiddenError):
        reschedule(year, supervisor)


def test_two_coordinators_do_not_overwrite_each_other(
    year: ReportingYear, coordinator: User
) -> None:
    reschedule(year, coordinator, expected_version=1)

    with pytest.raises(StaleError):
        reschedule(year, coordinator, expected_version=1)


def test_the_year_at_work_says_who_has_not_sent(
    year: ReportingYear, sheet: Sheet, liaison: User
) -> None:
    before = years_at_work([year.plan], today=date(2017, 12, 15))[0]
    fill_in(sheet, liaison)
    send(sheet, liaison)

    after = years_at_work([year.plan], today=date(2017, 12, 15))[0]

    assert (before.owed, before.sent, before.missing) == (1, 0, (sheet.department.name,))
    assert (after.owed, after.sent, after.missing) == (1, 1, ())


def test_the_page_sets_the_days_and_keeps_what_was_typed_wrong(
    year: ReportingYear, coordinator: User, client: Client, settings: Settings
) -> None:
    settings.FIXED_TODAY = date(2017, 11, 20)
    client.force_login(coordinator)
    url = f"/plans/{year.plan_id}/years/"
    form = {name: day.isoformat() for name, day in DAYS.items()} | {
        "year": str(year.pk),
        "expected_version": "1",
    }

    wrong = client.post(url, form | {"request_key": str(uuid4()), "closes_on": "2017-12-01"})
    right = client.post(url, form | {"request_key": str(uuid4())})

    assert wrong.status_code == 400
    assert 'value="2017-12-01"' in wrong.content.decode()
    assert right.status_code == 302
    assert "集中填报截止由" in client.get(url).content.decode()


def test_a_liaison_reads_the_days_and_sets_none(year: ReportingYear, page: Client) -> None:
    url = f"/plans/{year.plan_id}/years/"

    html = page.get(url).content.decode()

    assert "<form" not in html.split("<main", 1)[1]
    assert "应报" not in html
    assert page.post(url, {"year": str(year.pk)}).status_code == 403

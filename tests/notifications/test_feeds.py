"""日历订阅: whose days, under which address, and when it ends; read back by the library."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.errors import ForbiddenError
from accounts.models import Department, Event, User
from notifications.models import CalendarFeed
from notifications.usecases import make_feed, revoke_feed
from tests.conftest import NOON
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    SheetFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import SubmissionStatus

pytestmark = pytest.mark.usefixtures("calendar")


def address(person: User) -> str:
    return f"/feed/{make_feed(by=person, at=NOON).secret}.ics"


def entries(client: Client, path: str) -> dict[str, date]:
    """Read the feed as a calendar does: titles and days."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    feed = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event.decoded("dtstart") for event in feed.walk("VEVENT")}


def test_a_calendar_reads_the_days_to_report_by_without_signing_in(
    client: Client, bureau: Department, liaison: User
) -> None:
    mine = MilestoneFactory.create(department=bureau, due_on=date(2017, 12, 31))
    MilestoneFactory.create(due_on=date(2017, 12, 31))
    MilestoneFactory.create(department=bureau, done=True)
    title = f"{mine.assignment.measure.reference} {mine.assignment.measure.title}"

    assert entries(client, address(liaison)) == {title: date(2017, 12, 29)}


def test_what_waits_for_review_is_left_out_and_no_word_of_a_report_is_told(
    client: Client, bureau: Department, liaison: User
) -> None:
    waiting, written = (MilestoneFactory.create(department=bureau) for _ in range(2))
    SubmissionFactory.create(
        milestone=waiting, author=liaison, status=SubmissionStatus.SUBMITTED, submitted_at=NOON
    )
    SubmissionFactory.create(milestone=written, author=liaison, narrative="内部情况")
    path = address(liaison)

    assert len(entries(client, path)) == 1
    assert "内部情况" not in Calendar.from_ical(client.get(path).content).to_ical().decode()


def test_a_sheet_stands_in_the_feed_as_one(
    client: Client, bureau: Department, liaison: User
) -> None:
    sheet = SheetFactory.create(department=bureau)
    MilestoneFactory.create(department=bureau, sheet=sheet, due_on=sheet.year.closes_on)

    found = entries(client, address(liaison))

    assert found == {f"《{sheet.year.year}年度集中填报表》截止": sheet.year.closes_on}


def test_an_unchanged_feed_is_not_sent_again(
    client: Client, bureau: Department, liaison: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    path = address(liaison)
    etag = client.get(path)["ETag"]

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    milestone.report_by = date(2017, 12, 28)
    milestone.version += 1
    milestone.save()
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(
    client: Client, liaison: User, settings: Settings
) -> None:
    settings.BASE_URL = "https://xxzx.example"
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    first = client.post("/subscription/make/", {"request_key": "one"}).content.decode()
    again = client.post("/subscription/make/", {"request_key": "one"}, follow=True)
    row = CalendarFeed.objects.get()

    assert "https://xxzx.example/feed/" in first
    assert "https://xxzx.example/feed/" not in again.content.decode()
    assert row.digest not in first
    assert not Event.objects.filter(note__contains=row.digest).exists()


def test_a_new_address_ends_the_old_one_and_a_revoked_one_is_gone(
    client: Client, liaison: User, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = address(liaison), address(liaison)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    revoke_feed(by=liaison, at=NOON)

    assert client.get(new).status_code == 404
    assert client.get("/feed/nothing.ics").status_code == 404
    assert "/feed/" not in caplog.text


def test_whoever_left_or_reports_no_longer_gets_nothing(
    client: Client, bureau: Department, liaison: User
) -> None:
    moved = member(bureau, Role.LIAISON)
    paths = address(liaison), address(moved)
    liaison.is_active = False
    liaison.save()
    moved.memberships.update(until_on=date(2017, 1, 1))

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_the_feed_follows_the_person_to_another_unit(client: Client, liaison: User) -> None:
    path = address(liaison)
    unit = DepartmentFactory.create()
    MilestoneFactory.create(department=unit)
    assert entries(client, path) == {}

    liaison.memberships.update(department=unit)

    assert len(entries(client, path)) == 1


def test_only_who_reports_can_subscribe(client: Client, viewer: User) -> None:
    with pytest.raises(ForbiddenError):
        make_feed(by=viewer, at=NOON)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    assert "没有可以订阅的截止日" in client.get("/subscription/").content.decode()


def test_a_longer_feed_asks_no_more(client: Client, bureau: Department, liaison: User) -> None:
    first = MilestoneFactory.create(department=bureau)
    path = address(liaison)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    edition = first.assignment.measure.edition
    for _ in range(5):
        assignment = AssignmentFactory.create(measure__edition=edition, department=bureau)
        MilestoneFactory.create(assignment=assignment, department=bureau)
    with CaptureQueriesContext(connection) as many:
        assert len(entries(client, path)) == 6

    assert len(few) == len(many)
    assert CalendarFeed.objects.get().last_used_on is not None

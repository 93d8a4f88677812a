"""日历订阅: what a person's units have to report, as an iCalendar file that calendars read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from accounts.links import absolute
from accounts.models import User
from accounts.scope import scope_of
from plans.typography import full_width
from tracking.models import Milestone, Sheet

NAME = "实施方案任务督办"
REFRESH = "PT6H"


def feed_of(user: User) -> bytes:
    """Return the open milestones of the person's units by the day to report by, and their sheets;
    the same bytes as long as nothing changed. Titles only, no word of a report."""
    feed = Calendar()
    feed.add("prodid", "-//plan-tracking//reports due//ZH")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", NAME)
    feed.add("x-published-ttl", REFRESH)
    for event in _events(user):
        feed.add_component(event)
    return bytes(feed.to_ical())


def _events(user: User) -> Iterator[Event]:
    units = scope_of(user).departments
    for row in _milestones(user, units):
        title = full_width(row.assignment.measure.title)
        due_on = row.due_on
        yield _event(
            f"milestone-{row.pk}",
            f"{row.reference} {title}",
            row.report_by,
            row.version,
            row.assignment.dispatch.issued_on,
            absolute("tracking:milestone", row.pk),
            f"{row.department}填报，完成时限{due_on.year}年{due_on.month}月{due_on.day}日，"
            "请于当天下班前报送。",
        )
    for sheet in _sheets(user, units):
        yield _event(
            f"sheet-{sheet.pk}",
            f"《{sheet.year.year}年度集中填报表》截止",
            sheet.year.closes_on,
            sheet.version + sheet.year.version,
            sheet.year.opens_on,
            absolute("tracking:sheet", sheet.pk),
            f"{sheet.department}填报，{sheet.year.opens_on.month}月{sheet.year.opens_on.day}日起开放，"
            "一次填完、一次审签。",
        )


def _milestones(user: User, units: set[int]) -> Iterable[Milestone]:
    rows = Milestone.objects.visible_to(user).owed_by(units).by_themselves().unanswered()
    return rows.with_assignment().order_by("report_by", "id")


def _sheets(user: User, units: set[int]) -> Iterable[Sheet]:
    rows = Sheet.objects.visible_to(user).filter(department__in=units, submitted_at=None)
    return rows.unsent().with_year().order_by("year__closes_on", "id")


def _event(
    key: str, title: str, day: date, version: int, made_on: date, url: str, words: str
) -> Event:
    event = Event()
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    event.add("uid", f"{key}@{host}")
    event.add("dtstamp", datetime.combine(made_on, time(), tzinfo=UTC))
    event.add("sequence", version)
    event.add("summary", title)
    event.add("dtstart", day)
    event.add("description", f"{words}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event

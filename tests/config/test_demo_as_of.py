"""How the demonstration stood on days before: the pages against what they showed on the evening of
the day, and the list against the story, told again by hand."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from config.demo import people, play, story
from tests.config.test_demo import reference
from tests.demo import seeded
from tracking.choices import OVERDUE_STATES, Decision, MilestoneState
from tracking.models import Milestone
from tracking.selectors import soon_until

DAYS = [date(2016, 9, 30), date(2016, 12, 31), date(2017, 6, 30), date(2017, 7, 1)]
DAYS += [date(2017, 10, 31), date(2017, 11, 15)]
EVENINGS = DAYS[1:5]
ROWS, PAPER = r"<tbody>.*?</tbody>", r"<article.*?</article>"
MONTHS = r'<table class="bars">.*?</table>'
OFFICE = people.COORDINATOR.username
PAGES = {
    "the paper of a leader": ("/", people.VICE_MAYOR.username, PAPER),
    "the months of the office": ("/", OFFICE, MONTHS),
    "the milestones": ("/milestones/", OFFICE, ROWS),
    "the milestones of a department": ("/milestones/", "fgj", ROWS),
    "the assignments": ("/assignments/", OFFICE, ROWS),
    "their third page": ("/assignments/?page=3", OFFICE, ROWS),
    "the overdue of a department": ("/assignments/?state=overdue", "fgj", ROWS),
    "the assignments due by the end of 2016": (
        "/assignments/?due_before=2016-12-31",
        OFFICE,
        ROWS,
    ),
}
PLAIN_STATIC = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
Shown = dict[tuple[str, date], list[str]]


def look(page: str, **asked: str) -> list[str]:
    """Return a page's rows, or its paper but for its word for now."""
    path, username, pattern = PAGES[page]
    client = Client()
    client.login(username=username, password=people.PASSWORD)
    html = client.get(path, query_params=_asked(path) | asked).content.decode()
    return [part.replace("截至当日", "截至今日") for part in re.findall(pattern, html, re.DOTALL)]


def _asked(path: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)


def play_and_look(shown: Shown) -> None:
    """Play the story, and look at the pages on the evenings of some days."""
    left = play.steps(play.prepare())
    for day in [*EVENINGS, story.UNTIL]:
        while left and left[0][0].date() <= day:
            left.pop(0)[1]()
        if day in EVENINGS:
            with override_settings(FIXED_TODAY=day, SECOND_FACTOR=False, STORAGES=PLAIN_STATIC):
                shown |= {(page, day): look(page) for page in PAGES}
    assert not left


@pytest.fixture(scope="module")
def shown() -> Shown:
    return {}


@pytest.fixture(scope="module")
def _seeded(
    folder: Path, shown: Shown, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    with django_db_blocker.unblock(), seeded(folder, partial(play_and_look, shown)):
        yield


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_past_days_as_it_showed_them_then(demo: None, shown: Shown, page: str) -> None:
    then = [shown[page, day] for day in EVENINGS]

    assert [look(page, as_of=str(day)) for day in EVENINGS] == then
    assert any(evening != then[0] for evening in then)


def word(strand: story.Strand, original: date, day: date) -> tuple[str, date]:
    """Say from the story alone how a strand stood at the end of a day, and when it was due."""
    due = original
    for moved in strand.moved:
        due = moved.new_due_on if moved.approved_on <= day else due
    sent = [told for told in strand.told if told.is_sent and told.written_on <= day]
    decided = [told for told in sent if told.decided_on and told.decided_on <= day]
    if any(told.decision == Decision.DONE for told in decided):
        return "done", due
    if sent and sent[-1] not in decided:
        return "waiting", due
    if due >= day:
        return "open", due
    last = sent[-1] if sent else None
    if last and last.decision == Decision.RETURNED and last.written_on <= due:
        assert last.redo_by is not None
        return ("open" if last.redo_by >= day else "overdue"), due
    return "overdue", due


def kind(state: str) -> str:
    if state in OVERDUE_STATES:
        return "overdue"
    if state == MilestoneState.WAITING:
        return "waiting"
    done = (MilestoneState.DONE, MilestoneState.DONE_LATE, MilestoneState.DONE_REPORTED_LATE)
    return "done" if state in done else "open"


@pytest.mark.parametrize("day", DAYS)
def test_the_nodes_stood_on_a_day_as_the_story_tells(demo: None, day: date) -> None:
    found = Milestone.objects.counted().as_of(day, soon_until=soon_until(day)).with_assignment()
    by_strand: dict[str, list[Milestone]] = {}
    for row in found.order_by("original_due_on", "id"):
        by_strand.setdefault(row.assignment.measure.path, []).append(row)
    strands = story.read_story(play.STORY)

    told, stood = {}, {}
    for strand in strands:
        row = by_strand[strand.measure][strand.date_number - 1]
        told[reference(row)] = word(strand, row.original_due_on, day)
        stood[reference(row)] = (kind(row.state), row.due_then)  # type: ignore[attr-defined]

    assert stood == told
    assert len(stood) == 37


def test_nothing_stood_before_the_plan_was_handed_out(demo: None) -> None:
    day = date(2016, 9, 11)

    assert not Milestone.objects.as_of(day, soon_until=soon_until(day)).exists()


def test_a_page_of_a_past_day_says_so(demo: None, client: Client) -> None:
    client.login(username=people.COORDINATOR.username, password=people.PASSWORD)

    shown = client.get("/milestones/?as_of=2017-06-30").content.decode()
    future = client.get("/milestones/?as_of=2030-01-01").content.decode()

    assert "以下是2017年6月30日的情况" in shown
    assert "共37个" in shown
    assert "以下是" not in future
    for path in ("/", "/assignments/", "/metrics/"):
        assert (
            "以下是2017年6月30日的情况" in client.get(f"{path}?as_of=2017-06-30").content.decode()
        )

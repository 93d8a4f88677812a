"""How the demonstration stood on days before: the list against its story, told again by hand."""

from datetime import date

import pytest
from django.test import Client

from config.demo import people, play, story
from tests.config.test_demo import reference
from tracking.choices import OVERDUE_STATES, Decision, MilestoneState
from tracking.models import Milestone
from tracking.selectors import soon_until

DAYS = [date(2016, 9, 30), date(2016, 12, 31), date(2017, 6, 30), date(2017, 7, 1)]
DAYS += [date(2017, 10, 31), date(2017, 11, 15)]


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


def test_the_list_of_a_past_day_says_so(demo: None, client: Client) -> None:
    client.login(username=people.COORDINATOR.username, password=people.PASSWORD)

    shown = client.get("/milestones/?as_of=2017-06-30").content.decode()
    future = client.get("/milestones/?as_of=2030-01-01").content.decode()

    assert "以下是2017年6月30日的情况" in shown
    assert "共37个" in shown
    assert "以下是" not in future

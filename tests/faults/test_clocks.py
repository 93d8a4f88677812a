"""4, 17 and 20: days without a sweep, clocks that jump, days that move meanwhile."""

import sys
from datetime import UTC, datetime

import pytest

from tests.faults.conftest import Judge, size
from tests.faults.stand import Stand, wait_for

pytestmark = pytest.mark.broker
LEASE = 5


def test_4_five_days_stopped_end_in_one_mail_each(
    stand: Stand, judged: Judge, only_whole: None
) -> None:
    people = 60
    stand.scene(people, people, "2017-12-29")
    stand.start_engine(FIXED_TODAY="2017-12-28")
    stand.settle(60)
    before = len(stand.sink.arrivals)
    stand.stop_engine()
    stand.start_engine(FIXED_TODAY="2018-01-02")
    later = "SELECT count(*) FROM notifications_outbox WHERE day = '2018-01-02'"
    wait_for("the digests of the new day", lambda: stand.one(later) == people)
    stand.settle(60)

    figures = judged(stand, "4 five days stopped", intents=4 * people)
    spared = "SELECT count(*) FROM notifications_reminder WHERE status = 'coalesced'"
    assert before == people
    assert len(stand.sink.arrivals) == 2 * people
    assert stand.one(spared) == 2 * people
    assert figures.copies == 1


def test_17_clocks_that_jump_send_nothing_early_and_nothing_twice(
    stand: Stand, judged: Judge
) -> None:
    people = size(40, 10)
    stand.scene(people, people)
    office = {"REMIND_FROM": "08:30", "REMIND_UNTIL": "18:00", "SEND_FOR_SECONDS": "50"}

    def sweep(at: str) -> int:
        stand.run("manage.py", "sweep", "--at", at, **office)
        return len(stand.sink.arrivals)

    early = [sweep("2017-11-19T23:59:59"), sweep("2017-11-20T08:29:59")]
    if stand.kind == "postgresql":  # SQLite has no clock to compare with
        ahead = [sys.executable, "-m", "tests.faults.shifted", "300", "sweep"]
        stand.start(*ahead).wait(60)
        early.append(len(stand.sink.arrivals))
        assert "disagree" in stand.log()
    on_time = sweep("2017-11-20T08:30")
    jumps = [
        sweep("2017-11-20T05:30"),
        sweep("2017-11-19T23:59:59"),
        sweep("2017-11-20T09:00"),
        sweep("2017-11-22T09:00"),
        sweep("2017-11-20T09:30"),
        sweep("2017-11-21T09:00"),
    ]

    figures = judged(stand, "17 clocks jump", intents=people, is_timed=False)
    assert set(early) == {0}
    assert {on_time, *jumps} == {people}
    assert figures.copies == 1


def test_20_no_mail_claimed_after_a_day_moved_has_the_old_day(
    stand: Stand, judged: Judge, only_whole: None
) -> None:
    people = 200
    stand.scene(people, 2 * people)
    stand.sink.pause = 0.1
    edits = stand.folder / "edits"
    stand.env["PYTHONUNBUFFERED"] = "1"
    editor = stand.start(
        "/bin/sh", "-c", f"exec {sys.executable} -m tests.faults.editor 30 > {edits}"
    )
    wait_for("the first edit", lambda: edits.exists() and edits.read_text().count("\n") > 5)
    stand.start_engine()
    editor.wait(90)
    stand.settle(60)

    moved = {
        what: float(at) for what, at in (line.split() for line in edits.read_text().splitlines())
    }
    claimed = {
        key: _moment(until) - LEASE
        for key, until in stand.rows(
            "SELECT message_id, lease_until FROM notifications_outbox WHERE status = 'sent'"
        )
    }
    wrong = [
        (what, arrival.address)
        for what, at in moved.items()
        for arrival in stand.sink.arrivals
        if what in arrival.text and claimed[arrival.message_id] > at
    ]
    intents = stand.one("SELECT count(*) FROM notifications_reminder")
    judged(stand, "20 days moved meanwhile", intents=intents)
    spared = "SELECT count(*) FROM notifications_reminder WHERE reason LIKE '完成时限已改为%'"
    assert len(moved) > 100
    assert stand.one(spared) > 20
    assert wrong == []


def _moment(text: datetime | str) -> float:
    at = datetime.fromisoformat(text) if isinstance(text, str) else text
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).timestamp()

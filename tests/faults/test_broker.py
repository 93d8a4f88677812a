"""2, 3 and 5: the broker dies, forgets, hangs; several of everything run."""

import os
import signal
import time

import pytest

from tests.faults.conftest import Judge, size
from tests.faults.stand import MANAGE, Stand, Web, wait_for

pytestmark = pytest.mark.broker


def test_2_a_broker_that_dies_forgets_or_evicts_costs_a_delay_only(
    full: Stand, judged: Judge
) -> None:
    people, reminders = size(200, 40), size(600, 80)
    full.scene(people, reminders)
    full.start_engine()
    wait_for("the first mail", lambda: full.sink.arrivals)
    assert full.broker is not None
    full.kill(full.broker)
    full.kills += 1
    time.sleep(size(5, 1))
    full.start_broker()
    full.tell_broker("FLUSHALL")
    full.tell_broker("CONFIG SET maxmemory-policy allkeys-lru")
    full.tell_broker("CONFIG SET maxmemory 2mb")
    full.settle(60)

    figures = judged(full, "2 broker killed, emptied", intents=reminders)
    assert figures.copies == 1


def test_3_two_of_everything_send_what_one_sends(
    stand: Stand, judged: Judge, only_whole: None
) -> None:
    people = 200
    stand.scene(people, 2 * people)
    stand.start_engine()
    if stand.kind == "postgresql":
        stand.beat()
    for _ in range(2):
        stand.start(*MANAGE, "run_sweeper")
    stand.settle(60)
    stand.run("manage.py", "sweep")

    figures = judged(stand, "3 two beats, two sweepers", intents=2 * people)
    assert figures.copies == 1
    assert len(stand.sink.arrivals) == people


def test_5_a_hung_broker_keeps_nobody_waiting(full: Stand, judged: Judge) -> None:
    reports = size(30, 8)
    full.scene(1, reports + 10)
    full.start_engine()
    full.settle(60)
    web = Web(full)
    milestones = [pk for (pk,) in full.rows("SELECT id FROM tracking_milestone ORDER BY id")]
    before = web.report(milestones[-1])
    assert full.broker is not None
    os.kill(full.broker.pid, signal.SIGSTOP)
    answers = []
    for milestone in milestones[:reports]:
        answers.append(web.report(milestone))
        time.sleep(0.3)
    ready = web.ask("GET", "/readyz")
    os.kill(full.broker.pid, signal.SIGCONT)
    kept = full.one("SELECT count(*) FROM tracking_submission")
    swept = full.one("SELECT last_tick_at FROM notifications_sweepstate")
    wait_for(
        "the engine to go on",
        lambda: full.one("SELECT last_tick_at FROM notifications_sweepstate") != swept,
        60,
    )

    judged(full, "5 broker hung", intents=reports + 10)
    assert before[0] == 201
    assert [status for status, _ in answers] == [201] * reports
    assert max(took for _, took in answers) < 3
    assert kept == reports + 1
    assert ready[0] == 200
    assert ready[1] < 2
    assert ready[2]["status"] == "degraded"

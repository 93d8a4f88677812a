"""1 and 6: processes die by kill -9, anywhere and at the worst lines."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.conftest import Judge, size
from tests.faults.stand import Stand, wait_for

POINTS = ("before_commit", "after_claim", "before_data", "in_data", "after_dot", "after_250")
INSIDE_DATA = ("in_data", "after_dot", "after_250")


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def test_1_workers_killed_all_the_time_lose_nothing(stand: Stand, judged: Judge) -> None:
    people, reminders = size(200, 40), size(600, 80)
    stand.scene(people, reminders)
    workers = stand.start_engine()
    wait_for("the first mail", lambda: stand.sink.arrivals)
    chance = random.Random(1)
    # The loop has no children: it is killed whole and needs a second to come back.
    pause = 0.35 if stand.kind == "postgresql" else 1.5
    until = time.monotonic() + size(25, 5)
    while time.monotonic() < until:
        victim = chance.randrange(2)
        pool = children(workers[victim].pid)
        if pool and chance.random() < 0.85:
            try:
                os.kill(chance.choice(pool), signal.SIGKILL)
            except ProcessLookupError:
                continue
        else:
            stand.kill(workers[victim])
            workers[victim] = stand.worker()
        stand.kills += 1
        time.sleep(pause)
    drained = stand.settle(60)

    judged(stand, "1 workers killed", intents=reminders)
    assert drained <= 60


def test_6_a_crash_at_each_line_costs_a_copy_at_most_inside_data(
    stand: Stand, judged: Judge
) -> None:
    rounds = size(25, 2)
    people = rounds * len(POINTS) + 5
    stand.scene(people, people)
    printed = stand.run(
        "-m",
        "tests.faults.forks",
        str(rounds),
        *POINTS,
        LEASE_SECONDS="600",
        RESEND_AFTER_SECONDS="600",
        SEND_FOR_SECONDS="5",
    )
    died = {line.split()[0]: int(line.split()[1]) for line in printed.splitlines()}
    stand.kills = sum(died.values())
    past = "2000-01-01 00:00:00" if stand.kind == "sqlite" else "2000-01-01 00:00:00+00"
    stand.rows(f"UPDATE notifications_outbox SET next_at = '{past}' WHERE status = 'uncertain'")
    stand.start_engine()
    stand.settle(60)

    judged(stand, "6 crash around the dot", intents=people)
    losses: dict[str, int] = dict(stand.rows("SELECT message_id, losses FROM notifications_outbox"))
    copies = Counter(arrival.message_id for arrival in stand.sink.arrivals)
    assert died == dict.fromkeys(POINTS, rounds)
    assert sum(losses.values()) == rounds * len(INSIDE_DATA)
    assert all(copies[key] == 1 for key, lost in losses.items() if not lost)
    # After the dot the server had it: the copy carries the same identity.
    assert sum(copies.values()) - len(copies) == rounds * 2


def test_a_failpoint_that_nobody_named_does_nothing(embedded: Stand, judged: Judge) -> None:
    embedded.scene(3, 3)
    embedded.run("manage.py", "sweep", SEND_FOR_SECONDS="50")

    judged(embedded, "no fault", intents=3)
    assert len(embedded.sink.arrivals) == 3


pytestmark = pytest.mark.broker

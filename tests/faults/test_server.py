"""7 to 11: the mail server refuses, hangs, breaks off, lies; and messages that are poison."""

import time
from itertools import pairwise

import pytest

from tests.faults.conftest import Judge, size
from tests.faults.sink import blackhole, broken_tls, listening_on, serving
from tests.faults.stand import Stand, free_port, wait_for

pytestmark = pytest.mark.broker
MOST_ATTEMPTS = "SELECT max(attempts) FROM notifications_outbox"


@pytest.mark.parametrize("how", ["refuses", "swallows", "hangs"])
def test_7_a_server_that_is_away_burns_no_attempt(
    stand: Stand, judged: Judge, how: str, only_whole: None
) -> None:
    people = 60
    stand.scene(people, people)
    elsewhere = free_port()
    stand.env["EMAIL_URL"] = f"smtp://127.0.0.1:{elsewhere}"
    if how == "swallows":
        with serving(elsewhere, blackhole) as heard:
            stand.start_engine()
            wait_for("a connection", lambda: heard)
            time.sleep(5)
            attempts, tries = stand.one(MOST_ATTEMPTS), len(heard)
    elif how == "hangs":
        stand.sink.is_hanging = True
        with listening_on(elsewhere, stand.sink):
            stand.start_engine()
            wait_for("a try", lambda: stand.sink.asks)
            time.sleep(5)
            attempts = stand.one(MOST_ATTEMPTS)
            tries = sum(map(len, stand.sink.asks.values()))
    else:
        stand.start_engine()
        wait_for("digests", lambda: stand.one("SELECT count(*) FROM notifications_outbox"))
        time.sleep(5)
        attempts, tries = stand.one(MOST_ATTEMPTS), 0
    stand.sink.is_hanging = False
    with listening_on(elsewhere, stand.sink):
        drained = stand.settle(40)

    judged(stand, f"7 mail server {how}", intents=people)
    assert attempts == 0
    assert tries <= 30
    assert drained <= 40


def test_8_greylisted_mail_waits_longer_each_time_and_arrives_once(
    stand: Stand, judged: Judge, only_whole: None
) -> None:
    people = 30
    stand.scene(people, people)
    stand.sink.everybody = "451 greylisted, come back later"
    stand.start_engine()
    wait_for("a try", lambda: stand.sink.asks)
    time.sleep(10)
    stand.sink.everybody, stand.sink.message = "", "452 disk full"
    time.sleep(3)
    stand.sink.message = "250 OK"
    stand.settle(60)

    figures = judged(stand, "8 greylisting and 452", intents=people)
    asks = next(moments for moments in stand.sink.asks.values() if len(moments) > 3)
    pauses = [after - before for before, after in pairwise(asks)]
    assert figures.copies == 1
    assert pauses[2] > pauses[0] * 1.2  # five seconds after one, each a fifth more or less


def test_9_one_bad_address_spoils_no_other_mail(stand: Stand, judged: Judge) -> None:
    people = size(100, 20)
    stand.scene(people, people)
    stand.sink.answers["liaison3@example.org"] = "550 no such user"
    stand.start_engine()
    stand.settle(60)
    told = "SELECT count(*) FROM notifications_notice WHERE text LIKE '%550 no such user%'"
    wait_for("the coordinator to be told", lambda: stand.one(told))

    figures = judged(stand, "9 one bad address", intents=people, dead=1)
    assert figures.sent == people - 1


def test_10_broken_encryption_sends_nothing_in_clear(
    stand: Stand, judged: Judge, only_whole: None
) -> None:
    people = 20
    stand.scene(people, people)
    elsewhere = free_port()
    with serving(elsewhere, broken_tls) as heard:
        stand.start_engine(EMAIL_URL=f"smtp+tls://127.0.0.1:{elsewhere}")
        wait_for("a handshake", lambda: any(line.startswith(b"STARTTLS") for line in heard))
        time.sleep(5)
        attempts = stand.one(MOST_ATTEMPTS)
        stand.stop_engine()
    stand.start_engine()
    stand.settle(60)

    judged(stand, "10 broken STARTTLS", intents=people)
    assert attempts == 0
    assert not [line for line in heard if line.upper().startswith((b"MAIL", b"AUTH", b"DATA"))]


def test_11_poison_delays_only_itself(stand: Stand, judged: Judge) -> None:
    people = size(60, 20)
    stand.scene(people, people)
    newline = "char(10)" if stand.kind == "sqlite" else "chr(10)"
    name = f"'区' || {newline} || '局'"
    stand.rows(f"UPDATE accounts_department SET name = {name} WHERE name = '区第1局'")
    stand.rows("UPDATE plans_plan SET title = '" + "进一步深化改革" * 20 + "'")
    stand.rows("DELETE FROM accounts_calendarday WHERE date >= '2018-01-01'")
    stand.run("manage.py", "sweep", SEND_FOR_SECONDS="50")
    sent = len(stand.sink.arrivals)

    figures = judged(stand, "11 poison", intents=people, dead=1)
    assert sent == figures.sent == people - 1

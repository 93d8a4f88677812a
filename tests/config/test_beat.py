"""Beat without a broker."""

import pytest
from celery.beat import Scheduler as CelerysOwn
from celery.beat import SchedulingError

from config import beat
from config.celery import app


@pytest.fixture
def scheduler() -> beat.Scheduler:
    return beat.Scheduler(app=app, lazy=True)


def test_beat_sweeps_itself_while_no_worker_can_be_woken(
    scheduler: beat.Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = []

    def away(*args: object, **kwargs: object) -> None:
        raise SchedulingError("broker away")

    monkeypatch.setattr(CelerysOwn, "apply_async", away)
    monkeypatch.setattr(beat, "tick", lambda: swept.append(1))
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    scheduler.apply_async(object())

    assert swept == [1]


def test_beat_leaves_the_work_to_a_worker_that_can_be_woken(
    scheduler: beat.Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = []
    monkeypatch.setattr(CelerysOwn, "apply_async", lambda *args, **kwargs: "woken")
    monkeypatch.setattr(beat, "tick", lambda: swept.append(1))

    assert scheduler.apply_async(object()) == "woken"
    assert swept == []

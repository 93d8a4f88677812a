"""Beat without a broker."""

from datetime import timedelta

import pytest
from celery.beat import Scheduler as CelerysOwn
from celery.beat import SchedulingError

from accounts import clock
from config import beat
from config.celery import app
from notifications.models import SweepState


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


@pytest.mark.parametrize(("is_swept", "times"), [(True, 0), (False, 1)])
def test_beat_leaves_the_work_to_a_worker_as_long_as_waking_helps(
    scheduler: beat.Scheduler, monkeypatch: pytest.MonkeyPatch, is_swept: bool, times: int
) -> None:
    swept = []
    monkeypatch.setattr(CelerysOwn, "apply_async", lambda *args, **kwargs: "woken")
    monkeypatch.setattr(beat, "tick", lambda: swept.append(1))
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    monkeypatch.setattr(beat, "is_swept", lambda **_: is_swept)

    assert scheduler.apply_async(object()) == "woken"
    assert len(swept) == times


def test_a_sweep_of_the_beat_before_last_is_missed(db: None) -> None:
    now = clock.real_now()
    before = beat.is_swept(now=now)
    SweepState.objects.create(last_tick_at=now - timedelta(seconds=70))

    assert not before
    assert beat.is_swept(now=now)
    assert not beat.is_swept(now=now + timedelta(seconds=60))

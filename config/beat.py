"""The scheduler of Celery beat, with a sign of life, that needs no broker to get the work done."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from accounts import clock
from config.celery import SIGN_OF_LIFE
from notifications.models import SweepState
from notifications.tick import tick

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own scheduler that touches a file at every tick, at least once a minute."""

    def tick(self) -> float:
        """Send what is due and give the seconds until the next look."""
        (Path(settings.DATA_DIR) / SIGN_OF_LIFE).touch()
        return float(super().tick())

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> Any:
        """Wake a worker; do its work here where waking does not help: the broker is away, has
        forgotten its queues or drops what it is given. So its loss costs a delay and nothing else.
        """
        woken = None
        try:
            woken = super().apply_async(entry, *args, **kwargs)
        except SchedulingError as error:
            logger.warning("no worker can be woken: %s", error)
        close_old_connections()
        try:
            if woken is None or not is_swept(now=clock.real_now()):
                logger.warning("sweeping in beat")
                tick()
        except DatabaseError:
            logger.exception("the sweep failed, trying again with the next beat")
        return woken


def is_swept(*, now: datetime) -> bool:
    """Say whether somebody has swept since the beat before last."""
    swept_at = SweepState.objects.values_list("last_tick_at", flat=True).first()
    beats = timedelta(seconds=2 * settings.SWEEP_EVERY_SECONDS)
    return swept_at is not None and now - swept_at < beats

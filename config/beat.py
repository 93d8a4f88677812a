"""The scheduler of Celery beat, with a sign of life, that needs no broker to get the work done."""

import logging
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from notifications.tick import tick

SIGN_OF_LIFE = "beat-alive"
logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own scheduler that touches a file at every tick, at least once a minute."""

    def tick(self) -> float:
        """Send what is due and give the seconds until the next look."""
        (Path(settings.DATA_DIR) / SIGN_OF_LIFE).touch()
        return float(super().tick())

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> Any:
        """Wake a worker; do its work here while the broker is away, full or has forgotten its
        queues, so that its loss costs a delay and nothing else."""
        try:
            return super().apply_async(entry, *args, **kwargs)
        except SchedulingError as error:
            logger.warning("no worker can be woken, sweeping in beat: %s", error)
        close_old_connections()
        try:
            tick()
        except DatabaseError:
            logger.exception("the sweep failed, trying again with the next beat")
        return None

"""Celery: it only wakes what the database already knows to be due."""

import logging
import os
import time

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

SIGN_OF_LIFE = "beat-alive"
FRESH = 55 / 60  # of the pause between two sweeps: what is older, the next one does
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
every = settings.SWEEP_EVERY_SECONDS
app.conf.beat_schedule = {
    "tick": {
        "task": "notifications.tick",
        "schedule": every,
        "options": {"expires": every * FRESH},
    },
}
logger = logging.getLogger(__name__)
_away_until = 0.0


def wake() -> None:
    """Ask for a sweep now; when the broker is away the next tick does the same work.

    A person waits for this: a broker that does not answer within BROKER_WAIT_SECONDS is left
    alone for BROKER_AWAY_SECONDS.
    """
    global _away_until
    if time.monotonic() < _away_until:
        return
    wait = settings.BROKER_WAIT_SECONDS
    patience = {"socket_timeout": wait, "socket_connect_timeout": wait, "max_retries": 0}
    try:
        with app.connection_for_write(transport_options=patience) as connection:
            app.send_task(
                "notifications.tick",
                connection=connection,
                expires=settings.SWEEP_EVERY_SECONDS * FRESH,
                retry=False,
            )
    except (OperationalError, OSError) as error:
        _away_until = time.monotonic() + settings.BROKER_AWAY_SECONDS
        logger.warning("broker away, the next tick will sweep: %s", error)

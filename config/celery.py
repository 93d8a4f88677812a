"""Celery: it only wakes what the database already knows to be due."""

import logging
import os

from celery import Celery
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": "notifications.tick", "schedule": 60.0, "options": {"expires": 55}},
}
logger = logging.getLogger(__name__)


def wake() -> None:
    """Ask for a sweep now; when the broker is away the next tick does the same work."""
    try:
        app.send_task("notifications.tick", expires=55, retry=False)
    except OperationalError as error:
        logger.warning("broker away, the next tick will sweep: %s", error)

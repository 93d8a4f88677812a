"""The sweep as a loop of its own, where neither Celery nor cron is wanted."""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from notifications.tick import tick

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Sweep again and again until told to stop."""

    help = "Sweep and send every --every seconds until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pause between two sweeps."""
        every = settings.SWEEP_EVERY_SECONDS
        parser.add_argument(
            "--every", type=float, default=every, help="seconds, default SWEEP_EVERY_SECONDS"
        )

    def handle(self, *, every: float, **options: Any) -> None:
        """Loop; a database that is away is tried again at the next beat."""
        stopping = Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stopping.set())
        while not stopping.is_set():
            close_old_connections()
            try:
                tick()
            except DatabaseError:
                logger.exception("the sweep failed, trying again in %s seconds", every)
            stopping.wait(every)

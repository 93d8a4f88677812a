"""One sweep from a shell or from cron."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notifications.tick import tick


def moment(text: str) -> datetime:
    """Read an ISO moment; without a zone it is local time."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"not an ISO date and time: {text}") from error
    return read if timezone.is_aware(read) else timezone.make_aware(read)


class Command(BaseCommand):
    """Plan, queue and send what is due."""

    help = "Plan what is due, queue the digests and send them, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the moment to act for."""
        parser.add_argument("--at", type=moment, default=None, help="an ISO moment, default now")

    def handle(self, *, at: datetime | None, **options: Any) -> None:
        """Run one tick and say what it did."""
        swept, sent = tick(at)
        self.stderr.write(
            f"{swept.planned} reminders planned, {swept.digests} digests queued, "
            f"{swept.notices} notices made, {sent} mails sent"
        )

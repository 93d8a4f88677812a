"""What must always hold, checked by whoever runs the service."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from notifications.invariants import breaches


class Command(BaseCommand):
    """Check reminders, messages, decisions and files; exit code 1 when something is amiss."""

    help = "Check what must always hold (I1, I2, I3, I5, I8); exit code 1 when it does not."

    def handle(self, **options: Any) -> None:
        """Say that all is whole, or name each breach and fail."""
        found = breaches(today=clock.today(), now=clock.real_now())
        if found:
            raise CommandError("发现不一致：\n" + "\n".join(found))
        self.stdout.write("提醒、发件、审核和文件都一致（I1、I2、I3、I5、I8）。")

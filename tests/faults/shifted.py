"""Runs manage.py on a machine whose clock is so many seconds ahead."""

import sys
from datetime import timedelta

from django.core.management import execute_from_command_line
from django.utils import timezone

now = timezone.now  # noqa: TID251
ahead = timedelta(seconds=float(sys.argv[1]))
timezone.now = lambda: now() + ahead  # noqa: TID251
execute_from_command_line(["manage.py", *sys.argv[2:]])

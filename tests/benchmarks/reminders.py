"""What a morning with much due costs, as ratios against the mail sink's own limit and the bare SQL.

Run by hand from the root: `python -m tests.benchmarks.reminders`, on PostgreSQL with DATABASE_URL
naming an empty database; `--million` adds the two runs among 1,000,000 tasks. It writes into a
DATA_DIR of its own.
"""

import argparse
import base64
import multiprocessing
import os
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django

UNITS = 60
AT = datetime(2017, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MEGABYTE = 1024 * 1024


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def timed(work: Callable[[], Any]) -> float:
    """Give the seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Statements:
    """Counts what is sent to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


def fill(due: int, far: int) -> None:
    """Make the database and hand the tasks out."""
    from django.core.management import call_command
    from django.db import connection

    from tests.crowded import crowd

    call_command("migrate", verbosity=0)
    crowd(units=UNITS, due=due, far=far)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def morning(due: int, far: int) -> None:
    """Fill a database in a process of its own, run the engine twice, and print what it cost."""
    from django.conf import settings
    from django.db import connection
    from django.urls import reverse

    from notifications.channels import mail_channel
    from notifications.models import Outbox, Reminder
    from notifications.tick import tick
    from notifications.usecases import send_outbox, sweep
    from tests.notifications.sink import Sink, listening

    filling = multiprocessing.get_context("fork").Process(target=fill, args=(due, far))
    filling.start()
    filling.join()
    assert filling.exitcode == 0
    settings.SEND_FOR_SECONDS = 600
    reverse("home")  # a worker has loaded everything and swept the days before
    tick(AT - timedelta(days=3))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with listening(Sink()) as port:
        settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", port
        planning, sending = Statements(), Statements()
        with connection.execute_wrapper(planning):
            swept = timed(lambda: sweep(at=AT, today=AT.date()))
        with connection.execute_wrapper(sending):
            sent = timed(lambda: send_outbox(channel=mail_channel(), at=AT))
        again = timed(lambda: tick(AT))
        mails = list(Outbox.objects.filter(status="sent"))
        bodies = [base64.encodebytes(mail.html.encode()).replace(b"\n", b"\r\n") for mail in mails]
        bare = timed(lambda: _send_bare(port, bodies))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    planned = Reminder.objects.count()
    insert, update = _bare_sql(planned)
    whole = swept + sent
    say(
        f"{connection.vendor}: {due:,} due of {due + far:,} to {len(mails)} people\n"
        f"  start of the sweep to the last mail {whole:.2f} s (sweep {swept:.2f} s, sending "
        f"{sent:.2f} s), {whole / bare:.1f} times the sink's own {bare:.2f} s\n"
        f"  statements {planning.count} for the sweep, {sending.count} for sending "
        f"({sending.count / max(len(mails), 1):.1f} a mail)\n"
        f"  sweep {swept / (insert + update):.1f} times the bare INSERT ({insert:.2f} s) and "
        f"UPDATE ({update:.2f} s) of {planned:,} reminders\n"
        f"  a second run: {again:.2f} s, {Outbox.objects.count() - len(mails)} mails\n"
        f"  peak memory {peak / MEGABYTE:.0f} MiB, "
        f"{(peak - before) / MEGABYTE:.0f} more than before it"
    )


def _send_bare(port: int, bodies: list[bytes]) -> None:
    """Hand the same bodies to the sink with nothing around them."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number, body in enumerate(bodies):
            line.sendmail("a@example.org", [f"{number}@example.org"], body)


def _bare_sql(rows: int) -> tuple[float, float]:
    """Give the seconds for inserting so many reminders and for updating them, without any ORM."""
    from django.db import connection, transaction

    from notifications.models import Reminder

    fields = Reminder._meta.local_fields
    names = [str(field.column) for field in fields if not field.primary_key]
    with connection.cursor() as cursor:
        columns, marks = ", ".join(names), ", ".join(["%s"] * len(names))
        table = Reminder._meta.db_table
        cursor.execute(f"SELECT {columns} FROM {table}")
        kept = [list(row) for row in cursor.fetchall()]
        day = names.index("day")
        for row in kept:
            row[day] = "2030-01-01"
        with transaction.atomic():
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            insert = timed(lambda: cursor.executemany(sql, kept))
        with transaction.atomic():
            sql_update = f"UPDATE {table} SET status = 'enqueued' WHERE day = '2030-01-01'"
            update = timed(lambda: cursor.execute(sql_update))
            transaction.set_rollback(True)
    assert len(kept) == rows
    return insert, update


def main() -> None:
    """Run each size in a process of its own, on a database of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--size", nargs=2, type=int, metavar=("DUE", "FAR"))
    options = parser.parse_args()
    if options.size:
        django.setup()
        morning(*options.size)
        return
    sizes = [(8_000, 2_000), (80_000, 20_000)]
    sizes += [(8_000, 992_000), (10_000, 990_000)] if options.million else []
    for due, far in sizes:
        with tempfile.TemporaryDirectory(prefix="reminders-") as folder:
            env = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
            call = [
                sys.executable,
                "-m",
                "tests.benchmarks.reminders",
                "--size",
                str(due),
                str(far),
            ]
            subprocess.run(call, env={"SECRET_KEY": "x", **env}, check=True)


if __name__ == "__main__":
    main()

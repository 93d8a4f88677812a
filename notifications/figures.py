"""What the home pages say of reminders and of the running system."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Subquery

from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.models import Membership, User
from accounts.scope import ADMINISTRATORS
from notifications.choices import OutboxStatus, ReminderStatus, RuleKind, Subject
from notifications.health import is_stale
from notifications.models import Outbox, Reminder, SweepState
from notifications.staffing import silent
from tracking.models import Milestone
from tracking.selectors.figures import Node

SENT_ON = (ReminderStatus.ENQUEUED, ReminderStatus.COALESCED)


@dataclass(frozen=True, slots=True)
class RemindedToday:
    """How many units were reminded today, so many working days before their day."""

    offset: int
    units: int


@dataclass(frozen=True, slots=True)
class SystemState:
    """What the administrator of the server wants to know, as far as it can be known."""

    swept_at: datetime | None
    sweep_is_fresh: bool
    database: str
    database_bytes: int | None
    disk_percent: int
    mails: dict[str, int]
    active_users: int
    silent_users: int
    unknown_years: list[int]
    mail_is_local: bool
    administrators: list[tuple[str, str]]


def reminded_today(districts: set[int], today: date) -> list[RemindedToday]:
    """Return today's reminders before the day, one line for each distance."""
    unit = Milestone.objects.filter(pk=OuterRef("subject_id"))
    rows = (
        Reminder.objects.filter(
            day=today,
            status__in=SENT_ON,
            rule__kind=RuleKind.BEFORE_DUE,
            subject_kind=Subject.MILESTONE,
        )
        .annotate(
            unit=Subquery(unit.values("department")[:1]),
            district=Subquery(unit.values("department__district")[:1]),
        )
        .filter(district__in=districts)
        .values_list("offset")
        .annotate(units=Count("unit", distinct=True))
        .order_by("-offset")
    )
    return [RemindedToday(offset, units) for offset, units in rows]


def times_reminded(nodes: list[Node]) -> dict[int, int]:
    """Return on how many days each milestone was reminded of: one query."""
    rows = (
        Reminder.objects.filter(
            subject_kind=Subject.MILESTONE,
            subject_id__in=[node.milestone.pk for node in nodes],
            status__in=SENT_ON,
        )
        .values_list("subject_id")
        .annotate(days=Count("day", distinct=True))
        .order_by()
    )
    return dict(rows)


def system_state(calendar: WorkCalendar, *, today: date, now: datetime) -> SystemState:
    """Look at the sweep, the database, the disk, today's mail, the people and the calendar.

    ``now`` is the machine's own time: a moved demonstration date does not make the sweep old.
    """
    sweep = SweepState.objects.first()
    swept_at = sweep.last_tick_at if sweep else None
    mails = dict(
        Outbox.objects.filter(day=today).values_list("status").annotate(n=Count("pk")).order_by()
    )
    people = User.objects.filter(is_active=True).aggregate(
        active=Count("pk"),
        silent=Count("pk", filter=silent(now=now)),
    )
    usage = shutil.disk_usage(settings.DATA_DIR)
    return SystemState(
        swept_at=swept_at,
        sweep_is_fresh=not is_stale(swept_at, now=now),
        database={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
            connection.vendor, connection.vendor
        ),
        database_bytes=_database_bytes(),
        disk_percent=round(100 * usage.used / usage.total),
        mails={status.label: mails.get(status, 0) for status in OutboxStatus},
        active_users=people["active"],
        silent_users=people["silent"],
        unknown_years=calendar.unknown_near(today),
        mail_is_local=not settings.EMAIL_URL,
        administrators=_administrators(),
    )


def _administrators() -> list[tuple[str, str]]:
    """Return the three kinds of administrators and who they are; empty where nobody is."""
    seats = Membership.objects.active().of_role(*ADMINISTRATORS).order_by("id")
    names: dict[str, list[str]] = {}
    for role, name in seats.values_list("role", "user__name"):
        names.setdefault(role, []).append(name)
    order = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    return [(str(role.label), "、".join(names.get(role, []))) for role in order]


def _database_bytes() -> int | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(str(connection.settings_dict["NAME"]))
    return file.stat().st_size if file.is_file() else None

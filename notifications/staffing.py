"""人员情况: units without a liaison, and people whom reminders do not reach."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import rules
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from accounts.attempts import locked_names
from accounts.choices import Role
from accounts.models import Department, Membership, User
from accounts.scope import keep_scopes, scope_of
from notifications.choices import OutboxStatus
from notifications.models import Outbox

SILENT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Unreached:
    """A person to see to: the units, why, and whether the one who looks may print a code."""

    person: User
    units: str
    why: str
    may_open: bool
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is amiss with the people of some districts."""

    without: list[Department]
    bouncing: list[Unreached]
    locked: list[Unreached]
    never: list[Unreached]
    silent: list[Unreached]

    @property
    def count(self) -> int:
        """How many things there are to see to."""
        lists = (self.without, self.bouncing, self.locked, self.never, self.silent)
        return sum(len(rows) for rows in lists)


def silent(*, now: datetime) -> Q:
    """Match people without a sign-in for ninety days; whoever was registered since is not."""
    since = now - SILENT_FOR
    return Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)


def staffing_of(user: User, *, now: datetime) -> Staffing:
    """Look at the districts that the person coordinates or administers: six queries.

    ``now`` is the machine's own time, by which people sign in.
    """
    run = scope_of(user).districts_as(Role.COORDINATOR, Role.SYSTEM_ADMIN)
    seats = Membership.objects.active().filter(department__district__in=run)
    units: Any = (
        Department.objects.filter(district__in=run)
        .current()
        .exclude(Exists(seats.of_role(Role.LIAISON).filter(department=OuterRef("pk"))))
        .annotate(has_head=Exists(seats.of_role(Role.HEAD).filter(department=OuterRef("pk"))))
        .order_by("ordinal", "id")
    )
    people = list(_people(seats))
    keep_scopes(people)
    locked = locked_names(now=now)
    silent_ids = set(
        User.objects.filter(silent(now=now), pk__in=[person.pk for person in people]).values_list(
            "pk", flat=True
        )
    )

    def row(person: User, why: str) -> Unreached:
        names = dict.fromkeys(seat.department.name for seat in person.memberships.all())
        may_open = rules.has_perm("accounts.issue_code", user, person)
        return Unreached(person, "、".join(names), why, may_open)

    return Staffing(
        without=list(units),
        bouncing=[row(person, person.last_reason) for person in people if _bounces(person)],
        locked=[row(p, "密码连续输错，15分钟内不能登录") for p in people if p.username in locked],
        never=[
            row(p, "还没有登录过") for p in people if not p.last_login and p.pk not in silent_ids
        ],
        silent=[
            row(p, f"最近登录{p.last_login:%Y年%-m月%-d日}" if p.last_login else "从未登录")
            for p in people
            if p.pk in silent_ids
        ],
    )


def _people(seats: Any) -> Any:
    ended = Outbox.objects.filter(
        recipient=OuterRef("pk"), status__in=(OutboxStatus.SENT, OutboxStatus.DEAD)
    ).order_by("-id")
    shown = Membership.objects.active().select_related("department").order_by("id")
    return (
        User.objects.filter(Exists(seats.filter(user=OuterRef("pk"))))
        .annotate(
            last_outcome=Subquery(ended.values("status")[:1]),
            last_reason=Subquery(ended.values("reason")[:1]),
            last_address=Subquery(ended.values("address")[:1]),
        )
        .prefetch_related(Prefetch("memberships", shown))
        .order_by("name", "id")
    )


def _bounces(person: Any) -> bool:
    """The last mail failed, and the address is still the one it failed with."""
    is_dead = person.last_outcome == OutboxStatus.DEAD
    return bool(is_dead and person.last_address == person.email)

"""Events: use cases record them, and the transaction writes them last under gapless numbers."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Model

from accounts.choices import EventResult
from accounts.models import Event, EventSequence

if TYPE_CHECKING:
    from accounts.models import Department, District, User

TAKE_NUMBERS = "UPDATE accounts_eventsequence SET last = last + %s WHERE id = 1 RETURNING last"

_pending: ContextVar[list[Event] | None] = ContextVar("pending_events", default=None)


def record(
    thing: Model,
    action: str,
    *,
    by: "User | None",
    at: datetime,
    within: Model | None = None,
    district: "District | int | None" = None,
    department: "Department | int | None" = None,
    note: str = "",
    result: EventResult = EventResult.DONE,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note that something happened to an object; written when the use case commits.

    ``within`` is the larger object whose timeline shows the event too; ``data`` must be JSON.
    """
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("events are recorded inside a use case only")
    pending.append(
        Event(
            at=at,
            action=action,
            result=result,
            actor=by,
            actor_name=by.name if by else "",
            district_id=getattr(district, "pk", district),
            department_id=getattr(department, "pk", department),
            object_kind=thing._meta.label_lower,
            object_id=thing.pk,
            within_kind=within._meta.label_lower if within else "",
            within_id=within.pk if within else None,
            note=note,
            data=dict(data or {}),
        )
    )


def last_number() -> int:
    """Return the last number given; what has a number up to it is committed."""
    return EventSequence.objects.filter(pk=1).values_list("last", flat=True).first() or 0


def begin() -> Any:
    """Start collecting; returns the token for end()."""
    return _pending.set([])


def end(token: Any) -> None:
    """Stop collecting and forget what was not written."""
    _pending.reset(token)


def write() -> int:
    """Give the collected events their numbers and insert them; return how many there were.

    The update of the one EventSequence row is a lock until the commit, so a number that was given
    is either committed or given again: the feed has no gap.
    """
    pending = _pending.get()
    if not pending:
        return 0
    # One statement gives the lock and the number: every step of the work goes through here.
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBERS, [len(pending)])
        taken = cursor.fetchone()
    last = taken[0] if taken else EventSequence.objects.create(pk=1, last=len(pending)).last
    for seq, event in enumerate(pending, start=last - len(pending) + 1):
        event.seq = seq
    Event.objects.bulk_create(pending)
    count = len(pending)
    pending.clear()
    return count

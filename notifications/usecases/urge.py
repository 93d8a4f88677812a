"""催办 in writing: a word of an overseer to the people of a unit, through the outbox."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from accounts import clock
from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import ConflictError, InvalidError, NotFoundError
from accounts.models import User
from accounts.usecase import usecase
from notifications.choices import Channel
from notifications.models import Outbox, Urge
from notifications.urging import ToUrge, leaves_at, to_urge
from tracking.models import Milestone
from tracking.usecases.history import record_work

LONGEST_NOTE = 300


@usecase
def urge(
    *, milestone_ids: Collection[int], note: str, by: User, at: datetime, today: date
) -> list[Urge]:
    """Urge the milestones that may be urged, each once a day, with the same words; a message goes
    to each person of the unit. ConflictError with the reason where none may be."""
    if len(note) > LONGEST_NOTE:
        raise InvalidError(f"催办说明最多{LONGEST_NOTE}字。", code="too_long")
    locked = Milestone.objects.select_for_update(of=("self",)).filter(pk__in=milestone_ids)
    list(locked.order_by("pk"))
    rows = to_urge(by, milestone_ids, today=today)
    if not rows:
        raise NotFoundError
    for row in rows:
        authorize(by, "notifications.urge", row.milestone)
    able = [row for row in rows if not row.why_not]
    if not able:
        raise ConflictError("；".join(f"{row.milestone.reference}{row.why_not}" for row in rows))
    wait = leaves_at(at, WorkCalendar.load()) - at
    return [_urge(row, note.strip(), by=by, at=at, today=today, wait=wait) for row in able]


def _urge(row: ToUrge, note: str, *, by: User, at: datetime, today: date, wait: timedelta) -> Urge:
    made = Urge.objects.create(milestone=row.milestone, day=today, by=by, at=at, note=note)
    Outbox.objects.bulk_create(
        Outbox(
            dedupe_key=f"urge:{made.pk}:{recipient}:{Channel.MAIL}",
            recipient_id=recipient,
            channel=Channel.MAIL,
            day=today,
            urge=made,
            created_at=at,
            next_at=clock.real_now() + wait,
        )
        for recipient in row.recipients
    )
    unit = row.milestone.department.name
    record_work(row.milestone, "urge", by=by, at=at, note=note, data={"unit": unit})
    return made

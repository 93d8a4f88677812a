"""The sweep: from what is due to what is to be sent; it can run any number of times at once."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import CharField, Count, OuterRef, Subquery, Value, Window
from django.db.models.functions import Cast, Concat, RowNumber
from django.utils import timezone

from accounts import clock, failpoints
from accounts.calendar import WorkCalendar
from accounts.choices import EventResult
from accounts.models import Event, Membership
from accounts.usecase import usecase
from notifications.choices import Channel, OutboxStatus, ReminderStatus, RuleKind
from notifications.intents import insert_planned
from notifications.models import Outbox, Reminder, SweepState
from notifications.people import People
from notifications.planning import Rules, days_to_plan
from notifications.usecases.notices import make_notices
from notifications.usecases.report_days import follow_calendar
from notifications.validity import no_longer_true

logger = logging.getLogger(__name__)
JOINABLE = (OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT, OutboxStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much one sweep did."""

    planned: int
    digests: int
    notices: int


@usecase
def sweep(*, at: datetime, today: date) -> Swept:
    """Plan what is due since the last sweep, put a digest per person into the outbox, tell people.

    The row of SweepState is locked, so sweeps queue up; that each reminder, digest and notice is
    made once is held by their unique keys. Planning happens at any hour, digests are queued on
    working days between REMIND_FROM and REMIND_UNTIL.
    """
    state, _ = SweepState.objects.select_for_update().get_or_create(pk=1)
    calendar = WorkCalendar.load()
    people = People.load()
    follow_calendar(calendar, today=today, at=at)
    days = days_to_plan(state.planned_until, today, calendar)
    planned = insert_planned(days, Rules().active(), calendar, people)
    _keep_the_newest()
    _queue_handovers(state, at=at, today=today)
    digests = 0
    if calendar.is_working(today) and _is_mail_time(at):
        digests = _queue_digests(people, at=at, today=today)
    notices = make_notices(state, people, at=at)
    state.planned_until = today
    state.last_tick_at = clock.real_now()
    state.save()
    failpoints.reach("before_commit")
    return Swept(planned=planned, digests=digests, notices=notices)


def _queue_handovers(state: SweepState, *, at: datetime, today: date) -> None:
    """Let the first message to a liaison who begins be the handover sheet, at whatever hour."""
    named = Event.objects.filter(
        seq__gt=state.last_event_seq, action="name_liaison", result=EventResult.DONE
    ).values_list("object_id", flat=True)
    Outbox.objects.bulk_create(
        (
            Outbox(
                dedupe_key=f"handover:{seat.pk}:{Channel.MAIL}",
                recipient_id=seat.user_id,
                channel=Channel.MAIL,
                day=today,
                hands_over_to=seat,
                created_at=at,
                next_at=clock.real_now(),
            )
            for seat in Membership.objects.active().filter(pk__in=named).order_by("id")
        ),
        ignore_conflicts=True,
    )


def _is_mail_time(at: datetime) -> bool:
    return bool(settings.REMIND_FROM <= timezone.localtime(at).time() < settings.REMIND_UNTIL)


def _keep_the_newest() -> None:
    """Of the planned reminders of one thing and person let only the newest live."""
    place = Window(
        RowNumber(),
        partition_by=["subject_kind", "subject_id", "recipient", "channel"],
        order_by=["-day", "-rule_id", "-id"],
    )
    older = Reminder.objects.planned().order_by().annotate(place=place).filter(place__gt=1)
    Reminder.objects.filter(pk__in=older.values("pk")).update(
        status=ReminderStatus.COALESCED, reason="并入较新的提醒"
    )


def _queue_digests(people: People, *, at: datetime, today: date) -> int:
    """Suppress what no longer holds and put the rest into the digests; what the database refuses
    for one person delays that person alone."""
    suppress(no_longer_true(Reminder.objects.planned(), people=people, today=today))
    _leave_out_what_was_said_often()
    planned = Reminder.objects.planned().order_by("recipient_id")
    recipients = list(planned.values_list("recipient_id", flat=True).distinct())
    try:
        with transaction.atomic():
            return _queue(recipients, at=at, today=today)
    except DatabaseError:
        logger.exception("digests are queued one by one")
    return sum(_queue_alone(recipient, at=at, today=today) for recipient in recipients)


def suppress(reasons: Mapping[int, str]) -> None:
    """End reminders, each for its reason."""
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        by_reason[reason].append(pk)
    for reason, reminders in by_reason.items():
        Reminder.objects.filter(pk__in=reminders).update(
            status=ReminderStatus.SUPPRESSED, reason=reason
        )


def _leave_out_what_was_said_often() -> None:
    """Make no mail of weekly lines alone that the person has read WEEKLY_MAILS times."""
    planned = Reminder.objects.planned().order_by()
    weekly = planned.filter(rule__kind=RuleKind.WEEKLY)
    if not weekly.exists():
        return
    key = ("recipient", "subject_kind", "subject_id", "due_on")
    said = Reminder.objects.filter(
        rule__kind=RuleKind.WEEKLY,
        status=ReminderStatus.ENQUEUED,
        **{name: OuterRef(name) for name in key},
    )
    times = said.order_by().values("recipient").annotate(times=Count("pk")).values("times")
    often = weekly.annotate(times=Subquery(times)).filter(times__gte=settings.WEEKLY_MAILS)
    awake = planned.exclude(pk__in=often.values("pk")).values("recipient")
    Reminder.objects.filter(pk__in=often.exclude(recipient__in=awake).values("pk")).update(
        status=ReminderStatus.SUPPRESSED,
        reason=f"每周汇总已列{settings.WEEKLY_MAILS}次，不再单独发信",
    )


def _queue_alone(recipient: int, *, at: datetime, today: date) -> int:
    try:
        with transaction.atomic():
            return _queue([recipient], at=at, today=today)
    except DatabaseError:
        logger.exception("digest of user %s left for the next tick", recipient)
        return 0


def _queue(recipients: list[int], *, at: datetime, today: date) -> int:
    """Put what is planned for the people into their digests of the day; return how many still
    took it.

    The rows are locked, so a digest that is being sent is either joined before it is claimed or
    not at all; what comes too late waits for the digest of the next day.
    """
    keys = {f"digest:{recipient}:{Channel.MAIL}:{today}": recipient for recipient in recipients}
    there = Outbox.objects.filter(dedupe_key__in=keys)
    locked = there.select_for_update().order_by("id")
    status = dict(locked.values_list("dedupe_key", "status"))
    Outbox.objects.bulk_create(
        Outbox(
            dedupe_key=key,
            recipient_id=recipient,
            channel=Channel.MAIL,
            day=today,
            created_at=at,
            next_at=clock.real_now(),
        )
        for key, recipient in keys.items()
        if key not in status
    )
    there.filter(status=OutboxStatus.CANCELLED).update(status=OutboxStatus.QUEUED, reason="")
    joined = [pk for key, pk in keys.items() if status.get(key, OutboxStatus.QUEUED) in JOINABLE]
    theirs = Concat(
        Value("digest:"),
        Cast(OuterRef("recipient_id"), CharField()),
        Value(f":{Channel.MAIL}:{today}"),
    )
    Reminder.objects.planned().filter(recipient__in=joined).update(
        status=ReminderStatus.ENQUEUED,
        outbox=Subquery(Outbox.objects.filter(dedupe_key=theirs).order_by().values("pk")),
    )
    return len(joined)

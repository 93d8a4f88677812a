"""The sweep: from what is due to what is to be sent; it can run any number of times at once."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import clock, failpoints
from accounts.calendar import WorkCalendar
from accounts.choices import EventResult
from accounts.models import Event, Membership
from accounts.usecase import usecase
from notifications.choices import Channel, OutboxStatus, ReminderStatus, RuleKind
from notifications.models import Outbox, Reminder, SweepState
from notifications.people import People
from notifications.planning import Rules, days_to_plan, planned_in
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
    planned = _plan(days_to_plan(state.planned_until, today, calendar), calendar, people)
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


def _plan(days: list[date], calendar: WorkCalendar, people: People) -> int:
    """Insert the reminders of these days that are not there yet: one or two queries a rule."""
    known = set(
        Reminder.objects.filter(day__in=days).values_list(
            "subject_kind", "subject_id", "rule_id", "day", "recipient_id"
        )
    )
    rules = Rules().active()
    new = [
        Reminder(
            subject_kind=owed.subject,
            subject_id=owed.pk,
            rule=spoken.rule,
            offset=spoken.offset,
            day=day,
            channel=Channel.MAIL,
            recipient_id=recipient,
            due_on=owed.due_on,
        )
        for owed, spoken, day, recipient in planned_in(days, rules, calendar, people)
        if (owed.subject, owed.pk, spoken.rule.pk, day, recipient) not in known
    ]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _keep_the_newest() -> None:
    """Of the planned reminders of one thing and person let only the newest live."""
    rows = Reminder.objects.planned().order_by("day", "rule_id", "id")
    newest: dict[tuple[str, int, int, str], int] = {}
    older = []
    for pk, kind, subject, recipient, channel in rows.values_list(
        "pk", "subject_kind", "subject_id", "recipient_id", "channel"
    ):
        if before := newest.get((kind, subject, recipient, channel)):
            older.append(before)
        newest[kind, subject, recipient, channel] = pk
    if older:
        Reminder.objects.filter(pk__in=older).update(
            status=ReminderStatus.COALESCED, reason="并入较新的提醒"
        )


def _queue_digests(people: People, *, at: datetime, today: date) -> int:
    """Suppress what no longer holds; one savepoint per digest, a poison one delays only itself."""
    planned = list(Reminder.objects.planned().select_related("rule").order_by("recipient_id", "id"))
    reasons = no_longer_true(planned, people=people, today=today)
    reasons |= _said_often([row for row in planned if row.pk not in reasons])
    suppress(planned, reasons)
    true: defaultdict[int, list[int]] = defaultdict(list)
    for reminder in planned:
        if reminder.pk not in reasons:
            true[reminder.recipient_id].append(reminder.pk)
    digests = 0
    for recipient, reminders in true.items():
        try:
            with transaction.atomic():
                digests += _queue_digest(recipient, reminders, at=at, today=today)
        except DatabaseError:
            logger.exception("digest of user %s left for the next tick", recipient)
    return digests


def suppress(reminders: Iterable[Reminder], reasons: Mapping[int, str]) -> None:
    """End the reminders for which there is a reason."""
    ended = [reminder for reminder in reminders if reminder.pk in reasons]
    for reminder in ended:
        reminder.status = ReminderStatus.SUPPRESSED
        reminder.reason = reasons[reminder.pk]
    Reminder.objects.bulk_update(ended, ["status", "reason"])


def _said_often(reminders: list[Reminder]) -> dict[int, str]:
    """Return why no mail is made of weekly lines alone that the person has read four times."""
    weekly = [row for row in reminders if row.rule.kind == RuleKind.WEEKLY]
    if not weekly:
        return {}
    said = Counter(
        Reminder.objects.filter(
            rule__kind=RuleKind.WEEKLY,
            status=ReminderStatus.ENQUEUED,
            recipient__in={row.recipient_id for row in weekly},
        ).values_list("recipient_id", "subject_kind", "subject_id", "due_on")
    )
    often = {
        row.pk
        for row in weekly
        if said[row.recipient_id, row.subject_kind, row.subject_id, row.due_on]
        >= settings.WEEKLY_MAILS
    }
    awake = {row.recipient_id for row in reminders if row.pk not in often}
    reason = f"每周汇总已列{settings.WEEKLY_MAILS}次，不再单独发信"
    return {row.pk: reason for row in weekly if row.pk in often and row.recipient_id not in awake}


def _queue_digest(recipient: int, reminders: list[int], *, at: datetime, today: date) -> bool:
    """Put the reminders into the person's digest of the day; say whether it still took them.

    The row is locked, so a digest that is being sent is either joined before it is claimed or not
    at all; what comes too late waits for the digest of the next day.
    """
    key = f"digest:{recipient}:{Channel.MAIL}:{today}"
    row = Outbox.objects.select_for_update().filter(dedupe_key=key).first()
    if row is None:
        row = Outbox.objects.create(
            dedupe_key=key,
            recipient_id=recipient,
            channel=Channel.MAIL,
            day=today,
            created_at=at,
            next_at=clock.real_now(),
        )
    elif row.status not in JOINABLE:
        return False
    elif row.status == OutboxStatus.CANCELLED:
        row.status = OutboxStatus.QUEUED
        row.reason = ""
        row.save(update_fields=["status", "reason"])
    Reminder.objects.filter(pk__in=reminders).update(status=ReminderStatus.ENQUEUED, outbox=row)
    return True

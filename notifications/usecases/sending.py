"""Sending: messages are claimed together and handed over one at a time; a lease keeps those of a
worker that died."""

import logging
import random
from collections import defaultdict
from contextlib import closing
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from accounts import clock, failpoints
from accounts.authorize import authorize
from accounts.events import record
from accounts.models import Membership, User
from accounts.usecase import lock, refuse_unless, usecase
from notifications.channels.base import (
    AwayError,
    BrokenError,
    LostError,
    MailChannel,
    NotNowError,
    RefusedError,
)
from notifications.choices import Channel, OutboxStatus, Phase, ReminderStatus
from notifications.digest import Morning
from notifications.letters import Letter, write_handover, write_letter, write_urge
from notifications.matters import Matters
from notifications.models import Outbox, Reminder
from notifications.people import People
from notifications.querysets import OutboxQuerySet
from notifications.robot_words import write_for_robot
from notifications.urging import still_to_urge
from notifications.usecases.sweep import suppress
from notifications.validity import no_longer_true

logger = logging.getLogger(__name__)
JITTER = 0.2
LONGEST_REASON = 300
BREAKS_IN_A_ROW = 3


def send_outbox(*, channel: MailChannel, at: datetime, over: Channel = Channel.MAIL) -> int:
    """Send what is due, for at most SEND_FOR_SECONDS; return how many messages were taken.

    MAILS_AT_ONCE messages are claimed and read together; those that have not had their turn within
    FRESH_SECONDS are given back and read anew. Then each goes by itself, and each step is a commit
    of its own: offered → phase data → handed over → sent. A server that is away ends the run and
    costs no message a try. So does one with which the line breaks three times in a row; where it
    takes another message meanwhile, the break was about the message and counts as its try.
    """
    worker = uuid4().hex
    until = clock.real_now() + timedelta(seconds=settings.SEND_FOR_SECONDS)
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    waiting = Outbox.objects.filter(channel=over)
    mine = Outbox.objects.held_by(worker)
    _find_lost()
    sent, is_away = 0, False
    broken: list[tuple[Outbox, str]] = []
    with closing(channel):
        while not is_away and (now := clock.real_now()) < until:
            batch = waiting.claim(worker=worker, now=now, lease=lease, most=settings.MAILS_AT_ONCE)
            if not batch:
                break
            failpoints.reach("after_claim")
            morning = _read(batch, at)
            fresh_until = clock.real_now() + timedelta(seconds=settings.FRESH_SECONDS)
            for place, message in enumerate(batch, start=1):
                try:
                    is_taken = _send(message, morning, channel, at=at)
                except (AwayError, BrokenError) as error:
                    broken.append((message, str(error)))
                    is_away = isinstance(error, AwayError) or len(broken) == BREAKS_IN_A_ROW
                else:
                    sent += is_taken
                    if is_taken:
                        for other, reason in broken:
                            _later(other, reason, at=at)
                        broken.clear()
                if is_away or clock.real_now() >= min(until, fresh_until):
                    mine.filter(pk__in=[row.pk for row in batch[place:]]).let_go()
                    break
    if is_away:
        logger.warning("mail server away: %s", broken[-1][1])
    mine.let_go()
    _put_back(broken)
    return sent


def _read(messages: list[Outbox], at: datetime) -> Morning | None:
    """Read what the digests among the messages say; None where that fails, which must be the
    trouble of one of them only."""
    try:
        return _morning_of(messages, at)
    except Exception:
        logger.exception("%d messages are read one by one", len(messages))
        return None


def _morning_of(messages: list[Outbox], at: datetime) -> Morning:
    """Suppress what no longer holds, and read what the digests of the day still remind of."""
    today = timezone.localdate(at)
    digests = {row.pk: row.recipient for row in messages if row.is_digest and row.day >= today}
    enqueued = Reminder.objects.filter(outbox__in=digests, status=ReminderStatus.ENQUEUED)
    suppress(no_longer_true(enqueued, people=People.load(), today=today))
    rows = enqueued.order_by("id").values_list(
        "outbox_id", "subject_kind", "rule__kind", "subject_id"
    )
    found: defaultdict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for outbox, subject, kind, pk in rows:
        found[outbox].append((subject, kind, pk))
    wanted = {pk: (digests[pk], Matters.of(rows)) for pk, rows in found.items()}
    return Morning(wanted, at=at)


def _find_lost() -> None:
    """Find messages whose worker died while handing them over."""
    now = clock.real_now()
    dead = Outbox.objects.filter(status=OutboxStatus.SENDING, phase=Phase.DATA, lease_until__lt=now)
    dead.lose(retry_at=now + timedelta(seconds=settings.RESEND_AFTER_SECONDS))


def _mine(message: Outbox) -> OutboxQuerySet:
    return Outbox.objects.filter(pk=message.pk).held_by(message.lease_by)


def _send(message: Outbox, morning: Morning | None, channel: MailChannel, *, at: datetime) -> bool:
    """Write and hand over one claimed message; say whether it was taken."""
    try:
        letter = _written(message, morning, at)
    except Exception:  # whatever it is, it is about this message and must not stop the others
        logger.exception("message %s could not be written", message.pk)
        _later(message, "邮件正文没有生成，请查看日志", at=at)
        return False
    if letter is None:
        return False
    if not letter.address:
        give_up(outbox_id=message.pk, worker=message.lease_by, reason="没有登记电子邮箱", at=at)
        return False
    try:
        mail = letter.as_mail()
    except ValueError:
        logger.exception("message %s has a name that breaks a header", message.pk)
        reason = "主题或地址含有换行等不能写进邮件头的字符"
        give_up(outbox_id=message.pk, worker=message.lease_by, reason=reason, at=at)
        return False
    return _hand_over(message, letter, mail, channel, at=at)


def _written(message: Outbox, morning: Morning | None, at: datetime) -> Letter | None:
    """Write the letter; None where there is no more reason for one."""
    if message.hands_over_to_id:
        seats = Membership.objects.active().select_related("user", "department__district")
        seat = seats.filter(pk=message.hands_over_to_id).first()
        if seat is None:
            _end(message, "收件人已不是该单位联络员")
            return None
        return write_handover(message, seat, at=at)
    today = timezone.localdate(at)
    if message.robot is not None:
        if message.day < today:
            _end(message, "当日未能发出，并入下一次汇总")
            return None
        for_robot = write_for_robot(message, message.robot, at=at)
        if for_robot is None:
            _end(message, "提醒的事项都已不再需要")
        return for_robot
    if message.urge is not None:
        milestone, why_not = still_to_urge(message.urge, message.recipient_id, today=today)
        if why_not:
            _end(message, why_not)
            return None
        return write_urge(message, milestone, at=at)
    if message.day < today:
        _leave_to_next_digest(message)
        return None
    morning = morning or _morning_of([message], at)
    if message.pk not in morning.wanted:
        _end(message, "提醒的事项都已不再需要")
        return None
    return write_letter(message, morning)


def _hand_over(
    message: Outbox, letter: Letter, mail: EmailMessage, channel: MailChannel, *, at: datetime
) -> bool:
    try:
        channel.offer(settings.DEFAULT_FROM_EMAIL, letter.address)
        failpoints.reach("before_data")
        if not _enter_data(message, letter):
            channel.drop()
            return False
        failpoints.reach("in_data")
        channel.hand_over(mail)
        failpoints.reach("after_250")
    except NotNowError as error:
        _later(message, str(error), at=at)
    except RefusedError as error:
        give_up(outbox_id=message.pk, worker=message.lease_by, reason=str(error), at=at)
    except LostError:
        logger.exception("message %s lost while handing over", message.pk)
        pause = timedelta(seconds=settings.RESEND_AFTER_SECONDS)
        _mine(message).lose(retry_at=clock.real_now() + pause)
    else:
        _mine(message).update(
            status=OutboxStatus.SENT,
            phase="",
            attempts=message.attempts + 1,
            sent_at=at,
            reason="",
        )
        return True
    return False


def _enter_data(message: Outbox, letter: Letter) -> bool:
    """Keep what is being sent and mark that from here on it may have arrived; False when the
    lease is over or somebody else's."""
    mine = _mine(message).filter(phase=Phase.CLAIMED, lease_until__gt=clock.real_now())
    return bool(
        mine.update(
            phase=Phase.DATA,
            address=letter.address,
            subject=letter.subject,
            body=letter.text,
            html=letter.html,
            message_id=letter.message_id,
        )
    )


def _leave_to_next_digest(message: Outbox) -> None:
    """A digest that did not leave on its day gives its reminders to the next one, because the next
    day may be a day off and has its own digest; what may have arrived stays as it is."""
    if not message.losses:
        message.reminders.filter(status=ReminderStatus.ENQUEUED).update(
            status=ReminderStatus.PLANNED, outbox=None
        )
    _end(message, "当日未能发出，并入下一次汇总")


def _end(message: Outbox, reason: str) -> None:
    """Send no more of it; a message that may have arrived once stays uncertain."""
    if message.losses:
        _mine(message).update(status=OutboxStatus.UNCERTAIN, phase="", losses=message.losses + 1)
    else:
        _mine(message).update(status=OutboxStatus.CANCELLED, phase="", reason=reason)


def _later(message: Outbox, reason: str, *, at: datetime) -> None:
    """Try again after a growing pause, MOST_TRIES times at most."""
    tries = message.attempts + 1
    if tries >= settings.MOST_TRIES:
        give_up(
            outbox_id=message.pk,
            worker=message.lease_by,
            reason=f"已试{tries}次：{reason}",
            at=at,
        )
        return
    pauses = settings.BACKOFF_SECONDS
    pause = pauses[min(tries, len(pauses)) - 1]
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    _mine(message).update(
        status=OutboxStatus.RETRY_WAIT,
        phase="",
        attempts=tries,
        next_at=clock.real_now() + timedelta(seconds=pause * spread),
        reason=reason[:LONGEST_REASON],
    )


def _put_back(broken: list[tuple[Outbox, str]]) -> None:
    """Let all that is due wait a little, untried; those that the line broke with come after the
    others."""
    if not broken:
        return
    now = clock.real_now()
    away = timedelta(seconds=random.uniform(*settings.AWAY_SECONDS))  # noqa: S311 - no secret
    for message, why in broken:
        reason = why[:LONGEST_REASON]
        _mine(message).update(next_at=now + away + timedelta(seconds=1), reason=reason)
    waiting = (OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT)
    Outbox.objects.filter(status__in=waiting, channel=message.channel, next_at__lte=now).update(
        next_at=now + away, reason=reason
    )


@usecase
def give_up(*, outbox_id: int, worker: str, reason: str, at: datetime) -> None:
    """Stop trying; the event tells the coordinators of the district."""
    message = lock(Outbox, outbox_id)
    if message.lease_by != worker:
        return
    message.status = OutboxStatus.DEAD
    message.phase = ""
    message.attempts += 1
    message.reason = reason[:LONGEST_REASON]
    message.save(update_fields=["status", "phase", "attempts", "reason"])
    _record(message, "give_up", by=None, at=at, note=message.reason)


@usecase
def resend(*, outbox_id: int, by: User, at: datetime, today: date) -> Outbox:
    """Queue a failed or uncertain message again, as today's, under the same key and identity."""
    message = lock(Outbox, outbox_id)
    authorize(by, "notifications.resend", message)
    ended = (OutboxStatus.DEAD, OutboxStatus.UNCERTAIN)
    refuse_unless(message.status in ended, "只有发送失败或是否送达不明的才能重发。")
    message.status = OutboxStatus.QUEUED
    message.day = today
    message.attempts = 0
    message.losses = 0
    message.next_at = clock.real_now()
    message.reason = ""
    message.save(update_fields=["status", "day", "attempts", "losses", "next_at", "reason"])
    _record(message, "resend", by=by, at=at)
    return message


def _record(message: Outbox, action: str, *, by: User | None, at: datetime, note: str = "") -> None:
    seat = message.hands_over_to
    if seat is None:
        seats = Membership.objects.filter(user=message.recipient).select_related("department")
        seat = seats.order_by("id").first()
    department = seat.department if seat else None
    record(
        message,
        action,
        by=by,
        at=at,
        district=department.district_id if department else None,
        department=department,
        note=note,
    )

"""What pages show of reminders, as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db.models import Count

from accounts.models import User
from notifications.choices import OutboxStatus, ReminderStatus
from notifications.models import Outbox, Reminder
from tracking.models import Milestone

WAITING = (OutboxStatus.QUEUED, OutboxStatus.SENDING)
TABS = (
    ("waiting", "待发送", WAITING),
    ("retrying", "等待重试", (OutboxStatus.RETRY_WAIT,)),
    ("sent", "已发送", (OutboxStatus.SENT,)),
    ("dead", "发送失败", (OutboxStatus.DEAD,)),
    ("uncertain", "是否送达不明", (OutboxStatus.UNCERTAIN,)),
    ("cancelled", "不再需要", (OutboxStatus.CANCELLED,)),
)

TONES: dict[str, str] = {OutboxStatus.RETRY_WAIT: "waiting", OutboxStatus.UNCERTAIN: "soon"}


@dataclass(frozen=True, slots=True)
class ReminderShown:
    """One reminder: whose, by which rule, and what came of it."""

    day: date
    rule: str
    recipient: str
    outcome: str
    sent_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A row of the outbox: the message, its units, how its state is coloured, what can be done."""

    message: Outbox
    departments: list[str]
    tone: str
    may_resend: bool
    is_waiting: bool
    key: UUID

    @classmethod
    def of(cls, message: Outbox) -> "MessageShown":
        """Read a message whose recipient's memberships are loaded."""
        seats = message.recipient.memberships.all()
        return cls(
            message=message,
            departments=list(dict.fromkeys(seat.department.name for seat in seats)),
            tone=TONES.get(message.status, ""),
            may_resend=message.status in (OutboxStatus.DEAD, OutboxStatus.UNCERTAIN),
            is_waiting=message.status in (*WAITING, OutboxStatus.RETRY_WAIT),
            key=uuid4(),
        )


@dataclass(frozen=True, slots=True)
class Tab:
    """Messages in one group of states, and how many."""

    key: str
    label: str
    count: int


def reminders_of(milestone: Milestone) -> list[ReminderShown]:
    """Return what was sent to whom about a milestone, newest first: two queries."""
    urged = Outbox.objects.filter(urge__milestone=milestone).select_related("recipient")
    shown = [_shown(reminder) for reminder in Reminder.objects.of(milestone)]
    shown += [_urged(message) for message in urged.order_by("-id")]
    return sorted(shown, key=lambda row: row.day, reverse=True)


def _urged(message: Outbox) -> ReminderShown:
    return ReminderShown(
        day=message.day,
        rule="书面催办",
        recipient=message.recipient.name,
        outcome=message.get_status_display(),
        sent_at=message.sent_at,
        reason=message.reason,
    )


def _shown(reminder: Reminder) -> ReminderShown:
    message = reminder.outbox if reminder.status == ReminderStatus.ENQUEUED else None
    return ReminderShown(
        day=reminder.day,
        rule=reminder.words,
        recipient=reminder.recipient.name,
        outcome=message.get_status_display() if message else reminder.get_status_display(),
        sent_at=message.sent_at if message else None,
        reason=message.reason if message else reminder.reason,
    )


def outbox_tabs(user: User) -> list[Tab]:
    """Return how many messages of the person's districts stand in which state: one query."""
    rows = Outbox.objects.visible_to(user).order_by().values_list("status")
    counts = dict(rows.annotate(number=Count("pk", distinct=True)))
    return [
        Tab(key, label, sum(counts.get(status, 0) for status in statuses))
        for key, label, statuses in TABS
    ]

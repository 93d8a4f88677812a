"""What a digest says of report days that moved because the calendar did: once, in the next one."""

from collections.abc import Collection
from datetime import date, datetime

from accounts.models import Department, Event, User
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from notifications.wording import on


def moved_days(person: User, units: Collection[Department], *, at: datetime) -> str:
    """Say which report days of the units moved since the person's last digest; "" for none."""
    digests = Outbox.objects.filter(recipient=person, hands_over_to=None, urge=None, robot=None)
    last = digests.filter(status=OutboxStatus.SENT).order_by("-sent_at").first()
    told = Event.objects.filter(
        object_kind="accounts.department",
        object_id__in=[unit.pk for unit in units],
        action="follow_calendar",
        at__lte=at,
    )
    if last is not None:
        told = told.filter(at__gt=last.sent_at)
    moves = []
    for data in told.order_by("seq").values_list("data", flat=True):
        before, after = (date.fromisoformat(data[key]) for key in ("from", "to"))
        moves.append(
            f"{data['count']}个时间节点由{on(before, at.date())}改为{on(after, at.date())}"
        )
    if not moves:
        return ""
    return f"工作日安排有调整，反馈截止日随之改变：{'；'.join(moves)}。完成时限不变。"

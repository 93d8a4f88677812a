"""What a digest says of report days that moved because the calendar did: once, in the next one."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Max

from accounts.models import Department, Event, User
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from notifications.wording import on


class MovedDays:
    """The moves of report days that some people may not know yet: two queries."""

    def __init__(self, people: Collection[User], units: Collection[int], *, at: datetime) -> None:
        digests = Outbox.objects.filter(
            recipient__in=people, hands_over_to=None, urge=None, robot=None
        )
        sent = digests.filter(status=OutboxStatus.SENT).order_by().values("recipient_id")
        told = sent.annotate(last=Max("sent_at")).values_list("recipient_id", "last")
        self._last: dict[int, datetime] = dict(told)
        self._today = at.date()
        self._moves = list(
            Event.objects.filter(
                object_kind="accounts.department",
                object_id__in=units,
                action="follow_calendar",
                at__lte=at,
            ).order_by("seq")
        )

    def news(self, person: User, units: Collection[Department]) -> str:
        """Say which report days of the units moved since the person's last digest; "" for none."""
        last = self._last.get(person.pk)
        ids = {unit.pk for unit in units}
        moves = [
            _words(event, self._today)
            for event in self._moves
            if event.object_id in ids and (last is None or event.at > last)
        ]
        if not moves:
            return ""
        return f"工作日安排有调整，反馈截止日随之改变：{'；'.join(moves)}。完成时限不变。"


def _words(event: Event, today: date) -> str:
    before, after = (date.fromisoformat(event.data[key]) for key in ("from", "to"))
    return f"{event.data['count']}个时间节点由{on(before, today)}改为{on(after, today)}"

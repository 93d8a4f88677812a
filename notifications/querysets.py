"""Questions to reminders, the outbox and notices; the claim is here too."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.choices import Role
from accounts.scope import scope_of
from accounts.tokens import digest
from notifications.choices import OutboxStatus, Phase, ReminderStatus, Subject

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import CalendarFeed, Notice, Outbox, Reminder, Robot
    from tracking.models import Milestone


class ReminderQuerySet(QuerySet["Reminder"]):
    """Intents to remind."""

    def visible_to(self, user: "User") -> Self:
        """Leave those about milestones that the person may see."""
        milestones = apps.get_model("tracking", "Milestone").objects.visible_to(user).values("pk")
        return self.filter(subject_kind=Subject.MILESTONE, subject_id__in=milestones)

    def of(self, milestone: "Milestone") -> Self:
        """Leave those of a milestone, newest first, with what its page shows."""
        return (
            self.filter(subject_kind=Subject.MILESTONE, subject_id=milestone.pk)
            .select_related("rule", "recipient", "outbox")
            .order_by("-day", "-id")
        )

    def planned(self) -> Self:
        """Leave those that no digest has taken up."""
        return self.filter(status=ReminderStatus.PLANNED)


class OutboxQuerySet(QuerySet["Outbox"]):
    """Messages."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own; administrators and coordinators see the district's."""
        run = scope_of(user).districts_as(Role.COORDINATOR, Role.SYSTEM_ADMIN)
        of_district = Q(recipient__memberships__department__district__in=run)
        return self.filter(Q(recipient=user) | of_district).distinct()

    def due(self, now: datetime) -> Self:
        """Leave what may be claimed: due, let go by a dead worker, or to be tried a second time
        after the line broke once. Only columns of this table, so that a claim has one winner."""
        return self.filter(
            Q(status__in=[OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT], next_at__lte=now)
            | Q(status=OutboxStatus.UNCERTAIN, losses=1, next_at__lte=now)
            | Q(status=OutboxStatus.SENDING, phase=Phase.CLAIMED, lease_until__lt=now)
        )

    def claim(self, *, worker: str, now: datetime, lease: timedelta, most: int) -> "list[Outbox]":
        """Take the next due messages for the worker by one conditional update; none when none is
        due."""
        while True:
            due = self.due(now).order_by("next_at", "id")
            wanted = list(due.values_list("pk", flat=True)[:most])
            claimed = self.due(now).filter(pk__in=wanted)
            if not wanted or claimed.update(
                status=OutboxStatus.SENDING,
                phase=Phase.CLAIMED,
                lease_by=worker,
                lease_until=now + lease,
            ):
                mine = self.filter(pk__in=wanted).held_by(worker)
                return list(mine.select_related("recipient").order_by("next_at", "id"))

    def held_by(self, worker: str) -> Self:
        """Leave what the worker has claimed and nobody has claimed since."""
        return self.filter(lease_by=worker)

    def let_go(self) -> int:
        """Give back what was claimed and not begun."""
        return self.filter(status=OutboxStatus.SENDING, phase=Phase.CLAIMED).update(
            status=Case(
                When(losses__gt=0, then=Value(OutboxStatus.UNCERTAIN)),
                When(attempts__gt=0, then=Value(OutboxStatus.RETRY_WAIT)),
                default=Value(OutboxStatus.QUEUED),
            ),
            phase="",
        )

    def lose(self, *, retry_at: datetime) -> int:
        """Note that the line broke inside the handing over; the first time it is tried again."""
        return self.update(
            status=OutboxStatus.UNCERTAIN,
            phase="",
            attempts=F("attempts") + 1,
            losses=F("losses") + 1,
            next_at=retry_at,
            reason=Case(
                When(
                    losses=0, then=Value("交付时中断，不知对方是否收到；稍后用同一邮件标识再发一次")
                ),
                default=Value("交付时两次中断，不知对方是否收到；不再自动重发"),
            ),
        )


class NoticeQuerySet(QuerySet["Notice"]):
    """Words in the page."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Leave those not opened yet."""
        return self.filter(read_at=None)

    def worst_first(self) -> Self:
        """Order: unread ones that ask for something to be done, other unread ones, read ones; the
        newest first among each."""
        place = Case(
            When(read_at=None, is_urgent=True, then=Value(0)),
            When(read_at=None, then=Value(1)),
            default=Value(2),
        )
        return self.order_by(place, "-id")


class CalendarFeedQuerySet(QuerySet["CalendarFeed"]):
    """Addresses of calendar feeds."""

    def live(self) -> Self:
        """Leave those that were not taken back."""
        return self.filter(revoked_at=None)

    def usable(self, secret: str) -> "CalendarFeed | None":
        """Return the live feed of this secret, if its person is still in use and reports for a
        unit."""
        rows = self.live().filter(digest=digest(secret), user__is_active=True)
        found = rows.select_related("user").first()
        return found if found and scope_of(found.user).departments else None

    def note_use(self, feed: "CalendarFeed", day: date) -> None:
        """Note the day on which a calendar read it, once a day."""
        if feed.last_used_on != day:
            self.filter(pk=feed.pk).update(last_used_on=day)


class RobotQuerySet(QuerySet["Robot"]):
    """Robots of working groups."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the districts that the person coordinates."""
        run = scope_of(user).districts_as(Role.COORDINATOR)
        return self.filter(department__district__in=run)

"""Questions to reminders, the outbox and notices; the claim is here too."""

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from accounts.choices import Role
from accounts.scope import scope_of
from notifications.choices import ReminderStatus

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Notice, Outbox, Reminder


class ReminderQuerySet(QuerySet["Reminder"]):
    """Intents to remind."""

    def planned(self) -> Self:
        """Leave those that no digest has taken up."""
        return self.filter(status=ReminderStatus.PLANNED)


class OutboxQuerySet(QuerySet["Outbox"]):
    """Messages."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own; administrators and coordinators see the district's."""
        scope = scope_of(user)
        if scope.has(Role.COORDINATOR, Role.SYSTEM_ADMIN):
            return self.filter(
                recipient__memberships__department__district__in=scope.districts
            ).distinct()
        return self.filter(recipient=user)


class NoticeQuerySet(QuerySet["Notice"]):
    """Words in the page."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Leave those not opened yet."""
        return self.filter(read_at=None)

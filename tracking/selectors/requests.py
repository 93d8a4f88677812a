"""What waits for the coordinator besides reports."""

from accounts.choices import Role
from accounts.models import User
from accounts.scope import scope_of
from tracking.models import ExtensionRequest, HandBack


def extension_requests(user: User) -> list[ExtensionRequest]:
    """Return the requests for a later day that wait in the person's districts, oldest first."""
    if not scope_of(user).has(Role.COORDINATOR, Role.SUPERVISOR):
        return []
    return list(
        ExtensionRequest.objects.visible_to(user)
        .open()
        .select_related("milestone__assignment__measure__parent", "milestone__department")
        .defer("milestone__assignment__measure__text")
        .order_by("asked_at", "id")
    )


def hand_backs(user: User) -> list[HandBack]:
    """Return the tasks that units say are not theirs, oldest first."""
    if not scope_of(user).has(Role.COORDINATOR, Role.SUPERVISOR):
        return []
    return list(
        HandBack.objects.visible_to(user)
        .open()
        .select_related("assignment__measure__parent", "assignment__department")
        .defer("assignment__measure__text")
        .order_by("asked_at", "id")
    )

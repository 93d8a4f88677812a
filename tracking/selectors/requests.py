"""What waits for the coordinator besides reports."""

from django.db.models import F

from accounts.choices import Role
from accounts.models import User
from accounts.scope import scope_of
from tracking.models import Assignment, ExtensionRequest, HandBack, Instruction


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


def open_instructions(user: User, *, own: bool = False) -> list[tuple[Instruction, int]]:
    """Return what leaders wrote that waits for an answer, the nearest day first, each with the
    assignment on whose page the person reads it; ``own`` leaves what the person's units are to
    answer: two queries."""
    found = Instruction.objects.visible_to(user).open()
    if own:
        found = found.filter(addressed_to__in=scope_of(user).departments)
    rows = list(
        found.select_related("addressed_to", "assignment__measure__parent").order_by(
            F("answer_by").asc(nulls_last=True), "given_on", "id"
        )
    )
    measures = {row.assignment.measure_id for row in rows}
    pages = Assignment.objects.visible_to(user).live().filter(measure__in=measures)
    page_of = dict(pages.order_by("-reports_through", "-id").values_list("measure_id", "pk"))
    return [(row, page_of.get(row.assignment.measure_id, row.assignment_id)) for row in rows]

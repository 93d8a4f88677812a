"""How steps of the work enter the record."""

from collections.abc import Mapping
from datetime import datetime

from accounts.events import record
from accounts.models import User
from tracking.models import Assignment, Milestone, Submission


def record_work(
    thing: Assignment | Milestone | Submission,
    action: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
    data: Mapping[str, str] | None = None,
) -> None:
    """Record a step on the timeline of the object and of the assignment that it belongs to."""
    milestone = thing.milestone if isinstance(thing, Submission) else thing
    record(
        thing,
        action,
        by=by,
        at=at,
        # The assignment's key is enough; reading it would cost every step a query.
        within=Assignment(pk=milestone.assignment_id) if isinstance(milestone, Milestone) else None,
        department=milestone.department_id,
        note=note,
        data=data,
    )

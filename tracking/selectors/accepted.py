"""What units have reported and reviewers accepted, in the order of the plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import User
from tracking.choices import SubmissionStatus
from tracking.models import Evidence, Milestone, Submission


@dataclass(frozen=True, slots=True)
class AcceptedReports:
    """The accepted reports on one milestone, oldest first."""

    milestone: Milestone
    reports: list[Submission]


def accepted_reports(
    user: User, *, department: int | None = None, milestone: int | None = None
) -> list[AcceptedReports]:
    """Return what was accepted of a department or on a milestone, as far as the person may read
    it: two queries."""
    rows = (
        Submission.objects.visible_to(user)
        .filter(status=SubmissionStatus.ACCEPTED)
        .with_milestone()
        .select_related("milestone__assignment__measure__parent")
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("id")))
        .order_by(
            "milestone__plan_id",
            "milestone__assignment__measure__ordinal",
            "milestone__due_on",
            "milestone_id",
            "number",
        )
    )
    if department is not None:
        rows = rows.filter(milestone__department=department)
    if milestone is not None:
        rows = rows.filter(milestone=milestone)
    return _grouped(rows)


def _grouped(rows: Iterable[Submission]) -> list[AcceptedReports]:
    found: dict[int, AcceptedReports] = {}
    for row in rows:
        kept = found.setdefault(row.milestone_id, AcceptedReports(row.milestone, []))
        kept.reports.append(row)
    return list(found.values())

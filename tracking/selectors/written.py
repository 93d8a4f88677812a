"""What is written on a milestone, as page, sheet and review read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from tracking.choices import IN_HANDS, MilestoneStatus, SubmissionStatus
from tracking.models import Milestone, Submission


@dataclass(frozen=True)
class Written:
    """The reports on a milestone that a person may see, newest first, and what was last accepted
    of it."""

    milestone: Milestone
    reports: tuple[Submission, ...]
    accepted: Submission | None

    @property
    def newest(self) -> Submission | None:
        """The last report."""
        return self.reports[0] if self.reports else None

    @property
    def draft(self) -> Submission | None:
        """What is written and not sent."""
        newest = self.newest
        return newest if newest and newest.status == SubmissionStatus.DRAFT else None

    @property
    def returned(self) -> Submission | None:
        """The report that came back and is being mended."""
        if not self.is_open:
            return None
        for report in self.reports:
            if report.status == SubmissionStatus.RETURNED:
                return report
            if report.status != SubmissionStatus.DRAFT:
                return None
        return None

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.milestone.status == MilestoneStatus.OPEN

    @property
    def is_writable(self) -> bool:
        """Whether something can be written on it."""
        return self.is_open and not (self.newest and self.newest.status in IN_HANDS)


def last_accepted(
    milestone: Milestone, reports: Iterable[Submission], user: User
) -> Submission | None:
    """Return the newest accepted report among those on the milestone, newest first; where there is
    none, that of the period before of what recurs."""
    own = next((row for row in reports if row.status == SubmissionStatus.ACCEPTED), None)
    if own is not None or milestone.recurrence_id is None:
        return own
    return (
        Submission.objects.visible_to(user)
        .filter(
            status=SubmissionStatus.ACCEPTED,
            milestone__assignment=milestone.assignment_id,
            milestone__recurrence=milestone.recurrence_id,
            milestone__period__lt=milestone.period,
        )
        .select_related("milestone__assignment__measure", "review__by")
        .order_by("-milestone__period", "-number")
        .first()
    )

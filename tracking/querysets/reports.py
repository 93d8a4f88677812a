"""Questions to reports and what is added to them."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import OuterRef, Q, QuerySet

from accounts.scope import scope_of
from tracking.choices import SubmissionStatus

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import Contribution, Submission

SENT = (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED)


def sent_for(milestone: OuterRef) -> "QuerySet[Submission]":
    """Return the reports on a milestone that have left the house."""
    reports: QuerySet[Submission] = apps.get_model("tracking", "Submission").objects.all()
    return reports.filter(milestone=milestone, status__in=SENT)


def written_by(user: "User") -> "QuerySet[Submission]":
    """Return the reports that a person wrote."""
    reports: QuerySet[Submission] = apps.get_model("tracking", "Submission").objects.all()
    return reports.filter(author=user)


class SubmissionQuerySet(QuerySet["Submission"]):
    """Reports."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's own units, and the person's own where another unit took the
        milestone over; overseers, and the unit that sums a common duty up, see what has left the
        house."""
        scope = scope_of(user)
        gathered = Q(milestone__gathered_by__department__in=scope.departments)
        return self.filter(
            Q(milestone__department__in=scope.departments)
            | Q(author=user.pk if scope.departments else None)
            | (gathered & Q(status__in=SENT))
            | Q(milestone__department__district__in=scope.overseen, status__in=SENT)
        )

    def waiting(self) -> Self:
        """Leave those that wait for a reviewer."""
        return self.filter(status=SubmissionStatus.SUBMITTED)

    def unfinished(self) -> Self:
        """Leave those that are still in the house."""
        return self.filter(status__in=(SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF))

    def with_milestone(self) -> Self:
        """Load what a queue row shows."""
        return self.select_related(
            "milestone__assignment__measure__part",
            "milestone__assignment__measure__edition",
            "milestone__department",
            "milestone__plan",
            "author",
        ).defer(
            "milestone__assignment__measure__edition__text",
            "milestone__assignment__measure__edition__places",
        )


class ContributionQuerySet(QuerySet["Contribution"]):
    """What supporting units add to the reports of others."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units and those to their reports; overseers see what went
        out with a report."""
        scope = scope_of(user)
        return self.filter(
            Q(department__in=scope.departments)
            | Q(milestone__department__in=scope.departments)
            | Q(department__district__in=scope.overseen, taken_into__status__in=SENT)
        )

    def open(self) -> Self:
        """Leave those that no report has taken over."""
        return self.filter(taken_into=None)

"""The review queue: what waits, since when, and who may decide on it."""

from dataclasses import dataclass
from datetime import date

import rules
from django.db.models import Count, Min
from django.utils import timezone

from accounts.calendar import WorkCalendar
from accounts.models import User
from accounts.scope import scope_of
from tracking.models import Sheet, Submission
from tracking.querysets import SubmissionQuerySet
from tracking.selectors.reviewers import Reviewers


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in the queue: how long it has waited, and who may decide on it."""

    submission: Submission
    sent_on: date
    waited: int
    may_review: bool
    reviewers: list[str]

    @property
    def is_unreviewable(self) -> bool:
        """Whether nobody at all may decide on it: somebody has to be appointed."""
        return not (self.may_review or self.reviewers)

    @property
    def reference(self) -> str:
        """The way the document prints it, with the mark of the day: 第26项②."""
        return self.submission.milestone.reference


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """A yearly sheet in the queue: how many of its rows wait, and since when."""

    sheet: Sheet
    rows: int
    sent_on: date
    waited: int
    may_review: bool
    reviewers: list[str]


def waiting_sheets(
    user: User,
    submissions: SubmissionQuerySet,
    *,
    today: date,
    calendar: WorkCalendar,
    reviewers: Reviewers | None = None,
) -> list[WaitingSheet]:
    """Return the sheets of which rows wait for review, oldest first."""
    waiting = {
        row["milestone__sheet"]: row
        for row in submissions.visible_to(user)
        .waiting()
        .exclude(milestone__sheet=None)
        .order_by()
        .values("milestone__sheet")
        .annotate(rows=Count("pk", distinct=True), since=Min("submitted_at"))
    }
    asked = reviewers or Reviewers.load(scope_of(user).overseen)
    found = []
    for sheet in Sheet.objects.filter(pk__in=waiting).select_related("year", "department__host"):
        sent_on = timezone.localdate(waiting[sheet.pk]["since"])
        may_review = rules.has_perm("tracking.review_submission", user, sheet)
        unit = sheet.department
        found.append(
            WaitingSheet(
                sheet=sheet,
                rows=waiting[sheet.pk]["rows"],
                sent_on=sent_on,
                waited=calendar.between(sent_on, today),
                may_review=may_review,
                reviewers=[] if may_review else asked.offices_for(unit.pk, unit.district_id),
            )
        )
    return sorted(found, key=lambda row: (row.sent_on, row.sheet.department.ordinal, row.sheet.pk))


def waiting_reports(
    user: User,
    submissions: SubmissionQuerySet,
    *,
    today: date,
    calendar: WorkCalendar,
    reviewers: Reviewers | None = None,
) -> list[Waiting]:
    """Return what waits for review by itself, not on a sheet, oldest first.

    What the person must not review says who can.
    """
    rows = (
        submissions.visible_to(user)
        .waiting()
        .filter(milestone__sheet=None)
        .with_milestone()
        .select_related("milestone__department__host", "milestone__assignment__measure__parent")
        .order_by("submitted_at", "id")
    )
    asked = reviewers or Reviewers.load(scope_of(user).overseen)
    return [_waiting(user, row, asked, today=today, calendar=calendar) for row in rows]


def _waiting(
    user: User, row: Submission, reviewers: Reviewers, *, today: date, calendar: WorkCalendar
) -> Waiting:
    assert row.submitted_at is not None
    sent_on = timezone.localdate(row.submitted_at)
    may_review = rules.has_perm("tracking.review_submission", user, row)
    department = row.milestone.department
    return Waiting(
        submission=row,
        sent_on=sent_on,
        waited=calendar.between(sent_on, today),
        may_review=may_review,
        reviewers=[]
        if may_review
        else reviewers.offices_for(department.pk, department.district_id),
    )

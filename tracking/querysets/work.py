"""Questions to papers of issue, assignments and yearly sheets."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet

from tracking.choices import AssignmentStatus, MilestoneStatus
from tracking.querysets.reports import sent_for
from tracking.querysets.scope import mine

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import Assignment, Dispatch, Milestone, Sheet


class DispatchQuerySet(QuerySet["Dispatch"]):
    """Papers by which work was handed out."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(mine(user))

    def with_edition(self) -> Self:
        """Load what the head of the paper shows."""
        return self.select_related("department", "edition__plan", "edition__former").defer(
            "edition__text",
            "edition__places",
            "edition__former__text",
            "edition__former__places",
        )

    def waiting(self) -> Self:
        """Leave those not yet acknowledged, of units that have not ended."""
        return self.filter(acknowledged_at=None, department__ended_on=None)


class AssignmentQuerySet(QuerySet["Assignment"]):
    """Measures as units have to carry them out."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(mine(user))

    def live(self) -> Self:
        """Leave those that have not been ended and that no other assignment continues."""
        return self.exclude(status__in=(AssignmentStatus.MERGED, AssignmentStatus.TERMINATED))

    def reporting(self) -> Self:
        """Leave those that report for themselves."""
        return self.filter(reports_through=None)

    def with_measure(self) -> Self:
        """Load what a list row shows."""
        return self.select_related(
            "measure__part",
            "measure__edition__plan",
            "measure__parent",
            "department",
            "dispatch",
            "reports_through__department",
        ).defer("measure__edition__text", "measure__edition__places")


class SheetQuerySet(QuerySet["Sheet"]):
    """Yearly sheets of units."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(mine(user))

    def open_on(self, day: date) -> Self:
        """Leave those that can be filled in on the day, whose last day may have passed."""
        return self.filter(year__opens_on__lte=day)

    def unsent(self) -> Self:
        """Leave those with rows that are owed and were never sent."""
        return self.filter(Exists(_unsent_rows()))

    def with_year(self) -> Self:
        """Load the year, its plan and the unit."""
        return self.select_related("year__plan", "department")


def _unsent_rows() -> "QuerySet[Milestone]":
    rows: QuerySet[Milestone] = apps.get_model("tracking", "Milestone").objects.all()
    return rows.filter(sheet=OuterRef("pk"), status=MilestoneStatus.OPEN).exclude(
        Exists(sent_for(OuterRef("pk")))
    )

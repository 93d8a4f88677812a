"""Questions to the plan as written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet

from accounts.choices import Role
from accounts.scope import scope_of
from plans.choices import EditionStatus, ImportStatus, Severity

if TYPE_CHECKING:
    from accounts.models import User
    from plans.models import Correction, Doubt, Edition, ImportJob, Measure, Plan

R = TypeVar("R", bound=Model)

HANDED_OUT = (EditionStatus.ISSUED, EditionStatus.REPLACED)
UNREAD = (ImportStatus.WAITING, ImportStatus.READING)


class PlanQuerySet(QuerySet["Plan"]):
    """Undertakings that are tracked."""

    def visible_to(self, user: "User") -> Self:
        """Leave issued plans of the person's districts, and drafts to coordinators."""
        scope = scope_of(user)
        mine = Q(district__in=scope.districts, editions__status__in=HANDED_OUT)
        if scope.has(Role.COORDINATOR):
            mine |= Q(district__in=scope.overseen)
        return self.filter(mine).distinct()


class EditionQuerySet(QuerySet["Edition"]):
    """Documents of plans."""

    def visible_to(self, user: "User") -> Self:
        """Leave what was handed out in the person's districts, and drafts to coordinators."""
        scope = scope_of(user)
        mine = Q(plan__district__in=scope.districts, status__in=HANDED_OUT)
        if scope.has(Role.COORDINATOR):
            mine |= Q(plan__district__in=scope.overseen)
        return self.filter(mine)

    def in_force(self) -> "Edition | None":
        """Return the one of a plan that was handed out and is not replaced."""
        return self.filter(status=EditionStatus.ISSUED).defer("text", "places").first()

    def newest_draft_after(self, edition: "Edition") -> "Edition | None":
        """Return the last draft of a plan that was imported after this one."""
        later = self.filter(status=EditionStatus.DRAFT, number__gt=edition.number)
        return later.defer("text", "places").order_by("-number").first()


class MeasureQuerySet(QuerySet["Measure"]):
    """Numbered things to do."""

    def visible_to(self, user: "User") -> Self:
        """Leave measures of visible editions, without those merged into others."""
        scope = scope_of(user)
        mine = Q(edition__plan__district__in=scope.districts, edition__status__in=HANDED_OUT)
        if scope.has(Role.COORDINATOR):
            mine |= Q(edition__plan__district__in=scope.overseen)
        return self.filter(mine, merged_into=None)

    def leaves(self) -> Self:
        """Leave the measures that carry responsibility."""
        return self.filter(is_leaf=True)

    def with_reading(self) -> Self:
        """Load what was read from each measure, for lists."""
        return self.select_related("part").prefetch_related(
            "responsibilities__department", "deadlines", "recurrences", "metrics"
        )

    def correctable(self) -> Self:
        """Leave the leaves and what a person has set aside as no measure."""
        return self.filter(Q(is_leaf=True) | ~Q(set_aside=""))

    def unchecked(self) -> Self:
        """Leave the leaves that no person has marked as checked."""
        return self.filter(is_leaf=True, checked_at=None)

    def in_order(self) -> Self:
        """Order as in the document."""
        return self.order_by("edition_id", "ordinal")


class ReadQuerySet(QuerySet[R]):
    """What was read of an edition besides its measures."""

    def visible_to(self, user: "User") -> Self:
        """Leave what stands in editions that the person may read."""
        editions = apps.get_model("plans", "Edition").objects.visible_to(user).values("pk")
        if hasattr(self.model, "edition"):
            return self.filter(edition__in=editions)
        if hasattr(self.model, "part"):
            return self.filter(part__edition__in=editions)
        in_measure = Q(measure__edition__in=editions, measure__merged_into=None)
        return self.filter(Q(indicator__part__edition__in=editions) | in_measure)


class DoubtQuerySet(QuerySet["Doubt"]):
    """What the parser was unsure of."""

    def visible_to(self, user: "User") -> Self:
        """Leave doubts of the districts in which the person coordinates."""
        run = scope_of(user).districts_as(Role.COORDINATOR)
        return self.filter(edition__plan__district__in=run)

    def open(self) -> Self:
        """Leave what no person has settled; repairs want no settling."""
        return self.filter(settled_at=None).exclude(severity=Severity.NOTE)

    def stopping(self) -> Self:
        """Leave the open doubts that stop the issue."""
        return self.filter(settled_at=None, severity=Severity.ERROR)


class CorrectionQuerySet(QuerySet["Correction"]):
    """What people changed in the reading."""

    def standing(self) -> Self:
        """Leave what has not been undone."""
        return self.filter(undone_at=None)

    def touching(self, measures: Iterable[int]) -> Self:
        """Leave what changed one of these measures, as the first or the second."""
        ids = list(measures)
        return self.filter(Q(measure__in=ids) | Q(other__in=ids))


class ImportJobQuerySet(QuerySet["ImportJob"]):
    """Files that take long to read."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own."""
        return self.filter(by=user)

    def open(self) -> Self:
        """Leave those of which nothing has come yet."""
        return self.filter(status__in=UNREAD)

    def due(self, now: datetime) -> Self:
        """Leave what may be claimed: waiting, or let go by a dead worker."""
        return self.filter(
            Q(status=ImportStatus.WAITING) | Q(status=ImportStatus.READING, lease_until__lt=now)
        )

    def claim(self, *, worker: str, now: datetime, lease: timedelta) -> "ImportJob | None":
        """Take the next due file for the worker: one conditional update, None when none is."""
        while True:
            pk = self.due(now).order_by("attempts", "id").values_list("pk", flat=True).first()
            if pk is None:
                return None
            if (
                self.due(now)
                .filter(pk=pk)
                .update(
                    status=ImportStatus.READING,
                    done=0,
                    attempts=F("attempts") + 1,
                    lease_by=worker,
                    lease_until=now + lease,
                )
            ):
                return self.select_related("file", "by", "district", "plan").get(pk=pk)

    def held_by(self, worker: str) -> Self:
        """Leave what the worker reads and nobody has cancelled or claimed since."""
        return self.filter(status=ImportStatus.READING, lease_by=worker)

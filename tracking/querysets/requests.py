"""Questions to what units ask, and what leaders ask of them."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.scope import scope_of
from tracking.choices import RequestStatus
from tracking.querysets.scope import mine

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import Instruction

R = TypeVar("R", bound=Model)


class RequestQuerySet(QuerySet[R]):
    """What units ask of the coordinator."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        to = "milestone__" if hasattr(self.model, "milestone") else "assignment__"
        return self.filter(mine(user, to))

    def open(self) -> Self:
        """Leave those that wait for a decision."""
        return self.filter(status=RequestStatus.ASKED)


class InstructionQuerySet(QuerySet["Instruction"]):
    """What leaders ask of units."""

    def visible_to(self, user: "User") -> Self:
        """Leave those for the person's units, or of the district that the person oversees."""
        scope = scope_of(user)
        return self.filter(
            Q(addressed_to__in=scope.departments) | Q(addressed_to__district__in=scope.overseen)
        )

    def open(self) -> Self:
        """Leave those that nobody has answered."""
        return self.filter(answered_at=None)

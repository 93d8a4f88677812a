"""Whose rows they are."""

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.scope import scope_of

if TYPE_CHECKING:
    from accounts.models import User


def mine(user: "User", to: str = "") -> Q:
    """Return the condition of a row of the person's units, or of the district overseen."""
    scope = scope_of(user)
    return Q(**{f"{to}department__in": scope.departments}) | Q(
        **{f"{to}department__district__in": scope.overseen}
    )

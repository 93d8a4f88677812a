"""Who may change the plan as written."""

from typing import Any

import rules

from accounts.choices import Role
from accounts.scope import scope_of


@rules.predicate
def coordinates_there(user: Any, thing: Any) -> bool:
    """The person coordinates in the district of the edition or plan, or in this district."""
    scope = scope_of(user)
    if thing is None:
        return scope.has(Role.COORDINATOR)
    owner = getattr(thing, "plan", thing)
    return scope.has_in(getattr(owner, "district_id", owner.pk), Role.COORDINATOR)


rules.add_perm("plans.import_plan", coordinates_there)
rules.add_perm("plans.check_edition", coordinates_there)

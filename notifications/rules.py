"""Who may look at and change what is sent."""

from typing import Any

import rules

from accounts.choices import Role
from accounts.rules import has_role, is_administrator, is_coordinator
from accounts.scope import scope_of
from tracking.rules import coordinates, is_reviewer


@rules.predicate
def runs_the_recipients_district(user: Any, message: Any) -> bool:
    """The person coordinates or administers a district in which the recipient has a role."""
    districts = message.recipient.memberships.values_list("department__district_id", flat=True)
    scope = scope_of(user)
    return any(
        scope.has_in(district, Role.COORDINATOR, Role.SYSTEM_ADMIN) for district in districts
    )


@rules.predicate
def runs_the_plans_district(user: Any, plan: Any) -> bool:
    """The person coordinates in the plan's district."""
    return plan is not None and scope_of(user).has_in(plan.district_id, Role.COORDINATOR)


rules.add_perm("notifications.change_rules", runs_the_plans_district)
rules.add_perm("notifications.see_outbox", is_coordinator | is_administrator)
rules.add_perm("notifications.resend", runs_the_recipients_district)
rules.add_perm("notifications.manage_robots", coordinates)
rules.add_perm("notifications.urge", is_reviewer)
rules.add_perm("notifications.subscribe", has_role(Role.LIAISON, Role.HEAD))
rules.add_perm("notifications.see_staffing", is_coordinator | is_administrator)

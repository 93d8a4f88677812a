"""Who may change the plan as written."""

import rules

from accounts.rules import is_coordinator

rules.add_perm("plans.import_plan", is_coordinator)
rules.add_perm("plans.check_edition", is_coordinator)

"""Who may look at and change what is sent."""

import rules

from accounts.rules import is_administrator, is_coordinator

rules.add_perm("notifications.see_outbox", is_coordinator | is_administrator)

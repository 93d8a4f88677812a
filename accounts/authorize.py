"""One question before every change: may this person do this to this object?"""

from typing import TYPE_CHECKING

import rules
from django.db.models import Model

from accounts.errors import ForbiddenError

if TYPE_CHECKING:
    from accounts.models import User


def authorize(by: "User", permission: str, thing: Model | None = None) -> None:
    """Raise ForbiddenError unless the rule allows it; a rule that nobody declared is a bug."""
    if not rules.perm_exists(permission):
        raise LookupError(f"no rule is named {permission}")
    if not (by.is_active and rules.has_perm(permission, by, thing)):
        raise ForbiddenError

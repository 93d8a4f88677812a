"""Predicates on a person's roles that every app builds its permissions from."""

from typing import Any

import rules

from accounts.choices import Role
from accounts.scope import scope_of


def has_role(*roles: Role) -> Any:
    """Return the predicate «has one of these roles somewhere»."""

    def test(user: Any, thing: Any = None) -> bool:
        return scope_of(user).has(*roles)

    return rules.Predicate(test, name=f"has_role:{','.join(roles)}")


is_coordinator = has_role(Role.COORDINATOR)
is_administrator = has_role(Role.SYSTEM_ADMIN)

rules.add_perm("accounts.manage_register", is_coordinator | is_administrator)

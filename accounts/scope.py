"""What a person is, in one query: the ground that every visible_to and every rule stands on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps

from accounts.choices import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Department, User

OVERSEERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.VIEWER})
REPORTERS = frozenset({Role.LIAISON, Role.HEAD, Role.DEPUTY})
SIGNERS = frozenset({Role.HEAD, Role.DEPUTY})
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a person has which role: ids of districts and of departments.

    ``charges`` are the departments that a leader is in charge of, each with its district.
    """

    roles: frozenset[tuple[Role, int, int]]
    hosts: frozenset[int]
    charges: frozenset[tuple[int, int]] = frozenset()

    @property
    def districts(self) -> set[int]:
        """Districts in which the person has any role."""
        return {district for _, _, district in self.roles}

    def districts_as(self, *roles: Role) -> set[int]:
        """Return the districts in which the person has one of the roles."""
        return {district for role, _, district in self.roles if role in roles}

    @property
    def overseen(self) -> set[int]:
        """Districts whose whole work the person may see; a leader who is in charge of some units
        sees those alone."""
        limited = {district for _, district in self.charges}
        return {
            district
            for role, _, district in self.roles
            if role in OVERSEERS and not (role == Role.VIEWER and district in limited)
        }

    @property
    def watched(self) -> set[int]:
        """Departments whose work the person may see without reporting for them."""
        return {department for department, _ in self.charges}

    def sees(self, department: "Department") -> bool:
        """Say whether the person may see the whole work of the department."""
        seen = self.departments | self.watched
        return department.pk in seen or department.district_id in self.overseen

    @property
    def departments(self) -> set[int]:
        """Departments for which the person reports or signs."""
        return {department for role, department, _ in self.roles if role in REPORTERS}

    @property
    def signs_for(self) -> set[int]:
        """Departments for which the person signs."""
        return {department for role, department, _ in self.roles if role in SIGNERS}

    @property
    def offices(self) -> set[int]:
        """Departments the person belongs to in any role, and the ones that host them."""
        return {department for _, department, _ in self.roles} | self.hosts

    def has(self, *roles: Role) -> bool:
        """Say whether the person has one of the roles anywhere."""
        return any(role in roles for role, _, _ in self.roles)

    def has_in(self, district: int, *roles: Role) -> bool:
        """Say whether the person has one of the roles in the district."""
        return district in self.districts_as(*roles)


NOBODY = Scope(frozenset(), frozenset())


def scope_of(user: "User | AnonymousUser") -> Scope:
    """Return the person's scope, kept on the user object for the length of a request."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if "_scope" not in user.__dict__:
        keep_scopes([user])
    kept: Scope = user.__dict__["_scope"]
    return kept


def keep_scopes(users: "Collection[User]") -> None:
    """Read the scopes of many people at once, for a page that asks what may be done with each."""
    seats = apps.get_model("accounts", "Membership").objects.held().filter(user__in=users)
    roles: dict[int, set[tuple[Role, int, int]]] = {user.pk: set() for user in users}
    hosts: dict[int, set[int]] = {user.pk: set() for user in users}
    charges: dict[int, set[tuple[int, int]]] = {user.pk: set() for user in users}
    for user_id, role, department, district, host, charge in seats.values_list(
        "user_id",
        "role",
        "department_id",
        "department__district_id",
        "department__host_id",
        "charges",
    ):
        roles[user_id].add((Role(role), department, district))
        hosts[user_id] |= {host} if host else set()
        charges[user_id] |= {(charge, district)} if charge else set()
    for user in users:
        user.__dict__["_scope"] = Scope(
            frozenset(roles[user.pk]), frozenset(hosts[user.pk]), frozenset(charges[user.pk])
        )

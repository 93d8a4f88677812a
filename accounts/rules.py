"""Predicates on a person's roles that every app builds its permissions from."""

from typing import Any

import rules

from accounts.choices import Role
from accounts.scope import ADMINISTRATORS, REPORTERS, scope_of


def has_role(*roles: Role) -> Any:
    """Return the predicate «has one of these roles somewhere»."""

    def test(user: Any, thing: Any = None) -> bool:
        return scope_of(user).has(*roles)

    return rules.Predicate(test, name=f"has_role:{','.join(roles)}")


is_coordinator = has_role(Role.COORDINATOR)
is_administrator = has_role(Role.SYSTEM_ADMIN)


@rules.predicate
def runs_its_district(user: Any, department: Any) -> bool:
    """The person coordinates in the department's district."""
    return department is not None and scope_of(user).has_in(
        department.district_id, Role.COORDINATOR
    )


@rules.predicate
def coordinates_in(user: Any, district: Any) -> bool:
    """The person coordinates in the district."""
    return district is not None and scope_of(user).has_in(district.pk, Role.COORDINATOR)


@rules.predicate
def heads(user: Any, department: Any) -> bool:
    """The person heads the department."""
    return (Role.HEAD, getattr(department, "pk", None)) in {
        (role, where) for role, where, _ in scope_of(user).roles
    }


@rules.predicate
def is_oneself(user: Any, person: Any) -> bool:
    """The person asks for their own account."""
    return person is not None and user.pk == person.pk


@rules.predicate
def answers_for(user: Any, person: Any) -> bool:
    """Whoever could enter this account gains nothing by it: a coordinator answers for everybody in
    the district but administrators, a head for the heads and liaisons of the unit, a liaison for
    its liaisons."""
    if person is None:
        return False
    mine, theirs = scope_of(user), scope_of(person)
    if not theirs.roles:
        return False
    return all(
        (role not in ADMINISTRATORS and mine.has_in(district, Role.COORDINATOR))
        or (role in REPORTERS and (Role.HEAD, department, district) in mine.roles)
        or (role == Role.LIAISON and (Role.LIAISON, department, district) in mine.roles)
        for role, department, district in theirs.roles
    )


@rules.predicate
def administers(user: Any, person: Any) -> bool:
    """The person looks after a district in which the other has or had a role."""
    run = scope_of(user).districts_as(Role.SYSTEM_ADMIN)
    return bool(person and run and person.memberships.filter(department__district__in=run).exists())


@rules.predicate
def administers_its_district(user: Any, department: Any) -> bool:
    """The person looks after the department's district."""
    return department is not None and scope_of(user).has_in(
        department.district_id, Role.SYSTEM_ADMIN
    )


@rules.predicate
def is_service_account(user: Any, person: Any) -> bool:
    """The account belongs to a program."""
    return person is not None and person.is_service


rules.add_perm("accounts.manage_register", is_coordinator | is_administrator)
rules.add_perm("accounts.name_liaison", runs_its_district | heads)
rules.add_perm("accounts.set_sign_off", runs_its_district | heads)
rules.add_perm("accounts.set_charges", runs_its_district)
rules.add_perm("accounts.change_contact", is_oneself | answers_for)
rules.add_perm("accounts.issue_code", ~is_oneself & ~is_service_account & answers_for)
rules.add_perm("accounts.enrol", is_coordinator)
rules.add_perm("accounts.edit_unit", runs_its_district)
rules.add_perm("accounts.set_external_id", coordinates_in)
rules.add_perm("accounts.make_token", is_oneself | administers & is_service_account)
rules.add_perm("accounts.revoke_token", is_oneself | administers)
rules.add_perm("accounts.see_all_tokens", is_administrator)
rules.add_perm("accounts.add_service", administers_its_district)
rules.add_perm("accounts.end_service", administers & is_service_account)

"""Who may review what: nobody decides on the reports of their own office."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.choices import Role
from accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who reviews, with every office that the person belongs to."""

    name: str
    office: str
    role: str
    district: int
    offices: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reviewers:
    """All who review in some districts."""

    people: tuple[Reviewer, ...]

    @classmethod
    def load(cls, districts: Collection[int]) -> "Reviewers":
        """Read the memberships of those who review there: one query."""
        reviewing = (Role.SUPERVISOR, Role.COORDINATOR)
        rows = (
            Membership.objects.active()
            .filter(user__in=_users(districts))
            .order_by("department__ordinal", "id")
            .values_list(
                "user_id",
                "user__name",
                "role",
                "department_id",
                "department__name",
                "department__district_id",
                "department__host_id",
            )
        )
        offices: dict[int, set[int]] = {}
        seats: dict[tuple[int, int], tuple[str, str, str]] = {}
        for user, name, role, department, office, district, host in rows:
            offices.setdefault(user, set()).update(filter(None, (department, host)))
            if role in reviewing and district in districts:
                seats.setdefault((user, district), (name, office, role))
        return cls(
            tuple(
                Reviewer(name, office, role, district, frozenset(offices[user]))
                for (user, district), (name, office, role) in seats.items()
            )
        )

    def offices_for(self, department: int, district: int) -> list[str]:
        """Return the offices whose people may review what the department reports; the
        coordinator's first, who always can be reached."""
        names = [
            person.office
            for person in sorted(self.people, key=lambda person: person.role != Role.COORDINATOR)
            if person.district == district and department not in person.offices
        ]
        return list(dict.fromkeys(names))


def _users(districts: Collection[int]) -> QuerySet[Membership, Any]:
    return (
        Membership.objects.active()
        .of_role(Role.SUPERVISOR, Role.COORDINATOR)
        .filter(department__district__in=districts)
        .values("user")
    )

"""Who may review what: nobody decides on the reports of their own office."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from accounts.choices import DepartmentKind, Role
from accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who reviews, with every office that the person belongs to."""

    name: str
    office: str
    kind: str
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
                "department__kind",
                "department__district_id",
                "department__host_id",
            )
        )
        offices: dict[int, set[int]] = {}
        seats: dict[tuple[int, int], tuple[str, str, str, str]] = {}
        for user, name, role, department, office, kind, district, host in rows:
            offices.setdefault(user, set()).update(filter(None, (department, host)))
            if role in reviewing and district in districts:
                seats.setdefault((user, district), (name, office, kind, role))
        return cls(
            tuple(
                Reviewer(name, office, kind, role, district, frozenset(offices[user]))
                for (user, district), (name, office, kind, role) in seats.items()
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

    def after_merging(self, ended: int, into: int) -> "Reviewers":
        """Return the same people with everybody of the ended office in the other one."""
        return Reviewers(
            tuple(
                replace(
                    person,
                    offices=person.offices - {ended} | {into}
                    if ended in person.offices
                    else person.offices,
                )
                for person in self.people
            )
        )

    @property
    def party_office(self) -> str:
        """The supervising office of the Party committee and its people, through whom the
        reports of Party organs are asked for; empty where nobody is registered."""
        people = [
            person
            for person in self.people
            if person.kind == DepartmentKind.PARTY and person.role == Role.SUPERVISOR
        ]
        return f"{people[0].office}（{'、'.join(p.name for p in people)}）" if people else ""


def _users(districts: Collection[int]) -> QuerySet[Membership, Any]:
    return (
        Membership.objects.active()
        .of_role(Role.SUPERVISOR, Role.COORDINATOR)
        .filter(department__district__in=districts)
        .values("user")
    )

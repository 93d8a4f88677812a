"""Who is reminded, told and asked: everybody's roles, read once."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.choices import Role
from accounts.models import Membership
from accounts.scope import SIGNERS


@dataclass(frozen=True, slots=True)
class People:
    """Ids of active people by role: in a department, in a district; and the offices of each."""

    of_department: dict[tuple[int, str], list[int]]
    of_district: dict[tuple[int, str], list[int]]
    offices: dict[int, set[int]]

    @classmethod
    def load(cls) -> "People":
        """Read the active memberships: one query."""
        people = cls({}, {}, {})
        rows = (
            Membership.objects.active()
            .order_by("id")
            .values_list(
                "user_id",
                "role",
                "department_id",
                "department__district_id",
                "department__host_id",
            )
        )
        for user, role, department, district, host in rows:
            people.of_department.setdefault((department, role), []).append(user)
            people.of_district.setdefault((district, role), []).append(user)
            people.offices.setdefault(user, set()).add(department)
            if host:
                people.offices[user].add(host)
        return people

    def reminded(self, department: int, *, to_head: bool = False) -> list[int]:
        """Return the department's liaisons, its heads where it has none, and both with to_head."""
        liaisons = self.of_department.get((department, Role.LIAISON), [])
        heads = self.of_department.get((department, Role.HEAD), [])
        return _once([*liaisons, *heads] if to_head or not liaisons else liaisons)

    def signers(self, department: int) -> list[int]:
        """Return those who sign for the department."""
        found = [self.of_department.get((department, role), []) for role in sorted(SIGNERS)]
        return _once(user for users in found for user in users)

    def coordinators(self, district: int) -> list[int]:
        """Return the district's coordinators."""
        return _once(self.of_district.get((district, Role.COORDINATOR), []))

    def administrators(self, district: int) -> list[int]:
        """Return the district's system administrators."""
        return _once(self.of_district.get((district, Role.SYSTEM_ADMIN), []))

    def reviewers(self, district: int, reporting: int) -> list[int]:
        """Return who may review what the reporting department sends: nobody of its own office."""
        seats = [
            user
            for role in (Role.SUPERVISOR, Role.COORDINATOR)
            for user in self.of_district.get((district, role), [])
        ]
        return _once(user for user in seats if reporting not in self.offices[user])


def _once(users: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(users))

"""Finding the unit or group of the register that a name in a document means."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from accounts.models import Department, DepartmentName, District, Group


@dataclass(frozen=True, slots=True)
class Register:
    """All names of a district by unit, and its groups; three queries."""

    units: dict[str, Department]
    groups: dict[str, Group]

    @classmethod
    def load(cls, district: District | int) -> "Register":
        """Read the names under which documents of the district may speak of units."""
        departments = {unit.pk: unit for unit in Department.objects.filter(district=district)}
        units: dict[str, Department] = {}
        for other in DepartmentName.objects.filter(district=district).order_by("id"):
            units[other.name] = departments[other.department_id]
        for unit in departments.values():
            if unit.full_name:
                units[unit.full_name] = unit
        for unit in departments.values():
            units[unit.name] = unit
        groups = {group.name: group for group in Group.objects.filter(district=district)}
        return cls(units, groups)

    def unit(self, *names: str) -> Department | None:
        """Return the unit of the first name that the register knows."""
        return next((self.units[name] for name in names if name in self.units), None)

    def closest(self, *names: str) -> Department | None:
        """Return the unit whose name looks most like one of these, if any does."""
        return next(
            (
                self.units[found]
                for name in names
                for found in get_close_matches(name, self.units, n=1, cutoff=0.6)
            ),
            None,
        )

    def add_missing_groups(self, district: District, names: Iterable[str]) -> None:
        """Enter groups that the register does not have; their members are not known."""
        wanted = dict.fromkeys(name[:60] for name in names)
        for group in Group.objects.bulk_create(
            Group(district=district, name=name, is_open_ended=True)
            for name in wanted
            if name not in self.groups
        ):
            self.groups[group.name] = group

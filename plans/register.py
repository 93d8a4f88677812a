"""Finding the unit or group of the register that a name in a document means."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from accounts.models import Department, DepartmentName, District, Group, Succession


@dataclass(frozen=True, slots=True)
class Register:
    """All names of a district by unit, and its groups; four queries."""

    units: dict[str, Department]
    groups: dict[str, Group]

    @classmethod
    def load(cls, district: District | int) -> "Register":
        """Read the names under which documents of the district may speak of units; the names of a
        unit that ended mean the one that mainly goes on with its work."""
        departments = {unit.pk: unit for unit in Department.objects.filter(district=district)}
        heirs = dict(
            Succession.objects.filter(is_main=True, predecessor__in=departments).values_list(
                "predecessor", "successor"
            )
        )

        def current(unit: Department) -> Department:
            while unit.pk in heirs:
                unit = departments[heirs[unit.pk]]
            return unit

        units: dict[str, Department] = {}
        for other in DepartmentName.objects.filter(district=district).order_by("id"):
            units[other.name] = current(departments[other.department_id])
        for unit in departments.values():
            if unit.full_name:
                units[unit.full_name] = current(unit)
        for unit in departments.values():
            units[unit.name] = current(unit)
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

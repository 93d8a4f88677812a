"""机构改革承接: what becomes of each task of a unit that ends; preview and deed read the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Department
from accounts.succession import moving_seats
from plans.choices import ResponsibilityRole
from tracking.choices import STILL_OWED, AssignmentStatus
from tracking.models import Assignment, Milestone
from tracking.selectors.distribution import STRENGTH
from tracking.selectors.reviewers import Reviewers


@dataclass(frozen=True, slots=True)
class Handing:
    """One task of the unit: who goes on with it, and who of the two stays where that unit stands
    on the measure already."""

    assignment: Assignment
    successor: Department
    standing: Assignment | None

    @property
    def is_kept(self) -> bool:
        """Whether the unit's own role goes on; else the successor's, which is stronger, stays."""
        return self.standing is None or _rank(self.assignment) < _rank(self.standing)

    @property
    def role(self) -> str:
        """The role that the successor has afterwards."""
        kept = self.assignment if self.is_kept or self.standing is None else self.standing
        return str(ResponsibilityRole(kept.role).label)

    @property
    def says(self) -> str:
        """What happens, in words."""
        if self.standing is None:
            return f"由{self.successor}{self.role}"
        mine, theirs = self.assignment.get_role_display(), self.standing.get_role_display()
        if mine == theirs:
            return f"双方都是{mine}，并为一项，不重复填报"
        ended = theirs if self.is_kept else mine
        stays = f"保留{self.role}，“{ended}”并入，不重复填报"
        return f"原单位{mine}，{self.successor}已是{theirs}：{stays}"


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Who reviews what a successor reports, and whether anybody may."""

    successor: Department
    reports: int
    offices: list[str]


@dataclass(frozen=True, slots=True)
class SuccessionPreview:
    """All that a reorganisation would do to the work of one unit."""

    handings: list[Handing]
    reviewing: list[Reviewing]
    people: list[str]

    @property
    def unreviewed(self) -> list[Reviewing]:
        """Successors whose reports nobody could review."""
        return [row for row in self.reviewing if row.reports and not row.offices]

    @property
    def papers(self) -> list[tuple[Department, int]]:
        """The new dispatches: one for each unit that receives something, with its tasks."""
        counts: dict[Department, int] = {}
        for row in self.handings:
            if row.is_kept:
                counts[row.successor] = counts.get(row.successor, 0) + 1
        return list(counts.items())


def _rank(assignment: Assignment) -> tuple[int, bool]:
    """The stronger role first, and of two alike the one that reports."""
    return STRENGTH[ResponsibilityRole(assignment.role)], assignment.reports_through_id is not None


def tasks_of(unit: Department) -> list[Assignment]:
    """Return what the unit has been given and nobody else goes on with, in the plan's order."""
    return list(
        Assignment.objects.filter(department=unit)
        .live()
        .exclude(status=AssignmentStatus.TERMINATED)
        .with_measure()
        .order_by("measure__edition_id", "measure__ordinal", "id")
    )


def hand_over(
    tasks: Iterable[Assignment], *, main: Department, chosen: Mapping[int, Department]
) -> list[Handing]:
    """Return who goes on with each task: the chosen unit, else the main one; one query."""
    tasks = list(tasks)
    heirs = {task.pk: chosen.get(task.pk, main) for task in tasks}
    standing = {
        (row.measure_id, row.department_id): row
        for row in Assignment.objects.live()
        .exclude(status=AssignmentStatus.TERMINATED)
        .filter(
            measure__in=[task.measure_id for task in tasks],
            department__in={heir.pk for heir in heirs.values()},
        )
    }
    return [
        Handing(task, heirs[task.pk], standing.get((task.measure_id, heirs[task.pk].pk)))
        for task in tasks
    ]


def preview_succession(
    unit: Department, *, main: Department, chosen: Mapping[int, Department]
) -> SuccessionPreview:
    """Return what would happen; nothing is changed."""
    handings = hand_over(tasks_of(unit), main=main, chosen=chosen)
    moving = moving_seats(unit, main)
    return SuccessionPreview(
        handings,
        _reviewing(unit, main, handings),
        [f"{seat.user.name}（{seat.get_role_display()}）" for seat in moving],
    )


def _reviewing(unit: Department, main: Department, handings: list[Handing]) -> list[Reviewing]:
    reviewers = Reviewers.load({unit.district_id})
    heirs = {row.successor.pk: row.successor for row in handings} or {main.pk: main}
    moved = {
        milestone["assignment"]
        for milestone in Milestone.objects.filter(
            assignment__in=[row.assignment.pk for row in handings], status__in=STILL_OWED
        ).values("assignment")
    }
    return [
        Reviewing(
            heir,
            sum(row.successor.pk == heir.pk and row.assignment.pk in moved for row in handings),
            reviewers.after_merging(unit.pk, main.pk).offices_for(heir.pk, unit.district_id),
        )
        for heir in heirs.values()
    ]

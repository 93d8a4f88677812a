"""What wants doing today: the plans in force with their figures, and what stands in their way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef

from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.models import Department, Membership, User
from plans.choices import EditionStatus, ResponsibilityRole
from plans.models import Edition, Measure
from tracking.choices import SubmissionStatus
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.selectors.figures import Node, PlanFigures, load_nodes

REDO_SOON = 5


@dataclass(frozen=True, slots=True)
class PlanAtWork:
    """The edition in force of a plan, with the figures of its milestones."""

    edition: Edition
    figures: PlanFigures


@dataclass(frozen=True, slots=True)
class UnitWithoutLiaison:
    """A unit that has work and nobody to report it; its head, if any, gets the reminders."""

    department: Department
    has_head: bool


@dataclass(frozen=True, slots=True)
class LeadCounts:
    """How many measures units lead, and how many of them together with another."""

    total: int
    together: int


def plans_at_work(
    user: User, *, today: date, calendar: WorkCalendar, is_past: bool = False
) -> list[PlanAtWork]:
    """Return what has been handed out in the person's districts, newest first: three queries.

    With ``is_past`` what had been handed out by the end of that day, as it stood then.
    """
    editions: dict[int, Edition] = {}
    for edition in (
        Edition.objects.visible_to(user)
        .filter(status=EditionStatus.ISSUED)
        .select_related("plan")
        .defer("text", "places")
        .order_by("-dispatched_at", "-id")
    ):
        editions.setdefault(edition.plan_id, edition)
    nodes = load_nodes(
        [edition.plan for edition in editions.values()],
        today=today,
        calendar=calendar,
        is_past=is_past,
    )
    return [
        PlanAtWork(edition, PlanFigures(today, tuple(nodes[plan])))
        for plan, edition in editions.items()
        if nodes[plan] or not is_past
    ]


def drafts(user: User) -> list[Edition]:
    """Return the texts that wait to be checked and issued."""
    return list(
        Edition.objects.visible_to(user)
        .filter(status=EditionStatus.DRAFT)
        .select_related("plan")
        .defer("text", "places")
        .order_by("-id")
    )


def units_without_liaison(editions: Collection[Edition]) -> list[UnitWithoutLiaison]:
    """Return the units that have work under the editions and no active liaison."""
    members = Membership.objects.active().filter(department=OuterRef("pk"))
    work = Assignment.objects.live().filter(
        measure__edition__in=editions, department=OuterRef("pk")
    )
    rows: Any = (
        Department.objects.current()
        .filter(
            ~Exists(members.of_role(Role.LIAISON)),
            Exists(work),
        )
        .annotate(has_head=Exists(members.of_role(Role.HEAD)))
        .order_by("ordinal", "id")
    )
    return [UnitWithoutLiaison(row, row.has_head) for row in rows]


def dispatches_to_sign(user: User, departments: Collection[int] | None = None) -> list[Dispatch]:
    """Return the dispatches nobody has signed for, of these units or of all the person may see."""
    rows = Dispatch.objects.visible_to(user).waiting().select_related("department")
    if departments is not None:
        rows = rows.filter(department__in=departments)
    return list(rows.order_by("department__ordinal", "id"))


def to_mend_soon(nodes: Iterable[Node], *, today: date, calendar: WorkCalendar) -> list[Node]:
    """Return the returned ones whose 补正期限 lies within the next working days or has passed."""
    last = calendar.after(today, REDO_SOON)
    return [node for node in nodes if node.is_redoing and node.redo_by and node.redo_by <= last]


def times_returned(nodes: Iterable[Node]) -> dict[int, int]:
    """Return how often the reports on each milestone were returned: one query."""
    rows = (
        Submission.objects.filter(
            milestone__in=[node.milestone.pk for node in nodes], status=SubmissionStatus.RETURNED
        )
        .values_list("milestone")
        .annotate(times=Count("pk"))
        .order_by()
    )
    return dict(rows)


def reports_in_house(departments: Collection[int]) -> dict[int, Submission]:
    """Return the drafts and reports before their head, by milestone."""
    rows = (
        Submission.objects.filter(milestone__department__in=departments)
        .unfinished()
        .select_related("author")
    )
    return {row.milestone_id: row for row in rows}


def lead_counts(departments: Collection[int]) -> LeadCounts:
    """Count the measures that the units lead: one query."""
    other = (
        Assignment.objects.live()
        .filter(measure=OuterRef("measure"), role=ResponsibilityRole.LEAD)
        .exclude(department=OuterRef("department"))
    )
    rows = list(
        Assignment.objects.live()
        .filter(department__in=departments, role=ResponsibilityRole.LEAD)
        .annotate(is_shared=Exists(other))
        .values_list("is_shared", flat=True)
    )
    return LeadCounts(len(rows), sum(rows))


def undated_leaves(editions: Collection[Edition]) -> int:
    """Count the measures that carry responsibility and have no dated deadline."""
    dated = Milestone.objects.counted().filter(assignment__measure=OuterRef("pk"))
    return Measure.objects.filter(~Exists(dated), edition__in=editions).leaves().count()

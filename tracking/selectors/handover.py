"""移交清单: what a unit still owes, for the one who takes over as its liaison."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Department
from tracking.choices import OVERDUE_STATES, AssignmentStatus, MilestoneStatus
from tracking.models import Assignment, Dispatch, Milestone, Sheet
from tracking.selectors.agenda import FINISHED, AgendaRow, agenda_rows


@dataclass(frozen=True, slots=True)
class Handover:
    """The open work of a unit, worst first."""

    department: Department
    rows: list[AgendaRow]
    sheets: list[tuple[Sheet, int]]
    undated: list[Assignment]
    followed: list[Assignment]
    unsigned: list[Dispatch]

    @property
    def overdue(self) -> int:
        """How many are past their day."""
        return sum(row.state in OVERDUE_STATES for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be handed over."""
        return not (self.rows or self.sheets or self.undated or self.followed or self.unsigned)


def handover_of(department: Department, *, today: date) -> Handover:
    """Return what the unit owes on the day, reports, follows and has not signed for."""
    rows = agenda_rows({department.pk}, today=today)
    dated = Milestone.objects.by_themselves().filter(assignment=OuterRef("pk"))
    mine = (
        Assignment.objects.filter(department=department, status=AssignmentStatus.IN_PROGRESS)
        .with_measure()
        .order_by("measure__edition_id", "measure__ordinal", "id")
    )
    return Handover(
        department=department,
        rows=[row for row in rows if row.state not in FINISHED],
        sheets=_sheets(department, today),
        undated=list(mine.reporting().exclude(Exists(dated))),
        followed=list(mine.exclude(reports_through=None)),
        unsigned=list(
            Dispatch.objects.filter(department=department)
            .waiting()
            .select_related("edition__plan")
            .defer("edition__text", "edition__places")
            .order_by("issued_on", "id")
        ),
    )


def _sheets(department: Department, today: date) -> list[tuple[Sheet, int]]:
    """Return the yearly sheets up to this year's that have open rows, with how many."""
    is_open = Q(milestones__status=MilestoneStatus.OPEN)
    rows: Any = (
        Sheet.objects.filter(department=department, year__year__lte=today.year)
        .annotate(open_rows=Count("milestones", filter=is_open))
        .filter(open_rows__gt=0)
        .select_related("year")
        .order_by("year__year", "id")
    )
    return [(row, row.open_rows) for row in rows]

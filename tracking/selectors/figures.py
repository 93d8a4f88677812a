"""Figures that every page shares: the milestones of a plan, counted once and sorted two ways."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.calendar import WorkCalendar
from accounts.choices import GOVERNMENT_SIDE
from plans.choices import ResponsibilityRole
from plans.models import Plan
from tracking.choices import (
    DONE_STATES,
    OVERDUE_STATES,
    MilestoneState,
    MilestoneStatus,
    SubmissionStatus,
    WorkStatus,
)
from tracking.models import Milestone


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone as the figures see it on a day."""

    milestone: Milestone
    state: MilestoneState
    today: date
    last_status: str | None
    last_sent_on: date | None
    last_work_status: str | None
    redo_by: date | None
    co_leads: tuple[str, ...]
    co_lead_ids: frozenset[int]

    @property
    def reference(self) -> str:
        """The way the document prints it, with the mark of the day: 第26项②."""
        return self.milestone.reference

    @property
    def units(self) -> str:
        """The unit that reports and those that lead with it."""
        return "、".join((self.milestone.department.name, *self.co_leads))

    @property
    def is_government(self) -> bool:
        """Whether the reporting unit stands within the reach of government supervision."""
        return self.milestone.department.kind in GOVERNMENT_SIDE

    @property
    def is_done(self) -> bool:
        """Whether a review has said that it is done."""
        return self.state in DONE_STATES

    @property
    def is_overdue(self) -> bool:
        """Whether it is past its day and neither waits nor is being mended in time."""
        return self.state in OVERDUE_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether its report waits for a reviewer."""
        return self.state == MilestoneState.WAITING

    @property
    def is_open(self) -> bool:
        """Whether it is still owed, in time, and no report waits."""
        return not (self.is_done or self.is_overdue or self.is_waiting)

    @property
    def is_undecided(self) -> bool:
        """Whether its day had passed at the issue and nobody has decided what holds."""
        return self.state == MilestoneState.UNDECIDED

    @property
    def has_report(self) -> bool:
        """Whether any report has left the house."""
        return self.last_status is not None

    @property
    def is_redoing(self) -> bool:
        """Whether its last report was returned and has not been sent again."""
        return not self.is_done and self.last_status == SubmissionStatus.RETURNED

    @property
    def word(self) -> str:
        """The word for how it stands: what is being mended says so, even when it is overdue."""
        if self.state == MilestoneState.OVERDUE_REDOING:
            return MilestoneState.REDOING.label
        if self.state == MilestoneState.SOON and not self.has_report:
            return MilestoneState.SILENT.label
        return self.state.label

    @property
    def last_word(self) -> str:
        """What the last report said of the work; empty without one."""
        return WorkStatus(self.last_work_status).label if self.last_work_status else ""

    @property
    def days(self) -> int:
        """Calendar days past the due day."""
        return self.milestone.days_overdue(self.today)


def load_nodes(
    plans: Sequence[Plan], *, today: date, calendar: WorkCalendar, is_past: bool = False
) -> dict[int, list[Node]]:
    """Return the plan's own dates, but cancelled and suspended ones, by due day: two queries.

    With ``is_past`` as they stood at the end of that day.
    """
    soon_until = max(
        (calendar.after(today, days) for days in {plan.soon_days for plan in plans}), default=today
    )
    rows: Any = (
        Milestone.objects.counted()
        .filter(plan__in=plans)
        .exclude(status__in=(MilestoneStatus.CANCELLED, MilestoneStatus.SUSPENDED))
        .with_assignment()
    )
    if is_past:
        rows = _with_days_of_then(rows.as_of(today, soon_until=soon_until), calendar)
    else:
        rows = rows.with_state(today=today, soon_until=soon_until).in_order()
    nodes: dict[int, list[Node]] = {plan.pk: [] for plan in plans}
    for row in rows:
        nodes[row.plan_id].append(_node(row, today))
    return nodes


def _with_days_of_then(rows: Any, calendar: WorkCalendar) -> Iterator[Milestone]:
    """Yield milestones that tell the days they had then; nobody saves them."""
    for row in rows:
        if row.due_on != row.due_then:
            row.due_on, row.report_by = row.due_then, calendar.last_on_or_before(row.due_then)
        yield row


def _node(row: Any, today: date) -> Node:
    co_leads = [
        other for other in row.assignment.co_assignments if other.role == ResponsibilityRole.LEAD
    ]
    return Node(
        milestone=row,
        state=MilestoneState(row.state),
        today=today,
        last_status=row.last_status,
        last_sent_on=row.last_sent_on,
        last_work_status=row.last_work_status,
        redo_by=row.redo_by,
        co_leads=tuple(other.department.name for other in co_leads),
        co_lead_ids=frozenset(other.department_id for other in co_leads),
    )


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What the plan's own dates bring between today and the end of the year."""

    nodes: tuple[Node, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return len(self.nodes)

    @property
    def done(self) -> int:
        """Done before its day."""
        return sum(node.is_done for node in self.nodes)

    @property
    def waiting(self) -> int:
        """Reported, not reviewed."""
        return sum(node.is_waiting for node in self.nodes)

    @property
    def reported(self) -> list[Node]:
        """Open, with some report: 有进展."""
        return [node for node in self.nodes if node.is_open and node.has_report]

    @property
    def silent(self) -> list[Node]:
        """Open, without any report: 尚无反馈."""
        return [node for node in self.nodes if node.is_open and not node.has_report]

    @property
    def open(self) -> int:
        """What units still have to report."""
        return len(self.reported) + len(self.silent)

    @property
    def days(self) -> list[tuple[date, date]]:
        """The due days that have another last day of reporting, with that day."""
        return sorted(
            {
                (node.milestone.due_on, node.milestone.report_by)
                for node in self.nodes
                if node.milestone.report_by != node.milestone.due_on
            }
        )


@dataclass(frozen=True, slots=True)
class DueMonth:
    """What the plan's own dates ask for in one month, by how it stands; the four add up."""

    first_day: date
    done: int
    waiting: int
    overdue: int
    open: int

    @property
    def total(self) -> int:
        """All of the month."""
        return self.done + self.waiting + self.overdue + self.open

    @property
    def until_overdue(self) -> int:
        """Where the overdue ones begin on a bar that starts with done and waiting."""
        return self.done + self.waiting

    @property
    def until_open(self) -> int:
        """Where the open ones begin on the bar."""
        return self.done + self.waiting + self.overdue


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """The milestones of a plan on a day, sorted by how they stand and by the plan's own dates.

    By state: total = done + waiting + overdue + open_this_year + open_later. By the original dates:
    total = due_so_far + year_end + after_year_end, and due_so_far = done_of_due + overdue_of_due +
    waiting_of_due + postponed.
    """

    today: date
    nodes: tuple[Node, ...]

    @property
    def total(self) -> int:
        """All milestones."""
        return len(self.nodes)

    @property
    def done(self) -> int:
        """All that are done."""
        return sum(node.is_done for node in self.nodes)

    @property
    def waiting(self) -> list[Node]:
        """Those whose report waits for a reviewer."""
        return [node for node in self.nodes if node.is_waiting]

    @property
    def overdue(self) -> list[Node]:
        """Those past their day."""
        return [node for node in self.nodes if node.is_overdue]

    @property
    def open_this_year(self) -> int:
        """Open ones due by the end of the year."""
        return sum(node.is_open and node.milestone.due_on <= self._last_day for node in self.nodes)

    @property
    def open_later(self) -> int:
        """Open ones due after the end of the year."""
        return sum(node.is_open and node.milestone.due_on > self._last_day for node in self.nodes)

    @property
    def due_so_far(self) -> list[Node]:
        """Those that the plan's own dates ask for up to today."""
        return [node for node in self.nodes if node.milestone.original_due_on <= self.today]

    @property
    def done_of_due(self) -> int:
        """Done ones of those due so far."""
        return sum(node.is_done for node in self.due_so_far)

    @property
    def overdue_of_due(self) -> int:
        """Overdue ones of those due so far; every overdue one is."""
        return sum(node.is_overdue for node in self.due_so_far)

    @property
    def waiting_of_due(self) -> int:
        """Those due so far whose report waits."""
        return sum(node.is_waiting for node in self.due_so_far)

    @property
    def postponed(self) -> int:
        """Those due so far that are open and in time: extended, within a return, or due today."""
        return sum(node.is_open for node in self.due_so_far)

    @property
    def undecided(self) -> bool:
        """Whether some of those had passed at the issue and wait for a decision."""
        return any(node.is_undecided for node in self.due_so_far)

    @property
    def done_early(self) -> int:
        """Done before the plan asked for it."""
        return self.done - self.done_of_due

    @property
    def percent(self) -> float | None:
        """Done of due so far in percent; None while nothing is due."""
        due = len(self.due_so_far)
        return 100 * self.done_of_due / due if due else None

    @property
    def year_end(self) -> YearEnd:
        """What the plan's own dates bring between today and the end of the year."""
        return YearEnd(
            tuple(
                node
                for node in self.nodes
                if self.today < node.milestone.original_due_on <= self._last_day
            )
        )

    @property
    def after_year_end(self) -> int:
        """What the plan's own dates ask for later."""
        return sum(node.milestone.original_due_on > self._last_day for node in self.nodes)

    @property
    def months(self) -> list[DueMonth]:
        """The months in which the plan's own dates fall, in order."""
        found: dict[date, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.milestone.original_due_on.replace(day=1), []).append(node)
        return [
            DueMonth(
                month,
                done=sum(node.is_done for node in nodes),
                waiting=sum(node.is_waiting for node in nodes),
                overdue=sum(node.is_overdue for node in nodes),
                open=sum(node.is_open for node in nodes),
            )
            for month, nodes in sorted(found.items())
        ]

    @property
    def busiest(self) -> int:
        """How many fall in the month with the most of them."""
        return max((month.total for month in self.months), default=1)

    @property
    def _last_day(self) -> date:
        return date(self.today.year, 12, 31)

    def of(self, departments: Iterable[int]) -> "PlanFigures":
        """Narrow to the milestones that these departments report or lead with another."""
        chosen = frozenset(departments)
        return PlanFigures(
            self.today,
            tuple(
                node
                for node in self.nodes
                if node.milestone.department_id in chosen or node.co_lead_ids & chosen
            ),
        )

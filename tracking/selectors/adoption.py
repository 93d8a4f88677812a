"""What putting a new text in force does, in rows that the preview and the adoption both read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Department
from plans.choices import ResponsibilityRole
from plans.comparison import Comparison
from plans.models import Edition, Measure, Recurrence
from plans.typography import full_width
from tracking.choices import MilestoneKind
from tracking.models import Assignment, Milestone
from tracking.periods import is_part_of_year, period_words
from tracking.selectors.distribution import Dated, Handout, Part, Question, Withheld
from tracking.selectors.owed import Owed


@dataclass(frozen=True, slots=True)
class Following:
    """An assignment that goes on under the new text, with the role that it has there."""

    assignment: Assignment
    measure: Measure
    role: str
    is_reworded: bool

    @property
    def is_recast(self) -> bool:
        """Whether the unit has another role than before."""
        return self.role != self.assignment.role

    @property
    def words(self) -> str:
        """What is another than before; empty where nothing is."""
        role = ResponsibilityRole(self.role).label
        recast = f"{self.assignment.get_role_display()}改为{role}" if self.is_recast else ""
        return "，".join(filter(None, [recast, "内容有修改" if self.is_reworded else ""]))


@dataclass(frozen=True, slots=True)
class Issued:
    """An assignment that a unit did not have before."""

    measure: Measure
    part: Part
    is_new_measure: bool

    @property
    def words(self) -> str:
        """Why the unit has it, and its role."""
        why = "新增任务" if self.is_new_measure else "新增责任单位"
        return f"{why}，{ResponsibilityRole(self.part.role).label}"


@dataclass(frozen=True, slots=True)
class Ended:
    """An assignment that ends, and why."""

    assignment: Assignment
    reason: str


@dataclass(frozen=True, slots=True)
class Alike:
    """What happens to a measure in the same words for several units."""

    measure: Measure
    words: str
    units: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A milestone that is no longer owed, and why."""

    milestone: Milestone
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A milestone that goes on with a date or a recurrence of the new text, or as a yearly row.

    ``new_due_on`` is set where the text moves its day, ``to`` where another unit takes it over.
    """

    milestone: Milestone
    measure: Measure
    dated: Dated | None = None
    recurrence: Recurrence | None = None
    new_due_on: date | None = None
    to: Department | None = None

    @property
    def which(self) -> str:
        """Which of the new text's dated things it is: ②, or a period."""
        return self.dated.mark if self.dated else self.milestone.which

    @property
    def what(self) -> str:
        """The clause that it answers, in the new text."""
        return self.owed.what(self.measure)

    @property
    def owed(self) -> Owed:
        """What it answers, as the rows of other units name it."""
        milestone = self.milestone
        period = milestone.period or str(milestone.due_on.year)
        return Owed(MilestoneKind(milestone.kind), period, self.dated, self.recurrence)


@dataclass(frozen=True, slots=True)
class Added:
    """A dated thing that the unit did not owe before."""

    handout: Handout
    part: Part
    owed: Owed


@dataclass(frozen=True)
class Adoption:
    """All that the adoption of an edition does, in the order of the new text.

    ``questions`` are asked about what the text hands out anew; ``left_out`` owe no common duty.
    """

    comparison: Comparison
    handouts: list[Handout]
    withheld: tuple[Withheld, ...]
    questions: list[Question]
    members: Mapping[int, tuple[Department, ...]]
    left_out: Collection[int]
    followings: list[Following] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    cancelled: list[Cancelled] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)

    @property
    def moved(self) -> list[Kept]:
        """The milestones whose day the new text moves."""
        return [row for row in self.kept if row.new_due_on]

    @property
    def handed_over(self) -> list[Kept]:
        """The milestones that another unit takes over."""
        return [row for row in self.kept if row.to]

    @property
    def recast(self) -> list[Following]:
        """The assignments whose unit has another role than before."""
        return [row for row in self.followings if row.is_recast]

    @property
    def reworded(self) -> list[Following]:
        """The assignments whose measure says something else."""
        return [row for row in self.followings if row.is_reworded]

    @property
    def changed(self) -> list[Following]:
        """The assignments that go on with another role or in other words."""
        return [row for row in self.followings if row.words]

    @property
    def changed_for(self) -> list[Alike]:
        """What goes on with another role or in other words, and for whom."""
        return _together(
            (row.measure, row.words, row.assignment.department) for row in self.changed
        )

    @property
    def issued_for(self) -> list[Alike]:
        """What is handed out anew, and to whom."""
        return _together((row.measure, row.words, row.part.department) for row in self.issued)

    @property
    def ended_for(self) -> list[Alike]:
        """What ends, why, and for whom."""
        return _together(
            (row.assignment.measure, row.reason, row.assignment.department) for row in self.ended
        )

    @property
    def new_dates(self) -> list[Added]:
        """The dates of the plan that are new; the yearly rows are not named one by one."""
        return [row for row in self.added if row.owed.dated and row.part is row.handout.reporter]

    @property
    def recurring_for(self) -> list[Alike]:
        """Which periods are cancelled or newly owed, and by whom."""
        ended: dict[tuple[Measure, Department], list[str]] = {}
        for row in self.cancelled:
            milestone = row.milestone
            if is_part_of_year(milestone.period):
                owner = (milestone.assignment.measure, milestone.department)
                ended.setdefault(owner, []).append(milestone.period)
        new: dict[tuple[Measure, Department], list[str]] = {}
        for added in self.added:
            if added.owed.is_periodic:
                owner = (added.handout.measure, added.part.department)
                new.setdefault(owner, []).append(added.owed.period)
        return _together(
            (measure, _span(step, periods), unit)
            for step, found in (("取消", ended), ("新增", new))
            for (measure, unit), periods in found.items()
        )

    @property
    def dates(self) -> list[tuple[str, str, str, Dated]]:
        """The new and the moved dates of the plan: reference, clause, unit and deadline."""
        moved = [
            (row.measure.reference, row.what, str(row.to or row.milestone.department), row.dated)
            for row in self.moved
            if row.dated and row.milestone.gathered_by_id is None
        ]
        new = [
            (
                row.handout.measure.reference,
                row.owed.dated.deadline.what or row.handout.measure.title,
                str(row.part.department),
                row.owed.dated,
            )
            for row in self.new_dates
            if row.owed.dated
        ]
        return [*moved, *new]

    @property
    def dropped_dates(self) -> list[Cancelled]:
        """The dates of the plan that are no longer owed."""
        return [
            row for row in self.cancelled if row.milestone.deadline_id and not row.milestone.period
        ]

    @property
    def untouched(self) -> int:
        """How many assignments go on just as they were."""
        touched = {row.assignment.pk for row in (*self.recast, *self.reworded)}
        touched |= {row.milestone.assignment_id for row in (*self.moved, *self.handed_over)}
        touched |= {row.milestone.assignment_id for row in self.cancelled}
        return sum(row.assignment.pk not in touched for row in self.followings)

    @property
    def unchecked(self) -> list[Measure]:
        """The changed measures that nobody has marked as checked."""
        return self.comparison.to_check

    @property
    def departments(self) -> list[Department]:
        """The units that receive a supplementary dispatch."""
        found = {row.part.department.pk: row.part.department for row in self.issued}
        return [found[key] for key in sorted(found)]

    @property
    def left_waiting(self) -> list[Cancelled]:
        """What is cancelled although a report on it waits for a reviewer."""
        return [row for row in self.cancelled if row.milestone.pk in self.waiting]


def _span(step: str, periods: list[str]) -> str:
    """Return the first and the last of some periods in words, with how many there are."""
    ends = dict.fromkeys(period_words(period) for period in (min(periods), max(periods)))
    return f"{step}{'至'.join(ends)}，共{len(periods)}期"


def _together(rows: Iterable[tuple[Measure, str, Department]]) -> list[Alike]:
    found: dict[tuple[int, str], tuple[Measure, list[Department]]] = {}
    for measure, words, unit in rows:
        found.setdefault((measure.pk, words), (measure, []))[1].append(unit)
    return [Alike(measure, key[1], tuple(units)) for key, (measure, units) in found.items()]


def name_of(edition: Edition, document_number: str = "") -> str:
    """Return the new text as reasons and records quote it."""
    number = f"（{document_number}）" if document_number else ""
    return f"《{full_width(edition.title)}》{number}"

"""How an edition would be handed out: the preview and the issue itself read the same rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Department
from plans.choices import DeadlineKind, ResponsibilityRole
from plans.models import Deadline, Doubt, Edition, Measure, Responsibility

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STRENGTH = {
    ResponsibilityRole.LEAD: 0,
    ResponsibilityRole.SHARE: 1,
    ResponsibilityRole.SUPPORT: 2,
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A deadline that becomes a milestone; marked ① ② where its measure has several."""

    deadline: Deadline
    due_on: date
    mark: str


@dataclass(frozen=True, slots=True)
class Handout:
    """A leaf with a lead: who reports, who reports through it, and what is dated."""

    measure: Measure
    reporter: Responsibility
    others: tuple[Responsibility, ...]
    dated: tuple[Dated, ...]

    @property
    def leads(self) -> list[Responsibility]:
        """The departments that lead, the reporting one first."""
        return [row for row in (self.reporter, *self.others) if row.role == ResponsibilityRole.LEAD]


def distribute(
    edition: Edition, reporters: Mapping[int, int]
) -> tuple[list[Handout], list[Measure]]:
    """Return the leaves to hand out, and those without a lead department, which are not.

    Of several leads the first reports, unless ``reporters`` (measure id → department id) names
    another department of the measure.
    """
    handouts, without_lead = [], []
    leaves = (
        Measure.objects.filter(edition=edition)
        .leaves()
        .in_order()
        .select_related("part")
        .prefetch_related("deadlines", "responsibilities__department")
    )
    for measure in leaves:
        named = sorted(
            (row for row in measure.responsibilities.all() if row.department_id),
            key=lambda row: STRENGTH[ResponsibilityRole(row.role)],
        )
        if not named or named[0].role != ResponsibilityRole.LEAD:
            without_lead.append(measure)
            continue
        chosen = reporters.get(measure.pk)
        reporter = next((row for row in named if row.department_id == chosen), named[0])
        handouts.append(
            Handout(
                measure,
                reporter,
                tuple(row for row in named if row is not reporter),
                _dated(measure),
            )
        )
    return handouts, without_lead


def _dated(measure: Measure) -> tuple[Dated, ...]:
    found = [
        (deadline, deadline.due_on)
        for deadline in measure.deadlines.all()
        if deadline.kind == DeadlineKind.DATE and deadline.due_on
    ]
    return tuple(
        Dated(deadline, due_on, CIRCLED[index : index + 1] if len(found) > 1 else "")
        for index, (deadline, due_on) in enumerate(found)
    )


def departments_of(handouts: Iterable[Handout]) -> list[int]:
    """Return the ids of all departments that receive something, in order."""
    return sorted(
        {
            row.department_id
            for handout in handouts
            for row in (handout.reporter, *handout.others)
            if row.department_id is not None
        }
    )


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What one department would receive."""

    department: Department
    leads: int
    reports: int
    shares: int
    supports: int
    milestones: int


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How much falls due on one day, and on whom; a unit counts where it leads or co-leads.

    ``of_two`` counts what at least one of the two heaviest units leads.
    """

    due_on: date
    count: int
    units: tuple[tuple[str, int], ...]
    of_two: int


@dataclass(frozen=True, slots=True)
class IssuePreview:
    """What an issue would make, and what a person should see before it."""

    handouts: tuple[Handout, ...]
    without_lead: tuple[tuple[Measure, str], ...]
    assignments: int
    milestones: int
    units: tuple[UnitLoad, ...]
    days: tuple[DayLoad, ...]
    before_issue: tuple[tuple[Handout, Dated], ...]
    groups: tuple[tuple[str, int], ...]

    @property
    def several_leads(self) -> list[Handout]:
        """Leaves that several departments lead."""
        return [handout for handout in self.handouts if len(handout.leads) > 1]


def preview_issue(edition: Edition, *, issued_on: date) -> IssuePreview:
    """Say what the issue of a draft on that day would make; changes nothing."""
    handouts, without_lead = distribute(edition, {})
    reasons = _reasons(edition)
    groups: Counter[str] = Counter(
        Responsibility.objects.filter(
            measure__edition=edition, measure__is_leaf=True, department=None
        ).values_list("canonical", flat=True)
    )
    return IssuePreview(
        handouts=tuple(handouts),
        without_lead=tuple(
            (measure, reasons.get(measure.pk, "原文没有写明牵头单位。")) for measure in without_lead
        ),
        assignments=sum(1 + len(handout.others) for handout in handouts),
        milestones=sum(len(handout.dated) for handout in handouts),
        units=_units(handouts),
        days=_days(handouts),
        before_issue=tuple(
            (handout, dated)
            for handout in handouts
            for dated in handout.dated
            if dated.due_on < issued_on
        ),
        groups=tuple(groups.most_common()),
    )


def _reasons(edition: Edition) -> dict[int, str]:
    rows = Doubt.objects.filter(edition=edition, measure__isnull=False, code="no_lead")
    return {row.measure_id: row.answer or row.message for row in rows if row.measure_id}


def _units(handouts: Sequence[Handout]) -> tuple[UnitLoad, ...]:
    departments: dict[int, Department] = {}
    roles: Counter[tuple[int, str]] = Counter()
    reports: Counter[int] = Counter()
    milestones: Counter[int] = Counter()
    for handout in handouts:
        for row in (handout.reporter, *handout.others):
            assert row.department is not None
            departments[row.department.pk] = row.department
            roles[row.department.pk, row.role] += 1
        assert handout.reporter.department is not None
        reports[handout.reporter.department.pk] += 1
        milestones[handout.reporter.department.pk] += len(handout.dated)
    return tuple(
        UnitLoad(
            department,
            roles[pk, ResponsibilityRole.LEAD],
            reports[pk],
            roles[pk, ResponsibilityRole.SHARE],
            roles[pk, ResponsibilityRole.SUPPORT],
            milestones[pk],
        )
        for pk, department in sorted(
            departments.items(),
            key=lambda item: (-roles[item[0], ResponsibilityRole.LEAD], item[1].ordinal, item[0]),
        )
    )


def _days(handouts: Sequence[Handout]) -> tuple[DayLoad, ...]:
    led: dict[date, list[frozenset[str]]] = {}
    for handout in handouts:
        leads = frozenset(str(row.department) for row in handout.leads)
        for dated in handout.dated:
            led.setdefault(dated.due_on, []).append(leads)
    return tuple(_day(day, led[day]) for day in sorted(led))


def _day(day: date, led: Sequence[frozenset[str]]) -> DayLoad:
    units = Counter(name for leads in led for name in sorted(leads))
    heaviest = units.most_common(3)
    two = {name for name, _ in heaviest[:2]}
    return DayLoad(day, len(led), tuple(heaviest), sum(bool(leads & two) for leads in led))

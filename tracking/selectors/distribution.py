"""How an edition would be handed out: the preview and the issue itself read the same rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.choices import Role
from accounts.models import Department, Group, User
from accounts.selectors import means
from plans.choices import AS_COMMON, DeadlineKind, DoubtCode, Frequency, ResponsibilityRole
from plans.models import Deadline, Doubt, Edition, Measure, Recurrence, Responsibility
from tracking.choices import ReportMode
from tracking.selectors.common import is_owed_by_each

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STRENGTH: dict[str, int] = {
    ResponsibilityRole.LEAD: 0,
    ResponsibilityRole.SHARE: 1,
    ResponsibilityRole.SUPPORT: 2,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides about one measure; what is left out follows the recommendation.

    ``reporter`` is the department that reports, or sums a common duty up; ``groups`` are the
    collective names whose members owe it; ``reason`` says why it is not handed out.
    """

    mode: ReportMode | None = None
    reporter: int | None = None
    groups: frozenset[int] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A department and its role in a measure."""

    department: Department
    role: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A deadline that becomes a milestone; marked ① ② where its measure has several."""

    deadline: Deadline
    due_on: date
    mark: str


@dataclass(frozen=True, slots=True)
class Handout:
    """A leaf that is handed out: who reports, who reports through it, and who answers besides.

    ``gathered`` report for themselves and are summed up by the reporter (a common duty); they owe
    the dates of ``dated_for_each`` and the recurrences of ``recurring_for_each``.
    """

    measure: Measure
    mode: ReportMode
    reporter: Part
    followers: tuple[Part, ...]
    gathered: tuple[Part, ...]
    dated: tuple[Dated, ...]
    recurring: tuple[Recurrence, ...]
    dated_for_each: tuple[Dated, ...]
    recurring_for_each: tuple[Recurrence, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everybody who receives it, the reporter first."""
        return (self.reporter, *self.followers, *self.gathered)

    @property
    def leads(self) -> list[Part]:
        """The departments that lead, the reporting one first."""
        return [part for part in self.parts if part.role == ResponsibilityRole.LEAD]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A leaf that is not handed out, and why."""

    measure: Measure
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """A leaf on which a person decides at the issue, with the recommended answer.

    ``why`` quotes what speaks for a common duty; ``groups`` are the collective names that could
    owe it, ``chosen`` those that are recommended.
    """

    measure: Measure
    named: tuple[Part, ...]
    groups: tuple[Group, ...]
    recommended: Choice
    why: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether several lead, none does, or each unit might have to answer."""
        leads = sum(part.role == ResponsibilityRole.LEAD for part in self.named)
        return bool(self.why) or self.recommended.mode != ReportMode.UNIFIED or leads > 1


@dataclass(frozen=True, slots=True)
class Distribution:
    """An edition as it would be handed out; ``members`` are those of each closed group."""

    handouts: tuple[Handout, ...]
    withheld: tuple[Withheld, ...]
    questions: tuple[Question, ...]
    members: Mapping[int, tuple[Department, ...]] = field(default_factory=dict)


def home_of(user: User, edition: Edition) -> Department | None:
    """Return the department in which the person coordinates the edition's district."""
    district = edition.plan.district_id
    row = (
        user.memberships.active()
        .filter(role=Role.COORDINATOR, department__district=district)
        .select_related("department")
        .order_by("id")
        .first()
    )
    return row.department if row else None


def distribute(
    edition: Edition,
    choices: Mapping[int, Choice],
    *,
    home: Department | None = None,
    left_out: Collection[int] = (),
) -> Distribution:
    """Return who receives which leaf: what was chosen, else what is recommended.

    ``home`` is the department of the person who hands out; it sums up a common duty that names no
    lead. ``left_out`` are departments that owe no common duty though they belong to a group.
    """
    groups = list(
        Group.objects.filter(district=edition.plan.district_id).prefetch_related("members")
    )
    members = _members(edition, groups)
    owing = {
        key: tuple(unit for unit in units if unit.pk not in left_out)
        for key, units in members.items()
    }
    reasons = _reasons(edition)
    handouts, withheld, questions = [], [], []
    for measure in _leaves(edition):
        question = _question(measure, groups, members, reasons, home)
        questions.append(question)
        choice = completed(choices.get(measure.pk, Choice()), question.recommended)
        if choice.mode == ReportMode.WITHHELD:
            withheld.append(Withheld(measure, choice.reason or "原文没有写明牵头单位。"))
        else:
            handouts.append(_handout(question, choice, owing, home))
    return Distribution(tuple(handouts), tuple(withheld), tuple(questions), members)


def _leaves(edition: Edition) -> Iterable[Measure]:
    return (
        Measure.objects.filter(edition=edition)
        .leaves()
        .in_order()
        .select_related("part")
        .prefetch_related(
            "deadlines", "recurrences", "responsibilities__department", "responsibilities__group"
        )
    )


def _members(edition: Edition, groups: Sequence[Group]) -> dict[int, tuple[Department, ...]]:
    """Return the departments that each closed group means today."""
    departments = list(
        Department.objects.filter(district=edition.plan.district_id)
        .current()
        .order_by("ordinal", "id")
    )
    return {
        group.pk: tuple(unit for unit in departments if means(group, unit))
        for group in groups
        if not group.is_open_ended
    }


def _reasons(edition: Edition) -> dict[int, dict[str, Doubt]]:
    rows = Doubt.objects.filter(
        edition=edition,
        measure__isnull=False,
        code__in=(DoubtCode.NO_LEAD, DoubtCode.EACH_UNIT),
    )
    found: dict[int, dict[str, Doubt]] = {}
    for row in rows:
        assert row.measure_id is not None
        found.setdefault(row.measure_id, {})[row.code] = row
    return found


def _question(
    measure: Measure,
    groups: Sequence[Group],
    members: Mapping[int, tuple[Department, ...]],
    reasons: Mapping[int, Mapping[str, Doubt]],
    home: Department | None,
) -> Question:
    rows = list(measure.responsibilities.all())
    named = tuple(
        Part(row.department, row.role)
        for row in sorted(rows, key=lambda row: STRENGTH[row.role])
        if row.department
    )
    doubts = reasons.get(measure.pk, {})
    has_lead = bool(named) and named[0].role == ResponsibilityRole.LEAD
    each, no_lead = doubts.get(DoubtCode.EACH_UNIT), doubts.get(DoubtCode.NO_LEAD)
    closed = tuple(group for group in groups if members.get(group.pk))
    owing = _owing(rows, closed) or (frozenset() if has_lead else frozenset(g.pk for g in closed))
    reporter = named[0].department if has_lead else home
    if has_lead:
        mode = ReportMode.COMMON if each and owing else ReportMode.UNIFIED
    else:
        is_common = no_lead is not None and no_lead.answer == AS_COMMON
        mode = ReportMode.COMMON if is_common and owing and home else ReportMode.WITHHELD
    return Question(
        measure=measure,
        named=named,
        groups=closed,
        recommended=Choice(
            mode=mode,
            reporter=reporter.pk if reporter else None,
            groups=owing,
            reason=(no_lead.answer or no_lead.message) if no_lead else "",
        ),
        why=each.message if each else "",
    )


def _owing(rows: Sequence[Responsibility], closed: Sequence[Group]) -> frozenset[int]:
    """Return the closed groups that a measure names; an open one stands for its closed kin.

    各有关部门 says 各部门 but for 有关.
    """
    names = {row.group.name.replace("有关", "") for row in rows if row.group}
    return frozenset(
        group.pk for group in closed if any(group.name.endswith(name) for name in names)
    )


def completed(choice: Choice, recommended: Choice) -> Choice:
    """Return the choice, with the recommendation where it is silent."""
    return Choice(
        mode=choice.mode or recommended.mode,
        reporter=choice.reporter or recommended.reporter,
        groups=recommended.groups if choice.groups is None else choice.groups,
        reason=choice.reason or recommended.reason,
    )


def _handout(
    question: Question,
    choice: Choice,
    members: Mapping[int, tuple[Department, ...]],
    home: Department | None,
) -> Handout:
    measure, named = question.measure, question.named
    reporter = next((part for part in named if part.department.pk == choice.reporter), None)
    if reporter is None:
        assert home is not None
        reporter = Part(home, ResponsibilityRole.SHARE)
    others = [part for part in named if part.department.pk != reporter.department.pk]
    gathered: dict[int, Part] = {}
    if choice.mode == ReportMode.COMMON:
        roles = {part.department.pk: part.role for part in others}
        for unit, role in _expanded(question, choice.groups or frozenset(), members):
            if unit.pk != reporter.department.pk:
                gathered.setdefault(unit.pk, Part(unit, roles.get(unit.pk, role)))
    dated_for_each, recurring_for_each = owed_by_each(measure)
    return Handout(
        measure=measure,
        mode=ReportMode(choice.mode or ReportMode.UNIFIED),
        reporter=reporter,
        followers=tuple(part for part in others if part.department.pk not in gathered),
        gathered=tuple(gathered.values()),
        dated=dates_of(measure),
        recurring=recurring_of(measure),
        dated_for_each=dated_for_each,
        recurring_for_each=recurring_for_each,
    )


OCCURRING = frozenset(
    {Frequency.YEARLY, Frequency.HALF_YEARLY, Frequency.QUARTERLY, Frequency.MONTHLY}
)


def recurring_of(measure: Measure) -> tuple[Recurrence, ...]:
    """Return the duties of a measure that recur; needs its recurrences loaded."""
    return tuple(row for row in measure.recurrences.all() if row.frequency in OCCURRING)


def owed_by_each(measure: Measure) -> tuple[tuple[Dated, ...], tuple[Recurrence, ...]]:
    """Return the dates and the recurring duties of a common duty that each unit owes."""
    dated, recurring = dates_of(measure), tuple(measure.recurrences.all())
    clauses: tuple[Deadline | Recurrence, ...] = (*(row.deadline for row in dated), *recurring)
    return (
        tuple(row for row in dated if is_owed_by_each(row.deadline, clauses)),
        tuple(
            row for row in recurring if row.frequency in OCCURRING and is_owed_by_each(row, clauses)
        ),
    )


def _expanded(
    question: Question,
    groups: Collection[int],
    members: Mapping[int, tuple[Department, ...]],
) -> Iterable[tuple[Department, str]]:
    """Yield the departments of the groups with the role that the group has in the measure."""
    roles = {
        row.group.name.replace("有关", ""): row.role
        for row in question.measure.responsibilities.all()
        if row.group
    }
    owing = [
        (_role(group.name, roles), group.pk) for group in question.groups if group.pk in groups
    ]
    for role, group_id in sorted(owing, key=lambda pair: STRENGTH[pair[0]]):
        for unit in members[group_id]:
            yield unit, role


def _role(group: str, roles: Mapping[str, str]) -> str:
    return next(
        (role for name, role in roles.items() if group.endswith(name)), ResponsibilityRole.SHARE
    )


def dates_of(measure: Measure) -> tuple[Dated, ...]:
    """Return the dates of a measure that become milestones; needs its deadlines loaded."""
    found = [
        (deadline, deadline.due_on)
        for deadline in measure.deadlines.all()
        if deadline.kind == DeadlineKind.DATE and deadline.due_on
    ]
    return tuple(
        Dated(deadline, due_on, CIRCLED[index : index + 1] if len(found) > 1 else "")
        for index, (deadline, due_on) in enumerate(found)
    )

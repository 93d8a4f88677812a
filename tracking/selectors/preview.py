"""What an issue would make, and what a person should see before it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Department
from plans.choices import ResponsibilityRole
from plans.models import Edition
from tracking.choices import ReportMode
from tracking.selectors.distribution import (
    Choice,
    Distribution,
    Handout,
    Question,
    Withheld,
    distribute,
)
from tracking.selectors.past import PastQuestion, ask_past


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What one department would receive; ``common`` are duties that it answers for itself."""

    department: Department
    leads: int
    reports: int
    shares: int
    supports: int
    common: int
    milestones: int


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How much falls due on one day, and on whom; a unit counts where it leads or co-leads.

    ``of_two`` counts what at least one of the two heaviest units leads; ``common`` the common
    duties among them, ``answers`` how many units answer for those by themselves.
    """

    due_on: date
    count: int
    units: tuple[tuple[str, int], ...]
    of_two: int
    common: int
    answers: int


@dataclass(frozen=True, slots=True)
class IssuePreview:
    """What an issue would make; ``past`` are days that have passed already."""

    distribution: Distribution
    assignments: int
    milestones: int
    units: tuple[UnitLoad, ...]
    days: tuple[DayLoad, ...]
    past: list[PastQuestion]

    @property
    def handouts(self) -> tuple[Handout, ...]:
        """The leaves that would be handed out."""
        return self.distribution.handouts

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The leaves that would not."""
        return self.distribution.withheld

    @property
    def common(self) -> list[Handout]:
        """Those that each unit answers for itself."""
        return [row for row in self.handouts if row.mode == ReportMode.COMMON]

    @property
    def questions(self) -> list[Question]:
        """The leaves on which a person decides."""
        return [question for question in self.distribution.questions if question.needs_a_person]


def preview_issue(
    edition: Edition,
    *,
    today: date,
    home: Department | None = None,
    choices: Mapping[int, Choice] | None = None,
    left_out: Collection[int] = (),
) -> IssuePreview:
    """Say what the issue of a draft today would make; changes nothing."""
    found = distribute(edition, choices or {}, home=home, left_out=left_out)
    return IssuePreview(
        distribution=found,
        assignments=sum(len(handout.parts) for handout in found.handouts),
        milestones=sum(len(handout.dated) for handout in found.handouts),
        units=_units(found.handouts),
        days=_days(found.handouts),
        past=ask_past(
            (
                (row.measure.reference, row.measure.title, row.reporter.department.name, dated)
                for row in found.handouts
                for dated in row.dated
            ),
            edition,
            today=today,
        ),
    )


def _units(handouts: Sequence[Handout]) -> tuple[UnitLoad, ...]:
    departments: dict[int, Department] = {}
    roles: Counter[tuple[int, str]] = Counter()
    common: Counter[int] = Counter()
    reports: Counter[int] = Counter()
    milestones: Counter[int] = Counter()
    for handout in handouts:
        departments |= {part.department.pk: part.department for part in handout.parts}
        common.update(part.department.pk for part in handout.gathered)
        roles.update(
            (part.department.pk, part.role) for part in (handout.reporter, *handout.followers)
        )
        reports[handout.reporter.department.pk] += 1
        milestones[handout.reporter.department.pk] += len(handout.dated)
    return tuple(
        UnitLoad(
            department,
            roles[pk, ResponsibilityRole.LEAD],
            reports[pk],
            roles[pk, ResponsibilityRole.SHARE],
            roles[pk, ResponsibilityRole.SUPPORT],
            common[pk],
            milestones[pk],
        )
        for pk, department in sorted(
            departments.items(),
            key=lambda item: (-roles[item[0], ResponsibilityRole.LEAD], item[1].ordinal, item[0]),
        )
    )


def _days(handouts: Sequence[Handout]) -> tuple[DayLoad, ...]:
    due: dict[date, list[Handout]] = {}
    for handout in handouts:
        for dated in handout.dated:
            due.setdefault(dated.due_on, []).append(handout)
    return tuple(_day(day, due[day]) for day in sorted(due))


def _day(day: date, due: Sequence[Handout]) -> DayLoad:
    led = [frozenset(str(part.department) for part in handout.leads) for handout in due]
    units = Counter(name for leads in led for name in sorted(leads))
    heaviest = units.most_common(3)
    two = {name for name, _ in heaviest[:2]}
    common = [handout for handout in due if handout.mode == ReportMode.COMMON]
    return DayLoad(
        day,
        len(due),
        tuple(heaviest),
        sum(bool(leads & two) for leads in led),
        len(common),
        len({part.department.pk for handout in common for part in handout.gathered}),
    )

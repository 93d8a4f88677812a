"""What an issue would make, and what a person should see before it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Department
from plans.choices import ResponsibilityRole
from plans.models import Edition, Measure, Recurrence
from tracking.choices import ReportMode
from tracking.selectors.distribution import (
    Choice,
    Distribution,
    Handout,
    Question,
    Withheld,
    distribute,
)
from tracking.selectors.owed import Horizon, horizon_of, owed_by, too_often, years_of
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
    """What an issue would make; ``past`` are days that have passed already, ``periods`` counts the
    half years, quarters and months among the milestones, ``too_often`` are duties of every week."""

    distribution: Distribution
    assignments: int
    milestones: int
    periods: int
    too_often: tuple[tuple[Measure, Recurrence], ...]
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
    issued_on = edition.issued_on or today
    years = years_of(edition, found.handouts, issued_on)
    horizon = horizon_of(edition, years, issued_on, today)
    dates = [(row, day.due_on) for row in found.handouts for day in row.dated]
    periods = [(row, day) for row in found.handouts for day in _periods(row, years, horizon)]
    due = [*dates, *periods]
    return IssuePreview(
        distribution=found,
        assignments=sum(len(handout.parts) for handout in found.handouts),
        milestones=len(due),
        periods=len(periods),
        too_often=tuple(
            (row.measure, recurrence)
            for row in found.handouts
            for recurrence in row.measure.recurrences.all()
            if too_often(recurrence)
        ),
        units=_units(found.handouts, Counter(row.reporter.department.pk for row, _ in due)),
        days=_days(due),
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


def _periods(handout: Handout, years: Sequence[int], horizon: Horizon) -> Iterator[date]:
    """Yield the days of the half years, quarters and months that the issue would ask for."""
    for owed in owed_by((), handout.recurring, years, is_reporter=True):
        if owed.is_periodic and owed.own_day and horizon.asks_for(owed):
            yield owed.own_day


def _units(handouts: Sequence[Handout], milestones: Counter[int]) -> tuple[UnitLoad, ...]:
    departments: dict[int, Department] = {}
    roles: Counter[tuple[int, str]] = Counter()
    common: Counter[int] = Counter()
    reports: Counter[int] = Counter()
    for handout in handouts:
        departments |= {part.department.pk: part.department for part in handout.parts}
        common.update(part.department.pk for part in handout.gathered)
        roles.update(
            (part.department.pk, part.role) for part in (handout.reporter, *handout.followers)
        )
        reports[handout.reporter.department.pk] += 1
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


def _days(due: Iterable[tuple[Handout, date]]) -> tuple[DayLoad, ...]:
    on: dict[date, list[Handout]] = {}
    for handout, day in due:
        on.setdefault(day, []).append(handout)
    return tuple(_day(day, on[day]) for day in sorted(on))


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

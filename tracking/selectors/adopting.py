"""How the work under the former text goes on under a new one; changes nothing itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import Department
from plans.choices import ChangeKind, ResponsibilityRole
from plans.comparison import UNITS, Comparison, compare, item_of
from plans.matching import alike, bigrams, plain
from plans.models import Edition, Measure, Recurrence
from tracking.choices import AssignmentStatus, MilestoneKind, MilestoneStatus, ReportMode
from tracking.models import Assignment, Milestone, Submission
from tracking.periods import due_day, is_part_of_year, last_day
from tracking.selectors.adoption import (
    Added,
    Adoption,
    Cancelled,
    Ended,
    Following,
    Issued,
    Kept,
    name_of,
)
from tracking.selectors.distribution import Choice, Dated, Handout, Part, completed, distribute
from tracking.selectors.owed import Horizon, horizon_of, owed_by, years_of

STANDING = (MilestoneStatus.OPEN, MilestoneStatus.UNDECIDED)
SAME_DAY = 4.0
SAME_WORDS = 3.0
SAME_MARK = 0.5
Work = dict[UUID, list[Assignment]]


def plan_adoption(
    edition: Edition,
    choices: Mapping[int, Choice],
    *,
    issued_on: date,
    today: date,
    home: Department | None = None,
    document_number: str = "",
    left_out: Collection[int] | None = None,
) -> Adoption:
    """Say what putting the edition in force does to the work under the former one.

    Work follows the lineage. Where a measure names the same units as before, it stays with those
    who carry it out now; else it is distributed anew, and the unit that reports goes on as long as
    it leads. ``choices`` (by measure id) decide otherwise. ``left_out`` owe no common duty that is
    distributed anew: if not said, those who owe none now. A fixed number of queries.
    """
    comparison = compare(edition)
    work = _work(edition)
    same_units = _same_units(comparison)
    standing = {
        key: _as_it_stands(key, work, same_units)
        for key in _continuing(comparison)
        if key.pk not in choices
    }
    asked = {key.pk: choice for key, choice in standing.items()} | dict(choices)
    if left_out is None:
        left_out = _owing_none(edition, work)
    found = distribute(edition, asked, home=home, left_out=left_out)
    handouts = [
        _standing_parts(row, work.get(row.measure.lineage, []))
        if row.measure.pk in same_units and row.measure.pk not in choices
        else row
        for row in found.handouts
    ]
    waiting = set(
        Submission.objects.waiting()
        .filter(milestone__assignment__measure__edition=edition.former_id)
        .values_list("milestone_id", flat=True)
    )
    questions = [
        replace(row, recommended=completed(standing.get(row.measure, Choice()), row.recommended))
        for row in found.questions
        if row.measure.pk not in same_units
    ]
    adoption = Adoption(
        comparison,
        handouts,
        found.withheld,
        [row for row in questions if row.needs_a_person],
        found.members,
        left_out,
        waiting=waiting,
    )
    years = set(edition.plan.reporting_years.values_list("year", flat=True))
    years |= set(years_of(edition, handouts, issued_on))
    horizon = horizon_of(edition, years, issued_on, today)
    _Going(adoption, work, years, horizon, name_of(edition, document_number)).go()
    return adoption


def _work(edition: Edition) -> Work:
    """Return the assignments under the former text that were not ended, by lineage."""
    rows = (
        Assignment.objects.live()
        .filter(measure__edition=edition.former_id)
        .select_related("measure__part", "department")
        .prefetch_related(
            "milestones__deadline", "milestones__recurrence", "milestones__department"
        )
        .order_by("measure__ordinal", "id")
    )
    found: Work = {}
    for row in rows:
        found.setdefault(row.measure.lineage, []).append(row)
    return found


def _owing_none(edition: Edition, work: Work) -> set[int]:
    """Return the units that have no part in the common duties; nobody where there are none yet."""
    rows = [row for assignments in work.values() for row in assignments]
    common = {row.gathered_by_id for row in rows} - {None}
    if not common:
        return set()
    owing = {row.department_id for row in rows if row.gathered_by_id or row.pk in common}
    units = Department.objects.filter(district=edition.plan.district_id)
    return set(units.exclude(pk__in=owing).values_list("pk", flat=True))


def _continuing(comparison: Comparison) -> list[Measure]:
    return [change.after for change in comparison.changes if change.before and change.after]


def _same_units(comparison: Comparison) -> set[int]:
    """Return the measures that name the same units in the same roles as before."""
    return {
        change.after.pk
        for change in comparison.changes
        if change.before and change.after and all(fact.label != UNITS for fact in change.facts)
    }


def _is_reporter(assignment: Assignment) -> bool:
    return assignment.reports_through_id is None and assignment.gathered_by_id is None


def _as_it_stands(measure: Measure, work: Work, same_units: set[int]) -> Choice:
    """Return what was decided when the measure was handed out, as far as the names allow it."""
    assignments = work.get(measure.lineage, [])
    is_common = any(row.gathered_by_id for row in assignments)
    reporting = {row.department_id for row in assignments if _is_reporter(row)}
    if measure.pk in same_units:
        mode = ReportMode.COMMON if is_common else ReportMode.UNIFIED
        return Choice(
            mode=mode if assignments else ReportMode.WITHHELD,
            reporter=next(iter(reporting), None),
        )
    leads = {
        row.department_id
        for row in measure.responsibilities.all()
        if row.role == ResponsibilityRole.LEAD
    }
    return Choice(
        mode=ReportMode.COMMON if is_common and leads - {None} else None,
        reporter=next(iter(reporting & leads), None),
    )


def _standing_parts(handout: Handout, assignments: Sequence[Assignment]) -> Handout:
    """Return the handout with those who carry it out now."""
    reporter = next((row for row in assignments if _is_reporter(row)), None)
    if reporter is None:
        return handout

    def parts(rows: Iterable[Assignment]) -> tuple[Part, ...]:
        return tuple(Part(row.department, row.role) for row in rows)

    return replace(
        handout,
        reporter=Part(reporter.department, reporter.role),
        followers=parts(row for row in assignments if row.reports_through_id),
        gathered=parts(row for row in assignments if row.gathered_by_id),
    )


class _Going:
    """Takes the work over measure by measure and fills the rows of the adoption."""

    def __init__(
        self, adoption: Adoption, work: Work, years: set[int], horizon: Horizon, name: str
    ) -> None:
        self.adoption = adoption
        self.work = dict(work)
        self.years = years
        self.horizon = horizon
        self.name = name

    def go(self) -> None:
        for handout in self.adoption.handouts:
            self._follow(handout, self.work.pop(handout.measure.lineage, []))
        reasons = self._reasons()
        for assignments in self.work.values():
            for row in assignments:
                if row.status == AssignmentStatus.IN_PROGRESS:
                    reason = reasons.get(row.measure.lineage, f"{self.name}不再列入本项")
                    self.adoption.ended.append(Ended(row, reason))
                    self._cancel(row.milestones.all(), reason)

    def _reasons(self) -> dict[UUID, str]:
        """Return why work ends of which the new text says more than nothing, by lineage."""
        reasons = {
            row.measure.lineage: f"{self.name}{row.measure.reference}不交办"
            for row in self.adoption.withheld
        }
        for change in self.adoption.comparison.changes:
            if change.kind == ChangeKind.MERGED and change.after is not None:
                for before in change.befores:
                    reasons[before.lineage] = f"{self.name}将本项并入{change.after.reference}"
        return reasons

    def _follow(self, handout: Handout, assignments: Sequence[Assignment]) -> None:
        measure = handout.measure
        standing = {row.department_id: row for row in assignments}
        for part in handout.parts:
            row = standing.pop(part.department.pk, None)
            if row is None:
                self.adoption.issued.append(Issued(measure, part, not assignments))
                continue
            is_reworded = plain(item_of(row.measure).text) != plain(item_of(measure).text)
            self.adoption.followings.append(Following(row, measure, part.role, is_reworded))
        ended = [row for row in standing.values() if row.status == AssignmentStatus.IN_PROGRESS]
        for row in ended:
            reason = f"{self.name}{measure.reference}的责任单位不再包括{row.department}"
            self.adoption.ended.append(Ended(row, reason))
        self._follow_milestones(handout, assignments, {row.pk for row in ended})

    def _follow_milestones(
        self, handout: Handout, assignments: Sequence[Assignment], ended: set[int]
    ) -> None:
        """Let each unit that answers go on with what it owes; the reporter takes over."""
        gathered = {part.department.pk: part for part in handout.gathered}
        mine: dict[int, list[Milestone]] = {}
        reporters: list[Milestone] = []
        for row in assignments:
            rows = [m for m in row.milestones.all() if m.status != MilestoneStatus.CANCELLED]
            if _is_reporter(row):
                reporters += rows
            elif row.department_id in gathered and row.gathered_by_id:
                mine[row.department_id] = rows
            else:
                unit = handout.reporter.department
                self._cancel(rows, f"{self.name}{handout.measure.reference}由{unit}反馈")
        self._go_on(handout, handout.reporter, reporters)
        for key, part in gathered.items():
            self._go_on(handout, part, mine.get(key, []))

    def _go_on(self, handout: Handout, part: Part, milestones: Sequence[Milestone]) -> None:
        is_reporter = part is handout.reporter
        dates = handout.dated if is_reporter else handout.dated_for_each
        recurring = handout.recurring if is_reporter else handout.recurring_for_each
        owed = list(owed_by(dates, recurring, self.years, is_reporter=is_reporter))
        dated = [row for row in milestones if row.kind == MilestoneKind.DEADLINE]
        again = [row for row in milestones if row.kind != MilestoneKind.DEADLINE]
        days = _pair(dated, dates)
        recurrences = _pair_recurrences([row.recurrence for row in again], recurring)
        answered: set[tuple[object, ...]] = set()
        for row in dated:
            day = days.get(row.pk)
            answered |= self._keep(handout, part, row, day) if day else self._drop(handout, row)
        for row in again:
            goes_on_with = recurrences.get(row.recurrence_id or 0)
            kind = MilestoneKind(row.kind)
            is_owed = any(
                one.kind == kind and one.period == row.period and one.recurrence == goes_on_with
                for one in owed
            )
            answered |= (
                self._keep(handout, part, row, None, goes_on_with)
                if is_owed
                else self._drop(handout, row)
            )
        self.adoption.added.extend(
            Added(handout, part, one)
            for one in owed
            if one.key not in answered and self.horizon.asks_for(one)
        )

    def _keep(
        self,
        handout: Handout,
        part: Part,
        milestone: Milestone,
        day: Dated | None,
        again: Recurrence | None = None,
    ) -> set[tuple[object, ...]]:
        """Note a milestone that goes on; what is done stays with the unit that did it."""
        is_open = milestone.status in STANDING
        kept = Kept(
            milestone,
            handout.measure,
            day,
            again,
            self._moved_to(milestone, day, again) if is_open else None,
            part.department if is_open and milestone.department_id != part.department.pk else None,
        )
        going_on = {row.assignment.pk for row in self.adoption.followings}
        if is_open or milestone.assignment_id in going_on:
            self.adoption.kept.append(kept)
        return {kept.owed.key}

    def _moved_to(
        self, milestone: Milestone, day: Dated | None, again: Recurrence | None
    ) -> date | None:
        """Return the day on which the new text sets what is open; None where it did not change.

        A period is not moved to a day that has passed.
        """
        if day is not None:
            former = milestone.deadline.due_on if milestone.deadline else None
            return day.due_on if former != day.due_on else None
        if again is None or milestone.recurrence is None or not is_part_of_year(milestone.period):
            return None
        former = due_day(milestone.period, milestone.recurrence.due_in_period)
        new = due_day(milestone.period, again.due_in_period)
        return new if new != former and new >= self.horizon.since else None

    def _drop(self, handout: Handout, milestone: Milestone) -> set[tuple[object, ...]]:
        """Note what is not owed any more; years and periods that have passed stay as they are."""
        period = milestone.period
        is_year = bool(period) and not is_part_of_year(period)
        ends_on = last_day(period) if is_year else milestone.due_on
        if not period or ends_on >= self.horizon.since:
            reason = f"{self.name}{handout.measure.reference}不再规定这一时限"
            self._cancel([milestone], reason)
        return set()

    def _cancel(self, milestones: Iterable[Milestone], reason: str) -> None:
        self.adoption.cancelled.extend(
            Cancelled(row, reason) for row in milestones if row.status in STANDING
        )


def _pair(milestones: Sequence[Milestone], dates: Sequence[Dated]) -> dict[int, Dated]:
    """Return the date of the new text that each milestone goes on with: the most alike first."""

    def likeness(milestone: Milestone, dated: Dated) -> float:
        deadline = milestone.deadline
        assert deadline is not None
        return (
            SAME_DAY * (deadline.due_on == dated.due_on)
            + SAME_WORDS * alike(bigrams(deadline.what), bigrams(dated.deadline.what))
            + SAME_MARK * (milestone.mark == dated.mark)
        )

    return _best({row.pk: row for row in milestones}, dates, likeness)


def _pair_recurrences(
    old: Iterable[Recurrence | None], new: Sequence[Recurrence]
) -> dict[int, Recurrence]:
    """Return the recurrence of the new text with which each of the former goes on."""

    def likeness(one: Recurrence, other: Recurrence) -> float:
        return alike(bigrams(one.text + one.what), bigrams(other.text + other.what))

    return _best({row.pk: row for row in old if row}, new, likeness)


def _best(old: Mapping[int, Any], new: Sequence[Any], likeness: Any) -> dict[int, Any]:
    scored = sorted(
        (
            (likeness(row, other), -i, -j, key)
            for i, (key, row) in enumerate(old.items())
            for j, other in enumerate(new)
        ),
        reverse=True,
    )
    pairs: dict[int, Any] = {}
    taken: set[int] = set()
    for _, _, j, key in scored:
        if key not in pairs and j not in taken:
            pairs[key] = new[-j]
            taken.add(j)
    return pairs

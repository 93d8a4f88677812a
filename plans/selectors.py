"""What was found in an edition, in figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from plans.choices import (
    CONFIRMED_TOGETHER,
    DeadlineKind,
    DoubtCode,
    Frequency,
    NameSort,
    ResponsibilityRole,
    Severity,
    doubt_label,
)
from plans.models import (
    Deadline,
    Doubt,
    Edition,
    Indicator,
    Measure,
    Metric,
    Recurrence,
    Responsibility,
)

CROWDED = 5
SATISFACTION = "满意度"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A day on which many deadlines fall, the two units that lead most of them, and how many."""

    day: date
    count: int
    leaders: list[str]
    led: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the first page after an import reports."""

    areas: int
    other_parts: list[str]
    measures: int
    leaves: int
    units: int
    leading_units: int
    groups: list[str]
    days: list[tuple[int, list[tuple[int, int]]]]
    dated: int
    undated_leaves: int
    recurring: list[str]
    recurrences: int
    loose_recurrences: int
    indicators: int
    metrics: int
    satisfaction: int
    own_metrics: int
    crowd: Crowd | None


@dataclass(frozen=True, slots=True)
class DoubtGroup:
    """Doubts of one kind, in the order of the text."""

    code: str
    label: str
    suggestion: str
    doubts: list[Doubt]
    open: int

    @property
    def is_confirmed_together(self) -> bool:
        """Whether one answer may do for all of them though they stop the issue."""
        return self.code in CONFIRMED_TOGETHER


@dataclass(frozen=True, slots=True)
class Desk:
    """The doubts of an edition by severity, and the repairs by their reason."""

    errors: list[DoubtGroup]
    checks: list[DoubtGroup]
    repairs: list[tuple[str, str, int, Doubt]]
    repaired: int

    @property
    def open_errors(self) -> int:
        """How many doubts stop the issue."""
        return sum(group.open for group in self.errors)

    @property
    def open_checks(self) -> int:
        """How many doubts still wait to be looked at."""
        return sum(group.open for group in self.checks)

    @property
    def is_whole(self) -> bool:
        """Whether every stretch of the text belongs to something."""
        return all(group.code != DoubtCode.UNCOVERED for group in self.errors)

    @property
    def error_count(self) -> int:
        """How many doubts of the edition must be settled, answered ones included."""
        return sum(len(group.doubts) for group in self.errors)

    @property
    def check_count(self) -> int:
        """How many doubts of the edition are to be looked at, answered ones included."""
        return sum(len(group.doubts) for group in self.checks)

    @property
    def settled(self) -> int:
        """How many doubts have been answered."""
        return self.total - self.open_errors - self.open_checks

    @property
    def total(self) -> int:
        """How many doubts there were."""
        return self.error_count + self.check_count


def found_in(edition: Edition) -> Found:
    """Return the figures of an edition; nine queries."""
    parts = list(edition.parts.all())
    standing = edition.measures.filter(merged_into=None, set_aside="")
    measures = list(standing.values_list("pk", "parent_id", "is_leaf"))
    names = list(
        Responsibility.objects.filter(measure__in=standing).values_list(
            "measure_id", "sort", "role", "department__name", "canonical"
        )
    )
    dated = list(
        Deadline.objects.filter(
            measure__in=standing, kind=DeadlineKind.DATE, due_on__isnull=False
        ).values_list("measure_id", "due_on")
    )
    again = Recurrence.objects.filter(measure__in=standing).select_related("measure")
    again = again.order_by("measure__ordinal")
    recurring = [row for row in again if row.frequency != Frequency.UNSPECIFIED]
    metrics = list(
        Metric.objects.filter(
            Q(measure__in=standing) | Q(indicator__part__edition=edition)
        ).values_list("indicator_id", "name")
    )
    of_parts = [name for indicator, name in metrics if indicator]
    departments = [row for row in names if row[1] == NameSort.DEPARTMENT]
    areas = [part for part in parts if part.number.strip().startswith(("(", "（"))]
    return Found(
        areas=len(areas),
        other_parts=[part.title for part in parts if part not in areas],
        measures=sum(parent is None for _, parent, _ in measures),
        leaves=sum(is_leaf for _, _, is_leaf in measures),
        units=len({unit or canonical for _, _, _, unit, canonical in departments}),
        leading_units=len(
            {
                unit or canonical
                for _, _, role, unit, canonical in departments
                if role == ResponsibilityRole.LEAD
            }
        ),
        groups=list(dict.fromkeys(row[4] for row in names if row[1] == NameSort.GROUP)),
        days=_months(due for _, due in dated if due),
        dated=len(dated),
        undated_leaves=sum(is_leaf for _, _, is_leaf in measures)
        - len({measure for measure, _ in dated}),
        recurring=list(dict.fromkeys(row.measure.reference for row in recurring)),
        recurrences=len(recurring),
        loose_recurrences=len(again) - len(recurring),
        indicators=Indicator.objects.filter(part__edition=edition).count(),
        metrics=len(of_parts),
        satisfaction=sum(SATISFACTION in name for name in of_parts),
        own_metrics=len(metrics) - len(of_parts),
        crowd=_crowd(dated, departments),
    )


def _months(days: Iterable[date]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return years with their months and how many deadlines fall in each."""
    counted = Counter((day.year, day.month) for day in days)
    years: dict[int, list[tuple[int, int]]] = {}
    for (year, month), count in sorted(counted.items()):
        years.setdefault(year, []).append((month, count))
    return list(years.items())


def _crowd(
    dated: Sequence[tuple[int, date | None]],
    departments: Sequence[tuple[int, str, str, str | None, str]],
) -> Crowd | None:
    """Return the day on which most deadlines fall, where they are many."""
    days = Counter(due for _, due in dated if due)
    day, count = max(
        days.items(), key=lambda item: (item[1], -item[0].toordinal()), default=(None, 0)
    )
    if day is None or count < CROWDED:
        return None
    due = Counter(measure for measure, on in dated if on == day)
    led: dict[str, set[int]] = {}
    for measure, _, role, unit, canonical in departments:
        if role == ResponsibilityRole.LEAD and measure in due:
            led.setdefault(unit or canonical, set()).add(measure)
    heaviest = sorted(led, key=lambda unit: -sum(due[m] for m in led[unit]))[:2]
    measures = set().union(*(led[unit] for unit in heaviest))
    return Crowd(day, count, heaviest, sum(due[measure] for measure in measures))


def desk_of(edition: Edition) -> Desk:
    """Return the doubts of an edition in groups; one query."""
    doubts = list(
        edition.doubts.select_related("measure", "part", "settled_by").order_by("ordinal")
    )
    notes = [doubt for doubt in doubts if doubt.severity == Severity.NOTE]
    reasons: dict[str, list[Doubt]] = {}
    for note in notes:
        reasons.setdefault(note.message, []).append(note)
    repairs = [
        (reason, edition.text[rows[0].start : rows[0].end][:20], len(rows), rows[0])
        for reason, rows in sorted(reasons.items(), key=lambda item: -len(item[1]))
    ]
    return Desk(
        errors=_groups(doubts, Severity.ERROR),
        checks=_groups(doubts, Severity.CHECK),
        repairs=repairs,
        repaired=len(notes),
    )


def doubts_at(measure: Measure) -> list[Doubt]:
    """Return the doubts of a measure, open ones first, and those of units that it names too."""
    unlinked = measure.responsibilities.filter(department=None, sort=NameSort.DEPARTMENT)
    alike = Responsibility.objects.filter(
        measure__edition=measure.edition_id,
        sort=NameSort.DEPARTMENT,
        canonical__in=unlinked.values("canonical"),
    )
    doubts = measure.edition.doubts.filter(
        Q(measure=measure) | Q(code=DoubtCode.UNKNOWN_DEPARTMENT, start__in=alike.values("start"))
    )
    rows = doubts.exclude(severity=Severity.NOTE).order_by("ordinal")
    found = list(rows.select_related("edition", "measure", "part", "settled_by"))
    return sorted(found, key=lambda doubt: (doubt.settled_at is not None, doubt.severity))


def _groups(doubts: list[Doubt], severity: Severity) -> list[DoubtGroup]:
    by_code: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        if doubt.severity == severity:
            by_code.setdefault(doubt.code, []).append(doubt)
    groups = []
    for code, rows in sorted(
        by_code.items(), key=lambda item: (item[0] != DoubtCode.DRAFT, -len(item[1]))
    ):
        suggestions = {row.suggestion for row in rows}
        groups.append(
            DoubtGroup(
                code=code,
                label=doubt_label(code),
                suggestion=suggestions.pop() if len(suggestions) == 1 else "",
                doubts=rows,
                open=sum(row.settled_at is None for row in rows),
            )
        )
    return groups


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the check of a draft has come, and the ways on from a measure (keys of measures)."""

    position: int
    total: int
    checked: int
    previous: int | None
    next: int | None
    next_unchecked: int | None
    next_doubt: int | None

    @property
    def unchecked(self) -> int:
        """How many measures nobody has marked as checked."""
        return self.total - self.checked

    @property
    def progress(self) -> str:
        """How far the check has come, in words."""
        return f"已核对 {self.checked}/{self.total}"

    @property
    def percent(self) -> float:
        """The share of measures that were checked."""
        return round(100 * self.checked / self.total, 1) if self.total else 0


def walk_from(edition: Edition, ordinal: int = 0) -> Walk:
    """Return the ways on from the measure with this ordinal; one query.

    The next unchecked one is one in doubt as long as there is any; the search begins behind the
    measure and goes on from the start of the plan.
    """
    rows = list(
        edition.measures.leaves()
        .annotate(is_doubtful=Exists(Doubt.objects.open().filter(measure=OuterRef("pk"))))
        .order_by("ordinal")
        .values_list("pk", "ordinal", "checked_at", "is_doubtful")
    )
    behind = [row for row in rows if row[1] > ordinal]
    before = [row for row in rows if row[1] < ordinal]
    ahead = behind + before
    unchecked = [row for row in ahead if row[2] is None]
    doubtful = [row for row in unchecked if row[3]]
    return Walk(
        position=sum(row[1] <= ordinal for row in rows),
        total=len(rows),
        checked=sum(row[2] is not None for row in rows),
        previous=before[-1][0] if before else None,
        next=behind[0][0] if behind else None,
        next_unchecked=next((row[0] for row in doubtful or unchecked), None),
        next_doubt=next((row[0] for row in ahead if row[3]), None),
    )

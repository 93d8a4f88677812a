"""What the yearly sheets ask of a unit: now, next, later, and what has passed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from accounts.models import Department, Group
from plans.models import Measure
from tracking.choices import MilestoneKind, MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Dispatch, Milestone, Sheet, Submission
from tracking.querysets import SheetQuerySet

ANNOUNCED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SheetState:
    """A sheet with how its rows stand; the rows are in the order of the plan."""

    sheet: Sheet
    rows: list[Milestone] = field(default_factory=list)

    def _of(self, *statuses: str | None) -> int:
        return sum(
            row.status == MilestoneStatus.OPEN and row.last_status in statuses  # type: ignore[attr-defined]
            for row in self.rows
        )

    @property
    def total(self) -> int:
        """All rows."""
        return len(self.rows)

    @property
    def unsent(self) -> int:
        """Rows never sent."""
        return self._of(None)

    @property
    def waiting(self) -> int:
        """Rows that wait for a reviewer."""
        return self._of(SubmissionStatus.SUBMITTED)

    @property
    def returned(self) -> int:
        """Rows that came back."""
        return self._of(SubmissionStatus.RETURNED)

    @property
    def accepted(self) -> list[Milestone]:
        """Rows whose last report was accepted."""
        return [
            row
            for row in self.rows
            if row.status == MilestoneStatus.DONE or row.last_status == SubmissionStatus.ACCEPTED  # type: ignore[attr-defined]
        ]

    @property
    def written(self) -> int:
        """Rows that are written on and were never sent."""
        return sum(
            row.has_draft and row.last_status is None  # type: ignore[attr-defined]
            for row in self.rows
        )

    @property
    def to_do(self) -> int:
        """Rows that ask for a hand once the sheet is open."""
        return self.unsent + self.returned

    @property
    def is_sent(self) -> bool:
        """Whether every row has left the house at least once."""
        return bool(self.rows) and not self.unsent

    @property
    def references(self) -> str:
        """The accepted rows as the document prints them."""
        return "、".join(row.reference for row in self.accepted)


@dataclass(frozen=True, slots=True)
class SheetAgenda:
    """The sheets of some units on a day."""

    today: date
    to_fill: list[SheetState]
    waiting: list[SheetState]
    announced: list[SheetState]
    later: list[SheetState]
    passed: list[SheetState]

    @property
    def is_empty(self) -> bool:
        """Whether the units have no sheets at all."""
        return not (self.to_fill or self.waiting or self.announced or self.later or self.passed)

    @property
    def later_dates(self) -> list[Milestone]:
        """Rows of later sheets that the plan dates."""
        return [
            row
            for state in self.later
            for row in state.rows
            if row.kind == MilestoneKind.DEADLINE and row.status == MilestoneStatus.OPEN
        ]

    @property
    def later_years(self) -> list[SheetState]:
        """Later sheets, one a year, that bring more than dated rows."""
        return [
            state
            for state in self.later
            if any(row.kind != MilestoneKind.DEADLINE for row in state.rows)
        ]


def states_of(sheets: SheetQuerySet) -> list[SheetState]:
    """Return the sheets with their rows: two queries for any number."""
    found = {
        sheet.pk: SheetState(sheet)
        for sheet in sheets.with_year().order_by("year__opens_on", "department__ordinal", "id")
    }
    drafts = Submission.objects.unfinished().filter(milestone=OuterRef("pk"))
    rows = (
        Milestone.objects.filter(sheet__in=list(found))
        .exclude(status=MilestoneStatus.CANCELLED)
        .with_reports()
        .annotate(has_draft=Exists(drafts))
        .select_related("assignment__measure", "recurrence")
        .order_by("assignment__measure__ordinal", "mark", "id")
    )
    for row in rows:
        assert row.sheet_id is not None
        found[row.sheet_id].rows.append(row)
    return [state for state in found.values() if state.rows]


def sheet_agenda(departments: Collection[int], *, today: date) -> SheetAgenda:
    """Return what the sheets ask of the units."""
    to_fill: list[SheetState] = []
    waiting: list[SheetState] = []
    announced: list[SheetState] = []
    later: list[SheetState] = []
    passed: list[SheetState] = []
    for state in states_of(Sheet.objects.filter(department__in=departments)):
        opens_on = state.sheet.year.opens_on
        if opens_on <= today and state.to_do:
            to_fill.append(state)
        elif opens_on <= today and state.waiting:
            waiting.append(state)
        elif opens_on > today:
            (announced if opens_on <= today + ANNOUNCED else later).append(state)
        if state.accepted:
            passed.append(state)
    return SheetAgenda(today, to_fill, waiting, announced, later, passed)


@dataclass(frozen=True, slots=True)
class Unasked:
    """Measures that name a unit by a collective name only and are answered by another."""

    names: str
    measures: list[Measure]


def unasked_of(departments: Collection[int]) -> Unasked:
    """Return what names the units collectively in the plans they work on and asks nothing of
    them."""
    kinds = set(Department.objects.filter(pk__in=departments).values_list("kind", flat=True))
    groups = [
        group
        for group in Group.objects.filter(district__department__in=departments).distinct()
        if not group.is_open_ended and kinds & set(group.kinds)
    ]
    own = Assignment.objects.filter(measure=OuterRef("pk"), department__in=departments)
    editions = Dispatch.objects.filter(department__in=departments).values("edition")
    measures = (
        Measure.objects.filter(
            ~Exists(own), edition__in=editions, responsibilities__group__in=groups
        )
        .distinct()
        .defer("text")
        .order_by("edition_id", "ordinal")
    )
    return Unasked("、".join(_bare(groups)), list(measures) if groups else [])


def _bare(groups: Iterable[Group]) -> list[str]:
    return [f"“{group.name}”" for group in groups]

"""集中填报表: the rows of a unit's yearly sheet, as page, paper, workbook and API show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch

from accounts.errors import InvalidError
from accounts.models import User
from plans.models import Edition
from tracking.choices import MilestoneKind, MilestoneStatus, SubmissionStatus, WorkStatus
from tracking.completeness import require_row_complete
from tracking.models import Evidence, Milestone, Sheet, Submission
from tracking.querysets import MilestoneQuerySet
from tracking.selectors.comparison import Change, changes
from tracking.selectors.gathering import Gathering, gatherings_of
from tracking.selectors.sentences import Quote, quote_of
from tracking.selectors.written import Written


@dataclass(frozen=True)
class SheetLine(Written):
    """One row: what is owed, what is written, and what was last accepted of it."""

    today: date
    gathering: Gathering | None = None

    @property
    def basis(self) -> Submission | None:
        """Whose words stand in the row; what was accepted stands beside one that goes on."""
        newest = self.newest
        if newest and newest.status == SubmissionStatus.ACCEPTED and self.is_open:
            return None
        return newest

    @property
    def is_waiting(self) -> bool:
        """Whether its report waits for a reviewer."""
        return bool(self.newest and self.newest.status == SubmissionStatus.SUBMITTED)

    @cached_property
    def lack(self) -> str:
        """What the draft lacks before it can be sent."""
        if self.draft is None:
            return ""
        self.draft.milestone = self.milestone
        try:
            require_row_complete(self.draft, on=self.today, has_before=self.accepted is not None)
        except InvalidError as error:
            return error.message
        return ""

    @property
    def is_filled(self) -> bool:
        """Whether nothing is to be written: the draft is whole, or it was sent or decided."""
        if not self.is_open:
            return True
        return bool(self.newest) and not self.lack and not (self.returned and not self.draft)

    @property
    def remarks(self) -> list[str]:
        """What a head should look at before he signs; none of it stops the report."""
        report = self.basis
        if report is None:
            return []
        found = []
        if report.work_status == WorkStatus.COMPLETED and not report.evidence.all():
            found.append("称已完成，未附佐证材料")
        asked = self.milestone.times_asked
        if asked and report.times is not None and report.times < asked:
            found.append(f"方案要求{asked}次，填报{report.times}次")
        if self.accepted and report.narrative and report.narrative == self.accepted.narrative:
            found.append("文字与上次完全相同")
        return found

    @property
    def changes(self) -> list[Change]:
        """The narrative, with what is new against the last accepted one."""
        if self.basis is None:
            return []
        before = self.accepted.narrative if self.accepted else ""
        if not before:
            return [Change("same", self.basis.narrative)]
        return [change for change in changes(before, self.basis.narrative) if change.text]

    @property
    def quote(self) -> Quote:
        """The plan's own sentence."""
        return quote_of(self.milestone.source)


@dataclass(frozen=True)
class SheetView:
    """A sheet as a person sees it on a day."""

    sheet: Sheet
    lines: tuple[SheetLine, ...]
    today: date

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    @property
    def filled(self) -> int:
        """How many need nothing more."""
        return sum(line.is_filled for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether it can be filled in; its last day may have passed."""
        return self.sheet.year.opens_on <= self.today

    @property
    def is_past(self) -> bool:
        """Whether its last day has passed."""
        return self.sheet.year.closes_on < self.today

    @property
    def is_writable(self) -> bool:
        """Whether any row can be written on."""
        return self.is_open and any(line.is_writable for line in self.lines)

    @property
    def owed(self) -> list[SheetLine]:
        """Rows that are still owed."""
        return [line for line in self.lines if line.is_open]

    @property
    def sent_or_written(self) -> list[SheetLine]:
        """Rows on which something stands."""
        return [line for line in self.lines if line.basis]

    @property
    def waiting(self) -> list[SheetLine]:
        """Rows that wait for a reviewer."""
        return [line for line in self.lines if line.is_waiting]

    @property
    def returned(self) -> list[SheetLine]:
        """Rows that came back."""
        return [line for line in self.lines if line.returned]


def sheet_of(sheet: Sheet, user: User, *, today: date) -> SheetView:
    """Return the sheet's rows in the order of the plan: the same few queries for any number."""
    rows = _with_text(sheet.milestones.all())
    reports: dict[int, list[Submission]] = {}
    for report in (
        Submission.objects.visible_to(user)
        .filter(milestone__sheet=sheet)
        .select_related("author", "review__by")
        .prefetch_related(Prefetch("evidence", queryset=Evidence.objects.select_related("file")))
        .order_by("-number")
        .distinct()
    ):
        reports.setdefault(report.milestone_id, []).append(report)
    for row in rows:
        for report in reports.get(row.pk, ()):
            report.milestone = row
    accepted = _accepted(rows)
    gatherings = gatherings_of(row.pk for row in rows)
    return SheetView(
        sheet=sheet,
        lines=tuple(
            SheetLine(
                row,
                tuple(reports.get(row.pk, ())),
                _last_of(row, accepted),
                today,
                gatherings.get(row.pk),
            )
            for row in rows
        ),
        today=today,
    )


def reported_by_period(sheet: Sheet) -> list[str]:
    """Return what the unit reports each half year, quarter or month of the year by itself, as the
    document prints it; the sheet does not ask for it again."""
    rows = (
        Milestone.objects.dated()
        .filter(
            kind=MilestoneKind.OCCURRENCE,
            department=sheet.department_id,
            plan=sheet.year.plan_id,
            period__startswith=str(sheet.year.year),
        )
        .exclude(status=MilestoneStatus.CANCELLED)
        .select_related("assignment__measure")
        .order_by("assignment__measure__ordinal", "id")
    )
    return list(dict.fromkeys(row.assignment.measure.reference for row in rows))


def _with_text(rows: MilestoneQuerySet) -> list[Milestone]:
    """Return the rows in the order of the plan, with each edition's text loaded once."""
    found = list(
        rows.exclude(status=MilestoneStatus.CANCELLED)
        .select_related("assignment__measure__part", "department", "deadline", "recurrence")
        .order_by("assignment__measure__edition_id", "assignment__measure__ordinal", "mark", "id")
    )
    editions = Edition.objects.in_bulk({row.assignment.measure.edition_id for row in found})
    for row in found:
        measure = row.assignment.measure
        measure.edition = editions[measure.edition_id]
        for source in (row.deadline, row.recurrence):
            if source:
                source.measure = measure
    return found


def _accepted(rows: Iterable[Milestone]) -> dict[int, list[Submission]]:
    """Return what was accepted on the rows' assignments, newest first."""
    found: dict[int, list[Submission]] = {}
    for report in (
        Submission.objects.filter(
            milestone__assignment__in=[row.assignment_id for row in rows],
            status=SubmissionStatus.ACCEPTED,
        )
        .select_related("milestone")
        .order_by("-submitted_at", "-id")
    ):
        found.setdefault(report.milestone.assignment_id, []).append(report)
    return found


def _last_of(row: Milestone, accepted: dict[int, list[Submission]]) -> Submission | None:
    """Return the last accepted report before this row's own; of a duty that recurs, of that duty
    alone."""
    for report in accepted.get(row.assignment_id, ()):
        other = report.milestone
        is_same_duty = row.recurrence_id is None or other.recurrence_id == row.recurrence_id
        is_later = bool(row.period and other.period[:4] > row.period)
        is_own_end = other.pk == row.pk and row.status != MilestoneStatus.OPEN
        if is_same_duty and not is_later and not is_own_end:
            return report
    return None

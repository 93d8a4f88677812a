"""What units reported of a common duty, for the one who sums it up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import Department, User
from tracking.choices import MilestoneStatus, WorkStatus
from tracking.models import Evidence, Milestone, Submission
from tracking.querysets import SENT, SubmissionQuerySet

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """A unit that owes a common duty, with the last report that left its house."""

    milestone: Milestone
    report: Submission | None

    @property
    def department(self) -> Department:
        """The unit."""
        return self.milestone.department


@dataclass(frozen=True, slots=True)
class Gathering:
    """How far the units are with a common duty."""

    milestone: Milestone
    rows: tuple[GatheredRow, ...]

    @property
    def owed(self) -> int:
        """How many have to report."""
        return len(self.rows)

    @property
    def reported(self) -> list[GatheredRow]:
        """Those that have reported, whatever was decided on it."""
        return [row for row in self.rows if row.report]

    @property
    def missing(self) -> list[str]:
        """The names of those that have not."""
        return [row.department.name for row in self.rows if not row.report]

    @property
    def missing_shown(self) -> str:
        """The first names of those, and that there are more."""
        names = "、".join(self.missing[:NAMES_SHOWN])
        return f"{names}等" if len(self.missing) > NAMES_SHOWN else names

    @property
    def times(self) -> int | None:
        """How often it was done by all together, where the plan counts."""
        counted = [row.report.times for row in self.reported if row.report and row.report.times]
        return sum(counted) if counted else None

    @property
    def sentence(self) -> str:
        """A draft for the report of the one who sums up."""
        if not self.reported:
            return ""
        found = Counter(row.report.work_status for row in self.reported if row.report)
        told = [f"{label}{found[value]}家" for value, label in WorkStatus.choices if found[value]]
        head = f"{len(self.reported)}家单位已报，其中{'、'.join(told)}"
        if len(told) == 1 and found[WorkStatus.COMPLETED]:
            head = f"{len(self.reported)}家单位已报，均已完成"
        parts = [f"应报{self.owed}家，{head}"]
        if self.times is not None:
            parts.append(f"共开展{self.times}次")
        if self.missing:
            parts.append(f"未报{len(self.missing)}家：{'、'.join(self.missing)}")
        return "；".join(parts) + "。"


def gatherings_of(milestones: Iterable[int]) -> dict[int, Gathering]:
    """Return how far the units are, by the milestone that sums up; none where nothing is gathered.

    Three queries for any number; the texts are not loaded.
    """
    return _gatherings(milestones, Submission.objects.defer("narrative"))


def gathering_of(milestone: Milestone, user: User) -> Gathering | None:
    """Return the units' reports on a common duty, as far as the person may read them."""
    reports = (
        Submission.objects.visible_to(user)
        .select_related("author", "review")
        .prefetch_related(Prefetch("evidence", queryset=Evidence.objects.select_related("file")))
        .distinct()
    )
    return _gatherings([milestone.pk], reports).get(milestone.pk)


def _gatherings(milestones: Iterable[int], reports: SubmissionQuerySet) -> dict[int, Gathering]:
    rows = (
        Milestone.objects.filter(gathered_by__in=list(milestones))
        .exclude(status=MilestoneStatus.CANCELLED)
        .select_related("department", "gathered_by")
        .prefetch_related(
            Prefetch(
                "submissions",
                queryset=reports.filter(status__in=SENT).order_by("-number"),
                to_attr="sent",
            )
        )
        .order_by("department__ordinal", "id")
    )
    found: dict[int, list[GatheredRow]] = {}
    summing: dict[int, Milestone] = {}
    for row in rows:
        assert row.gathered_by is not None
        sent: list[Submission] = row.sent  # type: ignore[attr-defined]
        summing.setdefault(row.gathered_by.pk, row.gathered_by)
        found.setdefault(row.gathered_by.pk, []).append(GatheredRow(row, sent[0] if sent else None))
    return {pk: Gathering(summing[pk], tuple(rows)) for pk, rows in found.items()}

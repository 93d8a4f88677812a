"""我的待办: what is asked of a unit's own people, worst first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.models import User
from accounts.scope import scope_of
from tracking.choices import OVERDUE_STATES, MilestoneState, MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.selectors.days import soon_until
from tracking.selectors.gathering import Gathering, gatherings_of
from tracking.selectors.sheet_agenda import SheetAgenda, Unasked, sheet_agenda, unasked_of

FINISHED = (
    MilestoneState.DONE,
    MilestoneState.DONE_LATE,
    MilestoneState.DONE_REPORTED_LATE,
    MilestoneState.CANCELLED,
    MilestoneState.SUSPENDED,
)
NO_HAND = (MilestoneState.WAITING, MilestoneState.UNDECIDED, *FINISHED)

UNDECIDED_NOTE = "交办时已过时限，由方案管理员确定怎样办理；现在不用填，不算逾期"


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A milestone with the reports that matter for the next step."""

    milestone: Milestone
    state: str
    days_overdue: int
    extensions: int
    in_house: Submission | None
    last_sent: Submission | None
    gathering: Gathering | None

    @property
    def is_returned(self) -> bool:
        """Whether the last report came back and is to be mended."""
        return bool(self.last_sent and self.last_sent.status == SubmissionStatus.RETURNED)

    @property
    def is_signing(self) -> bool:
        """Whether the report lies with the head of the unit."""
        return bool(self.in_house and self.in_house.status == SubmissionStatus.SIGN_OFF)

    @property
    def is_to_fill_in(self) -> bool:
        """Whether the next step is to write."""
        return not self.is_signing and self.state not in NO_HAND


@dataclass(frozen=True, slots=True)
class AgendaSection:
    """Rows under one heading."""

    key: str
    title: str
    rows: list[AgendaRow]
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything on the page of a unit's own people."""

    dispatches: list[Dispatch]
    sections: list[AgendaSection]
    later: list[AgendaRow]
    finished: list[AgendaRow]
    undated: list[Assignment]
    followed: list[Assignment]
    sheets: SheetAgenda
    unasked: Unasked

    @property
    def is_idle(self) -> bool:
        """Whether nothing asks for a hand."""
        return not (self.dispatches or self.sheets.to_fill) and not any(
            row.is_to_fill_in or row.is_signing for part in self.sections for row in part.rows
        )

    @property
    def later_count(self) -> int:
        """How many things need nothing for now."""
        return len(self.later) + len(self.undated) + len(self.sheets.later_dates)

    @property
    def next_row(self) -> AgendaRow | None:
        """What comes next when nothing is to do now."""
        return self.later[0] if self.later else None


def agenda_of(user: User, *, today: date) -> Agenda:
    """Return the agenda of the units for which the person reports or signs."""
    scope = scope_of(user)
    rows = agenda_rows(scope.departments, today=today)
    waiting_for_me, rows = _parted(
        rows, lambda row: row.is_signing and row.milestone.department_id in scope.signs_for
    )
    overdue, rows = _parted(rows, lambda row: row.state in OVERDUE_STATES)
    returned, rows = _parted(rows, lambda row: row.is_returned and row.state not in FINISHED)
    soon, rows = _parted(rows, lambda row: row.state == MilestoneState.SOON)
    in_house, rows = _parted(
        rows, lambda row: row.in_house is not None and row.state not in FINISHED
    )
    waiting, rows = _parted(rows, lambda row: row.state == MilestoneState.WAITING)
    undecided, rows = _parted(rows, lambda row: row.state == MilestoneState.UNDECIDED)
    finished, later = _parted(rows, lambda row: row.state in FINISHED)
    sections = [
        AgendaSection("sign", "待我审签", waiting_for_me, "soon"),
        AgendaSection("overdue", "逾期", overdue, "late"),
        AgendaSection("returned", "退回补正", returned, "back"),
        AgendaSection("soon", _soon_title(soon), soon, "soon", _soon_note(soon)),
        AgendaSection("house", "草稿、待审签", in_house),
        AgendaSection("waiting", "已报送待审核", waiting, "waiting", "不用再填，等待审核"),
        AgendaSection("undecided", "时限待定", undecided, note=UNDECIDED_NOTE),
    ]
    mine = Assignment.objects.filter(department__in=scope.departments).live().with_measure()
    mine = mine.order_by("measure__edition_id", "measure__ordinal", "id")
    return Agenda(
        dispatches=list(
            Dispatch.objects.filter(department__in=scope.departments)
            .waiting()
            .with_edition()
            .order_by("issued_on", "id")
        ),
        sections=[section for section in sections if section.rows],
        later=_next_of_each(later),
        finished=finished,
        undated=list(mine.reporting().filter(milestones=None)),
        followed=list(mine.exclude(reports_through=None)),
        sheets=sheet_agenda(scope.departments, today=today),
        unasked=unasked_of(scope.departments),
    )


def _next_of_each(rows: Iterable[AgendaRow]) -> list[AgendaRow]:
    """Leave of each duty that recurs only what comes next."""
    found: dict[tuple[int, int], AgendaRow] = {}
    for row in rows:
        milestone = row.milestone
        duty = (milestone.assignment_id, milestone.recurrence_id or -milestone.pk)
        found.setdefault(duty, row)
    return list(found.values())


def agenda_rows(departments: set[int], *, today: date) -> list[AgendaRow]:
    """Return the milestones that the units report, by due day, with the reports on each."""
    milestones = list(
        Milestone.objects.owed_by(departments)
        .by_themselves()
        .with_assignment()
        .with_state(today=today, soon_until=soon_until(today))
        .prefetch_related(
            "extensions",
            Prefetch(
                "submissions",
                queryset=Submission.objects.select_related("review").order_by("-number"),
                to_attr="reports",
            ),
        )
        .in_order()
    )
    gatherings = gatherings_of(row.pk for row in milestones if row.status == MilestoneStatus.OPEN)
    return [_row(milestone, today, gatherings) for milestone in milestones]


def _row(milestone: Milestone, today: date, gatherings: Mapping[int, Gathering]) -> AgendaRow:
    reports: list[Submission] = milestone.reports  # type: ignore[attr-defined]
    unsent = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF)
    return AgendaRow(
        milestone=milestone,
        state=milestone.state,  # type: ignore[attr-defined]
        days_overdue=milestone.days_overdue(today),
        extensions=len(milestone.extensions.all()),
        in_house=next((row for row in reports if row.status in unsent), None),
        last_sent=next((row for row in reports if row.status not in unsent), None),
        gathering=gatherings.get(milestone.pk),
    )


def _parted(
    rows: list[AgendaRow], test: Callable[[AgendaRow], bool]
) -> tuple[list[AgendaRow], list[AgendaRow]]:
    return [row for row in rows if test(row)], [row for row in rows if not test(row)]


def _soon_title(rows: list[AgendaRow]) -> str:
    ends = {(row.milestone.due_on.month, row.milestone.due_on.day) for row in rows}
    return "年底前到期" if ends == {(12, 31)} else "即将到期"


def _soon_note(rows: list[AgendaRow]) -> str:
    days = {(row.milestone.due_on, row.milestone.report_by) for row in rows}
    if len(days) != 1:
        return ""
    (due_on, report_by) = days.pop()
    return f"完成时限{due_on.month}月{due_on.day}日，请于{report_by.month}月{report_by.day}日前报送"

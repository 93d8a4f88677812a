"""The home page of each role; a person with several roles gets a section of each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.actor import actor
from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.models import Department, User
from accounts.scope import SIGNERS, Scope, scope_of
from notifications.figures import reminded_today, system_state, times_reminded
from plans.models import Edition
from tracking.choices import SubmissionStatus
from tracking.models import Instruction, Submission
from tracking.selectors import overview, past_day
from tracking.selectors.figures import Node, PlanFigures
from tracking.selectors.requests import extension_requests, hand_backs, open_instructions
from tracking.selectors.reviewers import Reviewers
from tracking.selectors.sheet_agenda import sheet_agenda, unasked_of
from tracking.selectors.waiting import Waiting, WaitingSheet, waiting_reports, waiting_sheets
from tracking.selectors.years import YearAtWork, years_at_work

NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a home page: its template, its heading and what the template shows.

    An empty one is left out below a stronger role's; a paper is printed without the page's head.
    """

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    is_empty: bool = False
    is_paper: bool = False


class Desk:
    """What the sections of one person's page share, each thing read once; with ``is_past`` the
    plans as they stood at the end of that day."""

    def __init__(self, user: User, today: date, *, is_past: bool = False) -> None:
        self.user = user
        self.today = today
        self.is_past = is_past
        self.scope: Scope = scope_of(user)
        self.calendar = WorkCalendar.load()

    @cached_property
    def plans(self) -> list[overview.PlanAtWork]:
        """What has been handed out in the person's districts."""
        return overview.plans_at_work(
            self.user, today=self.today, calendar=self.calendar, is_past=self.is_past
        )

    @property
    def editions(self) -> list[Edition]:
        """The texts in force."""
        return [plan.edition for plan in self.plans]

    @cached_property
    def nodes(self) -> list[Node]:
        """The milestones of all plans."""
        return [node for plan in self.plans for node in plan.figures.nodes]

    @cached_property
    def figures(self) -> PlanFigures:
        """The figures of all plans together."""
        return PlanFigures(self.today, tuple(self.nodes))

    @cached_property
    def reviewers(self) -> Reviewers:
        """Who reviews in the districts that the person oversees."""
        return Reviewers.load(self.scope.overseen)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """The review queue."""
        return waiting_reports(
            self.user,
            Submission.objects.all(),
            today=self.today,
            calendar=self.calendar,
            reviewers=self.reviewers,
        )

    @cached_property
    def years(self) -> list[YearAtWork]:
        """The year at work of each plan."""
        return years_at_work([edition.plan for edition in self.editions], today=self.today)

    @cached_property
    def waiting_sheets(self) -> list[WaitingSheet]:
        """The yearly sheets in the review queue."""
        return waiting_sheets(
            self.user,
            Submission.objects.all(),
            today=self.today,
            calendar=self.calendar,
            reviewers=self.reviewers,
        )

    @cached_property
    def requests(self) -> dict[str, list[Any]]:
        """What units ask for besides reports."""
        return {
            "extension_requests": extension_requests(self.user),
            "hand_backs": hand_backs(self.user),
        }

    @cached_property
    def instructions(self) -> list[tuple[Instruction, int]]:
        """What leaders wrote that waits for an answer."""
        return open_instructions(self.user)

    @cached_property
    def offices(self) -> list[Department]:
        """The units the person belongs to."""
        mine = self.user.memberships.active()
        return list(Department.objects.filter(memberships__in=mine).distinct())

    def units_of(self, *roles: Role) -> set[int]:
        """Return the ids of the units in which the person has one of the roles."""
        return {department for role, department, _ in self.scope.roles if role in roles}

    def names_of(self, *roles: Role) -> str:
        """Return the names of those units."""
        chosen = self.units_of(*roles)
        return "、".join(office.name for office in self.offices if office.pk in chosen)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what the person has to do today, the strongest role first; with ``as_of``, to those who
    look at the work of others, how it stood at the end of that day."""
    desk = Desk(actor(request), clock.today())
    as_of = past_day(request.GET.get("as_of", ""), today=desk.today)
    looks_at_others = bool(desk.scope.overseen or desk.scope.watched)
    if as_of and looks_at_others:
        return _past(request, Desk(desk.user, as_of, is_past=True))
    built = [build(desk) for roles, build in SECTIONS if desk.scope.has(*roles)]
    sections = [section for section in built if section is built[0] or not section.is_empty]
    if not sections:
        sections = [Section("notifications/home_nothing.html", "首页")]
    context = {
        "title": sections[0].title,
        "sections": sections,
        "looks_at_others": looks_at_others,
    }
    return render(request, "notifications/home.html", context)


def _past(request: HttpRequest, desk: Desk) -> HttpResponse:
    section = _viewer(desk)
    past = {"title": section.title, "as_of": desk.today, "s": section.context, "plans": desk.plans}
    return render(request, "notifications/past.html", past)


def _coordinator(desk: Desk) -> Section:
    own = desk.units_of(*Role)
    mend = overview.to_mend_soon(desk.nodes, today=desk.today, calendar=desk.calendar)
    missing = overview.units_without_liaison(desk.editions)
    unsigned = overview.dispatches_to_sign(desk.user)
    drafts = overview.drafts(desk.user)
    to_report = [
        node
        for node in desk.nodes
        if node.milestone.department_id in own
        and (node.is_overdue or (node in desk.figures.year_end.silent))
    ]
    undecided = [node for node in desk.nodes if node.is_undecided]
    titles = [plan.edition.plan.title for plan in desk.plans]
    return Section(
        "notifications/home_coordinator.html",
        titles[0] if len(titles) == 1 else "今天要办",
        {
            "unknown_years": desk.calendar.unknown_near(desk.today),
            "waiting": desk.waiting,
            "sheets": desk.waiting_sheets,
            "unreviewable": [row for row in desk.waiting if row.is_unreviewable],
            **desk.requests,
            "open_instructions": desk.instructions,
            "mend": _with(mend, overview.times_returned(mend)),
            "missing": missing,
            "unsigned": unsigned,
            "unsigned_shown": unsigned[:NAMES_SHOWN],
            "drafts": drafts,
            "to_report": to_report,
            "undecided": undecided,
            "count": len(desk.waiting)
            + len(desk.waiting_sheets)
            + sum(map(len, desk.requests.values()))
            + len(mend)
            + len(missing)
            + len(to_report)
            + len(undecided)
            + len(drafts)
            + bool(unsigned),
            "plans": desk.plans,
            "years": desk.years,
            "party_office": desk.reviewers.party_office,
            "reminded": reminded_today(desk.scope.overseen, desk.today),
        },
    )


def _supervisor(desk: Desk) -> Section:
    overdue = desk.figures.overdue
    reminded = times_reminded(overdue)
    return Section(
        "notifications/home_supervisor.html",
        desk.names_of(Role.SUPERVISOR),
        {
            "government": _with([node for node in overdue if node.is_government], reminded),
            "others": _with([node for node in overdue if not node.is_government], reminded),
            "to_review": [row for row in desk.waiting if row.may_review],
            **desk.requests,
            "open_instructions": desk.instructions,
            "aside": [row for row in desk.waiting if not row.may_review],
            "sheets": [row for row in desk.waiting_sheets if row.may_review],
            "sheets_aside": [row for row in desk.waiting_sheets if not row.may_review],
            "party_office": desk.reviewers.party_office,
            "plans": desk.plans,
        },
    )


def _head(desk: Desk) -> Section:
    units = desk.units_of(*SIGNERS)
    figures = desk.figures.of(units)
    to_sign = [
        row
        for row in overview.reports_in_house(units).values()
        if row.status == SubmissionStatus.SIGN_OFF
    ]
    by_milestone = {node.milestone.pk: node for node in desk.nodes}
    return Section(
        "notifications/home_head.html",
        f"{desk.names_of(*SIGNERS)} · 单位负责人",
        {
            "to_sign": [(row, by_milestone[row.milestone_id]) for row in to_sign],
            "leads": overview.lead_counts(units),
            "own": PlanFigures(
                desk.today,
                tuple(node for node in desk.nodes if node.milestone.department_id in units),
            ),
            "overdue": figures.overdue,
        },
    )


def _liaison(desk: Desk) -> Section:
    units = desk.units_of(Role.LIAISON)
    mine = [node for node in desk.nodes if node.milestone.department_id in units]
    through = [
        node
        for node in desk.nodes
        if node.milestone.department_id not in units and node.co_lead_ids & units
    ]
    in_house = overview.reports_in_house(units)
    last_day = date(desk.today.year, 12, 31)

    def rows(chosen: list[Node]) -> list[tuple[Node, Submission | None]]:
        return [(node, in_house.get(node.milestone.pk)) for node in chosen]

    open_nodes = [node for node in mine if node.is_open and not node.is_undecided]
    upcoming = [node for node in open_nodes if not node.is_redoing]
    later = [node for node in upcoming if node.milestone.due_on > last_day]
    sheets = sheet_agenda(units, today=desk.today)
    own_instructions = open_instructions(desk.user, own=True)
    near = [node.milestone.due_on.year for node in open_nodes]
    near += [state.sheet.year.closes_on.year for state in sheets.to_fill + sheets.announced]
    to_do = {
        "to_fill": sheets.to_fill,
        "unsigned": overview.dispatches_to_sign(desk.user, units),
        "overdue": rows([node for node in mine if node.is_overdue]),
        "mend": rows([node for node in mine if node.is_redoing and not node.is_overdue]),
        "soon": rows([node for node in upcoming if node.milestone.due_on <= last_day]),
    }
    return Section(
        "notifications/home_liaison.html",
        f"{desk.names_of(Role.LIAISON)} · 我的待办",
        {
            **to_do,
            "unknown_years": [
                year for year in desk.calendar.unknown_near(desk.today) if year in near
            ],
            "open_instructions": own_instructions,
            "waiting": [node for node in mine if node.is_waiting],
            "later": later,
            "done": sum(node.is_done for node in mine),
            "through": [node for node in through if not node.is_done],
            "last_day": last_day,
            "report_by": desk.calendar.last_on_or_before(last_day),
            "sheets": sheets,
            "unasked": unasked_of(units),
        },
        is_empty=not (own_instructions or any(to_do.values())),
    )


def _viewer(desk: Desk) -> Section:
    watched = desk.scope.watched
    return Section(
        "notifications/home_viewer.html",
        "进展情况",
        {
            "plans": [
                (plan.edition, figures, plan.figures, _next_month(figures))
                for plan in desk.plans
                for figures in [plan.figures.of(watched) if watched else plan.figures]
            ],
            "watched": list(Department.objects.filter(pk__in=watched).order_by("ordinal", "id")),
            "undated": overview.undated_leaves(desk.editions),
            "party_office": desk.reviewers.party_office,
        },
        is_paper=True,
    )


@dataclass(frozen=True, slots=True)
class DueDay:
    """What falls due on one day of the next month."""

    day: date
    report_by: date
    total: int
    still_open: int
    silent: list[Node]


def _next_month(figures: PlanFigures) -> list[DueDay]:
    today = figures.today
    year, month = divmod(today.year * 12 + today.month, 12)
    nodes = [
        node
        for node in figures.nodes
        if (node.milestone.due_on.year, node.milestone.due_on.month) == (year, month + 1)
    ]
    days: dict[tuple[date, date], list[Node]] = {}
    for node in nodes:
        days.setdefault((node.milestone.due_on, node.milestone.report_by), []).append(node)
    return [
        DueDay(
            due_on,
            report_by,
            total=len(found),
            still_open=sum(node.is_open for node in found),
            silent=[node for node in found if node.is_open and not node.has_report],
        )
        for (due_on, report_by), found in days.items()
    ]


def _administrator(desk: Desk) -> Section:
    state = system_state(desk.calendar, today=desk.today, now=clock.real_now())
    return Section(
        "notifications/home_administrator.html",
        "运行状况",
        {"state": state, "version": settings.VERSION},
    )


def _with(nodes: list[Node], numbers: dict[int, int]) -> list[tuple[Node, int]]:
    return [(node, numbers.get(node.milestone.pk, 0)) for node in nodes]


SECTIONS: tuple[tuple[Collection[Role], Callable[[Desk], Section]], ...] = (
    ((Role.COORDINATOR,), _coordinator),
    ((Role.SUPERVISOR,), _supervisor),
    (SIGNERS, _head),
    ((Role.LIAISON,), _liaison),
    ((Role.VIEWER,), _viewer),
    ((Role.SYSTEM_ADMIN,), _administrator),
)

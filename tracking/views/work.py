"""What a unit has to do, and the lists that everybody reads."""

import uuid

from django.contrib import messages
from django.db.models import F, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.calendar import unknown_years
from accounts.models import Department
from accounts.paging import LongPaginator
from accounts.scope import scope_of
from tracking.choices import MilestoneKind, MilestoneState, MilestoneStatus
from tracking.filters import COUNTED, OPEN, OVERDUE, AssignmentFilterSet, MilestoneFilterSet
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.selectors import agenda_of, paper_of, past_day, soon_until
from tracking.selectors.requests import open_instructions
from tracking.selectors.surveys import surveys_to_make
from tracking.usecases import acknowledge_dispatch

PER_PAGE = 50
TABS = (
    (None, "全部"),
    (OPEN, "未办结"),
    (OVERDUE, "逾期"),
    (MilestoneState.SOON.value, "即将到期"),
    (MilestoneState.WAITING.value, "待审核"),
)
LEADER_FIRST = F("reports_through").asc(nulls_first=True)


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what is asked of the person's own units."""
    user, today = actor(request), clock.today()
    units = Department.objects.filter(pk__in=scope_of(user).departments)
    agenda = agenda_of(user, today=today)
    rows = [row.milestone.due_on for section in agenda.sections for row in section.rows]
    return render(
        request,
        "tracking/my_work.html",
        {
            "title": "、".join(unit.name for unit in units) + " · 我的待办"
            if units
            else "我的待办",
            "agenda": agenda,
            "unknown_years": unknown_years(rows),
            "units": units,
            "open_instructions": open_instructions(user, own=True),
            "surveys": surveys_to_make(user, today=today),
            "today": today,
            "request_key": uuid.uuid4(),
        },
    )


@require_GET
def milestones(request: HttpRequest) -> HttpResponse:
    """List the dated things that are owed, oldest due day first: the plan's own unless asked; with
    ``as_of`` as they stood at the end of that day."""
    today = clock.today()
    asked = request.GET.copy()
    asked.setdefault("sort", COUNTED)
    as_of = past_day(request.GET.get("as_of", ""), today=today)
    rows = Milestone.objects.visible_to(actor(request)).with_assignment()
    if as_of:
        rows = rows.as_of(as_of, soon_until=soon_until(as_of))
    else:
        rows = rows.with_state(today=today, soon_until=soon_until(today)).in_order()
    found = MilestoneFilterSet(asked, rows, request=request)
    page = LongPaginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "tracking/milestones.html",
        {
            "title": "时间节点",
            "filter": found,
            "page_obj": page,
            "unknown_years": unknown_years(row.due_on for row in page),
            "tabs": TABS,
            "as_of": as_of,
            "today": today,
            "state": request.GET.get("state") or None,
        },
    )


@require_GET
def assignments(request: HttpRequest) -> HttpResponse:
    """List measures as units have to carry them out, in the order of the plan; with ``as_of`` as
    they stood at the end of that day."""
    today = clock.today()
    as_of = past_day(request.GET.get("as_of", ""), today=today)
    rows = (
        Assignment.objects.visible_to(actor(request))
        .with_measure()
        .order_by("-measure__edition_id", "measure__ordinal", LEADER_FIRST, "id")
    )
    if as_of:
        rows = rows.as_of(as_of)
    found = AssignmentFilterSet(request.GET, rows, request=request, day=as_of)
    told = Q(kind=MilestoneKind.DEADLINE) | Q(status=MilestoneStatus.OPEN)
    dated = found.dated if as_of else found.dated.filter(told)
    shown = found.qs.prefetch_related(
        Prefetch("milestones", queryset=dated, to_attr="dated"),
        Prefetch("reports_through__milestones", queryset=dated, to_attr="dated_for_all"),
        Prefetch("continued_by__milestones", queryset=dated, to_attr="dated_since"),
    )
    return render(
        request,
        "tracking/assignments.html",
        {
            "title": "任务",
            "filter": found,
            "page_obj": LongPaginator(shown, PER_PAGE).get_page(request.GET.get("page")),
            "as_of": as_of,
            "today": today,
        },
    )


@require_GET
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the report on the page of its milestone."""
    row = get_object_or_404(Submission.objects.visible_to(actor(request)), pk=pk)
    target = redirect("tracking:milestone", row.milestone_id)
    target["Location"] += f"#report-{row.number}"
    return target


@require_GET
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper by which a unit received its work."""
    user = actor(request)
    row = get_object_or_404(
        Dispatch.objects.visible_to(user)
        .with_edition()
        .select_related("acknowledged_by", "taken_over_from"),
        pk=pk,
    )
    return render(
        request,
        "tracking/dispatch.html",
        {
            "title": f"{row.department} {row.title}",
            "crumbs": [(reverse("tracking:assignments"), "任务"), (None, row.title)],
            "dispatch": row,
            "edition": row.edition,
            "paper": paper_of(row),
            "request_key": uuid.uuid4(),
        },
    )


@require_POST
def dispatch_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for the paper."""
    user = actor(request)
    row = get_object_or_404(Dispatch.objects.visible_to(user), pk=pk)
    acknowledge_dispatch(dispatch_id=row.pk, by=user, at=clock.now())
    messages.success(request, "已签收。")
    return redirect("tracking:my-work")

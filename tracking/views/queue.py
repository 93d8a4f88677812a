"""审核: the queue of reports that wait, and those of it that say nothing new."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import Department
from plans.models import Part
from tracking.forms.desk import FIRST, REPEATED, QueueFilter
from tracking.models import Submission
from tracking.selectors.requests import extension_requests, hand_backs
from tracking.selectors.waiting import Waiting, waiting_reports, waiting_sheets
from tracking.usecases import accept_rows

ROWS_PER_PAGE = 50


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """List the reports that wait for review, oldest first."""
    user = actor(request)
    authorize(user, "tracking.see_queue")
    waiting = Submission.objects.visible_to(user).waiting()
    chosen = QueueFilter(request.GET)
    units, parts = chosen.fields["department"], chosen.fields["part"]
    units.queryset = Department.objects.filter(milestone__submissions__in=waiting).distinct()  # type: ignore[attr-defined]
    parts.queryset = Part.objects.filter(  # type: ignore[attr-defined]
        measures__assignments__milestones__submissions__in=waiting
    ).distinct()
    found = Submission.objects.all()
    if chosen.is_valid():
        if department := chosen.cleaned_data["department"]:
            found = found.filter(milestone__department=department)
        if part := chosen.cleaned_data["part"]:
            found = found.filter(milestone__assignment__measure__part=part)
        if role := chosen.cleaned_data["role"]:
            found = found.filter(milestone__assignment__role=role)
        if chosen.cleaned_data["turn"] == FIRST:
            found = found.filter(number=1)
        elif chosen.cleaned_data["turn"] == REPEATED:
            found = found.filter(number__gt=1)
    today, calendar = clock.today(), WorkCalendar.load()
    rows = waiting_reports(user, found, today=today, calendar=calendar)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "审核",
        "page_obj": page,
        "sheets": waiting_sheets(user, found, today=today, calendar=calendar),
        "mine": sum(row.may_review for row in rows),
        "first": next((row.submission.pk for row in rows if row.may_review), None),
        "unchanged": sum(_is_simple(row) for row in rows),
        "unreviewable": [row for row in rows if row.is_unreviewable],
        "phrases": list(user.phrases.all()),
        "extension_requests": extension_requests(user),
        "hand_backs": hand_backs(user),
        "request_key": uuid.uuid4(),
        "filter": chosen,
        "is_filtered": any(request.GET.get(name) for name in chosen.fields),
    }
    return render(request, "tracking/queue.html", context)


@require_http_methods(["GET", "POST"])
def unchanged(request: HttpRequest) -> HttpResponse:
    """Show the reports that only say 无变化, and accept the ticked ones, each by itself."""
    user = actor(request)
    authorize(user, "tracking.see_queue")
    status = 200
    if request.method == "POST":
        ticked = [pk for pk in request.POST.getlist("row") if pk.isdecimal()]
        versions = {int(pk): request.POST.get(f"version-{pk}", "") for pk in ticked}
        try:
            accepted = accept_rows(
                versions={pk: int(v) if v.isdecimal() else -1 for pk, v in versions.items()},
                by=user,
                at=clock.now(),
            )
        except (ConflictError, StaleError, InvalidError) as error:
            messages.error(request, f"{error.message}没有一件审核通过，请核对后再勾选。")
            status = error.status
        else:
            messages.success(request, f"{len(accepted)}件审核通过（继续推进），每件各留一条记录。")
            return redirect("tracking:queue")
    rows = waiting_reports(
        user,
        Submission.objects.filter(is_unchanged=True),
        today=clock.today(),
        calendar=WorkCalendar.load(),
    )
    context = {
        "title": "只报无变化的反馈",
        "crumbs": [(reverse("tracking:queue"), "审核"), (None, "无变化")],
        "rows": [row for row in rows if _is_simple(row)],
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/unchanged.html", context, status=status)


def _is_simple(row: Waiting) -> bool:
    report = row.submission
    return row.may_review and report.is_unchanged and not report.completed_on

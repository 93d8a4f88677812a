"""年度日程: the days of each year of a plan, and who has sent the sheet."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import unknown_years
from accounts.errors import InvalidError, StaleError
from accounts.models import Event
from accounts.scope import scope_of
from plans.models import Plan
from plans.typography import full_width
from tracking.forms.years import YearForm
from tracking.models import ReportingYear
from tracking.selectors.years import progress_of
from tracking.usecases import set_reporting_year


@require_http_methods(["GET", "POST"])
def years(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the days of each year; by POST set those of one."""
    user = actor(request)
    plan = get_object_or_404(Plan.objects.visible_to(user), pk=pk)
    if request.method == "POST":
        return _set(request, plan)
    return _show(request, plan)


def _show(
    request: HttpRequest, plan: Plan, refused: tuple[int, YearForm] | None = None, status: int = 200
) -> HttpResponse:
    user, today = actor(request), clock.today()
    found = progress_of(plan.reporting_years.order_by("year"), today=today)
    forms = {row.year.pk: YearForm.of(row.year) for row in found}
    if refused:
        forms[refused[0]] = refused[1]
    first = found[0].year if found else None
    context = {
        "title": "年度日程",
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (None, full_width(plan.title)),
            (None, "年度日程"),
        ],
        "plan": plan,
        "rows": [(row, forms[row.year.pk], row.year.sent_on >= today) for row in found],
        "sees_units": plan.district_id in scope_of(user).overseen,
        "can_set": first is not None and user.has_perm("tracking.set_reporting_year", first),
        "entries": [
            {"at": event.at, "who": event.actor_name, "what": f"{year}年度日程", "note": event.note}
            for event, year in _events(plan)
        ],
        "unknown_years": unknown_years(row.year.closes_on for row in found),
        "today": today,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/years.html", context, status=status)


def _events(plan: Plan) -> list[tuple[Event, int]]:
    numbers = dict(plan.reporting_years.values_list("pk", "year"))
    told = Event.objects.filter(
        object_kind=ReportingYear._meta.label_lower, object_id__in=numbers, action="reschedule"
    )
    return [(event, numbers[event.object_id]) for event in told.newest_first()]


def _set(request: HttpRequest, plan: Plan) -> HttpResponse:
    asked = request.POST.get("year", "")
    year = get_object_or_404(plan.reporting_years, pk=int(asked) if asked.isdecimal() else 0)
    authorize(actor(request), "tracking.set_reporting_year", year)
    form = YearForm(request.POST, auto_id=f"y{year.pk}_%s")
    if not form.is_valid():
        return _show(request, plan, (year.pk, form), 400)
    try:
        set_reporting_year(year_id=year.pk, by=actor(request), at=clock.now(), **form.cleaned_data)
    except (InvalidError, StaleError) as error:
        form.add_error(None, error.message)
        return _show(request, plan, (year.pk, form), error.status)
    messages.success(request, f"{year.year}年度日程已改，未办结的年度行随之移动。")
    return redirect("tracking:years", plan.pk)

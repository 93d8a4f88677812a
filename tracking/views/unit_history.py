"""The page of what happened to a unit and its work."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.actor import actor
from accounts.models import Department
from accounts.scope import scope_of
from tracking.selectors.unit_history import unit_history

LONGEST_NUMBER = 18


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page of the timeline of a unit, newest first; ``before`` is where the last ended."""
    user = actor(request)
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    if not scope_of(user).sees(unit):
        raise Http404
    asked = request.GET.get("before", "")[:LONGEST_NUMBER]
    before = int(asked) if asked.isascii() and asked.isdigit() else None
    back = reverse("accounts:department", args=[unit.pk])
    context = {
        "title": f"{unit}办理记录",
        "crumbs": [
            (reverse("accounts:departments"), "单位"),
            (back, unit.name),
            (None, "办理记录"),
        ],
        "unit": unit,
        "before": before,
        "history": unit_history(unit, user=user, before=before),
    }
    return render(request, "tracking/unit_history.html", context)

"""移交清单, the paper for the one who takes over as liaison."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.actor import actor
from accounts.choices import Role
from accounts.models import Department, Membership
from accounts.scope import scope_of
from tracking.selectors.handover import handover_of


@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit owes, to its own people and to those who oversee the district."""
    scope, today = scope_of(actor(request)), clock.today()
    known = Q(pk__in=scope.departments | scope.watched) | Q(district__in=scope.overseen)
    unit = get_object_or_404(Department.objects.filter(known), pk=pk)
    seats = Membership.objects.filter(department=unit, role=Role.LIAISON).select_related("user")
    context = {
        "title": f"{unit}移交清单",
        "unit": unit,
        "handover": handover_of(unit, today=today),
        "now": seats.active().order_by("id"),
        "before": seats.exclude(until_on=None).order_by("-until_on", "-id").first(),
        "crumbs": [
            (reverse("accounts:departments"), "单位"),
            (reverse("accounts:department", args=[unit.pk]), unit.name),
            ("", "移交清单"),
        ],
    }
    return render(request, "tracking/handover.html", context)

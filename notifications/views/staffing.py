"""人员情况, for those who run a district."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from notifications.staffing import staffing_of


@require_GET
def staffing(request: HttpRequest) -> HttpResponse:
    """Show units without a liaison and people who are not reached, with what to do."""
    user = actor(request)
    authorize(user, "notifications.see_staffing")
    context = {
        "title": "人员情况",
        "staffing": staffing_of(user, now=clock.real_now()),
        "crumbs": [(reverse("accounts:departments"), "单位"), ("", "人员情况")],
    }
    return render(request, "notifications/staffing.html", context)

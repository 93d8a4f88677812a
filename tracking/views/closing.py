"""销号: what is done, ticked and struck off together."""

import uuid

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import ConflictError, StaleError
from tracking.choices import AssignmentStatus
from tracking.models import Assignment
from tracking.usecases import close_assignments


@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """List the tasks that are done and not yet struck off; by POST strike the ticked ones off."""
    user = actor(request)
    authorize(user, "tracking.close_assignment")
    status = 200
    if request.method == "POST":
        ticked = [pk for pk in request.POST.getlist("row") if pk.isdecimal()]
        given = {int(pk): request.POST.get(f"version-{pk}", "") for pk in ticked}
        try:
            close_assignments(
                versions={pk: int(v) if v.isdecimal() else -1 for pk, v in given.items()},
                by=user,
                at=clock.now(),
            )
        except (ConflictError, StaleError) as error:
            messages.error(request, f"{error.message}没有一项销号，请核对后再勾选。")
            status = error.status
        else:
            messages.success(request, f"{len(given)}项已销号，每项各留一条记录。")
            return redirect("tracking:closing")
    rows = (
        Assignment.objects.visible_to(user)
        .reporting()
        .filter(status=AssignmentStatus.DONE)
        .with_measure()
        .order_by("measure__edition_id", "measure__ordinal", "id")
    )
    context = {
        "title": "销号",
        "crumbs": [(reverse("tracking:queue"), "审核"), (None, "销号")],
        "rows": [row for row in rows if rules.has_perm("tracking.close_assignment", user, row)],
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/closing.html", context, status=status)

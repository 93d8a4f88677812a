"""书面催办: the page that asks for a word and shows whom it goes to."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError
from accounts.models import User
from notifications.urging import to_urge
from notifications.usecases import urge as urge_milestones
from notifications.usecases.urge import LONGEST_NOTE

MOST_AT_ONCE = 50


@require_http_methods(["GET", "POST"])
def urge(request: HttpRequest) -> HttpResponse:
    """Show what is to be urged, from a milestone, an assignment or the list; by POST urge it."""
    user, today = actor(request), clock.today()
    given = (request.POST or request.GET).getlist("milestone")[:MOST_AT_ONCE]
    ids = [int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 19]
    if not ids:
        messages.warning(request, "请先勾选要催办的事项。")
        return redirect("tracking:calls")
    rows = to_urge(user, ids, today=today)
    if not rows:
        raise Http404
    for row in rows:
        authorize(user, "notifications.urge", row.milestone)
    note, error, status = request.POST.get("note", ""), "", 200
    if request.method == "POST":
        try:
            made = urge_milestones(
                milestone_ids=ids, note=note, by=user, at=clock.now(), today=today
            )
        except (ConflictError, InvalidError) as refused:
            error, status = refused.message, refused.status
        else:
            count = f"{len(made)}项" if made else ""
            messages.success(request, f"已催办{count}，邮件在工作日上班时间发出，进展见提醒记录。")
            if len(ids) == 1:
                return redirect("tracking:milestone", ids[0])
            return redirect("tracking:calls")
    names = User.objects.in_bulk({pk for row in rows for pk in row.recipients})
    context = {
        "title": "书面催办",
        "crumbs": [(reverse("tracking:calls"), "电话催办名单"), (None, "书面催办")],
        "rows": [(row, "、".join(names[pk].name for pk in row.recipients)) for row in rows],
        "able": sum(not row.why_not for row in rows),
        "note": note,
        "error": error,
        "longest": LONGEST_NOTE,
        "request_key": request.POST.get("request_key") or uuid4(),
    }
    return render(request, "notifications/urge.html", context, status=status)

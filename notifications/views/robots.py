"""群机器人: the page on which they are registered and stopped; hidden until a host is allowed."""

from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from notifications.channels.robot import allowed_origins
from notifications.choices import RobotKind
from notifications.forms import RobotForm
from notifications.models import Robot
from notifications.usecases import add_robot, end_robot


@require_http_methods(["GET", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """List the robots of the district and register one; a secret that was typed is not shown
    again, not even when the form is refused."""
    if not allowed_origins():
        raise Http404
    user = actor(request)
    authorize(user, "notifications.manage_robots")
    form = RobotForm(request.POST or None, user=user)
    status = 400 if form.errors else 200
    if form.is_valid():
        data = form.cleaned_data | {"kind": RobotKind(form.cleaned_data["kind"])}
        data.pop("request_key")
        try:
            add_robot(**data, by=user, at=clock.now())
        except DomainError as error:
            form.add_error("url" if error.code == "bad_url" else None, error.message)
            status = error.status
        else:
            messages.success(request, "已登记。地址和加签密钥不再显示。")
            return redirect("notifications:robots")
    rows = Robot.objects.visible_to(user).filter(ended_at=None)
    context = {
        "title": "群机器人",
        "crumbs": [(reverse("notifications:outbox"), "发件"), (None, "群机器人")],
        "rows": [
            (row, urlsplit(row.url).hostname, uuid4())
            for row in rows.select_related("department", "user")
        ],
        "form": form,
        "origins": sorted(allowed_origins()),
    }
    return render(request, "notifications/robots.html", context, status=status)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a robot."""
    user = actor(request)
    row = get_object_or_404(Robot.objects.visible_to(user), pk=pk)
    end_robot(robot_id=row.pk, by=user, at=clock.now())
    messages.success(request, "已停用，地址已删除。")
    return redirect("notifications:robots")

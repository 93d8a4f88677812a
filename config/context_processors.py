"""What base.html shows on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import clock
from accounts.choices import Role
from accounts.models import Department, District
from accounts.scope import scope_of
from notifications.health import is_stale
from notifications.models import Notice, SweepState


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the banners, the navigation, and the count of unread notices."""
    shown: dict[str, Any] = {
        "demo": settings.DEMO,
        "fixed_today": settings.FIXED_TODAY,
        "today": clock.today(),
        "contact_line": settings.CONTACT_LINE,
        "oidc_name": settings.OIDC_NAME if settings.OIDC_SERVER_URL else "",
        "oidc_provider": settings.OIDC_PROVIDER,
        "nav_items": [],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shown
    scope = scope_of(user)
    active = user.memberships.active()
    entries = [
        ("首页", "home", True),
        ("我的待办", "tracking:my-work", bool(scope.departments)),
        ("审核", "tracking:queue", scope.has(Role.SUPERVISOR, Role.COORDINATOR)),
        ("时间节点", "tracking:milestones", bool(scope.overseen or scope.watched)),
        ("任务", "tracking:assignments", True),
        ("效果指标", "tracking:metrics", bool(scope.overseen)),
        ("实施方案", "plans:plans", True),
        ("单位", "accounts:departments", True),
        (
            "发件",
            "notifications:outbox",
            scope.has(Role.COORDINATOR, Role.SYSTEM_ADMIN),
        ),
        ("本机邮箱", "notifications:mailbox", not settings.EMAIL_URL),
    ]
    links = [(reverse(name), label) for label, name, is_shown in entries if is_shown]
    shown["nav_items"] = [(url, label, request.path == url, None) for url, label in links]
    shown["district"] = District.objects.filter(pk__in=scope.districts).first()
    shown["user_departments"] = Department.objects.filter(memberships__in=active).distinct()
    shown["offers_calendar"] = bool(scope.departments)
    shown["notices_url"] = reverse("notifications:notices")
    if scope.has(Role.COORDINATOR, Role.SYSTEM_ADMIN):
        swept_at = SweepState.objects.values_list("last_tick_at", flat=True).first()
        shown["sweep_is_stale"] = is_stale(swept_at, now=clock.real_now())
    shown["unread_notices"] = Notice.objects.visible_to(user).unread().count()
    return shown

"""Health and figures, for the machines that watch."""

import hmac
from ipaddress import ip_address

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from accounts import clock
from notifications.health import health_of
from notifications.metrics import scrape


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


def gone(request: HttpRequest) -> HttpResponse:
    """Hide a page of allauth by which people would tie accounts together themselves."""
    raise Http404


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say how database, sweep, outbox and Redis stand; 503 only when the database is away."""
    try:
        connection.ensure_connection()
        health = health_of(today=clock.today(), now=clock.real_now())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "away"}, status=503)
    status = "ok" if health.is_well else "degraded"
    return JsonResponse({"status": status, "database": "ok", **health.as_json()})


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its figures: to who brings METRICS_TOKEN or comes from METRICS_FROM."""
    if not (_brings_the_token(request) or _comes_from_there(request)):
        raise Http404
    body = scrape(today=clock.today(), now=clock.real_now())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _brings_the_token(request: HttpRequest) -> bool:
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and hmac.compare_digest(brought.encode(), wanted.encode())


def _comes_from_there(request: HttpRequest) -> bool:
    try:
        source = ip_address(get_adapter(request).get_client_ip(request) or "")
    except ValueError:
        return False
    return any(source in network for network in settings.METRICS_FROM)

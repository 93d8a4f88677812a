"""Health, for the machines that watch."""

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from accounts import clock
from notifications.health import health_of


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


def gone(request: HttpRequest) -> HttpResponse:
    """Hide a page of allauth by which people would tie accounts together themselves."""
    raise Http404


def readyz(request: HttpRequest) -> JsonResponse:
    """Say how database, sweep, outbox and Redis stand; 503 only when the database is away."""
    try:
        connection.ensure_connection()
        health = health_of(today=clock.today(), now=clock.real_now())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "away"}, status=503)
    status = "ok" if health.is_well else "degraded"
    return JsonResponse({"status": status, "database": "ok", **health.as_json()})

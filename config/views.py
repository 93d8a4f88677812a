"""Health, for the machines that watch."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from accounts import clock
from notifications.models import SweepState

STALE_AFTER = timedelta(minutes=5)


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and the sweep is alive; 503 when the database is away."""
    try:
        connection.ensure_connection()
        state = SweepState.objects.first()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "away"}, status=503)
    last = state.last_tick_at if state else None
    is_fresh = last is not None and clock.real_now() - last < STALE_AFTER
    return JsonResponse(
        {
            "status": "ok" if is_fresh else "degraded",
            "database": "ok",
            "sweep": last.isoformat() if last else None,
        }
    )

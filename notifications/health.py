"""Whether the engine is well: the sweep, what waits too long, what failed; and Redis."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from redis import Redis
from redis.exceptions import RedisError

from accounts import clock
from notifications.choices import OutboxStatus
from notifications.models import Outbox, SweepState

REDIS_TIMEOUT = 1


@dataclass(frozen=True, slots=True)
class Health:
    """How the engine stands; ``unsent`` waits past its time, ``dead`` and ``all_today`` are
    today's; ``redis`` is "off" where none is configured; the clock of this machine agrees with
    the database's, or nothing is sent."""

    swept_at: datetime | None
    sweep_is_fresh: bool
    unsent: int
    dead: int
    all_today: int
    redis: str
    clock_agrees: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing asks for a hand: no part is late, failing or away."""
        too_many = self.dead * 100 > self.all_today * settings.DEAD_PERCENT
        is_moving = self.sweep_is_fresh and self.clock_agrees
        return is_moving and not self.unsent and not too_many and self.redis != "away"

    def as_json(self) -> dict[str, Any]:
        """Return what /readyz answers, in plain values."""
        return {
            "sweep": self.swept_at.isoformat() if self.swept_at else None,
            "sweep_fresh": self.sweep_is_fresh,
            "unsent": self.unsent,
            "dead": self.dead,
            "messages_today": self.all_today,
            "redis": self.redis,
            "clock_agrees": self.clock_agrees,
        }


def is_stale(swept_at: datetime | None, *, now: datetime) -> bool:
    """Say whether the sweep has not been seen for longer than SWEEP_STALE_SECONDS."""
    return swept_at is None or now - swept_at > timedelta(seconds=settings.SWEEP_STALE_SECONDS)


def health_of(*, today: date, now: datetime) -> Health:
    """Look at the engine: three queries and, where there is a Redis, a second at most for its ping.

    ``now`` is the machine's own time, by which sweeps and pauses go.
    """
    state = SweepState.objects.first()
    swept_at = state.last_tick_at if state else None
    late = now - timedelta(seconds=settings.UNSENT_AFTER_SECONDS)
    waiting = Q(status__in=(OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT), next_at__lt=late)
    counts = Outbox.objects.aggregate(
        unsent=Count("pk", filter=waiting),
        dead=Count("pk", filter=Q(status=OutboxStatus.DEAD, day=today)),
        all_today=Count("pk", filter=Q(day=today)),
    )
    return Health(
        swept_at,
        not is_stale(swept_at, now=now),
        redis=_redis(),
        clock_agrees=clock.agrees(),
        **counts,
    )


def _redis() -> str:
    """Ask the broker for a sign of life; its loss costs a delay, never a message."""
    if not settings.REDIS_URL:
        return "off"
    try:
        with Redis.from_url(
            _for_the_client(settings.REDIS_URL),
            socket_timeout=REDIS_TIMEOUT,
            socket_connect_timeout=REDIS_TIMEOUT,
        ) as client:
            client.ping()
    except RedisError:
        return "away"
    return "ok"


def _for_the_client(url: str) -> str:
    """Return the address in the client's words: Celery's redis+socket:// is its unix://."""
    scheme, _, rest = url.partition("://")
    return f"unix://{rest.partition('?')[0]}" if scheme == "redis+socket" else url

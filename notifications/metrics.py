"""What Prometheus scrapes: asked of the database at each scrape, so that any process tells all."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from notifications.choices import OutboxStatus, ReminderStatus
from notifications.health import health_of
from notifications.models import Outbox, Reminder

WAITING = (OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT)


class EngineCollector(Collector):
    """The sweep, the outbox and the reminders as they stand at one moment."""

    def __init__(self, *, today: date, now: datetime) -> None:
        self.today = today
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Yield the figures: five queries."""
        health = health_of(today=self.today, now=self.now)
        yield _gauge("sweep_fresh", "1 while the sweep is seen in time", health.sweep_is_fresh)
        if health.swept_at is not None:
            age = (self.now - health.swept_at).total_seconds()
            yield _gauge("sweep_age_seconds", "seconds since the last sweep", age)
        if health.redis != "off":
            yield _gauge("broker_up", "1 while the broker answers", health.redis == "ok")
        yield _gauge("outbox_unsent", "messages that wait past their time", health.unsent)
        yield _gauge("outbox_dead_today", "messages of today that failed", health.dead)
        yield _gauge("outbox_today", "messages of today", health.all_today)
        yield _by_status(
            "outbox_messages", "messages by state", Outbox.objects.all(), OutboxStatus.values
        )
        yield _by_status(
            "reminders", "reminders by state", Reminder.objects.all(), ReminderStatus.values
        )
        oldest = Outbox.objects.filter(status__in=WAITING).aggregate(at=Min("next_at"))["at"]
        late = max((self.now - oldest).total_seconds(), 0) if oldest else 0
        yield _gauge("outbox_oldest_late_seconds", "how late the oldest waiting message is", late)


def scrape(*, today: date, now: datetime) -> bytes:
    """Return the figures in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(EngineCollector(today=today, now=now))
    return generate_latest(registry)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"plan_tracking_{name}", words, value=float(value))


def _by_status(
    name: str, words: str, rows: "QuerySet[Any]", statuses: list[str]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"plan_tracking_{name}", words, labels=["status"])
    counted = rows.order_by().values_list("status").annotate(n=Count("pk"))
    counts = dict(counted)
    for status in statuses:
        family.add_metric([status], counts.get(status, 0))
    return family

"""/metrics: who may read it, and that it says what the database holds."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import User
from notifications.choices import OutboxStatus
from notifications.models import Outbox, SweepState
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
TOKEN = {"Authorization": "Bearer a-long-token"}


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-long-token"
    settings.FIXED_TODAY = TODAY


def put(person: User, status: OutboxStatus, number: int) -> None:
    now = clock.real_now()
    Outbox.objects.create(
        dedupe_key=f"test:{number}",
        recipient=person,
        day=TODAY,
        status=status,
        created_at=now,
        next_at=now - timedelta(hours=1),
    )


def figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        "".join([sample.name.removeprefix("plan_tracking_"), *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_counts_what_waits_and_what_failed(client: Client, liaison: User) -> None:
    for number, status in enumerate((OutboxStatus.QUEUED, OutboxStatus.DEAD, OutboxStatus.DEAD)):
        put(liaison, status, number)
    SweepState.objects.create(pk=1, last_tick_at=clock.real_now() - timedelta(hours=2))

    found = figures(client)

    assert found["outbox_messagesqueued"] == 1
    assert found["outbox_messagesdead"] == found["outbox_dead_today"] == 2
    assert found["outbox_messagessent"] == 0
    assert found["outbox_unsent"] == 1
    assert found["outbox_oldest_late_seconds"] == pytest.approx(3600, abs=60)
    assert found["sweep_age_seconds"] == pytest.approx(7200, abs=60)
    assert found["sweep_fresh"] == 0


def test_it_is_closed_without_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer another"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_it_is_open_to_the_machines_that_are_named(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    settings.METRICS_FROM = [ip_network("10.1.2.0/24")]

    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.3.3").status_code == 404


def test_a_scrape_costs_the_same_however_much_there_is(client: Client, liaison: User) -> None:
    figures(client)
    with CaptureQueriesContext(connection) as few:
        figures(client)
    for number in range(20):
        put(liaison, OutboxStatus.SENT, number)
    with CaptureQueriesContext(connection) as many:
        figures(client)

    assert len(few) == len(many)

"""Several sweeps and several senders at the same time, on a database that lets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection, connections

from accounts import clock
from accounts.choices import Role
from notifications.channels.mailbox import keys_of
from notifications.models import Outbox, Reminder
from notifications.usecases import sweep
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, UserFactory, member
from tests.notifications.conftest import send_on, sweep_on

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("postgres_only"),
]
THREADS = 8
T = TypeVar("T")


@pytest.fixture
def postgres_only(db: None) -> None:
    """SQLite lets one writer in at a time, so there is nothing to see there."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def at_once(work: Callable[[], T]) -> list[T]:
    """Run the work in threads that start together, each with a connection of its own."""
    start = Barrier(THREADS)

    def run(_: int) -> T:
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_eight_sweeps_at_once_plan_and_queue_once() -> None:
    people = []
    for _ in range(5):
        bureau = DepartmentFactory.create()
        people.append(member(bureau, Role.LIAISON))
        MilestoneFactory.create_batch(3, department=bureau)

    swept = at_once(lambda: sweep(at=NOON, today=TODAY))

    assert sum(row.planned for row in swept) == Reminder.objects.count() == 15
    assert Outbox.objects.count() == len(people)
    assert not Reminder.objects.planned().exists()


def claimed() -> list[Outbox]:
    lease = timedelta(minutes=5)
    return Outbox.objects.claim(worker=uuid4().hex, now=clock.real_now(), lease=lease, most=10)


def test_of_eight_claims_of_one_message_one_wins() -> None:
    for round_number in range(20):
        Outbox.objects.create(
            dedupe_key=f"round {round_number}",
            recipient=UserFactory.create(),
            day=TODAY,
            created_at=NOON,
            next_at=NOON,
        )
        claims = at_once(claimed)

        assert [len(messages) for messages in claims if messages] == [1]


def test_eight_senders_send_each_mail_once() -> None:
    people = [member(DepartmentFactory.create(), Role.LIAISON) for _ in range(12)]
    for person in people:
        MilestoneFactory.create(department=person.memberships.get().department)
    sweep_on(TODAY)

    sent = at_once(lambda: send_on(TODAY))

    assert sum(sent) == 12
    assert [len(keys_of(person.email)) for person in people] == [1] * 12

"""Lines that break before the message, and messages that cannot be written: who pays for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from notifications import letters
from notifications.channels.base import BrokenError
from notifications.channels.mailbox import MailboxChannel, keys_of
from notifications.channels.smtp import SmtpChannel
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from notifications.usecases import sending
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tests.notifications.sink import Sink, listening

pytestmark = pytest.mark.usefixtures("calendar")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=NOON.tzinfo)
MoveClock = Callable[[datetime], None]


class BreakingChannel(MailboxChannel):
    """Breaks the line whenever one of these addresses is named, or at every one."""

    def __init__(self, *bad: str) -> None:
        super().__init__()
        self.bad = bad
        self.named: list[str] = []

    def offer(self, sender: str, address: str) -> None:
        self.named.append(address)
        if not self.bad or address in self.bad:
            raise BrokenError("连接中断")
        super().offer(sender, address)


@pytest.fixture(autouse=True)
def real_time(at_real_time: MoveClock) -> None:
    at_real_time(NOW)


@pytest.fixture
def people(bureau: Department) -> list[User]:
    """Five people who get a mail each."""
    MilestoneFactory.create(department=bureau)
    found = [member(bureau, Role.LIAISON) for _ in range(5)]
    sweep_on(TODAY)
    return found


def send_by(channel: MailboxChannel) -> int:
    return sending.send_outbox(channel=channel, at=moment(TODAY))


def test_a_server_with_which_every_line_breaks_costs_no_try(
    people: list[User], at_real_time: MoveClock
) -> None:
    channel = BreakingChannel()
    send_by(channel)
    rows = set(Outbox.objects.values_list("status", "attempts"))
    meanwhile = send_on(TODAY)
    at_real_time(NOW + timedelta(minutes=6))

    assert len(channel.named) == sending.BREAKS_IN_A_ROW
    assert rows == {(OutboxStatus.QUEUED, 0)}
    assert meanwhile == 0
    assert send_on(TODAY) == 5


def test_a_line_that_breaks_with_one_address_only_is_that_messages_own_try(
    people: list[User],
) -> None:
    sent = send_by(BreakingChannel(people[0].email))

    bad = Outbox.objects.get(recipient=people[0])
    assert sent == 4
    assert (bad.status, bad.attempts, bad.reason) == (OutboxStatus.RETRY_WAIT, 1, "连接中断")


def test_the_address_with_which_the_line_broke_comes_after_the_others(
    people: list[User], at_real_time: MoveClock
) -> None:
    bad = [person.email for person in people[:3]]
    send_by(BreakingChannel(*bad))
    at_real_time(NOW + timedelta(minutes=6))
    second = BreakingChannel(*bad)
    sent = send_by(second)

    assert set(second.named[:2]) == {person.email for person in people[3:]}
    assert sent == 2


def test_a_message_that_cannot_be_written_delays_nobody_else(
    people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = letters.write_letter

    def poisoned(message: Outbox, *args: object, **kwargs: object) -> object:
        if message.recipient == people[0]:
            raise AttributeError("poison")
        return write(message, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "write_letter", poisoned)
    sent = send_on(TODAY)

    assert sent == 4
    assert Outbox.objects.get(recipient=people[0]).status == OutboxStatus.RETRY_WAIT


def test_a_subject_of_long_names_fits_into_its_column(bureau: Department, liaison: User) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    plan = milestone.plan
    plan.title = "关于" + "进一步深化改革" * 27
    plan.save()
    sweep_on(TODAY)
    send_on(TODAY)

    message = Outbox.objects.get()
    assert len(keys_of(liaison.email)) == 1
    assert len(message.subject) == 200
    assert message.subject.endswith("……")


class Restless(Sink):
    """Says good-bye to every connection after one mail."""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if session.peer in self.connections:
            return "421 too many messages in this connection"
        return await super().handle_MAIL(server, session, envelope, address, options)


def test_a_connection_that_the_server_ends_is_made_anew(settings: Settings, db: None) -> None:
    sink = Restless()
    with listening(sink) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        channel = SmtpChannel()
        for number in range(3):
            channel.offer("office@example.org", f"person{number}@example.org")
            channel.hand_over(EmailMessage())
        channel.close()

    assert len(sink.arrived) == len(sink.connections) == 3


def test_people_of_another_unit_do_not_wait_for_a_poisoned_one(people: list[User]) -> None:
    poisoned = DepartmentFactory.create(name="区\n局")
    member(poisoned, Role.LIAISON)
    MilestoneFactory.create(department=poisoned)
    sweep_on(TODAY)

    assert send_on(TODAY) == 5

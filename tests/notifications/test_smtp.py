"""Mail over real sockets, with a server that accepts, refuses, hangs up or is not there."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from notifications.channels import mail_channel
from notifications.channels.mailbox import keys_of
from notifications.channels.smtp import MAILS_PER_CONNECTION, SmtpChannel
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from notifications.usecases import send_outbox
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, member
from tests.notifications.conftest import sweep_on
from tests.notifications.sink import Sink, listening

pytestmark = pytest.mark.usefixtures("calendar")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=NOON.tzinfo)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    with listening(sink) as port:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "任务督办 <office@example.org>"
        yield sink


@pytest.fixture(autouse=True)
def real_time(at_real_time: Callable[[datetime], None]) -> None:
    at_real_time(NOW)


@pytest.fixture
def queued(bureau: Department, liaison: User) -> Outbox:
    MilestoneFactory.create(department=bureau)
    sweep_on(TODAY)
    return Outbox.objects.get()


def send() -> int:
    return send_outbox(channel=mail_channel(), at=NOON)


def test_a_mail_arrives_whole(queued: Outbox, sink: Sink, liaison: User) -> None:
    assert send() == 1

    (envelope,) = sink.arrived
    mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
    queued.refresh_from_db()
    text = mail.get_body(("plain",))
    assert (envelope.mail_from, envelope.rcpt_tos) == ("office@example.org", [liaison.email])
    assert mail["Subject"] == queued.subject
    assert mail["Message-ID"] == queued.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == queued.body
    assert b"\n" not in (envelope.original_content or b"").replace(b"\r\n", b"")
    assert keys_of(liaison.email) == []


def test_a_refusal_for_now_is_tried_again(
    queued: Outbox, sink: Sink, liaison: User, at_real_time: Callable[[datetime], None]
) -> None:
    sink.answers[liaison.email] = "451 greylisted"
    send()
    queued.refresh_from_db()
    first = (queued.status, queued.reason)
    sink.answers.clear()
    at_real_time(NOW + timedelta(minutes=2))
    send()

    assert first == (OutboxStatus.RETRY_WAIT, "451 greylisted")
    assert len(sink.arrived) == 1


def test_one_bad_address_spoils_no_other_mail(queued: Outbox, sink: Sink, liaison: User) -> None:
    colleague = member(liaison.memberships.get().department, Role.LIAISON)
    MilestoneFactory.create(department=liaison.memberships.get().department)
    sweep_on(TODAY)
    sink.answers[liaison.email] = "550 no such user"
    send()

    queued.refresh_from_db()
    assert (queued.status, queued.reason) == (OutboxStatus.DEAD, "550 no such user")
    assert [envelope.rcpt_tos for envelope in sink.arrived] == [[colleague.email]]


def test_a_refusal_after_the_message_is_an_answer_not_a_loss(queued: Outbox, sink: Sink) -> None:
    sink.message = "452 disk full"
    send()

    queued.refresh_from_db()
    assert (queued.status, queued.losses) == (OutboxStatus.RETRY_WAIT, 0)


def test_a_line_that_breaks_inside_the_message_leaves_it_uncertain(
    queued: Outbox, sink: Sink
) -> None:
    sink.message = "hang up"
    send()

    queued.refresh_from_db()
    assert (queued.status, queued.losses) == (OutboxStatus.UNCERTAIN, 1)


def test_a_server_that_refuses_the_sender_condemns_no_mail(queued: Outbox, sink: Sink) -> None:
    sink.sender = "553 sender not allowed"
    send()

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (OutboxStatus.QUEUED, 0)
    assert "553 sender not allowed" in queued.reason


def test_a_server_that_is_not_there_costs_no_try(queued: Outbox, settings: Settings) -> None:
    with listening(Sink()) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_URL = "smtp://closed"
    send()

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (OutboxStatus.QUEUED, 0)
    assert queued.reason.startswith("连接不上邮件服务器")


def test_mails_share_a_connection_up_to_fifty(sink: Sink, district: object) -> None:
    channel = SmtpChannel()
    mail = EmailMessage()
    for number in range(MAILS_PER_CONNECTION + 1):
        channel.offer("office@example.org", f"person{number}@example.org")
        channel.hand_over(mail)
    channel.close()

    assert len(sink.arrived) == MAILS_PER_CONNECTION + 1
    assert len(sink.connections) == 2


def test_a_name_that_breaks_a_header_never_reaches_the_server(sink: Sink, liaison: User) -> None:
    poisoned = DepartmentFactory.create(name="区\r\nBcc: x@example.org\r\n局")
    member(poisoned, Role.LIAISON)
    MilestoneFactory.create(department=poisoned, due_on=date(2017, 12, 31))
    sweep_on(TODAY)
    send()

    assert sink.arrived == []
    assert Outbox.objects.get().status == OutboxStatus.DEAD

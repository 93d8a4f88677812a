from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, User
from notifications.channels.mailbox import keys_of
from notifications.choices import OutboxStatus
from notifications.models import Notice, Outbox
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import send_on, sweep_on
from tracking.models import Milestone

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
def milestone(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau, what="公布清单<script>alert(1)</script>")


@pytest.fixture
def sent(milestone: Milestone) -> Outbox:
    sweep_on(TODAY)
    send_on(TODAY)
    return Outbox.objects.get()


def page(client: Client, user: User, path: str, status: int = 200) -> str:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def notice(person: User, seq: int) -> Notice:
    return Notice.objects.create(
        recipient=person, event_seq=seq, text=f"通知{seq}", path="/", at=NOON
    )


def test_a_person_reads_their_own_mail(client: Client, sent: Outbox, liaison: User) -> None:
    (key,) = keys_of(liaison.email)

    listed = page(client, liaison, "/mailbox/")
    shown = page(client, liaison, f"/mailbox/{key}/")

    assert sent.subject in listed
    assert f'href="/mailbox/{key}/"' in listed
    assert "截至今天9:00，贵局有1项需要办理。" in shown
    assert f'/milestones/{sent.reminders.get().subject_id}/" rel="nofollow"' in shown
    assert "<script>alert" not in shown


def test_nobody_reads_the_mail_of_another(
    client: Client, sent: Outbox, liaison: User, coordinator: User
) -> None:
    (key,) = keys_of(liaison.email)

    assert sent.subject not in page(client, coordinator, "/mailbox/")
    page(client, coordinator, f"/mailbox/{key}/", status=404)


def test_a_key_cannot_leave_the_mailbox(client: Client, sent: Outbox, liaison: User) -> None:
    page(client, liaison, "/mailbox/..%2Fnew/", status=404)


def test_beside_a_mail_server_there_is_no_local_mailbox(
    client: Client, liaison: User, settings: Settings
) -> None:
    settings.EMAIL_URL = "smtp://mail.example"

    page(client, liaison, "/mailbox/", status=404)


def test_a_person_without_an_address_is_told_so(client: Client, liaison: User) -> None:
    User.objects.filter(pk=liaison.pk).update(email="")

    assert "没有登记电子邮箱" in page(client, User.objects.get(pk=liaison.pk), "/mailbox/")


def test_notices_are_read_one_by_one_or_all(client: Client, liaison: User) -> None:
    notices = [
        Notice.objects.create(
            recipient=liaison, event_seq=seq, text=f"通知{seq}", path="/", at=NOON
        )
        for seq in (1, 2, 3)
    ]
    shown = page(client, liaison, "/notices/")

    client.post("/notices/read/", {"notice": notices[0].pk, "request_key": str(uuid4())})
    left = Notice.objects.visible_to(liaison).unread().count()
    client.post("/notices/read/", {"request_key": str(uuid4())})

    assert "未读3条" in shown
    assert left == 2
    assert "没有未读通知" in page(client, liaison, "/notices/")


def test_notices_of_others_are_neither_shown_nor_read(
    client: Client, liaison: User, supervisor: User
) -> None:
    other = Notice.objects.create(
        recipient=liaison, event_seq=1, text="他人通知", path="/", at=NOON
    )

    assert "他人通知" not in page(client, supervisor, "/notices/")
    client.post("/notices/read/", {"notice": other.pk, "request_key": str(uuid4())})

    other.refresh_from_db()
    assert other.read_at is None


def test_a_coordinator_sees_what_was_sent_and_what_failed(
    client: Client, sent: Outbox, coordinator: User
) -> None:
    Outbox.objects.create(
        dedupe_key="other",
        recipient=sent.recipient,
        day=TODAY,
        created_at=NOON,
        next_at=NOON,
        status=OutboxStatus.DEAD,
        reason="550 no such user",
    )

    everything = page(client, coordinator, "/outbox/")
    dead = page(client, coordinator, "/outbox/?status=dead")

    assert sent.subject in everything
    assert "550 no such user" in everything
    assert sent.subject not in dead
    assert dead.count("重发</button>") == 1


def test_a_failed_mail_is_sent_again_with_a_click(
    client: Client, sent: Outbox, coordinator: User
) -> None:
    Outbox.objects.update(status=OutboxStatus.DEAD)
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(f"/outbox/{sent.pk}/resend/", {"request_key": str(uuid4())})

    sent.refresh_from_db()
    assert response.status_code == 302
    assert sent.status == OutboxStatus.QUEUED


def test_a_liaison_sees_no_outbox_and_sends_nothing_again(
    client: Client, sent: Outbox, liaison: User
) -> None:
    Outbox.objects.update(status=OutboxStatus.DEAD)
    page(client, liaison, "/outbox/", status=403)

    response = client.post(f"/outbox/{sent.pk}/resend/", {"request_key": str(uuid4())})

    assert response.status_code == 403


def test_the_outbox_of_another_district_is_hidden(client: Client, sent: Outbox) -> None:
    stranger = member(DepartmentFactory.create(), Role.COORDINATOR)

    assert sent.subject not in page(client, stranger, "/outbox/")
    response = client.post(f"/outbox/{sent.pk}/resend/", {"request_key": str(uuid4())})
    assert response.status_code == 404


def test_the_outbox_asks_as_much_for_two_rows_as_for_twenty(
    client: Client, coordinator: User, bureau: Department
) -> None:
    for number in range(20):
        Outbox.objects.create(
            dedupe_key=str(number),
            recipient=member(bureau, Role.LIAISON),
            day=TODAY,
            created_at=NOON,
            next_at=NOON,
            status=OutboxStatus.SENT if number < 2 else OutboxStatus.DEAD,
        )
    page(client, coordinator, "/outbox/")

    with CaptureQueriesContext(connection) as few:
        client.get("/outbox/?status=sent")
    with CaptureQueriesContext(connection) as many:
        client.get("/outbox/")

    assert len(few) == len(many)


def test_a_milestone_shows_what_was_sent_about_it(
    client: Client, sent: Outbox, milestone: Milestone, coordinator: User, liaison: User
) -> None:
    sweep_on(date(2017, 12, 21))
    SubmissionFactory.create(milestone=milestone, author=liaison, waiting=True)
    send_on(date(2017, 12, 21))

    shown = page(client, coordinator, f"/milestones/{milestone.pk}/reminders/")

    assert "到期前30个工作日" in shown
    assert "11月20日 09:00发出" in shown
    assert "已报送待审核" in shown
    assert liaison.name in shown


def test_htmx_gets_the_list_alone(client: Client, sent: Outbox, liaison: User) -> None:
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/milestones/{sent.reminders.get().subject_id}/reminders/"

    answer = client.get(path, headers={"HX-Request": "true"}).content.decode()

    assert "<h2>提醒记录</h2>" in answer
    assert "已发送" in answer
    assert "<html" not in answer


def test_reminders_of_another_unit_are_not_found(client: Client, milestone: Milestone) -> None:
    stranger = member(
        DepartmentFactory.create(district=milestone.department.district), Role.LIAISON
    )

    page(client, stranger, f"/milestones/{milestone.pk}/reminders/", status=404)

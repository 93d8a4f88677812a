"""When a liaison changes: the handover sheet first, then reminders to the one who follows."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from accounts.choices import Role
from accounts.models import Department, Membership, User
from accounts.usecases import NewPerson, name_liaison
from notifications.channels.mailbox import keys_of, read
from notifications.choices import OutboxStatus, ReminderStatus
from notifications.models import Notice, Outbox, Reminder
from tests.factories import AssignmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.choices import SubmissionStatus

pytestmark = pytest.mark.usefixtures("calendar")
MONDAY = date(2017, 11, 20)
SUNDAY = date(2017, 11, 19)


@pytest.fixture
def head(bureau: Department) -> User:
    return member(bureau, Role.HEAD)


def replace(liaison: User, head: User, day: date, email: str = "new@example.org") -> User:
    seat = liaison.memberships.get()
    return name_liaison(
        department_id=seat.department_id,
        replaced_id=seat.pk,
        newcomer=NewPerson("钱××", username="qian", email=email),
        by=head,
        at=moment(day),
        now=moment(day),
        today=day,
    ).user


def mails_to(person: User) -> list[str]:
    return [mail.text for mail in read(person.email, keys_of(person.email))]


def test_reminders_move_to_the_new_liaison_and_the_sheet_goes_first(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    milestone = MilestoneFactory.create(department=bureau, what="公布清单")
    SubmissionFactory.create(
        milestone=milestone, accepted=True, author=liaison, narrative="已印发权责清单"
    )
    SubmissionFactory.create(milestone=milestone, number=2, author=liaison)
    sweep_on(MONDAY)
    newcomer = replace(liaison, coordinator, MONDAY)
    sweep_on(MONDAY)

    assert send_on(MONDAY) == 2

    assert mails_to(liaison) == []
    old = Reminder.objects.get(recipient=liaison)
    assert (old.status, old.reason) == (ReminderStatus.SUPPRESSED, "已不是该单位的提醒对象")
    sheet, digest = Outbox.objects.filter(recipient=newcomer).order_by("sent_at", "id")
    assert "移交清单：未办结1项" in sheet.subject
    for words in ("自2017年11月20日起担任", "公布清单", "已印发权责清单", "有未报送的反馈稿"):
        assert words in sheet.body
        assert words in sheet.html
    assert "到期1项" in digest.subject


def test_the_sheet_is_sent_once_and_on_a_day_off_too(
    bureau: Department, liaison: User, head: User
) -> None:
    newcomer = replace(liaison, head, SUNDAY)
    sweep_on(SUNDAY)
    sweep_on(SUNDAY)

    assert send_on(SUNDAY) == 1
    sweep_on(MONDAY)
    assert send_on(MONDAY) == 0
    assert "目前没有未办结的事项" in mails_to(newcomer)[0]


def test_whoever_was_replaced_again_gets_no_sheet(
    bureau: Department, liaison: User, head: User
) -> None:
    newcomer = replace(liaison, head, MONDAY)
    sweep_on(MONDAY)
    Membership.objects.filter(user=newcomer).update(until_on=MONDAY)

    assert send_on(MONDAY) == 0
    assert Outbox.objects.get().status == OutboxStatus.CANCELLED


def test_a_newcomer_without_an_address_is_shown_to_the_coordinator(
    bureau: Department, liaison: User, head: User, coordinator: User
) -> None:
    newcomer = replace(liaison, head, MONDAY, email="")
    sweep_on(MONDAY)
    send_on(MONDAY)
    sweep_on(MONDAY)

    told = list(Notice.objects.filter(recipient=coordinator).values_list("text", flat=True))
    assert any("没有登记电子邮箱" in text for text in told)
    assert any(f"{newcomer.name}自2017年11月20日起担任{bureau}联络员" in text for text in told)


def test_the_new_liaison_goes_on_with_the_draft_of_the_old_one(
    client: Client, bureau: Department, liaison: User, head: User
) -> None:
    draft = SubmissionFactory.create(milestone__department=bureau, author=liaison)
    newcomer = replace(liaison, head, MONDAY)

    client.force_login(newcomer)
    mine = client.get(reverse("tracking:milestone", args=[draft.milestone_id]))
    liaison.refresh_from_db()
    client.force_login(liaison)
    his = client.get(reverse("tracking:milestone", args=[draft.milestone_id]))

    assert draft.narrative in mine.content.decode()
    assert his.status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("liaison", 200), ("head", 200), ("coordinator", 200), ("viewer", 200), ("outsider", 404)],
)
def test_the_sheet_is_open_to_the_unit_and_to_overseers(
    client: Client, bureau: Department, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("tracking:handover", args=[bureau.pk])).status_code == status


def test_the_liaison_of_another_unit_does_not_see_the_sheet(
    client: Client, bureau: Department, coordinator: User
) -> None:
    other = member(coordinator.memberships.get().department, Role.LIAISON)
    client.force_login(other)

    assert client.get(reverse("tracking:handover", args=[bureau.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 7])
def test_the_sheet_costs_the_same_for_much_work(
    client: Client, bureau: Department, liaison: User, many: int
) -> None:
    for _ in range(many):
        milestone = MilestoneFactory.create(department=bureau)
        SubmissionFactory.create(
            milestone=milestone,
            author=liaison,
            status=SubmissionStatus.RETURNED,
            submitted_at=moment(SUNDAY),
        )
        AssignmentFactory.create(department=bureau)
    client.force_login(liaison)

    with assertNumQueries(19):
        client.get(reverse("tracking:handover", args=[bureau.pk]))

"""书面催办: who may, whom it reaches, once a day, and not when there is no more reason."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.calendar import WorkCalendar
from accounts.choices import DepartmentKind, Role
from accounts.errors import ConflictError, ForbiddenError, NotFoundError
from accounts.models import Department, Event, User
from notifications.channels.mailbox import keys_of, read
from notifications.choices import OutboxStatus
from notifications.models import Notice, Outbox, Urge
from notifications.selectors import reminders_of
from notifications.urging import leaves_at
from notifications.usecases import urge
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.choices import Decision, PaperKind, SubmissionStatus
from tracking.models import Milestone, Review
from tracking.usecases import record_paper

pytestmark = pytest.mark.usefixtures("calendar")
LATE = date(2017, 10, 31)
SATURDAY = date(2017, 11, 18)


@pytest.fixture
def late(bureau: Department, liaison: User) -> Milestone:
    return MilestoneFactory.create(department=bureau, due_on=LATE, what="公布清单")


def urge_one(row: Milestone, by: User, note: str = "请于本周五前报送。") -> list[Urge]:
    return urge(milestone_ids=[row.pk], note=note, by=by, at=NOON, today=TODAY)


def mails_to(person: User) -> list[str]:
    return [mail.text for mail in read(person.email, keys_of(person.email))]


def test_the_words_go_to_the_liaison_and_of_what_is_late_to_the_head(
    late: Milestone, liaison: User, supervisor: User
) -> None:
    head = member(late.department, Role.HEAD)
    urge_one(late, supervisor)

    assert send_on(TODAY, hour=12) == 2
    for person in (liaison, head):
        (text,) = mails_to(person)
        assert "催办说明：请于本周五前报送。" in text
        assert "已逾期20天" in text
    sweep_on(TODAY, hour=7)
    assert "请于本周五前报送。" in Notice.objects.get(recipient=liaison).text
    event = Event.objects.get(action="urge")
    assert (event.actor, event.note) == (supervisor, "请于本周五前报送。")
    shown = [row.outcome for row in reminders_of(late) if row.rule == "书面催办"]
    assert shown == ["已发送", "已发送"]


def test_one_thing_is_urged_once_a_day(late: Milestone, supervisor: User) -> None:
    urge_one(late, supervisor)

    with pytest.raises(ConflictError, match="一天一次"):
        urge_one(late, supervisor)
    next_day = date(2017, 11, 21)
    urge(milestone_ids=[late.pk], note="", by=supervisor, at=moment(next_day), today=next_day)
    assert Urge.objects.count() == 2


def test_who_is_mending_waits_or_is_asked_by_others_is_not_urged(
    late: Milestone, liaison: User, supervisor: User
) -> None:
    report = SubmissionFactory.create(
        milestone=late, author=liaison, status=SubmissionStatus.SUBMITTED, submitted_at=NOON
    )
    with pytest.raises(ConflictError, match="已报送待审核"):
        urge_one(late, supervisor)
    report.status = SubmissionStatus.RETURNED
    report.save()
    Review.objects.create(
        submission=report,
        by=supervisor,
        decision=Decision.RETURNED,
        redo_by=date(2017, 11, 24),
        note="补",
        at=NOON,
    )
    with pytest.raises(ConflictError, match="退回补正中，11月24日前不催"):
        urge_one(late, supervisor)
    party = DepartmentFactory.create(district=late.department.district, kind=DepartmentKind.PARTY)
    member(party, Role.LIAISON)
    with pytest.raises(ConflictError, match="不属政府口"):
        urge_one(MilestoneFactory.create(department=party, due_on=LATE), supervisor)
    far = MilestoneFactory.create(department=late.department, due_on=date(2018, 12, 31))
    with pytest.raises(ConflictError, match="还没有临近完成时限"):
        urge_one(far, supervisor)
    assert not Outbox.objects.exists()


def test_what_was_reported_before_the_mail_left_is_not_sent(
    late: Milestone, liaison: User, supervisor: User
) -> None:
    urge_one(late, supervisor)
    SubmissionFactory.create(
        milestone=late, author=liaison, status=SubmissionStatus.SUBMITTED, submitted_at=NOON
    )

    assert send_on(TODAY, hour=13) == 0
    message = Outbox.objects.get()
    assert (message.status, message.reason) == (
        OutboxStatus.CANCELLED,
        "已报送待审核，不用催",
    )


def test_a_person_who_left_gets_no_urge(late: Milestone, liaison: User, supervisor: User) -> None:
    urge_one(late, supervisor)
    liaison.memberships.update(until_on=date(2017, 1, 1))

    assert send_on(TODAY, hour=13) == 0
    assert Outbox.objects.get().reason == "已不是该单位的提醒对象"


def test_nothing_leaves_on_a_day_off(late: Milestone, supervisor: User) -> None:
    at = moment(SATURDAY, hour=10)
    urge(milestone_ids=[late.pk], note="", by=supervisor, at=at, today=SATURDAY)

    assert send_on(SATURDAY, hour=10) == 0
    assert Outbox.objects.get().next_at > clock.real_now() + timedelta(hours=46)
    assert leaves_at(at, WorkCalendar.load()) == moment(TODAY, hour=8, minute=30)
    assert leaves_at(NOON, WorkCalendar.load()) == NOON
    night = leaves_at(moment(TODAY, hour=20), WorkCalendar.load())
    assert night == moment(date(2017, 11, 21), hour=8, minute=30)


def test_only_who_reviews_may_urge(
    late: Milestone, liaison: User, viewer: User, outsider: User
) -> None:
    for person in (liaison, viewer):
        with pytest.raises(ForbiddenError):
            urge_one(late, person)
    with pytest.raises(NotFoundError):
        urge_one(late, outsider)


def test_several_are_urged_from_the_list_and_the_others_are_named(
    client: Client, late: Milestone, liaison: User, supervisor: User, settings: Settings
) -> None:
    settings.FIXED_TODAY = TODAY
    far = MilestoneFactory.create(department=late.department, due_on=date(2018, 12, 31))
    client.force_login(supervisor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/urge/", {"milestone": [late.pk, far.pk]}).content.decode()
    assert "还没有临近完成时限" in page
    assert "催办1项" in page

    data = {"milestone": [late.pk, far.pk], "note": "字" * 301}
    refused = client.post("/urge/", data)
    assert refused.status_code == 400
    assert "字" * 301 in refused.content.decode()
    client.post("/urge/", data | {"note": "请报。"})

    assert [row.milestone for row in Urge.objects.all()] == [late]
    assert client.get("/urge/", {"milestone": ["x"]}).status_code == 302


def test_the_digest_quotes_the_paper_until_it_is_answered(
    late: Milestone, liaison: User, supervisor: User
) -> None:
    record_paper(
        milestone_id=late.pk,
        kind=PaperKind.URGE,
        number="8号",
        issued_on=date(2017, 11, 14),
        answer_by=date(2017, 11, 24),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )
    sweep_on(TODAY)
    send_on(TODAY)

    assert "11月14日已发催办单（编号8号），未复。" in mails_to(liaison)[0]

"""The queue: what narrows it, several at once, one's own phrases, and what nobody may review."""

import pytest
from django.test import Client

from accounts.choices import DepartmentKind, Role
from accounts.errors import ForbiddenError, InvalidError, NotFoundError
from accounts.models import Department, Event, User
from tests.conftest import NOON
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member
from tests.tracking.test_query_counts import questions
from tracking.choices import Decision, WorkStatus
from tracking.models import Phrase, Review, Submission
from tracking.usecases import drop_phrase, keep_phrase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def waiting(department: Department, **said: object) -> Submission:
    report: Submission = SubmissionFactory.create(
        milestone=MilestoneFactory.create(department=department), waiting=True, **said
    )
    return report


@pytest.fixture
def screen(client: Client, supervisor: User) -> Client:
    client.force_login(supervisor)
    return client


def shown(screen: Client, address: str) -> str:
    answer = screen.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_narrows_to_the_first_or_repeated_reports_and_to_a_role(
    screen: Client, bureau: Department
) -> None:
    first = waiting(bureau)
    second = waiting(bureau, number=2)
    second.milestone.assignment.role = "support"
    second.milestone.assignment.save()

    def found(query: str) -> list[int]:
        html = shown(screen, f"/queue/?{query}")
        return [row.pk for row in (first, second) if f'/submissions/{row.pk}/review/">审核' in html]

    assert found("turn=first") == [first.pk]
    assert found("turn=repeated") == [second.pk]
    assert found("role=lead") == [first.pk]
    assert found("role=support") == [second.pk]
    assert found("") == [first.pk, second.pk]


def test_reports_that_say_nothing_new_are_accepted_together_each_with_its_own_decision(
    screen: Client, bureau: Department
) -> None:
    rows = [waiting(bureau, number=2, is_unchanged=True, narrative="") for _ in range(2)]
    left = waiting(bureau, number=2, is_unchanged=True, narrative="")
    words = waiting(bureau)

    html = shown(screen, "/queue/unchanged/")
    answer = screen.post(
        "/queue/unchanged/",
        {"row": [row.pk for row in rows]} | {f"version-{row.pk}": row.version for row in rows},
    )

    assert f'name="version-{words.pk}"' not in html
    assert answer.status_code == 302
    assert [review.decision for review in Review.objects.all()] == [Decision.NOTED] * 2
    assert Event.objects.filter(action="accept").count() == 2
    assert Submission.objects.get(pk=left.pk).status == "submitted"


def test_one_row_that_changed_meanwhile_stops_all(screen: Client, bureau: Department) -> None:
    rows = [waiting(bureau, number=2, is_unchanged=True) for _ in range(2)]

    answer = screen.post(
        "/queue/unchanged/",
        {"row": [row.pk for row in rows], f"version-{rows[0].pk}": 1, f"version-{rows[1].pk}": 0},
    )

    assert answer.status_code == 412
    assert "没有一件审核通过" in answer.content.decode()
    assert not Review.objects.exists()


def test_ticking_nothing_is_said(screen: Client) -> None:
    assert "请先勾选" in screen.post("/queue/unchanged/").content.decode()


def test_a_liaison_has_no_queue(client: Client, liaison: User) -> None:
    client.force_login(liaison)

    assert client.get("/queue/unchanged/").status_code == 403
    assert client.post("/queue/unchanged/", {"row": 1}).status_code == 403


def test_what_nobody_may_review_is_an_alarm_on_the_queue_and_for_the_coordinator(
    client: Client, bureau: Department
) -> None:
    coordinator = member(bureau, Role.COORDINATOR)
    report = waiting(bureau)
    client.force_login(coordinator)

    for address in ("/queue/", "/"):
        html = shown(client, address)
        assert "1件反馈没有人可以审核" in html
        assert report.milestone.assignment.measure.reference in html

    member(DepartmentFactory.create(district=bureau.district), Role.SUPERVISOR)
    assert "没有人可以审核" not in shown(client, "/queue/")


def test_the_review_page_leads_to_the_one_before_and_the_one_after(
    screen: Client, bureau: Department
) -> None:
    one, two, three = (waiting(bureau) for _ in range(3))

    html = shown(screen, f"/submissions/{two.pk}/review/")

    assert f'href="/submissions/{one.pk}/review/" data-keys="k ArrowUp"' in html
    assert f'href="/submissions/{three.pk}/review/" data-keys="j ArrowDown"' in html
    assert 'data-keys="a"' in html
    assert "键盘操作" in html


def test_the_text_is_compared_with_the_last_accepted_one_and_with_the_returned_one(
    screen: Client, bureau: Department
) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    accepted = SubmissionFactory.create(milestone=milestone, accepted=True, narrative="已起草，")
    back = SubmissionFactory.create(
        milestone=milestone, number=2, status="returned", submitted_at=NOON, narrative="已公布，"
    )
    report = SubmissionFactory.create(
        milestone=milestone, number=3, waiting=True, narrative="已起草，已印发。"
    )

    html = shown(screen, f"/submissions/{report.pk}/review/")

    assert f"与最近一次审核通过的第{accepted.number}次反馈相比" in html
    assert f"与第{back.number}次反馈相比" in html
    assert "已起草，<ins>已印发。</ins>" in html
    assert "<del>已公布，</del><ins>已起草，已印发。</ins>" in html


def test_a_phrase_is_kept_with_the_decision_offered_again_and_dropped(
    screen: Client, supervisor: User, bureau: Department
) -> None:
    report, other = waiting(bureau), waiting(bureau)
    screen.post(
        f"/submissions/{report.pk}/review/",
        {
            "action": "return",
            "reason": "请补充公布网址",
            "keep_phrase": "on",
            "redo_by": "2017-11-27",
            "expected_version": "1",
        },
    )

    phrase = Phrase.objects.get(user=supervisor)
    assert phrase.text == "请补充公布网址"
    html = shown(screen, f"/submissions/{other.pk}/review/")
    assert 'data-insert="#return_reason">请补充公布网址</button>' in html
    assert screen.post(f"/phrases/{phrase.pk}/drop/").status_code == 302
    assert not Phrase.objects.exists()


def test_a_phrase_is_ones_own(supervisor: User, coordinator: User, liaison: User) -> None:
    phrase = keep_phrase(text="请补充 文号", by=supervisor, at=NOON)

    assert keep_phrase(text="请补充 文号", by=supervisor, at=NOON) == phrase
    with pytest.raises(NotFoundError):
        drop_phrase(phrase_id=phrase.pk, by=coordinator, at=NOON)
    with pytest.raises(ForbiddenError):
        keep_phrase(text="请补充", by=liaison, at=NOON)
    with pytest.raises(InvalidError):
        keep_phrase(text=" ", by=supervisor, at=NOON)


def test_a_party_organ_is_asked_not_told(client: Client, supervisor: User) -> None:
    organ = DepartmentFactory.create(
        district=supervisor.memberships.get().department.district, kind=DepartmentKind.PARTY
    )
    report = waiting(organ)
    client.force_login(supervisor)
    assert "商请补充" in shown(client, f"/submissions/{report.pk}/review/")
    client.post(
        f"/submissions/{report.pk}/review/",
        {"action": "return", "reason": "网址", "redo_by": "2017-11-27", "expected_version": "1"},
    )
    client.force_login(report.author)

    html = shown(client, f"/milestones/{report.milestone_id}/")

    assert "商请补充第1次反馈" in html
    assert "第1次反馈商请补充" in html
    assert "退回补正" not in html.replace("退回补正中", "")


def test_a_longer_queue_asks_no_more_questions(screen: Client, bureau: Department) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            waiting(bureau, number=2, is_unchanged=True, work_status=WorkStatus.IN_PROGRESS)

    grow(2)
    one = Submission.objects.earliest("pk")
    addresses = ("/queue/", "/queue/unchanged/", f"/submissions/{one.pk}/review/")
    few = [questions(screen, address) for address in addresses]
    grow(5)

    assert [questions(screen, address) for address in addresses] == few

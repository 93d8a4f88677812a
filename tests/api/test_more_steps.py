"""Steps that pages have, by the API: reviews of many, leaders' words, urges, notices, units."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts import clock
from accounts.choices import Role
from accounts.files import store
from accounts.models import Department, User
from accounts.tokens import create_token
from notifications.models import Notice, Urge
from tests.api.conftest import Caller
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory, SheetFactory, SubmissionFactory, member
from tracking.choices import AssignmentStatus, PaperKind
from tracking.models import Assignment, Milestone, Review, Submission

Call = Callable[[User | None], Caller]


def decision(report: Submission, **more: Any) -> dict[str, Any]:
    known = {"submission": report.pk, "expected_version": report.version, "decision": "noted"}
    return known | more


@pytest.fixture
def reports(bureau: Department) -> list[Submission]:
    return [SubmissionFactory.create(milestone__department=bureau, waiting=True) for _ in range(3)]


def test_reports_are_decided_together(
    call: Call, supervisor: User, reports: list[Submission]
) -> None:
    first, second, third = reports
    back = {"decision": "returned", "note": "请附清单", "redo_by": "2017-11-24"}

    response = call(supervisor).post(
        "reviews/", [decision(first), decision(second, **back), decision(third)]
    )

    rows = response.json()["rows"]
    assert [row["row"]["decision"] for row in rows] == ["noted", "returned", "noted"]
    assert Submission.objects.filter(status="accepted").count() == 2


def test_one_report_that_changed_leaves_all_undecided(
    call: Call, supervisor: User, liaison: User, reports: list[Submission]
) -> None:
    rows = [decision(reports[0]), decision(reports[1], expected_version=9)]
    rows.append(decision(reports[2], decision="returned"))

    malformed = call(supervisor).post("reviews/", rows).json()
    stale = call(supervisor).post("reviews/", rows[:2]).json()
    foreign = call(liaison).post("reviews/", rows[:1]).json()

    assert [row["status"] for row in malformed["rows"]] == [424, 424, 400]
    assert [(row["status"], row.get("code")) for row in stale["rows"]] == [
        (424, None),
        (412, "stale"),
    ]
    assert foreign["rows"][0]["status"] == 403
    assert not Review.objects.exists()


def test_the_same_list_sent_twice_decides_once(
    call: Call, supervisor: User, reports: list[Submission]
) -> None:
    rows = [decision(report) for report in reports]
    for partial in ("", "?partial=1"):
        answers = [
            call(supervisor).post(f"reviews/{partial}", rows, key=f"k{partial}") for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert answers[0].status_code == (207 if partial else 200)
    assert Review.objects.count() == 3


def test_a_leaders_words_are_put_on_record_and_answered(
    call: Call, supervisor: User, liaison: User, milestone: Milestone
) -> None:
    body = {"leader": "王××", "given_on": "2017-11-18", "words": "抓紧办理"}
    made = call(supervisor).post(
        f"assignments/{milestone.assignment_id}/instruct/",
        body | {"addressed_to": milestone.department_id},
    )
    path = f"instructions/{made.json()['id']}/answer/"

    assert made.status_code == 201
    assert call(liaison).post(path, {"answer": "已办"}).status_code == 428
    answered = call(liaison).post(path, {"answer": "已办"}, version=1).json()
    assert (answered["answered_by"], answered["version"]) == (liaison.name, 2)


def test_what_is_overdue_is_urged_once_a_day(
    call: Call, supervisor: User, liaison: User, bureau: Department
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30))

    made = call(supervisor).post("urges/", {"milestones": [late.pk], "note": "请速报"})
    again = call(supervisor).post("urges/", {"milestones": [late.pk]})

    assert [row["milestone"] for row in made.json()] == [late.pk]
    assert again.status_code == 409
    assert call(liaison).post("urges/", {"milestones": [late.pk]}).status_code == 403
    assert Urge.objects.count() == 1


def test_notices_are_read_by_their_own_reader(call: Call, liaison: User, supervisor: User) -> None:
    for seq, person in enumerate((liaison, liaison, supervisor)):
        Notice.objects.create(recipient=person, event_seq=seq, text="退回", path="/", at=NOON)
    mine, _, foreign = Notice.objects.order_by("id").values_list("pk", flat=True)

    caller = call(liaison)
    assert caller.post("notices/read/", {"notices": [mine, foreign]}).json() == {"read": 1}
    assert len(caller.get("notices/", is_unread="true").json()["results"]) == 1
    assert caller.post("notices/read/").json() == {"read": 1}
    assert Notice.objects.unread().get().pk == foreign


def test_done_tasks_are_struck_off_together(
    call: Call, supervisor: User, bureau: Department
) -> None:
    rows = [MilestoneFactory.create(department=bureau, done=True) for _ in range(2)]
    Assignment.objects.update(status=AssignmentStatus.DONE, done_at=NOON)

    response = call(supervisor).post(
        "assignments/close/",
        [{"assignment": row.assignment_id, "expected_version": 1} for row in rows],
    )

    assert [row["row"]["status"] for row in response.json()["rows"]] == ["closed", "closed"]


def test_a_day_is_moved_on_paper_and_a_paper_is_noted(
    call: Call, coordinator: User, supervisor: User, bureau: Department
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30))
    paper = {"kind": PaperKind.URGE, "number": "催〔2017〕1号", "issued_on": "2017-11-17"}
    noted = call(supervisor).post(
        f"milestones/{late.pk}/record-paper/", paper | {"answer_by": "2017-11-24"}
    )
    moved = call(coordinator).post(
        f"milestones/{late.pk}/extend/",
        {
            "asked_on": "2017-06-20",
            "reason": "需征求意见",
            "new_due_on": "2017-12-29",
            "approved_by": "王××",
            "approved_on": "2017-06-22",
        },
        version=late.version,
    )

    assert noted.status_code == 201, noted.json()
    assert (moved.status_code, moved.json()["due_on"]) == (200, "2017-12-29")
    found = call(coordinator).get("extensions/", milestone=late.pk).json()["results"]
    assert found[0]["approved_by"] == "王××"


def test_a_sheet_that_was_not_sent_is_called_for(
    call: Call, supervisor: User, bureau: Department
) -> None:
    row = MilestoneFactory.create(department=bureau, kind="cycle", deadline=None, period="2017")
    sheet = SheetFactory.create(year__plan=row.plan, department=bureau)
    Milestone.objects.filter(pk=row.pk).update(sheet=sheet)

    assert call(supervisor).post(f"sheets/{sheet.pk}/call/").status_code == 201


def test_evidence_is_fetched_with_a_token_by_whoever_may_read_it(
    call: Call, liaison: User, other_liaison: User, waiting: Submission
) -> None:
    stored = store(
        ContentFile("清单".encode(), name="清单.txt"),
        district=waiting.milestone.department.district,
        department=waiting.milestone.department,
        by=liaison,
        at=NOON,
    )
    waiting.evidence.create(name="清单", file=stored)
    row = call(liaison).get("evidence/").json()["results"][0]
    now = clock.real_now()
    token = create_token(
        user=liaison, name="脚本", expires_at=now + timedelta(days=1), by=None, at=now
    )

    sent: Any = Client(headers={"Authorization": f"Bearer {token.secret}"}).get(row["content_url"])

    assert b"".join(sent.streaming_content).decode() == "清单"
    assert "no-store" in sent["Cache-Control"]
    assert call(other_liaison).client.get(row["content_url"]).status_code == 404


def test_a_unit_is_entered_and_brought_up_to_date(
    call: Call, coordinator: User, liaison: User
) -> None:
    district = coordinator.memberships.get().department.district
    caller = call(coordinator)
    made = caller.post("departments/", {"district": district.pk, "name": "区新局"})
    path = f"departments/{made.json()['id']}/"

    wrong = caller.patch(path, {"credit_code": "123"}, version=1)
    right = caller.patch(path, {"credit_code": "11640302MB1234567X"[:17]}, version=1)
    named = caller.patch(path, {"aliases": ["新局"]}, version=1)

    assert made.status_code == 201
    assert wrong.status_code == right.status_code == 400
    assert (named.status_code, named.json()["names"][0]["name"]) == (200, "新局")
    assert caller.patch(path, {"aliases": []}, version=1).status_code == 412
    assert call(liaison).patch(path, {"aliases": []}, version=2).status_code == 403


def test_oneself_and_the_people_of_the_own_unit_are_read(
    call: Call, liaison: User, other_liaison: User, bureau: Department, viewer: User
) -> None:
    head = member(bureau, Role.HEAD)

    me = call(liaison).get("me/").json()
    seen = call(liaison).get("people/").json()["results"]

    assert me["memberships"][0]["department"]["id"] == bureau.pk
    assert {row["id"] for row in seen} == {liaison.pk, head.pk}
    assert call(liaison).get(f"people/{other_liaison.pk}/").status_code == 404
    assert call(viewer).get("people/").json()["results"] == []


def test_the_calendar_says_which_days_are_worked(call: Call, liaison: User) -> None:
    days = call(liaison).get("calendar/", first="2017-11-18", last="2017-11-20").json()

    assert [day["is_workday"] for day in days] == [False, False, True]
    for last in ("2017-11-17", "2019-01-01", "x"):
        response = call(liaison).get("calendar/", first=str(TODAY), last=last)
        assert response.status_code == 400

"""Reports by HTTP: the whole road, and every way in which it is barred."""

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Event, StoredFile, User
from tests.api.conftest import API
from tests.api.reports import PDF, REPORT, RETURNED, SIGNED, Call, People, attach
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tracking.models import Milestone, Submission


def test_the_whole_road_from_the_first_draft_to_the_acceptance(
    call: Call, liaison: User, supervisor: User, milestone: Milestone
) -> None:
    writer, reviewer = call(liaison), call(supervisor)

    created = writer.post("submissions/", {"milestone": milestone.pk, **REPORT})
    assert (created.status_code, created["ETag"][:4]) == (201, '"v1.')
    first = created.json()["id"]

    attached = attach(writer, first, version=1)
    assert (attached.status_code, attached["ETag"][:4]) == (201, '"v2.')
    evidence = attached.json()["evidence"][0]
    assert evidence["document_number"] == "利政办发〔2017〕12号"
    assert evidence["file"]["size"] == len(PDF)

    sent = writer.post(f"submissions/{first}/submit/", SIGNED, version=2)
    assert (sent.status_code, sent.json()["status"]) == (200, "submitted")

    back = reviewer.post(f"submissions/{first}/return/", RETURNED, version=3)
    assert (back.status_code, back.json()["review"]["note"]) == (200, "请附印发文件")

    again = writer.post("submissions/", {"milestone": milestone.pk, **REPORT})
    second = again.json()["id"]
    assert (again.status_code, again.json()["number"]) == (201, 2)
    assert len(again.json()["evidence"]) == 1

    writer.post(f"submissions/{second}/submit/", SIGNED, version=1)
    accepted = reviewer.post(f"submissions/{second}/accept/", {"decision": "done"}, version=2)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert writer.get(f"milestones/{milestone.pk}/").json()["state"] == "done"
    actions = Event.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == [
        *("save", "save", "submit", "return"),
        *("save", "submit", "accept", "finish", "finish"),
    ]


def test_a_draft_can_go_through_sign_off_and_be_taken_back(
    call: Call, liaison: User, draft: Submission
) -> None:
    writer = call(liaison)

    asked = writer.post(f"submissions/{draft.pk}/send-for-sign-off/", version=1)
    back = writer.post(f"submissions/{draft.pk}/take-back/", version=2)

    assert (asked.json()["status"], back.json()["status"]) == ("sign_off", "draft")


def test_a_patch_leaves_what_is_not_sent_and_a_put_empties_it(
    call: Call, liaison: User, draft: Submission
) -> None:
    writer = call(liaison)

    patched = writer.patch(f"submissions/{draft.pk}/", {"work_status": "difficult"}, version=1)
    assert patched.json()["narrative"] == "已印发权责清单"
    assert patched.json()["work_status"] == "difficult"

    put = writer.send("PUT", f"submissions/{draft.pk}/", {"narrative": "新"}, version=2)
    assert (put.json()["narrative"], put.json()["work_status"]) == ("新", "")


def test_a_document_can_be_named_without_a_file_and_dropped_again(
    call: Call, liaison: User, draft: Submission
) -> None:
    writer = call(liaison)

    added = writer.post(f"submissions/{draft.pk}/evidence/", {"name": "会议纪要"}, version=1)
    evidence = added.json()["evidence"][0]
    assert (added.status_code, evidence["file"]) == (201, None)

    path = f"submissions/{draft.pk}/evidence/{evidence['id']}/"
    dropped = writer.send("DELETE", path, version=2)
    assert (dropped.status_code, dropped.json()["evidence"]) == (200, [])
    assert writer.send("DELETE", path, version=3).status_code == 404


STEPS: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"narrative": "改"}),
    ("PUT", "", {"narrative": "改"}),
    ("POST", "evidence/", {"name": "纪要"}),
    ("POST", "submit/", SIGNED),
    ("POST", "send-for-sign-off/", {}),
    ("POST", "take-back/", {}),
    ("POST", "accept/", {"decision": "noted"}),
    ("POST", "return/", RETURNED),
]


@pytest.mark.parametrize(("method", "step", "body"), STEPS)
def test_a_write_without_the_version_that_was_read_is_refused(
    call: Call,
    liaison: User,
    supervisor: User,
    milestone: Milestone,
    method: str,
    step: str,
    body: Any,
) -> None:
    is_review = step in {"accept/", "return/"}
    submission = SubmissionFactory.create(milestone=milestone, waiting=is_review)
    caller = call(supervisor if is_review else liaison)

    response = caller.send(method, f"submissions/{submission.pk}/{step}", body)

    assert response.status_code == 428
    assert response.json()["code"] == "if_match_required"
    submission.refresh_from_db()
    assert submission.version == 1


@pytest.mark.parametrize(("method", "step", "body"), STEPS)
def test_a_write_on_an_older_version_is_refused(
    call: Call,
    liaison: User,
    supervisor: User,
    milestone: Milestone,
    method: str,
    step: str,
    body: Any,
) -> None:
    is_review = step in {"accept/", "return/"}
    submission = SubmissionFactory.create(milestone=milestone, waiting=is_review, version=7)
    caller = call(supervisor if is_review else liaison)

    response = caller.send(method, f"submissions/{submission.pk}/{step}", body, version=6)

    assert (response.status_code, response.json()["code"]) == (412, "stale")
    submission.refresh_from_db()
    assert submission.version == 7


@pytest.mark.parametrize("header", ["*", "7", '"v7', '"v7", "v8"', '"vx"'])
def test_an_if_match_that_is_no_single_etag_is_refused(
    call: Call, liaison: User, draft: Submission, header: str
) -> None:
    response = call(liaison).client.patch(
        f"{API}/submissions/{draft.pk}/",
        "{}",
        content_type="application/json",
        headers={"If-Match": header},
    )

    assert (response.status_code, response.json()["code"]) == (400, "if_match_invalid")


def test_a_weak_etag_of_a_proxy_passes(call: Call, liaison: User, draft: Submission) -> None:
    response = call(liaison).client.patch(
        f"{API}/submissions/{draft.pk}/",
        '{"narrative": "改"}',
        content_type="application/json",
        headers={"If-Match": 'W/"v1"'},
    )

    assert response.status_code == 200


def test_a_returned_report_cannot_be_changed_through_the_version_of_the_next_draft(
    call: Call, liaison: User, supervisor: User, waiting: Submission
) -> None:
    call(supervisor).post(f"submissions/{waiting.pk}/return/", RETURNED, version=1)
    writer = call(liaison)
    body = {"milestone": waiting.milestone_id, **REPORT}
    draft = writer.post("submissions/", body).json()

    response = writer.patch(
        f"submissions/{waiting.pk}/", {"narrative": "改"}, version=draft["version"]
    )

    assert response.status_code == 409
    assert Submission.objects.get(pk=draft["id"]).narrative == REPORT["narrative"]


def test_a_second_draft_on_one_milestone_is_refused(
    call: Call, liaison: User, draft: Submission
) -> None:
    response = call(liaison).post("submissions/", {"milestone": draft.milestone_id, **REPORT})

    assert (response.status_code, response.json()["code"]) == (409, "draft_exists")
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("step", "body"), [("accept/", {"decision": "noted"}), ("return/", RETURNED)]
)
def test_what_was_decided_cannot_be_decided_again(
    call: Call, supervisor: User, milestone: Milestone, step: str, body: Any
) -> None:
    submission = SubmissionFactory.create(milestone=milestone, accepted=True)

    response = call(supervisor).post(f"submissions/{submission.pk}/{step}", body, version=1)

    assert (response.status_code, response.json()["code"]) == (409, "illegal_transition")


def test_a_finished_milestone_takes_no_report(call: Call, liaison: User) -> None:
    department = liaison.memberships.get().department
    done = MilestoneFactory.create(department=department, done=True)

    response = call(liaison).post("submissions/", {"milestone": done.pk, **REPORT})

    assert response.status_code == 409


def test_who_may_start_a_report(call: Call, people: People, milestone: Milestone) -> None:
    body = {"milestone": milestone.pk, **REPORT}
    seen = {who: call(user).post("submissions/", body).status_code for who, user in people.items()}

    assert seen == {
        "liaison": 201,
        "other_liaison": 400,
        "supervisor": 403,
        "coordinator": 403,
        "viewer": 403,
        "outsider": 400,
        "anonymous": 401,
    }


@pytest.mark.parametrize(
    ("method", "step", "body"),
    [("PATCH", "", {}), ("POST", "submit/", SIGNED), ("POST", "send-for-sign-off/", {})],
)
def test_a_draft_does_not_exist_for_anybody_outside_the_house(
    call: Call, people: People, draft: Submission, method: str, step: str, body: Any
) -> None:
    seen = {
        who: call(user).send(method, f"submissions/{draft.pk}/{step}", body, version=1).status_code
        for who, user in people.items()
        if who != "liaison"
    }

    assert seen.pop("anonymous") == 401
    assert set(seen.values()) == {404}


@pytest.mark.parametrize(
    ("step", "body"), [("accept/", {"decision": "noted"}), ("return/", RETURNED)]
)
def test_who_may_decide_on_a_report(
    call: Call, people: People, waiting: Submission, step: str, body: Any
) -> None:
    reviewers = {"supervisor", "coordinator"}
    seen = {
        who: call(user).post(f"submissions/{waiting.pk}/{step}", body, version=1).status_code
        for who, user in people.items()
        if who not in reviewers
    }

    assert seen == {
        "liaison": 403,
        "other_liaison": 404,
        "viewer": 403,
        "outsider": 404,
        "anonymous": 401,
    }
    decided = call(people["coordinator"]).post(f"submissions/{waiting.pk}/{step}", body, version=1)
    assert decided.status_code == 200


def test_nobody_decides_on_a_report_of_their_own_office(call: Call, waiting: Submission) -> None:
    colleague = member(waiting.milestone.department, Role.SUPERVISOR)

    response = call(colleague).post(
        f"submissions/{waiting.pk}/accept/", {"decision": "noted"}, version=1
    )

    assert response.status_code == 403
    assert Event.objects.get().result == "denied"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "milestone"),
        ({"milestone": 0}, "milestone"),
        ({"milestone": "x"}, "milestone"),
        ({"milestone": 10**30}, "milestone"),
        ({"work_status": "finished"}, "work_status"),
        ({"completed_on": "2017-02-30"}, "completed_on"),
        ({"narrative": "一" * 20_001}, "narrative"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"narrative": "a\ud800b"}, "narrative"),
        ({"narrative": ["x"]}, "narrative"),
    ],
)
def test_a_wrong_field_is_named(
    call: Call, liaison: User, milestone: Milestone, body: dict[str, Any], field: str
) -> None:
    whole = body if field == "milestone" else {"milestone": milestone.pk, **body}

    response = call(liaison).post("submissions/", whole)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert not Submission.objects.exists()


def test_fields_that_are_not_asked_for_change_nothing(
    call: Call, liaison: User, milestone: Milestone
) -> None:
    hostile = {"status": "accepted", "author": 1, "number": 9, "signed_by": "我", "version": 50}

    body = {"milestone": milestone.pk, **REPORT, **hostile}
    response = call(liaison).post("submissions/", body)

    row = Submission.objects.get()
    assert response.status_code == 201
    assert (row.status, row.number, row.signed_by, row.version) == ("draft", 1, "", 1)
    assert row.author == liaison


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({"work_status": ""}, "no_work_status"),
        ({"work_status": "completed"}, "no_completed_on"),
        ({"narrative": ""}, "no_narrative"),
    ],
)
def test_an_unfinished_report_cannot_be_sent(
    call: Call, liaison: User, milestone: Milestone, report: dict[str, str], code: str
) -> None:
    draft = SubmissionFactory.create(milestone=milestone, **report)

    response = call(liaison).post(f"submissions/{draft.pk}/submit/", SIGNED, version=1)

    assert (response.status_code, response.json()["code"]) == (400, code)


def test_a_return_wants_a_reason_and_a_day(
    call: Call, supervisor: User, waiting: Submission
) -> None:
    response = call(supervisor).post(f"submissions/{waiting.pk}/return/", {}, version=1)

    assert set(response.json()["errors"]) == {"note", "redo_by"}


def test_a_file_that_is_not_what_its_name_says_is_refused(
    call: Call, liaison: User, draft: Submission
) -> None:
    response = attach(call(liaison), draft.pk, 1, content=b"MZ program")

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert not StoredFile.objects.filter(name="通知.pdf").exists()

"""A request that is sent twice is carried out once."""

from accounts.models import Event, RequestKey, StoredFile, User
from tests.api.reports import PDF, REPORT, Call, attach
from tracking.models import Milestone, Submission


def test_a_report_that_is_started_twice_with_one_key_is_one_report(
    call: Call, liaison: User, milestone: Milestone
) -> None:
    body = {"milestone": milestone.pk, **REPORT}

    first = call(liaison).post("submissions/", body, key="k1")
    again = call(liaison).post("submissions/", body, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Submission.objects.count() == 1
    assert Event.objects.count() == 1


def test_an_acceptance_that_is_sent_twice_with_one_key_is_one_decision(
    call: Call, supervisor: User, waiting: Submission
) -> None:
    path, body = f"submissions/{waiting.pk}/accept/", {"decision": "noted"}

    first = call(supervisor).post(path, body, version=1, key="k1")
    again = call(supervisor).post(path, body, version=1, key="k1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again["ETag"].startswith('"v2.')


def test_one_key_with_another_body_is_refused(call: Call, liaison: User, draft: Submission) -> None:
    path = f"submissions/{draft.pk}/"
    call(liaison).patch(path, {"narrative": "甲"}, version=1, key="k1")

    response = call(liaison).patch(path, {"narrative": "乙"}, version=2, key="k1")

    assert (response.status_code, response.json()["code"]) == (422, "request_key_reused")


def test_long_keys_with_one_beginning_are_two_keys(
    call: Call, liaison: User, draft: Submission
) -> None:
    for version in (1, 2):
        response = call(liaison).patch(
            f"submissions/{draft.pk}/",
            {"narrative": "同样的话"},
            version=version,
            key="k" * 100 + str(version),
        )
        assert response.status_code == 200

    assert RequestKey.objects.count() == 2


def test_a_file_that_is_sent_twice_with_one_key_is_one_document(
    call: Call, liaison: User, draft: Submission
) -> None:
    for _ in range(2):
        response = attach(call(liaison), draft.pk, 1, key="k1")
        assert response.status_code == 201

    assert draft.evidence.count() == 1
    assert StoredFile.objects.filter(name="通知.pdf").count() == 1


def test_another_file_of_the_same_name_and_size_is_another_request(
    call: Call, liaison: User, draft: Submission
) -> None:
    attach(call(liaison), draft.pk, 1, key="k1")

    other = attach(
        call(liaison),
        draft.pk,
        1,
        content=PDF.upper(),
        key="k1",
    )

    assert other.status_code == 422

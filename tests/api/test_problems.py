"""Refusals: always a problem document, never a page, never a 500."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.api.conftest import API, Caller
from tracking.models import Submission
from tracking.querysets import SubmissionQuerySet

Call = Callable[[User | None], Caller]


def is_problem(response: Any, status: int, code: str) -> bool:
    body = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:problem:{code}"
    assert any("一" <= c <= "鿿" for c in body["detail"])
    assert any("一" <= c <= "鿿" for c in body["title"])
    return True


def test_whoever_is_not_signed_in_is_told_how(db: None) -> None:
    response = Client().get(f"{API}/milestones/")

    assert is_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_row_and_an_unknown_route_are_not_found(call: Call, liaison: User) -> None:
    for path in ("milestones/1/", "milestones/x/", f"milestones/{10**30}/", "nothing/", "plans"):
        assert is_problem(call(liaison).get(path), 404, "not_found")


def test_an_unknown_route_asks_a_stranger_to_sign_in_first(db: None) -> None:
    assert is_problem(Client().get(f"{API}/nothing/"), 401, "not_authenticated")


@pytest.mark.parametrize("path", ["plans/", "milestones/", "submissions/1/submit/", "nothing/"])
def test_a_method_that_a_route_does_not_have_is_refused(
    call: Call, liaison: User, path: str
) -> None:
    response = call(liaison).send("DELETE", path)

    code = "not_found" if path == "nothing/" else "method_not_allowed"
    assert is_problem(response, 404 if path == "nothing/" else 405, code)


def test_options_tells_nothing(call: Call, liaison: User) -> None:
    assert is_problem(call(liaison).send("OPTIONS", "plans/"), 405, "method_not_allowed")


def test_a_format_that_we_do_not_speak_is_refused(call: Call, liaison: User) -> None:
    response = call(liaison).client.get(f"{API}/plans/", headers={"Accept": "text/html"})

    assert is_problem(response, 406, "not_acceptable")


@pytest.mark.parametrize("sent_as", ["text/plain", "application/xml", "multipart/form-data"])
def test_a_body_that_is_not_json_is_refused(call: Call, liaison: User, sent_as: str) -> None:
    response = call(liaison).client.generic("POST", f"{API}/submissions/", "x", sent_as)

    assert is_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"milestone": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_cannot_be_read_is_refused(call: Call, liaison: User, body: bytes) -> None:
    response = call(liaison).client.generic("POST", f"{API}/submissions/", body, "application/json")

    code = "too_deep" if len(body) > 1000 else "parse_error"
    assert is_problem(response, 400, code)


@pytest.mark.parametrize("body", ["[]", "null", "7", '"x"', "[{}]"])
def test_a_body_that_is_no_object_is_refused(call: Call, liaison: User, body: str) -> None:
    response = call(liaison).client.generic("POST", f"{API}/submissions/", body, "application/json")

    assert is_problem(response, 400, "invalid")


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_body_that_is_too_large_is_refused(
    call: Call, liaison: User, settings: Settings, key: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = call(liaison).post("submissions/", {"narrative": "长" * 1000}, key=key)

    assert is_problem(response, 413, "too_large")


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    call: Call, liaison: User, draft: Submission, settings: Settings, key: str
) -> None:
    settings.UPLOAD_MAX_BYTES = -1024 * 1024

    response = call(liaison).client.post(
        f"{API}/submissions/{draft.pk}/evidence/",
        {"name": "纪要"},
        headers={"If-Match": '"v1"'} | ({"Idempotency-Key": key} if key else {}),
    )

    assert is_problem(response, 413, "too_large")


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_form_without_a_boundary_is_refused(
    call: Call, liaison: User, draft: Submission, key: str
) -> None:
    response = call(liaison).client.generic(
        "POST",
        f"{API}/submissions/{draft.pk}/evidence/",
        "x",
        "multipart/form-data; boundary=",
        headers={"If-Match": '"v1"'} | ({"Idempotency-Key": key} if key else {}),
    )

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


QUERIES: list[tuple[str, dict[str, Any]]] = [
    ("departments/", {"kind": "bank"}),
    ("departments/", {"is_confirmed": "maybe"}),
    ("departments/", {"q": "\x00"}),
    ("plans/", {"q": "\x00"}),
    ("measures/", {"plan": "x"}),
    ("measures/", {"plan": 10**30}),
    ("measures/", {"edition": "\x00"}),
    ("measures/", {"number": "\x00"}),
    ("measures/", {"department": 0}),
    ("measures/", {"role": "boss"}),
    ("measures/", {"is_leaf": "1"}),
    ("assignments/", {"department": "x"}),
    ("assignments/", {"state": "red"}),
    ("assignments/", {"due_after": "soon"}),
    ("milestones/", {"state": "red"}),
    ("milestones/", {"due_before": "2017-02-30"}),
    ("milestones/", {"measure": "x"}),
    ("milestones/", {"part": "x"}),
    ("milestones/", {"q": "\x00"}),
    ("submissions/", {"status": "sent"}),
    ("submissions/", {"sent_after": "x"}),
    ("submissions/", {"milestone": "NaN"}),
    ("submissions/", {"milestone": "Infinity"}),
    *[
        ("milestones/", {"page_size": size})
        for size in ("0", "-1", "201", "x", "1e2", "²", "9" * 30)
    ],
    *[
        ("milestones/", {"cursor": cursor})
        for cursor in ("x", "a" * 5, "W10=", "\x00", "é", "Ww==")
    ],
    ("milestones/", {"depatment": "3"}),
]


@pytest.mark.parametrize(("path", "query"), QUERIES)
def test_a_question_that_makes_no_sense_is_refused_by_name(
    call: Call, liaison: User, path: str, query: dict[str, Any]
) -> None:
    response = call(liaison).get(path, **query)

    assert is_problem(response, 400, "invalid")
    assert list(response.json()["errors"]) == list(query)


@pytest.mark.parametrize(
    "values",
    [
        ["a"],
        ["a", "x", 1],
        ["a", "2017-01-01\x00", 1],
        ["c", "2017-01-01", 1],
        ["a", None, 1],
        ["a", [], 1],
        {"a": 1},
        ["a", "2017-01-01", "1" * 5000],
        7,
    ],
)
def test_a_forged_cursor_is_refused(call: Call, liaison: User, values: Any) -> None:
    from base64 import urlsafe_b64encode

    cursor = urlsafe_b64encode(json.dumps(values).encode()).decode()

    assert is_problem(call(liaison).get("milestones/", cursor=cursor), 400, "invalid")


@pytest.mark.parametrize("number", [str(10**30), "1" * 400, "-1", "1.5", "1e300"])
@pytest.mark.parametrize(
    ("path", "name"),
    [("submissions/", "milestone"), ("milestones/", "measure"), ("assignments/", "measure")],
)
def test_a_number_beyond_all_rows_finds_nothing(
    call: Call, liaison: User, draft: Submission, path: str, name: str, number: str
) -> None:
    response = call(liaison).get(path, **{name: number})

    assert response.status_code in {200, 400}
    assert response.status_code == 400 or response.json()["results"] == []


def test_an_error_of_ours_is_a_problem_that_tells_nothing(
    call: Call, liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(rows: SubmissionQuerySet, user: User) -> SubmissionQuerySet:
        raise DataError("the secret column")

    monkeypatch.setattr(SubmissionQuerySet, "visible_to", broken)
    caller = call(liaison)
    caller.client.raise_request_exception = False

    response = caller.get("submissions/")

    assert is_problem(response, 500, "server_error")
    assert "secret" not in response.content.decode()


def test_no_other_site_may_read_the_answers(call: Call, liaison: User) -> None:
    response = call(liaison).client.get(
        f"{API}/plans/", headers={"Origin": "https://elsewhere.example"}
    )

    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_no_cache_between_us_and_the_caller_keeps_an_answer(call: Call, liaison: User) -> None:
    for path in ("plans/", "plans/1/", "submissions/"):
        assert call(liaison).get(path)["Cache-Control"] == "private, no-cache"

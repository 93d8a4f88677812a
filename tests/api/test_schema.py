"""The OpenAPI document, and the page that shows it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts.choices import DepartmentKind
from accounts.models import User
from plans.choices import DeadlineKind, EditionStatus, ResponsibilityRole
from tests.api.conftest import API, Caller
from tracking.choices import (
    AssignmentStatus,
    Decision,
    MilestoneState,
    MilestoneStatus,
    SubmissionStatus,
    WorkStatus,
)

Call = Callable[[User | None], Caller]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def test_the_schema_is_valid_and_has_no_warnings() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


@pytest.mark.parametrize(
    "words",
    [
        DepartmentKind,
        EditionStatus,
        ResponsibilityRole,
        DeadlineKind,
        AssignmentStatus,
        MilestoneStatus,
        MilestoneState,
        SubmissionStatus,
        WorkStatus,
        Decision,
    ],
)
def test_every_word_stands_in_the_schema_with_its_chinese_label(
    schema: dict[str, Any], words: Any
) -> None:
    component = schema["components"]["schemas"][f"{words.__name__.removesuffix('Enum')}Enum"]

    assert component["enum"] == words.values
    for value, label in words.choices:
        assert f"* `{value}` - {label}" in component["description"]


def test_every_write_names_its_headers_and_refusals(schema: dict[str, Any]) -> None:
    accept = schema["paths"]["/api/v1/submissions/{id}/accept/"]["post"]
    create = schema["paths"]["/api/v1/submissions/"]["post"]

    assert {p["name"] for p in accept["parameters"]} == {"Idempotency-Key", "If-Match", "id"}
    assert {p["name"] for p in create["parameters"]} == {"Idempotency-Key"}
    assert {"200", "400", "401", "403", "404", "409", "412", "428"} <= set(accept["responses"])
    assert "application/problem+json" in accept["responses"]["412"]["content"]


def test_the_schema_is_served_to_who_is_signed_in(call: Call, liaison: User) -> None:
    response = call(liaison).client.get(f"{API}/schema/", headers={"Accept": "application/json"})

    assert response.json()["openapi"].startswith("3.1")


def test_the_page_of_the_schema_runs_no_inline_code(call: Call, liaison: User) -> None:
    page = call(liaison).get("docs/").content.decode()

    assert "swagger-ui-bundle.js" in page
    assert "<script>" not in page
    assert "<style" not in page
    script = call(liaison).get("docs/", script="")
    assert script["Content-Type"].startswith("application/javascript")


def test_a_stranger_is_sent_to_the_sign_in_page(db: None) -> None:
    response = Client().get(f"{API}/docs/")

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_an_operation_is_described_in_words_for_its_caller(schema: dict[str, Any]) -> None:
    listed = schema["paths"]["/api/v1/milestones/"]["get"]
    accepted = schema["paths"]["/api/v1/submissions/{id}/accept/"]["post"]

    assert listed["description"].startswith("Dated things that are owed")
    assert accepted["operationId"] == "submissions_accept"
    assert accepted["description"].startswith("Accept a report")

"""The exported outbox: whose rows, and cells that stay words."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts import clock
from accounts.models import User
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from tests.conftest import TODAY
from tests.factories import UserFactory


def put(person: User, number: int, **fields: object) -> None:
    now = clock.real_now()
    row = {"dedupe_key": f"test:{number}", "day": TODAY, "created_at": now, "next_at": now}
    Outbox.objects.create(recipient=person, **row | fields)


def exported(client: Client, query: str = "") -> list[tuple[object, ...]]:
    answer = client.get(f"/outbox.xlsx{query}")
    assert answer.status_code == 200
    return list(load_workbook(BytesIO(answer.content)).worksheets[0].values)


def test_hostile_words_stay_words(client: Client, coordinator: User, liaison: User) -> None:
    formula = '=HYPERLINK("http://example.org","请点")'
    put(liaison, 1, status=OutboxStatus.DEAD, subject=formula, reason="+1\x07", address="@SUM(A1)")
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    content = client.get("/outbox.xlsx").content
    sheet = load_workbook(BytesIO(content)).worksheets[0]

    assert sheet["G2"].value == formula
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}
    assert sheet["I2"].value == "+1"


def test_it_holds_the_chosen_state_of_the_own_district(
    client: Client, coordinator: User, liaison: User
) -> None:
    put(liaison, 1, status=OutboxStatus.DEAD, reason="550 无此用户")
    put(liaison, 2, status=OutboxStatus.SENT)
    put(UserFactory.create(), 3, status=OutboxStatus.DEAD)
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")

    assert len(exported(client)) == 3
    (_, row) = exported(client, "?status=dead")
    assert "550 无此用户" in row
    assert liaison.name in row


@pytest.mark.parametrize("who", ["liaison", "viewer"])
def test_only_who_runs_the_district_exports(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/outbox.xlsx").status_code == 403

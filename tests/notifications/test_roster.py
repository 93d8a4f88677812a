"""The pages of 联络员登记表: upload, check, confirm, slips."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertNumQueries

from accounts.models import Department, Membership, User
from accounts.roster import roster_workbook

URL = "/roster/"


def filled(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    """Fill the form the way a unit does."""
    book = load_workbook(BytesIO(roster_workbook(["区发改局"])))
    for row in rows:
        sheet = book["联络员登记表"]
        at = 2 + sum(bool(sheet.cell(n, 1).value) for n in range(2, 300))
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column, value)
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("联络员登记表.xlsx", out.getvalue())


def test_a_filled_form_is_shown_first_and_registered_when_confirmed(
    client: Client, bureau: Department, coordinator: User
) -> None:
    client.force_login(coordinator)

    shown = client.post(URL, {"file": filled((bureau.name, "钱××", "", "13900000000"))})
    page = shown.content.decode()
    assert "确认登记1人" in page
    assert not User.objects.filter(name="钱××").exists()
    kept = re.search(r'name="rows" value="([^"]+)"', page)
    assert kept
    sent = {"rows": kept[1], "request_key": "once"}
    slips = client.post(reverse("notifications:roster-confirm"), sent)
    again = client.post(reverse("notifications:roster-confirm"), sent, follow=True)

    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", slips.content.decode())
    assert bureau.name in slips.content.decode()
    assert "只显示一次" in again.content.decode()
    assert Membership.objects.filter(user__name="钱××", department=bureau).count() == 1


def test_a_bad_line_is_named_and_nothing_can_be_confirmed(
    client: Client, bureau: Department, coordinator: User
) -> None:
    client.force_login(coordinator)

    page = client.post(URL, {"file": filled(("区水务局", "钱××", "", "1"))}).content.decode()

    assert "单位名录里没有“区水务局”" in page
    assert "确认登记" not in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"PK\x03\x04", "不能上传"),
        ("a.xlsx", b"PK\x03\x04broken", "损坏"),
        ("a.xlsx", b"MZ", "不符"),
    ],
)
def test_a_hostile_file_is_refused_with_its_reason(
    client: Client, coordinator: User, name: str, content: bytes, words: str
) -> None:
    client.force_login(coordinator)

    answer = client.post(URL, {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_rows_that_were_not_checked_here_are_refused(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)

    answer = client.post(reverse("notifications:roster-confirm"), {"rows": "made up"})

    assert answer.status_code == 400
    assert "重新上传" in answer.content.decode()


def test_a_form_without_a_file_says_so(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)

    assert "请选择" in client.post(URL).content.decode()
    assert client.get(URL).status_code == 200
    assert client.get(reverse("notifications:roster-form")).status_code == 200


@pytest.mark.parametrize("who", ["liaison", "supervisor", "viewer"])
def test_the_pages_are_closed_to_everybody_else(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    for name in ("roster", "roster-form"):
        assert client.get(reverse(f"notifications:{name}")).status_code == 403


@pytest.mark.parametrize("many", [1, 12])
def test_the_check_costs_the_same_for_many_lines(
    client: Client, bureau: Department, coordinator: User, many: int
) -> None:
    client.force_login(coordinator)
    form = filled(*((bureau.name, f"钱{n}", "", f"1390000{n:04}") for n in range(many)))

    with assertNumQueries(11):
        client.post(URL, {"file": form})

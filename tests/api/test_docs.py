"""docs/api.md: every curl of the guide is run, in its order, against the application."""

import re
import shlex
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import clock
from accounts.models import Department, User
from accounts.tokens import create_token
from tests.conftest import TODAY
from tests.factories import MilestoneFactory, SheetFactory
from tracking.choices import MilestoneKind
from tracking.models import Milestone

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
SNIPPETS = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.S | re.M)


def curl(command: str, known: dict[str, str]) -> Any:
    """Do what curl would do, for the options that the guide uses."""
    name, *words = shlex.split(Template(command).substitute(known).replace("\\\n", " "))
    assert name == "curl"
    method, url, body, headers = "", "", "", {}
    form: dict[str, Any] = {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            header, _, value = words.pop(0).partition(": ")
            headers[header] = value
        elif word == "-d":
            body = words.pop(0)
        elif word == "-F":
            field, _, value = words.pop(0).partition("=")
            is_file = value.startswith("@")
            form[field] = SimpleUploadedFile(value[1:], b"%PDF-1.7") if is_file else value
        else:
            assert not word.startswith("-"), f"the test does not know curl's {word}"
            url = word
    client = Client(headers=headers)
    if form:
        return client.post(url, form)
    method = method or ("POST" if body else "GET")
    return client.generic(method, url, body, headers.get("Content-Type", "application/json"))


@pytest.fixture
def known(liaison: User, supervisor: User, milestone: Milestone) -> dict[str, str]:
    at = clock.real_now()
    secrets = [
        create_token(
            user=user, name="测试", expires_at=at + timedelta(days=1), by=None, at=at
        ).secret
        for user in (liaison, supervisor)
    ]
    return {
        "API": "/api/v1",
        "TOKEN": secrets[0],
        "REVIEWER": secrets[1],
        "MILESTONE": str(milestone.pk),
        "DISPATCH": str(milestone.assignment.dispatch_id),
    } | on_a_sheet(milestone)


def on_a_sheet(milestone: Milestone) -> dict[str, str]:
    """Put a yearly row of the unit on a sheet that is open."""
    row = MilestoneFactory.create(
        department=milestone.department, kind=MilestoneKind.CYCLE, deadline=None, period="2017"
    )
    sheet = SheetFactory.create(
        year__plan=row.plan, year__opens_on=TODAY, department=row.department
    )
    Milestone.objects.filter(pk=row.pk).update(sheet=sheet)
    return {"SHEET": str(sheet.pk), "ROW": str(row.pk)}


def test_the_guide_can_be_followed_from_top_to_bottom(
    known: dict[str, str], bureau: Department, milestone: Milestone
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=TODAY.replace(month=6, day=30))
    answers = []

    for snippet in SNIPPETS:
        response = curl(snippet, known)
        assert response.status_code in {200, 201}, (snippet, response.content.decode())
        answers.append(response.json())
        if response.status_code == 201:
            known["SUBMISSION"] = str(response.json()["id"])

    assert len(answers) == 19
    assert [row["id"] for row in answers[0]["results"]] == [late.pk]
    assert [one["status"] for one in answers if "work_status" in one][-1] == "accepted"
    assert answers[-4]["rows"][0]["status"] == 200
    assert answers[-2]["results"]
    milestone.refresh_from_db()
    assert milestone.status == "done"


def test_the_guide_names_only_refusals_that_exist() -> None:
    table = GUIDE.read_text(encoding="utf-8").rpartition("| status |")[2]
    root = GUIDE.parents[1]
    sources = [
        *root.glob("*/api/*.py"),
        root / "config/api.py",
        root / "config/scopes.py",
        root / "accounts/tokens.py",
        root / "accounts/bulk.py",
        root / "accounts/errors.py",
    ]
    sources += [root / "tracking/usecases/submissions.py", root / "tracking/usecases/reviews.py"]
    sources += [root / "tracking/completeness.py"]
    known = "".join(path.read_text(encoding="utf-8") for path in sources)
    from_drf = {"authentication_failed", "unsupported_media_type", "throttled"}

    codes = set(re.findall(r"`([a-z_]+)`", table)) - {"errors", "detail"} - from_drf

    assert len(codes) >= 12
    assert not {code for code in codes if f'"{code}"' not in known}

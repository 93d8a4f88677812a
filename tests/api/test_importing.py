"""From a document to signed papers, by the API alone; and a document parsed without a trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import Department, StoredFile, User
from plans.models import Edition, Measure
from plans.readers import entry
from plans.usecases import read_waiting
from tests.api.conftest import API, Caller
from tests.conftest import NOON
from tests.factories import DepartmentFactory, member
from tests.plans.conftest import answer_once
from tracking.models import Dispatch

Call = Callable[[User | None], Caller]
TEXT = (
    "利通区法治政府建设实施方案（2016—2020年）\n\n一、主要任务\n\n（一）依法全面履行政府职能\n\n"
    "1.公布权责清单。2018年12月底前，公布权责清单（区甲局牵头，区乙局配合）。\n\n"
    "2.编制规划。2019年6月底前，编制规划（区乙局牵头）。\n"
)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "ask_child", answer_once)


@pytest.fixture
def units(coordinator: User) -> list[Department]:
    district = coordinator.memberships.get().department.district
    return [DepartmentFactory.create(district=district, name=name) for name in ("区甲局", "区乙局")]


def test_a_document_goes_from_the_file_to_signed_papers(
    call: Call, coordinator: User, units: list[Department]
) -> None:
    caller = call(coordinator)
    job = caller.client.post(
        f"{API}/plans/", {"file": SimpleUploadedFile("方案.txt", TEXT.encode())}
    )
    assert (job.status_code, job.json()["status"]) == (202, "waiting")
    read_waiting(at=NOON)
    done = caller.client.get(job["Location"]).json()
    assert done["status"] == "done"

    edition = done["edition"]
    for doubt in caller.get("doubts/", edition=edition, is_open="true").json()["results"]:
        read = caller.get(f"doubts/{doubt['id']}/").json()
        settled = caller.post(f"doubts/{doubt['id']}/settle/", version=read["version"])
        assert settled.status_code == 200, settled.json()
    version = caller.get(f"editions/{edition}/").json()["version"]
    body = {"document_number": "利政办发〔2016〕8号", "issued_on": "2016-09-12"}
    issued = caller.post(f"editions/{edition}/issue/", body, version=version)

    assert (issued.status_code, issued.json()["status"]) == (200, "issued"), issued.json()
    papers = caller.get("dispatches/", edition=edition).json()["results"]
    assert [row["department"]["name"] for row in papers] == ["区乙局", "区甲局"]
    assert list(Measure.objects.leaves().values_list("code", flat=True)) == ["1", "2"]
    plan = caller.get("plans/").json()["results"][0]
    assert plan["code"] == "利政办发〔2016〕8号"

    liaison = member(units[0], Role.LIAISON)
    own = [row["id"] for row in papers if row["department"]["id"] == units[0].pk]
    signed = call(liaison).post("dispatches/acknowledge/", [{"dispatch": own[0]}])
    assert signed.json()["rows"][0]["row"]["acknowledged_by"] == liaison.name
    assert call(liaison).post(f"dispatches/{own[0]}/acknowledge/").status_code == 409
    assert Dispatch.objects.exclude(acknowledged_at=None).count() == 1


def test_a_document_is_parsed_and_nothing_of_it_is_kept(
    call: Call, liaison: User, outsider: User
) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = call(liaison).post("parse/", {"text": TEXT})

    body = response.json()
    assert (body["schema"], len(body["tasks"])) == ("plan-parse/1", 2)
    assert not StoredFile.objects.exists()
    assert not Edition.objects.exists()
    assert not [one for one in queries if "INSERT" in one["sql"] and "session" not in one["sql"]]


@pytest.mark.parametrize("body", [{}, {"text": "没有编号的一段话。"}, {"text": ""}])
def test_what_holds_no_plan_is_refused_with_a_sentence(
    call: Call, coordinator: User, body: dict[str, Any]
) -> None:
    response = call(coordinator).post("parse/", body)

    assert response.status_code == 400
    assert response.json()["detail"]


def test_only_a_coordinator_imports(call: Call, liaison: User, supervisor: User) -> None:
    for user in (liaison, supervisor):
        assert call(user).post("plans/", {"text": TEXT}).status_code == 403


def test_a_job_that_waits_can_be_cancelled_by_whoever_brought_it(
    call: Call, coordinator: User, supervisor: User
) -> None:
    job = call(coordinator).post("plans/", {"text": TEXT}).json()["id"]

    assert call(supervisor).get(f"jobs/{job}/").status_code == 404
    assert call(coordinator).post(f"jobs/{job}/cancel/").json()["status"] == "cancelled"
    assert call(coordinator).post(f"jobs/{job}/cancel/").status_code == 409

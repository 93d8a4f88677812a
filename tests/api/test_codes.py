"""Codes that stay, and the numbers by which other systems know our rows."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.bulk import RowsRefusedError
from accounts.errors import ConflictError
from accounts.models import Department, Event, ExternalId, User
from plans.models import Measure
from plans.usecases.codes import give_codes
from tests.api.conftest import Caller
from tests.factories import DepartmentFactory, EditionFactory, MeasureFactory, MilestoneFactory
from tracking.models import Milestone

Call = Callable[[User | None], Caller]


def named(thing: Any, value: str, kind: str = "department") -> dict[str, Any]:
    return {"kind": kind, "object": thing.pk, "source": "oa", "value": value}


def test_a_measure_keeps_its_first_number_in_every_edition(db: None) -> None:
    first = EditionFactory.create(document_number="利政办发〔2016〕1号")
    second = EditionFactory.create(plan=first.plan, number=2, status="draft")
    kept = MeasureFactory.create(edition=first, path="2", code="")
    moved = MeasureFactory.create(edition=second, path="3", code="", lineage=kept.lineage)
    inserted = MeasureFactory.create(edition=second, path="2", code="")

    give_codes(first)
    second.document_number = "利政办发〔2018〕9号"
    give_codes(second)

    codes = dict(Measure.objects.values_list("pk", "code"))
    assert (codes[kept.pk], codes[moved.pk], codes[inserted.pk]) == ("2", "2", "2~2")
    first.plan.refresh_from_db()
    assert first.plan.code == "利政办发〔2016〕1号"


def test_a_unit_keeps_its_code_when_it_is_renamed(call: Call, coordinator: User) -> None:
    unit = DepartmentFactory.create(district=coordinator.memberships.get().department.district)
    before = unit.code
    Department.objects.filter(pk=unit.pk).update(name="区新局")

    body = call(coordinator).get("departments/", code=before).json()["results"]

    assert [(row["name"], row["code"]) for row in body] == [("区新局", before)]
    assert body[0]["district"]["code"] == unit.district.code


def test_the_coordinator_gives_numbers_to_units_plans_and_measures(
    call: Call, coordinator: User, milestone: Milestone
) -> None:
    measure, unit = milestone.assignment.measure, milestone.department
    caller = call(coordinator)

    response = caller.post(
        "external-ids/",
        [
            named(unit, "D-7"),
            named(milestone.plan, "P-7", "plan"),
            named(measure, "M-7", "measure"),
        ],
    )

    assert [row["status"] for row in response.json()["rows"]] == [200, 200, 200]
    for resource, number, pk in (
        ("departments", "D-7", unit.pk),
        ("plans", "P-7", milestone.plan.pk),
        ("measures", "M-7", measure.pk),
    ):
        found = caller.get(f"{resource}/", external_id=f"oa:{number}").json()["results"]
        assert [row["id"] for row in found] == [pk]
        assert found[0]["external_ids"] == [{"source": "oa", "value": number}]
        assert caller.get(f"{resource}/", external_id="crm:D-7").json()["results"] == []


def test_a_number_given_again_stays_and_one_of_another_unit_is_refused(
    call: Call, coordinator: User, bureau: Department
) -> None:
    other = DepartmentFactory.create(district=bureau.district)
    caller = call(coordinator)
    caller.post("external-ids/", [named(bureau, "7")])

    again = caller.post("external-ids/", [named(bureau, "7")])
    taken = caller.post("external-ids/", [named(other, "8"), named(other, "7")])

    assert again.status_code == 200
    assert taken.status_code == 409
    assert [(row["status"], row.get("code")) for row in taken.json()["rows"]] == [
        (424, None),
        (409, "external_id_taken"),
    ]
    assert ExternalId.objects.count() == 1


def test_partial_keeps_the_rows_that_hold(
    call: Call, coordinator: User, bureau: Department
) -> None:
    rows = [named(bureau, "7"), {"kind": "unit"}, named(bureau, "8") | {"object": 999_999}]

    response = call(coordinator).post("external-ids/?partial=1", rows, key="list-1")
    again = call(coordinator).post("external-ids/?partial=1", rows, key="list-1")

    for answer in (response, again):
        assert answer.status_code == 207
        assert [row["status"] for row in answer.json()["rows"]] == [200, 400, 404]
    assert response.json()["rows"][1]["errors"]["kind"]
    assert ExternalId.objects.get().value == "7"


@pytest.mark.parametrize("rows", [[], {"kind": "plan"}, [{}] * 101])
def test_a_list_has_between_one_and_a_hundred_rows(
    call: Call, coordinator: User, rows: Any
) -> None:
    assert call(coordinator).send("POST", "external-ids/", rows or []).status_code == 400


def test_only_a_coordinator_gives_and_drops_numbers(
    call: Call, coordinator: User, liaison: User, supervisor: User, bureau: Department
) -> None:
    call(coordinator).post("external-ids/", [named(bureau, "7")])
    row = ExternalId.objects.get()

    for user in (liaison, supervisor):
        response = call(user).post("external-ids/", [named(bureau, "8")])
        assert response.json()["rows"][0]["code"] == "forbidden"
        assert call(user).send("DELETE", f"external-ids/{row.pk}/").status_code == 403
    assert Event.objects.filter(result="denied").count() == 4

    assert call(coordinator).send("DELETE", f"external-ids/{row.pk}/").status_code == 204
    assert not ExternalId.objects.exists()


def test_refused_rows_say_whether_a_right_was_lacking() -> None:
    assert not RowsRefusedError({0: ConflictError()}).lacks_right


def test_the_work_on_a_measure_is_found_by_its_code(
    call: Call, liaison: User, bureau: Department
) -> None:
    milestone = MilestoneFactory.create(department=bureau)
    MilestoneFactory.create(department=bureau)
    code = milestone.assignment.measure.code

    for resource, pk in (("milestones", milestone.pk), ("assignments", milestone.assignment_id)):
        rows = call(liaison).get(f"{resource}/", code=code).json()["results"]
        assert [row["id"] for row in rows] == [pk]
        assert rows[0]["measure"]["code"] == code

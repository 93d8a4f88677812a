"""Who reads what, on every resource."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Department, User
from plans.models import Recurrence, Responsibility
from tests.api.conftest import Caller
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    EditionFactory,
    MeasureFactory,
    MilestoneFactory,
    RecurrenceFactory,
    SubmissionFactory,
)
from tracking.models import Milestone, Submission

Call = Callable[[User | None], Caller]
People = dict[str, User | None]
EVERYBODY_OF_THE_DISTRICT = {
    "liaison": 200,
    "other_liaison": 200,
    "supervisor": 200,
    "coordinator": 200,
    "viewer": 200,
    "outsider": 404,
    "anonymous": 401,
}
OWNERS_AND_OVERSEERS = EVERYBODY_OF_THE_DISTRICT | {"other_liaison": 404}
OWNERS_ONLY = OWNERS_AND_OVERSEERS | {"supervisor": 404, "coordinator": 404, "viewer": 404}


def ids(response: Any) -> list[int]:
    return [row["id"] for row in response.json()["results"]]


def answers(call: Call, people: People, resource: str, pk: int) -> dict[str, int]:
    """Ask as everybody; a row in the list and the row itself must agree."""
    found = {}
    for who, user in people.items():
        one, many = call(user).get(f"{resource}/{pk}/"), call(user).get(f"{resource}/")
        if many.status_code == 200:
            assert (pk in ids(many)) == (one.status_code == 200), (who, resource)
        found[who] = one.status_code
    return found


def test_units_are_read_by_everybody_of_the_district(
    call: Call, people: People, bureau: Department
) -> None:
    assert answers(call, people, "departments", bureau.pk) == EVERYBODY_OF_THE_DISTRICT


def test_an_issued_plan_and_its_measures_are_read_by_everybody_of_the_district(
    call: Call, people: People, milestone: Milestone
) -> None:
    measure = milestone.assignment.measure

    assert answers(call, people, "plans", milestone.plan_id) == EVERYBODY_OF_THE_DISTRICT
    assert answers(call, people, "measures", measure.pk) == EVERYBODY_OF_THE_DISTRICT


def test_a_draft_plan_is_read_by_coordinators_only(
    call: Call, people: People, bureau: Department
) -> None:
    edition = EditionFactory.create(draft=True, plan__district=bureau.district)
    measure = MeasureFactory.create(edition=edition)
    coordinators_only = OWNERS_ONLY | {"liaison": 404, "coordinator": 200}

    assert answers(call, people, "plans", edition.plan_id) == coordinators_only
    assert answers(call, people, "measures", measure.pk) == coordinators_only


def test_a_draft_edition_of_an_issued_plan_is_not_listed_to_others(
    call: Call, liaison: User, coordinator: User, milestone: Milestone
) -> None:
    EditionFactory.create(draft=True, plan=milestone.plan, number=2)

    for user, count in ((liaison, 1), (coordinator, 2)):
        plan = call(user).get(f"plans/{milestone.plan_id}/").json()
        assert len(plan["editions"]) == count


def test_work_is_read_by_its_unit_and_by_overseers(
    call: Call, people: People, milestone: Milestone
) -> None:
    assert answers(call, people, "assignments", milestone.assignment_id) == OWNERS_AND_OVERSEERS
    assert answers(call, people, "milestones", milestone.pk) == OWNERS_AND_OVERSEERS


def test_a_report_in_the_house_is_read_there_only(
    call: Call, people: People, draft: Submission
) -> None:
    assert answers(call, people, "submissions", draft.pk) == OWNERS_ONLY


def test_a_report_that_was_sent_is_read_by_overseers_too(
    call: Call, people: People, waiting: Submission
) -> None:
    assert answers(call, people, "submissions", waiting.pk) == OWNERS_AND_OVERSEERS


def test_a_unit_that_reports_through_another_sees_the_date_but_not_the_report(
    call: Call, other_liaison: User, waiting: Submission
) -> None:
    assignment = waiting.milestone.assignment
    AssignmentFactory.create(
        measure=assignment.measure,
        department=other_liaison.memberships.get().department,
        reports_through=assignment,
    )
    caller = call(other_liaison)

    milestone = caller.get(f"milestones/{waiting.milestone_id}/")

    assert milestone.json()["co_departments"] == [other_liaison.memberships.get().department.name]
    assert caller.get(f"submissions/{waiting.pk}/").status_code == 404


def test_a_measure_comes_with_all_that_was_read_from_it(
    call: Call, liaison: User, milestone: Milestone, bureau: Department
) -> None:
    measure = milestone.assignment.measure
    measure.number, measure.sub_number = "1", "5"
    measure.save()
    Responsibility.objects.create(
        measure=measure,
        ordinal=1,
        name="区发改局",
        canonical=bureau.name,
        role="lead",
        sort="department",
        department=bureau,
        start=20,
        end=24,
    )
    Recurrence.objects.create(
        measure=measure, ordinal=1, text="每年", frequency="yearly", times=1, start=3, end=5
    )

    body = call(liaison).get(f"measures/{measure.pk}/").json()

    assert body["reference"] == "第1项（5）"
    assert body["source_url"].endswith(f"/plans/{measure.edition_id}/text/#c2")
    assert body["deadlines"][0]["due_on"] == "2017-12-31"
    assert body["deadlines"][0]["source_url"].endswith("#c8")
    assert body["responsibilities"][0]["department"] == {"id": bureau.pk, "name": bureau.name}
    assert (body["responsibilities"][0]["start"], body["recurrences"][0]["times"]) == (20, 1)
    assert body["metrics"] == []


def test_a_milestone_says_how_it_stands_today(
    call: Call, liaison: User, bureau: Department
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=TODAY.replace(month=6, day=30))
    sent = MilestoneFactory.create(department=bureau, due_on=TODAY.replace(day=19))
    SubmissionFactory.create(milestone=sent, waiting=True)

    body = call(liaison).get(f"milestones/{late.pk}/").json()
    waiting = call(liaison).get(f"milestones/{sent.pk}/").json()

    assert (body["state"], body["days_overdue"]) == ("overdue_unreported", 143)
    assert (waiting["state"], waiting["days_overdue"]) == ("waiting", 0)
    assert waiting["last_sent_on"] == "2016-09-12"
    assert body["source_url"].endswith(f"#c{late.deadline.start}")


def test_a_measure_with_two_dates_marks_them_as_printed(
    call: Call, liaison: User, milestone: Milestone
) -> None:
    milestone.mark = "②"
    milestone.save()

    body = call(liaison).get(f"milestones/{milestone.pk}/").json()

    assert body["reference"] == f"{milestone.assignment.measure.reference}②"


def test_versioned_rows_carry_their_version_as_etag(
    call: Call, liaison: User, draft: Submission
) -> None:
    milestone = draft.milestone
    for path in (
        f"submissions/{draft.pk}/",
        f"milestones/{milestone.pk}/",
        f"assignments/{milestone.assignment_id}/",
    ):
        response = call(liaison).get(path)
        assert response["ETag"].startswith(f'"v{response.json()["version"]}.')


def test_a_report_names_the_steps_open_to_the_person_who_asks(
    call: Call, liaison: User, supervisor: User, viewer: User, waiting: Submission
) -> None:
    def steps(user: User) -> Any:
        return call(user).get(f"submissions/{waiting.pk}/").json()["steps"]

    assert steps(liaison) == ["take_back"]
    assert steps(supervisor) == ["accept", "return"]
    assert steps(viewer) == []


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"state": "overdue"}, True),
        ({"state": "overdue_unreported"}, True),
        ({"state": "done"}, False),
        ({"due_before": "2017-06-30"}, True),
        ({"due_after": "2017-07-01"}, False),
        ({"q": "公布清单"}, True),
        ({"q": "没有的词"}, False),
    ],
)
def test_milestones_are_narrowed_like_on_the_page(
    call: Call, liaison: User, bureau: Department, query: dict[str, str], is_found: bool
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=TODAY.replace(month=6, day=30))

    assert ids(call(liaison).get("milestones/", **query)) == ([late.pk] if is_found else [])


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"status": "submitted"}, True),
        ({"status": "accepted"}, False),
        ({"sent_after": "2016-09-12"}, True),
        ({"sent_before": "2016-09-11"}, False),
        ({"q": "权责清单"}, True),
    ],
)
def test_reports_are_narrowed(
    call: Call, supervisor: User, waiting: Submission, query: dict[str, str], is_found: bool
) -> None:
    found = ids(call(supervisor).get("submissions/", **query))

    assert found == ([waiting.pk] if is_found else [])


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"is_leaf": "true"}, True),
        ({"is_leaf": "false"}, False),
        ({"is_dated": "true"}, True),
        ({"is_dated": "false"}, False),
        ({"role": "lead"}, True),
        ({"role": "support"}, False),
    ],
)
def test_measures_are_narrowed(
    call: Call,
    liaison: User,
    milestone: Milestone,
    bureau: Department,
    query: dict[str, str],
    is_found: bool,
) -> None:
    measure = milestone.assignment.measure
    Responsibility.objects.create(
        measure=measure,
        ordinal=1,
        name=bureau.name,
        canonical=bureau.name,
        role="lead",
        sort="department",
        department=bureau,
        start=0,
        end=1,
    )

    for more in ({}, {"department": str(bureau.pk)}):
        found = ids(call(liaison).get("measures/", **query | more))
        assert found == ([measure.pk] if is_found else [])


def test_units_are_found_by_any_of_their_names(
    call: Call, liaison: User, bureau: Department
) -> None:
    bureau.names.create(district=bureau.district, name="物价局", kind="former")

    assert ids(call(liaison).get("departments/", q="物价")) == [bureau.pk]
    assert ids(call(liaison).get("departments/", kind="court")) == []


def test_a_milestone_reads_the_same_in_a_list_and_alone(
    call: Call, supervisor: User, bureau: Department
) -> None:
    rows = [
        MilestoneFactory.create(department=bureau, due_on=TODAY.replace(month=6, day=30)),
        MilestoneFactory.create(department=bureau, done=True, mark="②"),
        MilestoneFactory.create(department=bureau, kind="cycle", deadline=None, period="2017"),
        MilestoneFactory.create(
            department=bureau,
            kind="occurrence",
            deadline=None,
            period="2017",
            recurrence=RecurrenceFactory.create(),
            assignment__measure__part=None,
            assignment__measure__sub_number="5",
        ),
        MilestoneFactory.create(
            department=bureau,
            kind="occurrence",
            deadline=None,
            period="2017Q3",
            recurrence=RecurrenceFactory.create(),
        ),
    ]
    SubmissionFactory.create(milestone=rows[0], waiting=True)
    through = rows[0].assignment
    AssignmentFactory.create(measure=through.measure, reports_through=through)
    caller = call(supervisor)

    for query in ({}, {"as_of": "2017-11-01"}):
        listed = caller.get("milestones/", **query).json()["results"]
        assert {row["id"] for row in listed} == {row.pk for row in rows}
        for row in listed:
            assert caller.get(f"milestones/{row['id']}/", **query).json() == row

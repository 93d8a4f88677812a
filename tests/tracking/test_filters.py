"""Filters of milestones and assignments."""

from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.models import Department, User
from plans.choices import ResponsibilityRole
from tests.conftest import TODAY
from tests.factories import AssignmentFactory, MilestoneFactory, SubmissionFactory
from tracking.filters import AssignmentFilterSet, MilestoneFilterSet
from tracking.models import Assignment, Milestone


@pytest.fixture(autouse=True)
def demonstration_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


def milestones(user: User, query: str) -> list[Milestone]:
    request = RequestFactory().get("/")
    request.user = user
    rows = Milestone.objects.with_state(today=TODAY, soon_until=date(2017, 12, 31))
    found = MilestoneFilterSet(QueryDict(query), rows.in_order(), request=request)
    assert found.form.is_valid(), found.form.errors
    return list(found.qs)


def assignments(user: User, query: str) -> list[Assignment]:
    request = RequestFactory().get("/")
    request.user = user
    rows = Assignment.objects.order_by("id")
    found = AssignmentFilterSet(QueryDict(query), rows, request=request)
    assert found.form.is_valid(), found.form.errors
    return list(found.qs)


def test_milestones_are_found_by_their_state_of_today(
    coordinator: User, bureau: Department
) -> None:
    late = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30))
    unfinished = MilestoneFactory.create(department=bureau, due_on=date(2017, 7, 31))
    SubmissionFactory.create(milestone=unfinished, accepted=True)
    near = MilestoneFactory.create(department=bureau, due_on=date(2017, 12, 31))

    MilestoneFactory.create(department=bureau, done=True)

    assert milestones(coordinator, "state=open") == [late, unfinished, near]
    assert milestones(coordinator, "state=overdue") == [late, unfinished]
    assert milestones(coordinator, "state=overdue_unreported") == [late]
    assert milestones(coordinator, "state=soon") == [near]


def test_a_department_alone_finds_what_it_reports_and_a_role_what_it_takes_part_in(
    coordinator: User, bureau: Department
) -> None:
    own = MilestoneFactory.create(department=bureau)
    joint = MilestoneFactory.create(department__district=bureau.district)
    AssignmentFactory.create(
        measure=joint.assignment.measure,
        department=bureau,
        role=ResponsibilityRole.SUPPORT,
        reports_through=joint.assignment,
    )

    assert milestones(coordinator, f"department={bureau.pk}") == [own]
    assert milestones(coordinator, f"department={bureau.pk}&role=support") == [joint]
    assert milestones(coordinator, f"department={bureau.pk}&role=lead") == [own]


def test_milestones_are_found_by_days_words_and_part(coordinator: User, bureau: Department) -> None:
    first = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30), what="建立平台")
    second = MilestoneFactory.create(department=bureau, due_on=date(2018, 6, 30))
    part = second.assignment.measure.part
    assert part is not None

    assert milestones(coordinator, "due_before=2017-06-30") == [first]
    assert milestones(coordinator, "due_after=2018-06-30") == [second]
    assert milestones(coordinator, "q=平台") == [first]
    assert milestones(coordinator, f"part={part.pk}") == [second]


def test_an_assignment_is_judged_by_the_milestones_it_reports_through(
    coordinator: User, bureau: Department
) -> None:
    led = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30)).assignment
    follower = AssignmentFactory.create(
        measure=led.measure,
        department__district=bureau.district,
        role=ResponsibilityRole.SUPPORT,
        reports_through=led,
    )
    undated = AssignmentFactory.create(department=bureau)

    assert assignments(coordinator, "state=overdue") == [led, follower]
    assert assignments(coordinator, "due_before=2017-06-30") == [led, follower]
    assert assignments(coordinator, "due_after=2017-07-01") == []
    assert assignments(coordinator, "state=undated") == [undated]
    assert assignments(coordinator, "role=support") == [follower]


def test_a_stranger_cannot_filter_by_a_department_of_another_district(
    outsider: User, bureau: Department
) -> None:
    request = RequestFactory().get("/")
    request.user = outsider
    rows = Milestone.objects.with_state(today=TODAY, soon_until=TODAY)

    found = MilestoneFilterSet(QueryDict(f"department={bureau.pk}"), rows, request=request)

    assert not found.form.is_valid()

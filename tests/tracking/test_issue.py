"""交办: what an issue makes, and what it refuses."""

from datetime import date

import pytest

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from accounts.models import Department, Event, User
from plans.choices import ResponsibilityRole, Severity
from plans.models import Doubt, Edition
from tests.factories import (
    DeadlineFactory,
    DepartmentFactory,
    MeasureFactory,
    member,
)
from tests.tracking.issuing import LEAD, SHARE, SUPPORT, hand_out, name
from tracking.models import Assignment, Dispatch, Milestone
from tracking.selectors.distribution import Choice


def test_each_department_gets_one_dispatch_and_its_assignments(
    draft: Edition, coordinator: User, bureau: Department, other: Department
) -> None:
    first, second = MeasureFactory.create_batch(2, edition=draft)
    name(first, bureau, LEAD)
    name(first, other, SUPPORT)
    name(second, bureau, LEAD)

    hand_out(draft, coordinator)

    counts = {row.department: row.assignments.count() for row in Dispatch.objects.all()}
    assert counts == {bureau: 2, other: 1}


def test_of_several_leads_the_first_reports_and_the_others_report_through_it(
    draft: Edition, coordinator: User, bureau: Department, other: Department
) -> None:
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    name(measure, other, LEAD)
    DeadlineFactory.create(measure=measure)

    hand_out(draft, coordinator)

    reporting, following = Assignment.objects.order_by("id")
    assert (reporting.department, reporting.reports_through) == (bureau, None)
    assert (following.department, following.reports_through) == (other, reporting)
    assert Milestone.objects.counted().get().department == bureau


def test_the_coordinator_can_choose_who_reports(
    draft: Edition, coordinator: User, bureau: Department, other: Department
) -> None:
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    name(measure, other, LEAD)
    DeadlineFactory.create(measure=measure)

    hand_out(draft, coordinator, choices={measure.pk: Choice(reporter=other.pk)})

    assert Milestone.objects.counted().get().department == other


def test_two_dates_of_one_measure_are_marked_in_circles(
    draft: Edition, coordinator: User, bureau: Department
) -> None:
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    DeadlineFactory.create(measure=measure, due_on=date(2016, 12, 31))
    DeadlineFactory.create(measure=measure, due_on=date(2017, 12, 31))

    hand_out(draft, coordinator)

    assert [(row.mark, row.due_on.year) for row in Milestone.objects.counted().in_order()] == [
        ("①", 2016),
        ("②", 2017),
    ]


def test_a_single_date_bears_no_mark(draft: Edition, coordinator: User, bureau: Department) -> None:
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    DeadlineFactory.create(measure=measure)

    hand_out(draft, coordinator)

    assert Milestone.objects.counted().get().mark == ""


@pytest.mark.parametrize("role", [SHARE, SUPPORT])
def test_a_measure_without_a_lead_is_not_handed_out(
    draft: Edition, coordinator: User, bureau: Department, role: ResponsibilityRole
) -> None:
    name(MeasureFactory.create(edition=draft), bureau, role)

    hand_out(draft, coordinator)

    assert not Assignment.objects.exists()


def test_a_collective_name_alone_is_not_handed_out(draft: Edition, coordinator: User) -> None:
    name(MeasureFactory.create(edition=draft), None, LEAD)

    hand_out(draft, coordinator)

    assert not Dispatch.objects.exists()


def test_an_open_error_stops_the_issue(
    draft: Edition, coordinator: User, bureau: Department
) -> None:
    name(MeasureFactory.create(edition=draft), bureau, LEAD)
    Doubt.objects.create(
        edition=draft,
        ordinal=0,
        code="no_lead",
        severity=Severity.ERROR,
        message="×",
        start=0,
        end=1,
    )

    with pytest.raises(ConflictError, match="还有1处必须处理"):
        hand_out(draft, coordinator)

    assert not Dispatch.objects.exists()


def test_a_check_does_not_stop_the_issue(
    draft: Edition, coordinator: User, bureau: Department
) -> None:
    name(MeasureFactory.create(edition=draft), bureau, LEAD)
    Doubt.objects.create(
        edition=draft, ordinal=0, code="x", severity=Severity.CHECK, message="×", start=0, end=1
    )

    hand_out(draft, coordinator)

    assert Dispatch.objects.count() == 1


def test_an_edition_that_was_changed_meanwhile_is_not_issued(
    draft: Edition, coordinator: User
) -> None:
    with pytest.raises(StaleError):
        hand_out(draft, coordinator, expected_version=draft.version - 1)


def test_an_edition_is_issued_once(draft: Edition, coordinator: User) -> None:
    issued = hand_out(draft, coordinator)

    with pytest.raises(ConflictError, match="已经交办过"):
        hand_out(issued, coordinator)


def test_a_text_without_a_number_is_not_issued(draft: Edition, coordinator: User) -> None:
    with pytest.raises(InvalidError, match="发文字号"):
        hand_out(draft, coordinator, document_number="  ")


@pytest.mark.parametrize("role", [Role.LIAISON, Role.SUPERVISOR, Role.VIEWER, Role.SYSTEM_ADMIN])
def test_only_a_coordinator_issues(draft: Edition, bureau: Department, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        hand_out(draft, member(bureau, role))


def test_a_coordinator_of_another_district_does_not_issue(draft: Edition) -> None:
    stranger = member(DepartmentFactory.create(), Role.COORDINATOR)

    with pytest.raises(ForbiddenError):
        hand_out(draft, stranger)


def test_every_dispatch_leaves_an_event(
    draft: Edition, coordinator: User, bureau: Department, other: Department
) -> None:
    measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    name(measure, other, SUPPORT)

    hand_out(draft, coordinator)

    assert Event.objects.about(draft).filter(action="issue").count() == 3

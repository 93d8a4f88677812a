"""A reorganisation among units that answer for common duties, each for itself and on a sheet."""

from datetime import date

import pytest

from accounts.errors import ConflictError
from accounts.models import Department, User
from plans.choices import ResponsibilityRole as R
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    SubmissionFactory,
)
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Milestone, ReportingYear, Sheet
from tracking.selectors.handover import handover_of
from tracking.usecases import reorganise


class CommonDuty:
    """A measure for which a lead sums up what two bureaus answer on their sheets of 2017."""

    def __init__(self, bureau: Department) -> None:
        self.lead = MilestoneFactory.create(
            department=DepartmentFactory.create(district=bureau.district)
        )
        self.heir = DepartmentFactory.create(district=bureau.district)
        self.year = ReportingYear.objects.create(
            plan=self.lead.plan,
            year=2017,
            opens_on=date(2017, 12, 11),
            closes_on=date(2017, 12, 22),
            reports_on=date(2018, 2, 28),
            draft_on=date(2018, 3, 9),
            sent_on=date(2018, 3, 30),
        )
        self.own = self.answer(bureau)

    def answer(self, unit: Department) -> Milestone:
        assignment = AssignmentFactory.create(
            measure=self.lead.assignment.measure,
            department=unit,
            role=R.SHARE,
            gathered_by=self.lead.assignment,
        )
        sheet, _ = Sheet.objects.get_or_create(year=self.year, department=unit)
        return MilestoneFactory.create(
            assignment=assignment,
            deadline=self.lead.deadline,
            gathered_by=self.lead,
            sheet=sheet,
        )


@pytest.fixture
def duty(bureau: Department) -> CommonDuty:
    return CommonDuty(bureau)


def carry_out(bureau: Department, heir: Department, by: User) -> None:
    reorganise(
        department_id=bureau.pk,
        main_id=heir.pk,
        choices={},
        effective_on=TODAY,
        basis="利党发〔2019〕1号",
        by=by,
        at=NOON,
        now=NOON,
        today=TODAY,
    )


def test_a_row_of_a_sheet_goes_to_the_sheet_of_the_unit_that_goes_on(
    bureau: Department, duty: CommonDuty, coordinator: User, supervisor: User
) -> None:
    carry_out(bureau, duty.heir, coordinator)

    duty.own.refresh_from_db()
    assert duty.own.sheet is not None
    assert duty.own.sheet.department == duty.own.department == duty.heir
    assert duty.own.assignment.gathered_by == duty.lead.assignment
    assert duty.own.gathered_by == duty.lead


def test_a_common_duty_that_both_answered_for_is_answered_once(
    bureau: Department, duty: CommonDuty, coordinator: User, supervisor: User
) -> None:
    theirs = duty.answer(duty.heir)

    carry_out(bureau, duty.heir, coordinator)

    duty.own.refresh_from_db()
    theirs.refresh_from_db()
    assert (duty.own.status, theirs.status) == (MilestoneStatus.CANCELLED, MilestoneStatus.OPEN)
    live = Assignment.objects.live().filter(department=duty.heir)
    assert [row.pk for row in live] == [theirs.assignment_id]


def test_a_report_that_is_being_looked_at_is_decided_first(
    bureau: Department, duty: CommonDuty, coordinator: User, supervisor: User
) -> None:
    duty.answer(duty.heir)
    SubmissionFactory.create(
        milestone=duty.own, status=SubmissionStatus.SUBMITTED, submitted_at=NOON
    )

    with pytest.raises(ConflictError, match="请先审核"):
        carry_out(bureau, duty.heir, coordinator)

    bureau.refresh_from_db()
    assert bureau.ended_on is None


def test_the_unit_that_sums_up_hands_the_sum_over(
    bureau: Department, duty: CommonDuty, coordinator: User, supervisor: User
) -> None:
    lead = duty.lead.department

    carry_out(lead, duty.heir, coordinator)

    duty.own.refresh_from_db()
    duty.own.assignment.refresh_from_db()
    gatherer = duty.own.assignment.gathered_by
    assert gatherer is not None
    assert gatherer.department == duty.heir
    assert duty.own.gathered_by == duty.lead


def test_the_unit_that_sums_up_and_one_that_answered_become_one(
    bureau: Department, duty: CommonDuty, coordinator: User, supervisor: User
) -> None:
    carry_out(bureau, duty.lead.department, coordinator)

    duty.own.refresh_from_db()
    duty.lead.refresh_from_db()
    assert duty.own.status == MilestoneStatus.CANCELLED
    assert (duty.lead.status, duty.lead.gathered_by) == (MilestoneStatus.OPEN, None)


def test_the_handover_names_a_sheet_once_and_not_its_rows(
    bureau: Department, duty: CommonDuty
) -> None:
    handover = handover_of(bureau, today=TODAY)

    assert [(sheet.year.year, rows) for sheet, rows in handover.sheets] == [(2017, 1)]
    assert handover.rows == []
    assert [task.pk for task in handover.undated] == [duty.own.assignment_id]

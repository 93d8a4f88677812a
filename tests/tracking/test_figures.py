"""The figures of a small story, on 2017-11-20."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.calendar import WorkCalendar
from accounts.models import Department, User
from plans.models import Plan
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    MeasureFactory,
    MilestoneFactory,
    SubmissionFactory,
)
from tracking.choices import Decision, MilestoneStatus, SubmissionStatus
from tracking.models import Milestone, Review
from tracking.selectors.figures import PlanFigures, load_nodes

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_YEAR, YEAR_END, LATER = date(2016, 12, 31), date(2017, 12, 31), date(2018, 12, 31)


@pytest.fixture
def plan(bureau: Department) -> Plan:
    """The plan that the milestones of this story belong to."""
    return MilestoneFactory.create(department=bureau, status=MilestoneStatus.CANCELLED).plan


def owe(plan: Plan, due_on: date, **given: object) -> Milestone:
    measure = MeasureFactory.create(edition=plan.editions.get())
    department = plan.milestone_set.earliest("id").department
    milestone: Milestone = MilestoneFactory.create(
        assignment=AssignmentFactory.create(department=department, measure=measure),
        due_on=due_on,
        **given,
    )
    return milestone


def report(milestone: Milestone, status: SubmissionStatus, sent_on: date) -> None:
    SubmissionFactory.create(
        milestone=milestone,
        status=status,
        submitted_at=datetime.combine(sent_on, datetime.min.time(), tzinfo=SHANGHAI),
    )


def figures_of(plan: Plan) -> PlanFigures:
    nodes = load_nodes([plan], today=TODAY, calendar=WorkCalendar.load())
    return PlanFigures(TODAY, tuple(nodes[plan.pk]))


@pytest.fixture
def told(plan: Plan) -> PlanFigures:
    """Two done in time, one done early, one waiting, one overdue, three ahead."""
    owe(plan, LAST_YEAR, done=True)
    owe(plan, LAST_YEAR, done=True)
    owe(plan, YEAR_END, done=True, completed_on=date(2017, 10, 20))
    extended = owe(plan, date(2017, 11, 30), original_due_on=LAST_YEAR)
    report(extended, SubmissionStatus.SUBMITTED, date(2017, 11, 14))
    owe(plan, date(2017, 6, 30))
    report(owe(plan, YEAR_END), SubmissionStatus.ACCEPTED, date(2017, 8, 31))
    owe(plan, YEAR_END)
    owe(plan, LATER)
    return figures_of(plan)


def test_the_states_add_up_to_the_total(told: PlanFigures) -> None:
    by_state = (
        told.done,
        len(told.waiting),
        len(told.overdue),
        told.open_this_year,
        told.open_later,
    )

    assert by_state == (3, 1, 1, 2, 1)
    assert sum(by_state) == told.total == 8


def test_the_plans_own_dates_add_up_to_the_total(told: PlanFigures) -> None:
    by_date = (len(told.due_so_far), told.year_end.total, told.after_year_end)

    assert by_date == (4, 3, 1)
    assert sum(by_date) == told.total


def test_what_was_due_so_far_is_done_overdue_waiting_or_postponed(told: PlanFigures) -> None:
    parts = (told.done_of_due, told.overdue_of_due, told.waiting_of_due, told.postponed)

    assert parts == (2, 1, 1, 0)
    assert sum(parts) == len(told.due_so_far)


def test_the_rate_is_of_what_was_due_and_leaves_out_what_was_done_early(told: PlanFigures) -> None:
    assert told.percent == 50
    assert told.done_early == 1


def test_the_year_end_tells_progress_from_silence(told: PlanFigures) -> None:
    end = told.year_end

    assert (end.done, end.waiting, len(end.reported), len(end.silent)) == (1, 0, 1, 1)


def test_the_months_add_up_to_the_total(told: PlanFigures) -> None:
    months = [(month.first_day, month.total) for month in told.months]

    assert months == [
        (date(2016, 12, 1), 3),
        (date(2017, 6, 1), 1),
        (date(2017, 12, 1), 3),
        (date(2018, 12, 1), 1),
    ]


def test_a_cancelled_milestone_counts_nowhere(plan: Plan) -> None:
    assert figures_of(plan).total == 0


def test_nothing_due_has_no_rate(plan: Plan) -> None:
    owe(plan, LATER)

    assert figures_of(plan).percent is None


def test_an_open_milestone_that_was_extended_is_postponed_not_overdue(plan: Plan) -> None:
    owe(plan, LATER, original_due_on=LAST_YEAR)

    figures = figures_of(plan)

    assert (figures.postponed, figures.overdue, figures.open_later) == (1, [], 1)


def test_what_is_due_today_is_due_and_not_overdue(plan: Plan) -> None:
    owe(plan, TODAY)

    figures = figures_of(plan)

    assert (len(figures.due_so_far), figures.overdue, figures.postponed) == (1, [], 1)


def test_a_late_report_that_is_being_mended_is_overdue_and_says_so(
    plan: Plan, supervisor: User
) -> None:
    milestone = owe(plan, date(2017, 10, 31))
    report(milestone, SubmissionStatus.RETURNED, date(2017, 11, 9))
    Review.objects.create(
        submission=milestone.submissions.get(),
        by=supervisor,
        at=NOON,
        decision=Decision.RETURNED,
        note="缺文号",
        redo_by=date(2017, 11, 24),
    )

    node = figures_of(plan).overdue[0]

    assert (node.word, node.days) == ("退回补正中", 20)


def test_a_co_lead_is_named_and_not_counted_twice(plan: Plan, bureau: Department) -> None:
    milestone = owe(plan, YEAR_END)
    other = DepartmentFactory.create(district=bureau.district, name="区市场监管局")
    AssignmentFactory.create(
        department=other,
        measure=milestone.assignment.measure,
        reports_through=milestone.assignment,
    )

    figures = figures_of(plan)

    assert figures.total == 1
    assert figures.nodes[0].units == f"{bureau}、区市场监管局"
    assert figures.of([other.pk]).total == 1

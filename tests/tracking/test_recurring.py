"""What recurs by half year, quarter or month: made at the issue, kept going, missed and ended."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Department, User
from plans.choices import Frequency
from plans.models import Edition, Measure
from tests.factories import DeadlineFactory, MeasureFactory, RecurrenceFactory
from tests.tracking.issuing import ISSUED_ON, LEAD, hand_out, name
from tracking.choices import AssignmentStatus, MilestoneKind, MilestoneStatus
from tracking.models import Assignment, Milestone
from tracking.selectors.preview import preview_issue
from tracking.usecases import make_periods


@pytest.fixture
def measure(draft: Edition, bureau: Department) -> Measure:
    draft.period_end = 2020
    draft.save()
    measure: Measure = MeasureFactory.create(edition=draft)
    name(measure, bureau, LEAD)
    return measure


def recur(measure: Measure, frequency: Frequency, **given: object) -> None:
    RecurrenceFactory.create(measure=measure, frequency=frequency, what="通报情况", **given)


def made() -> list[tuple[str, date]]:
    rows = Milestone.objects.filter(kind=MilestoneKind.OCCURRENCE)
    return list(rows.order_by("due_on", "id").values_list("period", "due_on"))


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def sweep(today: date) -> int:
    return make_periods(at=morning(today), today=today)


def issue(draft: Edition, by: User, on: date = ISSUED_ON, **given: object) -> None:
    hand_out(draft, by, at=morning(on), **({"issued_on": on} | given))


def test_a_quarterly_duty_is_owed_for_each_quarter_of_a_year_ahead(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)

    issue(draft, coordinator)

    assert made() == [
        ("2016Q4", date(2016, 12, 31)),
        ("2017Q1", date(2017, 3, 31)),
        ("2017Q2", date(2017, 6, 30)),
        ("2017Q3", date(2017, 9, 30)),
    ]
    first = Milestone.objects.get(period="2016Q4")
    assert first.report_by == date(2016, 12, 30)
    assert first.what == "通报情况"
    assert first.reference == f"{measure.reference}（2016年第四季度）"
    assert first.sheet is None


def test_once_a_quarter_says_no_more_than_every_quarter(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY, times=1)

    issue(draft, coordinator)

    assert len(made()) == 4
    assert {row.times_asked for row in Milestone.objects.all()} == {0}


def test_a_half_yearly_duty_is_owed_for_each_half_year(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.HALF_YEARLY)

    issue(draft, coordinator)

    assert made() == [
        ("2016H2", date(2016, 12, 31)),
        ("2017H1", date(2017, 6, 30)),
        ("2017H2", date(2017, 12, 31)),
    ]


def test_the_day_that_the_text_sets_in_the_month_wins(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.MONTHLY, due_in_period="10")

    issue(draft, coordinator)

    assert made()[0] == ("2016-10", date(2016, 10, 10))
    assert len(made()) == 12


def test_nobody_is_asked_for_a_period_that_is_more_than_half_gone(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.MONTHLY)

    issue(draft, coordinator, date(2016, 9, 20))

    assert made()[0] == ("2016-10", date(2016, 10, 31))


def test_nobody_is_asked_for_what_had_passed_before_an_old_text_was_handed_out(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)

    issue(draft, coordinator, issued_on=date(2015, 3, 2))

    assert made()[0][0] == "2016Q4"


def test_nothing_is_owed_after_the_end_of_the_plan(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    Edition.objects.filter(pk=draft.pk).update(period_end=2016)
    recur(measure, Frequency.QUARTERLY)

    issue(draft, coordinator)
    sweep(date(2016, 12, 1))

    assert [period for period, _ in made()] == ["2016Q4"]


def test_a_duty_with_a_count_is_a_yearly_row_that_asks_how_often(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY, times=2)

    issue(draft, coordinator)

    row = Milestone.objects.get(period="2017")
    assert row.sheet is not None
    assert row.times_asked == 8
    assert not [period for period, _ in made() if len(period) > 4]


def test_a_weekly_duty_makes_no_periods_and_is_named_in_the_preview(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.WEEKLY)

    preview = preview_issue(draft, today=ISSUED_ON)
    issue(draft, coordinator)

    assert [found for found, _ in preview.too_often] == [measure]
    assert not made()
    assert Milestone.objects.filter(kind=MilestoneKind.CYCLE).exists()


def test_the_yearly_sheet_does_not_ask_again_for_what_is_reported_by_period(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)

    issue(draft, coordinator)

    assert not Milestone.objects.exclude(sheet=None).exists()


def test_the_preview_counts_periods_on_their_days(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)
    DeadlineFactory.create(measure=measure, due_on=date(2016, 12, 31))

    preview = preview_issue(draft, today=ISSUED_ON)
    issue(draft, coordinator)

    days = {day.due_on: day.count for day in preview.days}
    assert days[date(2016, 12, 31)] == 2
    assert days[date(2017, 3, 31)] == 1
    assert preview.milestones == Milestone.objects.counted().count() == 5
    assert preview.units[0].milestones == 5


def test_the_clock_makes_what_comes_within_a_year_once(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)
    issue(draft, coordinator)

    assert sweep(date(2016, 9, 30)) == 0
    assert sweep(date(2016, 10, 1)) == 1
    assert sweep(date(2016, 10, 1)) == 0

    new = Milestone.objects.get(period="2017Q4")
    assert (new.due_on, new.report_by) == (date(2017, 12, 31), date(2017, 12, 29))
    assert new.what == "通报情况"


def test_what_was_missed_stays_and_is_overdue(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.MONTHLY)
    issue(draft, coordinator)

    sweep(date(2016, 12, 5))

    overdue = Milestone.objects.overdue(today=date(2016, 12, 5))
    assert list(overdue.values_list("period", flat=True)) == ["2016-09", "2016-10", "2016-11"]


def test_a_long_silence_of_the_clock_asks_for_nothing_that_has_passed(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)
    issue(draft, coordinator)

    sweep(date(2018, 8, 20))

    periods = [period for period, _ in made()]
    assert periods[-5:] == ["2018Q3", "2018Q4", "2019Q1", "2019Q2", "2019Q3"]
    assert "2018Q1" not in periods


@pytest.mark.parametrize("status", [AssignmentStatus.TERMINATED, AssignmentStatus.SUSPENDED])
def test_what_rests_or_has_ended_does_not_go_on(
    draft: Edition, measure: Measure, coordinator: User, status: str
) -> None:
    recur(measure, Frequency.QUARTERLY)
    issue(draft, coordinator)
    Assignment.objects.update(status=status)

    assert sweep(date(2017, 1, 10)) == 0


def test_a_period_is_counted_and_its_day_is_a_day_of_its_own(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    recur(measure, Frequency.QUARTERLY)

    issue(draft, coordinator)

    row = Milestone.objects.counted().in_order().first()
    assert row is not None
    assert row.is_dated
    assert row.status == MilestoneStatus.OPEN

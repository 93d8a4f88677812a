"""Working days: the State Council's swaps, plain weekends for a year that is not filled in."""

from datetime import date

from accounts.calendar import WorkCalendar, published_days


def calendar_of(*years: int) -> WorkCalendar:
    return WorkCalendar({d.date: d.is_workday for y in years for d in published_days(y)})


def test_the_last_working_day_before_new_year_2018_is_the_friday() -> None:
    calendar = calendar_of(2017, 2018)

    assert calendar.last_on_or_before(date(2017, 12, 31)) == date(2017, 12, 29)


def test_the_thirtieth_working_day_before_the_end_of_2017_is_20_november() -> None:
    calendar = calendar_of(2017, 2018)

    assert calendar.before(date(2017, 12, 31), 30) == date(2017, 11, 20)
    assert calendar.before(date(2017, 12, 31), 1) == date(2017, 12, 29)


def test_what_is_near_and_what_is_counted_back_agree() -> None:
    calendar = calendar_of(2017, 2018)

    last_near = calendar.after(date(2017, 11, 20), 30)

    assert calendar.before(last_near, 30) == date(2017, 11, 20)


def test_a_swapped_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    calendar = calendar_of(2017)

    assert calendar.is_working(date(2017, 9, 30))
    assert not calendar.is_working(date(2017, 10, 2))


def test_a_year_without_a_notice_counts_plain_weekends_and_says_so() -> None:
    calendar = WorkCalendar({})

    assert calendar.is_working(date(2031, 10, 1))
    assert not calendar.is_known(2031)
    assert calendar_of(2017).is_known(2017)
    assert published_days(2090) == []


def test_working_days_between_two_days() -> None:
    calendar = calendar_of(2017)

    assert calendar.between(date(2017, 11, 14), date(2017, 11, 20)) == 4
    assert calendar.between(date(2017, 11, 20), date(2017, 11, 14)) == 0

"""Half years, quarters and months: keys, days and words."""

from datetime import date

import pytest

from plans.choices import Frequency
from tracking.periods import due_day, is_half_gone, is_period_of, period_words, periods_in


@pytest.mark.parametrize(
    ("frequency", "keys"),
    [
        (Frequency.HALF_YEARLY, ["2017H1", "2017H2"]),
        (Frequency.QUARTERLY, ["2017Q1", "2017Q2", "2017Q3", "2017Q4"]),
        (Frequency.MONTHLY, [f"2017-{month:02}" for month in range(1, 13)]),
        (Frequency.YEARLY, []),
        (Frequency.WEEKLY, []),
    ],
)
def test_a_year_has_the_periods_of_a_frequency(frequency: str, keys: list[str]) -> None:
    assert list(periods_in(frequency, 2017)) == keys
    assert all(is_period_of(frequency, key) for key in keys)
    assert not is_period_of(frequency, "2017")


@pytest.mark.parametrize(
    ("period", "within", "day"),
    [
        ("2017Q3", "", date(2017, 9, 30)),
        ("2017Q3", "end", date(2017, 9, 30)),
        ("2017H1", "", date(2017, 6, 30)),
        ("2016-02", "", date(2016, 2, 29)),
        ("2017-05", "10", date(2017, 5, 10)),
        ("2017-02", "30", date(2017, 2, 28)),
        ("2017Q3", "first-05", date(2017, 7, 5)),
        ("2017Q3", "last-25", date(2017, 9, 25)),
        ("2017Q4", "next-10", date(2018, 1, 10)),
        ("2017-05", "next-05", date(2017, 6, 5)),
    ],
)
def test_a_period_is_due_on_its_last_day_unless_the_text_sets_one(
    period: str, within: str, day: date
) -> None:
    assert due_day(period, within) == day


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2017Q3", "2017年第三季度"),
        ("2017-05", "2017年5月"),
        ("2017-12", "2017年12月"),
        ("2017H1", "2017年上半年"),
        ("2017H2", "2017年下半年"),
        ("2017", "2017年度"),
    ],
)
def test_a_period_is_said_as_people_say_it(period: str, words: str) -> None:
    assert period_words(period) == words


def test_a_quarter_is_half_gone_after_its_middle() -> None:
    assert not is_half_gone("2016Q3", date(2016, 8, 15))
    assert is_half_gone("2016Q3", date(2016, 8, 17))

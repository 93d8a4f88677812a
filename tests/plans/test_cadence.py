"""How often a duty recurs, as papers say it."""

import pytest

from plans.cadence import cadence_words


@pytest.mark.parametrize(
    ("frequency", "within", "words"),
    [
        ("quarterly", "", "每季度末前"),
        ("quarterly", "end", "每季度末前"),
        ("quarterly", "first-05", "每季度首月5日前"),
        ("quarterly", "next-10", "每季度的次月10日前"),
        ("half-yearly", "last-25", "每半年末月25日前"),
        ("monthly", "", "每月底前"),
        ("monthly", "10", "每月10日前"),
        ("yearly", "Q1", "每年第一季度"),
        ("yearly", "H2", "每年下半年"),
        ("yearly", "12", "每年12月"),
        ("yearly", "03-01", "每年3月1日"),
        ("yearly", "", "每年"),
        ("weekly", "", "每周"),
    ],
)
def test_a_cadence_is_said_with_its_day(frequency: str, within: str, words: str) -> None:
    assert cadence_words(frequency, within) == words

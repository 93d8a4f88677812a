"""Half years, quarters and months: their keys (2017H1, 2017Q3, 2017-05), days and words."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from plans.choices import Frequency

MONTHS = {Frequency.HALF_YEARLY: 6, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}
"""How many months a period has, by how often a duty recurs; other duties have no periods."""
WITHIN = re.compile(r"(?:(?P<month>first|last|next)-)?(?P<day>\d\d)")
HALVES, QUARTERS = "上下", "一二三四"


def is_part_of_year(period: str) -> bool:
    """Say whether a key names a half year, a quarter or a month, not a whole year."""
    return len(period) > len("2017")


def year_of(period: str) -> int:
    """Return the year in which a period lies."""
    return int(period[:4])


def periods_in(frequency: str, year: int) -> Iterator[str]:
    """Yield the keys of a year's periods in order; none where the frequency has no periods."""
    match frequency:
        case Frequency.HALF_YEARLY:
            yield from (f"{year}H{half}" for half in (1, 2))
        case Frequency.QUARTERLY:
            yield from (f"{year}Q{quarter}" for quarter in range(1, 5))
        case Frequency.MONTHLY:
            yield from (f"{year}-{month:02}" for month in range(1, 13))


def is_period_of(frequency: str, period: str) -> bool:
    """Say whether a key names a period of this frequency."""
    return is_part_of_year(period) and period in periods_in(frequency, year_of(period))


def first_day(period: str) -> date:
    """Return the day on which a period begins."""
    return date(year_of(period), _months(period)[0], 1)


def last_day(period: str) -> date:
    """Return the day on which a period ends."""
    return _day_of(year_of(period), _months(period)[-1], 31)


def is_half_gone(period: str, day: date) -> bool:
    """Say whether the day is past the middle of a period."""
    first, last = first_day(period), last_day(period)
    return day - first > (last - first) / 2


def due_day(period: str, within: str) -> date:
    """Return the day by which a duty of the period is due: its last, unless the text sets a day.

    ``within`` is the plan's due_in_period: first-05, last-25 and next-10 name the first and the
    last month of the period and the one after it; a day alone is one of the last month.
    """
    found = WITHIN.fullmatch(within)
    if found is None:
        return last_day(period)
    year, months, day = year_of(period), _months(period), int(found["day"])
    match found["month"]:
        case "first":
            return _day_of(year, months[0], day)
        case "next":
            after = last_day(period) + timedelta(days=1)
            return _day_of(after.year, after.month, day)
        case _:
            return _day_of(year, months[-1], day)


def period_words(period: str) -> str:
    """Return a period as people say it: 2017年第三季度, 2017年5月, 2017年上半年, 2017年度."""
    year, part = year_of(period), period[4:]
    match part[:1]:
        case "H":
            return f"{year}年{HALVES[int(part[1:]) - 1]}半年"
        case "Q":
            return f"{year}年第{QUARTERS[int(part[1:]) - 1]}季度"
        case "-":
            return f"{year}年{int(part[1:])}月"
    return f"{year}年度"


def which_of(period: str, mark: str) -> str:
    """Return which of a measure's dated things a milestone is: ②, or （2017年5月）; a year says
    nothing."""
    return f"（{period_words(period)}）" if is_part_of_year(period) else mark


def _months(period: str) -> range:
    """Return the months of the year that a period has."""
    part = period[4:]
    match part[:1]:
        case "H":
            first = int(part[1:]) * 6 - 5
            return range(first, first + 6)
        case "Q":
            first = int(part[1:]) * 3 - 2
            return range(first, first + 3)
        case "-":
            return range(int(part[1:]), int(part[1:]) + 1)
    return range(1, 13)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))

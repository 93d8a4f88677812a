"""Working days from our own table; a year that is not in it counts plain weekends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from accounts.models import CalendarDay

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The exceptions to Monday-to-Friday and the years for which they are known."""

    exceptions: dict[date, bool]

    @classmethod
    def load(cls) -> "WorkCalendar":
        """Read the table: one query, some thirty rows a year."""
        return cls(dict(CalendarDay.objects.values_list("date", "is_workday")))

    def is_working(self, day: date) -> bool:
        """Say whether offices are open on the day."""
        return self.exceptions.get(day, day.weekday() < 5)

    def is_known(self, year: int) -> bool:
        """Say whether the holidays of the year have been filled in."""
        return date(year, 10, 1) in self.exceptions

    def unknown_near(self, today: date) -> list[int]:
        """Return which of this year and the next has not been filled in."""
        return [year for year in (today.year, today.year + 1) if not self.is_known(year)]

    def last_on_or_before(self, day: date) -> date:
        """Return the day itself or the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def before(self, day: date, count: int) -> date:
        """Return the count-th working day strictly before the day: the 1st before a Monday is a
        Friday."""
        while count:
            day -= ONE_DAY
            count -= self.is_working(day)
        return day

    def after(self, day: date, count: int) -> date:
        """Return the count-th working day strictly after the day."""
        while count:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count working days after the start up to and including the end; 0 when end <= start."""
        days = (end - start).days
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, days + 1))


def unknown_years(days: Iterable[date | None]) -> list[int]:
    """Return the years of these days whose holidays have not been filled in: one query."""
    marks = {date(day.year, 10, 1) for day in days if day}
    known = CalendarDay.objects.filter(date__in=marks).values_list("date", flat=True)
    return sorted(day.year for day in marks.difference(known))


def published_days(year: int) -> list[CalendarDay]:
    """Return the days of the State Council's notice for a year; [] while it is not out.

    The library guesses statutory days for years without a notice; it knows the swapped working
    weekends only for real ones, which every year so far has had.
    """
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    swapped = {day for day in china.weekend_workdays if day.year == year}
    if not swapped:
        return []
    source = "国务院办公厅节假日安排"
    off = [
        CalendarDay(date=day, is_workday=False, name=name[:60], source=source)
        for day, name in sorted(china.items())
    ]
    on = [
        CalendarDay(date=day, is_workday=True, name="调休上班", source=source)
        for day in sorted(swapped)
    ]
    return [*off, *on]

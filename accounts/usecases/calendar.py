"""Keeping the working-day calendar: from the library, from a pasted notice, day by day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.authorize import authorize
from accounts.calendar import published_days
from accounts.errors import InvalidError
from accounts.events import record
from accounts.holiday_notice import read_notice
from accounts.models import CalendarDay, District, User
from accounts.usecase import usecase

BY_HAND = "人工"
NEAREST_YEAR, FARTHEST_YEAR = 2000, 2100


@usecase
def fill_calendar(*, from_year: int, to_year: int, by: User | None, at: datetime) -> dict[int, int]:
    """Fill in the published holidays of the years; return the days of each year, 0 if unpublished.

    Days that a person entered (来源 人工) are never overwritten.
    """
    if by is not None:
        authorize(by, "accounts.manage_register")
    if from_year > to_year:
        raise InvalidError("起始年不能晚于终止年。")
    by_hand = set(CalendarDay.objects.filter(source=BY_HAND).values_list("date", flat=True))
    counts: dict[int, int] = {}
    days: list[CalendarDay] = []
    for year in range(from_year, to_year + 1):
        published = published_days(year)
        counts[year] = len(published)
        days += (day for day in published if day.date not in by_hand)
    _put(days)
    _record("fill_calendar", {"years": [from_year, to_year]}, by=by, at=at)
    return counts


@usecase
def enter_notice(*, year: int, text: str, by: User, at: datetime) -> int:
    """Take over the days of a pasted notice as entered by hand; return how many there were."""
    authorize(by, "accounts.manage_register")
    notice = read_notice(text, year)
    if notice.problems:
        raise InvalidError("".join(notice.problems))
    _put(
        CalendarDay(date=day.date, is_workday=day.is_workday, name=day.name, source=BY_HAND)
        for day in notice.days
    )
    _record("enter_notice", {"year": year, "count": len(notice.days)}, by=by, at=at)
    return len(notice.days)


@usecase
def set_calendar_day(
    *, day: date, is_workday: bool | None, name: str, by: User, at: datetime
) -> None:
    """Let a day be worked or off by hand; for None it is again what its weekday says."""
    authorize(by, "accounts.manage_register")
    if not NEAREST_YEAR <= day.year <= FARTHEST_YEAR:
        raise InvalidError(f"日期请填{NEAREST_YEAR}年至{FARTHEST_YEAR}年之间的。", code="bad_day")
    before = CalendarDay.objects.filter(date=day).first()
    if is_workday is None:
        if before is None:
            raise InvalidError("这一天本来就按星期计算。", code="bad_day")
        before.delete()
    else:
        _put([CalendarDay(date=day, is_workday=is_workday, name=name.strip(), source=BY_HAND)])
    data = {"day": day.isoformat(), "is_workday": is_workday}
    _record("set_calendar_day", data, by=by, at=at)


def _put(days: Any) -> None:
    CalendarDay.objects.bulk_create(
        days,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source"],
    )


def _record(action: str, data: Mapping[str, Any], *, by: User | None, at: datetime) -> None:
    """Note it in every district: all of them count by the one calendar."""
    for district in District.objects.order_by("id"):
        record(district, action, by=by, at=at, district=district, data=data)

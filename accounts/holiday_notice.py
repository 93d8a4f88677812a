"""Reads 节假日安排的通知: which days are off and which weekends are worked, out of pasted text."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

FESTIVAL = re.compile(r"(元旦|春节|清明节|劳动节|端午节|国庆节|中秋节)[^:。]{0,12}:")
DAY = (
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?P<said>\([^)]*\))?"
    r"(?:(?:至|到|—|~|-)(?:(?P<to_year>\d{4})年)?(?:(?P<to_month>\d{1,2})月)?(?P<to_day>\d{1,2})日"
    r"(?:\([^)]*\))?)?"
)
DAYS = re.compile(DAY)
MORE = re.compile(r"、(?P<day>\d{1,2})日(?P<said>\([^)]*\))?")
CLAUSE = re.compile(r"[。;,\n]")
WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
OFF = re.compile(r"放假|休息|补休|调休")
WORKED = "上班"
LONGEST = 10_000
MOST_DAYS_TOGETHER = 15


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of the notice that is not what its weekday says."""

    date: date
    is_workday: bool
    name: str


@dataclass(slots=True)
class Notice:
    """What was read, by date, and what speaks against taking it over."""

    days: list[NoticeDay] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_notice(text: str, year: int) -> Notice:
    """Read the days of a year's notice; a weekday that does not fit its date, a date that does not
    exist and a missing 国庆节 are problems."""
    notice = Notice()
    found: dict[date, NoticeDay] = {}
    festival = ""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace(" ", "")
    for clause in CLAUSE.split(plain):
        if named := FESTIVAL.search(clause):
            festival = named[1]
        is_worked = WORKED in clause
        if not is_worked and not OFF.search(clause):
            continue
        for day in _days(clause, year, notice.problems):
            found[day] = NoticeDay(day, is_worked, "调休上班" if is_worked else festival)
    notice.days = [found[day] for day in sorted(found)]
    national = found.get(date(year, 10, 1))
    if national is None or national.is_workday:
        notice.problems.append(
            f"没有读到{year}年国庆节（10月1日）的放假安排，请粘贴{year}年通知的全文。"
        )
    return notice


def _days(clause: str, year: int, problems: list[str]) -> list[date]:
    days: list[date] = []
    for match in DAYS.finditer(clause):
        try:
            first = date(int(match["year"] or year), int(match["month"]), int(match["day"]))
            last = first
            if match["to_day"]:
                month = int(match["to_month"] or match["month"])
                last = date(int(match["to_year"] or first.year), month, int(match["to_day"]))
        except ValueError:
            problems.append(f"没有这一天：{match[0]}。")
            continue
        _check_weekday(first, match["said"], problems)
        if not 0 <= (last - first).days <= MOST_DAYS_TOGETHER:
            problems.append(f"起止日期不对：{match[0]}。")
            continue
        days += [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days += _more(clause, match.end(), first, problems)
    return days


def _more(clause: str, start: int, before: date, problems: list[str]) -> list[date]:
    """Read the days after a 、 that leave their month out."""
    days = []
    while match := MORE.match(clause, start):
        start = match.end()
        try:
            day = before.replace(day=int(match["day"]))
        except ValueError:
            problems.append(f"没有这一天：{before.month}月{match['day']}日。")
            continue
        _check_weekday(day, match["said"], problems)
        days.append(day)
    return days


def _check_weekday(day: date, said: str | None, problems: list[str]) -> None:
    named = WEEKDAY.search(said or "")
    if named and WEEKDAYS.index(named[1].replace("天", "日")) != day.weekday():
        problems.append(
            f"{day.year}年{day.month}月{day.day}日是星期{WEEKDAYS[day.weekday()]}，"
            f"通知写的是{named[0]}，请核对年份。"
        )

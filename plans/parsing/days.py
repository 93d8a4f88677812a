"""The day that a date means: its year, its last month and day, and how sure that is."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from plans.parsing.lexicon.time import YEAR_WORDS
from plans.parsing.numbers import whole
from plans.parsing.plan import DeadlineKind, Precision


@dataclass(frozen=True, slots=True)
class YearContext:
    """What the document says about years: the first it plans for, and the one it was issued in."""

    first: int | None
    only: int | None


class Day(NamedTuple):
    """The last day that a date means, and whether it is vague or no day of the calendar."""

    due: date | None
    precision: Precision
    is_vague: bool
    is_impossible: bool


class FoundDeadline(NamedTuple):
    """A deadline in a view; `year_from` says where a year that is not written was taken from."""

    start: int
    end: int
    kind: DeadlineKind
    due: date | None
    precision: Precision | None
    what_start: int
    what_end: int
    year_from: str | None = None
    is_vague: bool = False
    is_impossible: bool = False
    unsure: str = ""


def found_day(start: int, end: int, day: Day, year_from: str | None = None) -> FoundDeadline:
    """Return a deadline that is a day."""
    vague, impossible = day.is_vague, day.is_impossible
    return FoundDeadline(
        start, end, "date", day.due, day.precision, end, end, year_from, vague, impossible
    )


def last_day(year: int | None, month: int, day: int) -> date | None:
    """Return a day, the last of its month where none is given; null if there is no such day."""
    if year is None or not 1 <= year <= 9999 or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def written_year(digits: str) -> int | None:
    """Return the year that is written in full, or with its last two digits."""
    year = whole(digits)
    return year + 2000 if year is not None and year < 100 else year


def year_of(
    match: "re.Match[str]", last: int | None, context: YearContext
) -> tuple[int | None, str | None]:
    """Return the year of a date, and where it was taken from if it is not written."""
    if match["year"]:
        is_short = len(match["year"]) == 2
        return written_year(match["year"]), "short" if is_short else None
    if match["year_word"]:
        if context.only is None:
            return None, "none"
        return context.only + YEAR_WORDS[match["year_word"]], "issue"
    if last is not None:
        return last, "before"
    return (None, "none") if context.only is None else (context.only, "issue")


def day_of(match: "re.Match[str]", year: int | None) -> Day:
    """Return the last day that a date means."""
    month, precision, is_vague = _month(match)
    day = 0
    if match["month"]:
        edge = match["edge"] or ""
        if match["day"]:
            day, precision = whole(match["day"]) or 0, "day"
        elif edge in DAYS_OF_EDGES:
            day, is_vague = DAYS_OF_EDGES[edge], "初" in edge
        else:
            is_vague = not edge and bool(match["before"])
    due = last_day(year, month, day)
    return Day(due, precision, is_vague, year is not None and due is None)


DAYS_OF_EDGES = {"初": 10, "月初": 10, "上旬": 10, "中旬": 20}


def _month(match: "re.Match[str]") -> tuple[int, Precision, bool]:
    """Return the last month that a date means, how precise that is, and whether it is vague."""
    if match["month"]:
        return whole(match["month"]) or 12, "month", False
    if match["quarter"]:
        return 3 * (whole(match["quarter"]) or 4), "quarter", False
    if match["half"]:
        return (6 if match["half"] == "上" else 12), "half-year", False
    if match["year_mid"]:
        return 6, "half-year", True
    if match["year_start"]:
        return 3, "quarter", True
    reached = match.string[max(0, match.start() - 1) : match.start()] in ("到", "至")
    return 12, "year", not (match["year_end"] or match["edge"] or reached)

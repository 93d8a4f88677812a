"""Deadlines: the last day that is meant, and the clause it binds."""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from plans.parsing.clauses import (
    Places,
    Stretches,
    quoted,
    sentence_end,
    sentence_start,
)
from plans.parsing.lexicon.time import (
    BARE_PART,
    CLAUSE_START,
    DATE,
    DATE_START,
    DONE_ONLY,
    FIVE_YEAR_ENDS,
    FIVE_YEARS,
    ISSUE,
    MAY_DATE,
    MONTH_RANGE,
    NEVER_DUE_AFTER,
    NOT_DUE_AFTER,
    NOT_DUE_BEFORE,
    ONGOING,
    PLAIN_DAY,
    PLAIN_YEAR,
    RELATIVE,
    TITLE_YEAR,
    VERB_OF_ARRIVAL,
    WITHIN_YEARS,
    YEAR_RANGE,
    YEAR_WORDS,
)
from plans.parsing.numbers import whole
from plans.parsing.plan import DeadlineKind, Precision

OPENS_TERM = CLAUSE_START | frozenset("用在于")
STARTS = ("启动", "开始", "起")


@dataclass(frozen=True, slots=True)
class YearContext:
    """What the document says about years: the first it plans for, and the one it was issued in."""

    first: int | None
    only: int | None


@dataclass(frozen=True, slots=True)
class FoundDeadline:
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


@dataclass(frozen=True, slots=True)
class _Day:
    due: date | None
    precision: Precision
    is_vague: bool
    is_impossible: bool


def find_deadlines(
    text: str, context: YearContext, labelled: Iterable[tuple[int, int]], stops: Iterable[int]
) -> list[FoundDeadline]:
    """Return the deadlines of a leaf in order.

    In `labelled` stretches (完成时限:…) every date counts. `stops` are where brackets begin: a
    clause ends there.
    """
    labels = sorted(labelled)
    found: list[FoundDeadline] = []
    if MAY_DATE.search(text):
        found = [*_dates(text, context, Places(iter(labels))), *_terms(text, labels)]
    if "内" in text or "时间" in text:
        found += _relative(text)
    taken = sorted(d.start for d in found)
    for start, end in labels:
        if bisect_left(taken, start) == bisect_left(taken, end):
            found += _ongoing(text, start, end)
    found.sort(key=lambda d: d.start)
    return list(_bind(text, found, labels, sorted(stops)))


def _dates(text: str, context: YearContext, labels: Places) -> Iterator[FoundDeadline]:
    titles = quoted(text)
    at, last_year = 0, None
    while start := DATE_START.search(text, at):
        begin = start.start()
        at = begin + 1
        is_labelled = labels.hold(begin)
        if titles.hold(begin):
            continue
        ranged = _range(text, begin, last_year, context) if is_labelled else None
        if ranged:
            at, last_year = ranged.end, ranged.due.year if ranged.due else last_year
            yield ranged
            continue
        match = DATE.match(text, begin)
        if match is None or match.end() == begin:
            continue
        at = max(at, match.end())
        if text.startswith(STARTS, match.end()):
            continue
        if not (is_labelled or _is_due(text, match, context)):
            continue
        year, year_from = _year(match, last_year, context)
        last_year = year if year_from is None else last_year
        if begin and text[begin - 1] in "到至":
            begin -= 1
        day = _day(match, year)
        if is_labelled and day.precision == "year":
            day = replace(day, is_vague=False)
        yield _found(begin, match.end(), day, year_from)


def _range(text: str, start: int, last: int | None, context: YearContext) -> FoundDeadline | None:
    """Return the end of a stretch of time that a label gives: 2021—2023年, 2022年3月至12月."""
    if years := YEAR_RANGE.match(text, start):
        end = _Day(date(int(years[2]), 12, 31), "year", False, False)
        return _found(start, years.end(), end)
    months = MONTH_RANGE.match(text, start)
    if months is None:
        return None
    first = TITLE_YEAR.match(text, start)
    written = months["year"] or (first and first[1])
    year = int(written) if written else last or context.only
    due = _last_day(year, int(months["month"] or 12), int(months["day"] or 0))
    told = None if written else "before" if last else "issue" if year else "none"
    precision: Precision = "day" if months["day"] else "month"
    return _found(start, months.end(), _Day(due, precision, False, bool(year) and not due), told)


def _last_day(year: int | None, month: int, day: int) -> date | None:
    """Return a day, the last of its month where none is given; null if there is no such day."""
    if year is None or not 1 <= year <= 9999 or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def _terms(text: str, labels: list[tuple[int, int]]) -> Iterator[FoundDeadline]:
    """Yield ends of five-year plans, and in labels days in plain figures and bare years."""
    within = Stretches(labels)
    for match in FIVE_YEARS.finditer(text) if "五" in text else ():
        is_labelled = within.hold(match.start())
        if "末" in match["edge"] or is_labelled:
            day = date(FIVE_YEAR_ENDS[match["which"]], 12, 31)
            vague = "末" not in match["edge"]
            yield _found(*match.span(), _Day(day, "year", vague, False))
    for start, end in labels:
        for match in PLAIN_DAY.finditer(text, start, end):
            day_number = int(match["day"] or 0)
            due = _last_day(int(match["year"]), int(match["month"]), day_number)
            yield _found(
                *match.span(), _Day(due, "day" if day_number else "month", False, due is None)
            )
        for match in PLAIN_YEAR.finditer(text, start, end):
            if match.end() == end or text[match.end()] in "),;。\n":
                yield _found(
                    *match.span(), _Day(date(int(match["year"]), 12, 31), "year", False, False)
                )


def _found(start: int, end: int, day: _Day, year_from: str | None = None) -> FoundDeadline:
    return FoundDeadline(
        start,
        end,
        "date",
        day.due,
        day.precision,
        end,
        end,
        year_from,
        day.is_vague,
        day.is_impossible,
    )


def _is_due(text: str, match: "re.Match[str]", context: YearContext) -> bool:
    """Tell whether a date in running text is a last day, by the words around it."""
    start, end = match.span()
    before = text[max(0, start - 6) : start]
    after = text[end : end + 12]
    excluding = NEVER_DUE_AFTER if match["before"] else NOT_DUE_AFTER
    if NOT_DUE_BEFORE.search(before) or excluding.match(after):
        return False
    has_year = bool(match["year"] or match["year_word"])
    has_part = bool(match["month"] or match["quarter"] or match["half"] or match["year_end"])
    if not has_year and not has_part:
        return False
    if match["before"]:
        return True
    reached = bool(before) and before[-1] in "到至于在"
    if match["edge"] or match["year_end"] or match["year_mid"]:
        return reached or bool(VERB_OF_ARRIVAL.match(after))
    if not match["year"]:
        opens = start == 0 or text[start - 1] in CLAUSE_START or reached
        is_part = bool(match["quarter"] or match["half"]) and not match["month"]
        return is_part and opens and context.only is not None and bool(BARE_PART.match(after))
    year = whole(match["year"])
    if context.first is not None and year is not None and year < context.first:
        return False
    at_start = reached or start == 0 or text[start - 1] in CLAUSE_START
    return at_start and (before[-1:] == "到" or bool(VERB_OF_ARRIVAL.match(after)))


def _year(
    match: "re.Match[str]", last: int | None, context: YearContext
) -> tuple[int | None, str | None]:
    if match["year"]:
        return whole(match["year"]), None
    if match["year_word"]:
        if context.only is None:
            return None, "none"
        return context.only + YEAR_WORDS[match["year_word"]], "issue"
    if last is not None:
        return last, "before"
    return (None, "none") if context.only is None else (context.only, "issue")


def _day(match: "re.Match[str]", year: int | None) -> _Day:
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
    due = _last_day(year, month, day)
    return _Day(due, precision, is_vague, year is not None and due is None)


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


def _relative(text: str) -> Iterator[FoundDeadline]:
    for match in RELATIVE.finditer(text):
        issue = ISSUE.search(text, max(0, match.start() - 12), match.start())
        if issue:
            end = match.end()
            yield FoundDeadline(issue.start(), end, "relative", None, None, end, end)
    for match in WITHIN_YEARS.finditer(text):
        if match.start() == 0 or text[match.start() - 1] in OPENS_TERM:
            end = match.end()
            yield FoundDeadline(match.start(), end, "relative", None, None, end, end)


def _ongoing(text: str, start: int, end: int) -> Iterator[FoundDeadline]:
    match = ONGOING.search(text, start, end)
    if match:
        yield FoundDeadline(*match.span(), "ongoing", None, None, match.end(), match.end())


def _bind(
    text: str, found: list[FoundDeadline], labels: list[tuple[int, int]], stops: list[int]
) -> Iterator[FoundDeadline]:
    """Say for each deadline which clause it binds; a labelled one binds the whole leaf."""
    within = Stretches(labels)
    for index, deadline in enumerate(found):
        if within.hold(deadline.start):
            what = (0, 0)
        else:
            end = sentence_end(text, deadline.end)
            at = bisect_left(stops, deadline.end)
            end = min([end, *stops[at : at + 1]])
            if index + 1 < len(found):
                end = min(end, max(found[index + 1].start, deadline.end))
            what = _what(text, deadline, end, stops)
        yield FoundDeadline(
            deadline.start,
            deadline.end,
            deadline.kind,
            deadline.due,
            deadline.precision,
            *what,
            deadline.year_from,
            deadline.is_vague,
            deadline.is_impossible,
        )


def _what(text: str, deadline: FoundDeadline, end: int, stops: list[int]) -> tuple[int, int]:
    start = deadline.end
    while start < end and text[start] in ",、:":
        start += 1
    while end > start and text[end - 1] in ",、(":
        end -= 1
    if DONE_ONLY.match(text[start:end]):
        begin = sentence_start(text, deadline.start)
        stop = deadline.start
        while stop > begin and text[stop - 1] in ",、于在(":
            stop -= 1
        at = bisect_left(stops, begin)
        in_sentence = stop > begin and begin not in stops[at : at + 1]
        return (begin, stop) if in_sentence else (0, 0)
    return start, end

"""Deadlines: the last day that is meant, and the clause it binds."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from plans.parsing.clauses import (
    Places,
    quoted,
    sentence_end,
    sentence_start,
)
from plans.parsing.lexicon.time import (
    CLAUSE_START,
    DATE,
    DATE_START,
    DONE_ONLY,
    ISSUE,
    NOT_DUE_AFTER,
    NOT_DUE_BEFORE,
    ONGOING,
    RELATIVE,
    VERB_OF_ARRIVAL,
    YEAR_RANGE,
    YEAR_WORDS,
)
from plans.parsing.numbers import whole
from plans.parsing.plan import DeadlineKind, Precision

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
    found = [*_dates(text, context, Places(iter(labels))), *_relative(text)]
    taken = [(d.start, d.end) for d in found]
    for start, end in labels:
        if not any(start <= a < end for a, _ in taken):
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
        span = YEAR_RANGE.match(text, begin) if is_labelled else None
        if span:
            at = span.end()
            yield _found(begin, span.end(), _Day(date(int(span[2]), 12, 31), "year", False, False))
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
        yield _found(begin, match.end(), _day(match, year), year_from)


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
    if NOT_DUE_BEFORE.search(before) or NOT_DUE_AFTER.match(after):
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
        return False
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
    if year is None:
        return _Day(None, precision, is_vague, False)
    last = monthrange(year, month)[1] if 1 <= month <= 12 and 1 <= year <= 9999 else 0
    if not last or day > last:
        return _Day(None, precision, is_vague, True)
    return _Day(date(year, month, day or last), precision, is_vague, False)


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


def _ongoing(text: str, start: int, end: int) -> Iterator[FoundDeadline]:
    match = ONGOING.search(text, start, end)
    if match:
        yield FoundDeadline(*match.span(), "ongoing", None, None, match.end(), match.end())


def _bind(
    text: str, found: list[FoundDeadline], labels: list[tuple[int, int]], stops: list[int]
) -> Iterator[FoundDeadline]:
    """Say for each deadline which clause it binds; a labelled one binds the whole leaf."""
    for index, deadline in enumerate(found):
        if any(a <= deadline.start < b for a, b in labels):
            what = (0, 0)
        else:
            end = sentence_end(text, deadline.end)
            end = min((s for s in stops if deadline.end <= s < end), default=end)
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
        in_sentence = stop > begin and begin not in stops
        return (begin, stop) if in_sentence else (0, 0)
    return start, end

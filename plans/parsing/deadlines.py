"""Deadlines: the last day that is meant, and the clause it binds."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from plans.parsing.clauses import (
    Places,
    Stretches,
    clause_start,
    quoted,
    sentence_end,
    sentence_start,
)
from plans.parsing.days import Day, YearContext, day_of, last_day, year_of
from plans.parsing.lexicon.targets import JOINTS, NAME_HEAD
from plans.parsing.lexicon.time import (
    AND_DATE,
    ARRIVES_AT_ONCE,
    BARE_PART,
    CLAUSE_START,
    DATE,
    DATE_START,
    DOES_AFTER_SCOPE,
    DONE_ONLY,
    EVES,
    FIVE_YEAR_ENDS,
    FIVE_YEARS,
    ISSUE,
    LEADS_TO,
    MAY_DATE,
    MONTH_RANGE,
    NEVER_DUE_AFTER,
    NOT_DUE_AFTER,
    NOT_DUE_BEFORE,
    ONGOING,
    PLAIN_BEFORE,
    PLAIN_DAY,
    PLAIN_HINT,
    PLAIN_START,
    PLAIN_YEAR,
    RELATIVE,
    SCOPE,
    SEASON,
    STARTED_WORK,
    TILL_DONE,
    TIME_VALUE,
    TITLE_YEAR,
    VERB_OF_ARRIVAL,
    WITHIN_YEARS,
    WORK_BY_DAY,
    YEAR_OF_WORK,
    YEAR_RANGE,
)
from plans.parsing.numbers import whole
from plans.parsing.plan import DeadlineKind, Precision

OPENS_TERM = CLAUSE_START | frozenset("用在于")
STARTS = ("启动", "开始", "起")
STARTED, TOLD, ENDLESS = "started", "told", "endless"


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
        found += _plain_before(text, labels, context) if PLAIN_HINT.search(text) else ()
    if "内" in text or "时间" in text:
        found += _relative(text)
    if "前" in text:
        found += _seasons(text, context, {d.end for d in found})
    taken = sorted(d.start for d in found)
    for start, end in labels:
        if bisect_left(taken, start) == bisect_left(taken, end):
            found += _ongoing(text, start, end)
    if not found:
        return found
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
        ranged = _range(text, begin, last_year, context)
        if ranged:
            at = max(at, ranged.end)
            if is_labelled or _is_stretch(text, ranged, context):
                last_year = ranged.due.year if ranged.due else last_year
                yield ranged
            continue
        series = [*_series(text, begin)]
        if not series:
            continue
        at = max(at, series[-1].end())
        season = SEASON.match(text, at)
        unsure = _unsure(text, series)
        if unsure == ENDLESS or (season and not series[-1]["day"]):
            last_year = whole(series[0]["year"]) if series[0]["year"] else last_year
            continue
        if not (is_labelled or season or _is_due(text, series, last_year, context)):
            continue
        for match in series:
            year, year_from = year_of(match, last_year, context)
            last_year = year if year_from is None else last_year
            day = day_of(match, year)
            if is_labelled and day.precision == "year":
                day = day._replace(is_vague=False)
            reached = match.start() > 0 and text[match.start() - 1] in "到至"
            found = _found(match.start() - reached, match.end(), day, year_from)
            yield found._replace(unsure=unsure) if unsure else found


def _unsure(text: str, series: list["re.Match[str]"]) -> str:
    """Return why a date may be no last day: work begins then, or it may tell what was reached.

    A beginning is one at all only if its sentence says no day by which the work ends.
    """
    start, last = series[0].start(), series[-1]
    if not text.startswith(STARTS, last.end()) or last["before"]:
        return TOLD if text.startswith("截至", max(0, start - 2)) else ""
    end = sentence_end(text, last.end())
    has_part = last["month"] or last["quarter"] or last["half"]
    goes_on = DATE_START.search(text, last.end(), end) is not None
    return STARTED if has_part and not goes_on and STARTED_WORK.match(text, last.end()) else ENDLESS


def _series(text: str, start: int) -> Iterator["re.Match[str]"]:
    """Yield the date at a place and those that are joined to it: 6月、12月底前."""
    match = DATE.match(text, start)
    while match and match.end() > match.start():
        yield match
        joint = AND_DATE.match(text, match.end())
        if joint is None or not DATE_START.match(text, joint.end()):
            return
        match = DATE.match(text, joint.end())


def _is_stretch(text: str, ranged: FoundDeadline, context: YearContext) -> bool:
    """Tell whether running text sets a stretch of months for what follows: 7月至12月,开展…."""
    after = text[ranged.end : ranged.end + 20]
    if ranged.due is None or NOT_DUE_AFTER.match(after) or not BARE_PART.match(after):
        return False
    if ranged.precision == "year" and not YEAR_OF_WORK.match(after):
        return False
    is_past = context.first is not None and ranged.due.year < context.first
    return not is_past and _opens(text, ranged.start)


def _opens(text: str, start: int) -> bool:
    """Tell whether a date begins its clause, or follows a word that leads to it."""
    return (
        start == 0
        or text[start - 1] in CLAUSE_START
        or bool(LEADS_TO.search(text, max(0, start - 4), start))
    )


def _range(text: str, start: int, last: int | None, context: YearContext) -> FoundDeadline | None:
    """Return the end of a stretch of time that a label gives: 2021—2023年, 2022年3月至12月."""
    if years := YEAR_RANGE.match(text, start):
        end = Day(date(int(years[2]), 12, 31), "year", False, False)
        return _found(start, years.end(), end)
    months = MONTH_RANGE.match(text, start)
    if months is None or not (months["month"] or months["end"]):
        return None
    first = TITLE_YEAR.match(text, start)
    written = months["year"] or (first and first[1])
    year = int(written) if written else last or context.only
    due = last_day(year, int(months["month"] or 12), int(months["day"] or 0))
    told = None if written else "before" if last else "issue" if year else "none"
    precision: Precision = "day" if months["day"] else "month"
    return _found(start, months.end(), Day(due, precision, False, bool(year) and not due), told)


def _terms(text: str, labels: list[tuple[int, int]]) -> Iterator[FoundDeadline]:
    """Yield ends of five-year plans, and in labels days in plain figures and bare years."""
    within = Stretches(labels)
    for match in FIVE_YEARS.finditer(text) if "五" in text else ():
        is_labelled = within.hold(match.start())
        if "末" in match["edge"] or is_labelled:
            day = date(FIVE_YEAR_ENDS[match["which"]], 12, 31)
            vague = "末" not in match["edge"]
            yield _found(*match.span(), Day(day, "year", vague, False))
    for start, end in labels:
        if not PLAIN_START.search(text, start, end):
            continue
        for match in PLAIN_DAY.finditer(text, start, end):
            day_number = int(match["day"] or 0)
            due = last_day(int(match["year"]), int(match["month"]), day_number)
            yield _found(
                *match.span(), Day(due, "day" if day_number else "month", False, due is None)
            )
        for match in PLAIN_YEAR.finditer(text, start, end):
            if match.end() == end or text[match.end()] in "),;。\n":
                yield _found(
                    *match.span(), Day(date(int(match["year"]), 12, 31), "year", False, False)
                )


def _plain_before(
    text: str, labels: list[tuple[int, int]], context: YearContext
) -> Iterator[FoundDeadline]:
    """Yield days in plain figures that 前 closes (6.30前); full ones in labels are known."""
    within = Stretches(labels)
    for match in PLAIN_BEFORE.finditer(text):
        if not (match["year"] or match["day"]) or (match["year"] and within.hold(match.start())):
            continue
        if NEVER_DUE_AFTER.match(text, match.end()):
            continue
        year = int(match["year"]) if match["year"] else context.only
        due = last_day(year, int(match["month"]), int(match["day"] or 0))
        precision: Precision = "day" if match["day"] else "month"
        is_vague = not (match["day"] or match["edge"])
        told = None if match["year"] else "issue" if year else "none"
        yield _found(*match.span(), Day(due, precision, is_vague, bool(year) and not due), told)


def _found(start: int, end: int, day: Day, year_from: str | None = None) -> FoundDeadline:
    vague, impossible = day.is_vague, day.is_impossible
    return FoundDeadline(
        start, end, "date", day.due, day.precision, end, end, year_from, vague, impossible
    )


def _is_due(
    text: str, series: list["re.Match[str]"], last: int | None, context: YearContext
) -> bool:
    """Tell whether a date in running text is a last day, by the words around it."""
    start, match = series[0].start(), series[-1]
    written = next((each["year"] for each in series if each["year"]), None)
    before = text[max(0, start - 6) : start]
    after = text[match.end() : match.end() + 24]
    is_till = before.endswith("截至")
    reaches = before.endswith(("到", "至")) and not is_till
    scope = SCOPE.match(after)
    if scope and (reaches or DOES_AFTER_SCOPE.match(after, scope.end())):
        after = after[scope.end() :]
    excluding = NEVER_DUE_AFTER if match["before"] else NOT_DUE_AFTER
    if NOT_DUE_BEFORE.search(before) or excluding.match(after):
        return False
    if is_till and not TILL_DONE.match(after):
        return False
    has_part = bool(match["month"] or match["quarter"] or match["half"])
    if not (written or match["year_word"] or has_part or match["year_end"]):
        return False
    if match["before"]:
        return True
    year = whole(written) if written else last or context.only
    if year is not None and context.first is not None and year < context.first:
        return False
    opens = _opens(text, start)
    arrives = bool(VERB_OF_ARRIVAL.match(after)) or is_till
    if match["edge"] or match["year_end"] or match["year_mid"]:
        works = has_part or YEAR_OF_WORK.match(after)
        return arrives or (opens and bool(works)) or bool(LEADS_TO.search(before))
    if has_part:
        opens = opens or bool(ARRIVES_AT_ONCE.match(after))
        return (opens or is_till) and bool(BARE_PART.match(after))
    works = YEAR_OF_WORK.match(after) or ARRIVES_AT_ONCE.match(after)
    is_work = arrives or reaches or bool(works)
    return bool(written) and (opens or reaches) and is_work


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


def _seasons(text: str, context: YearContext, known: set[int]) -> Iterator[FoundDeadline]:
    """Yield days before feasts and seasons: 国庆节前 is a day, 春节前 and 汛期前 are none.

    One that only explains a day that ends there is none: 9月1日开学前.
    """
    for match in SEASON.finditer(text):
        if match.start() in known or (
            match.start() - 1 in known and text.startswith("(", match.start() - 1)
        ):
            continue
        due, year_from = None, None
        if match["feast"]:
            year = int(match["year"]) if match["year"] else context.only
            year_from = None if match["year"] else "issue" if year else "none"
            due = last_day(year, *EVES[match["feast"]])
            if due and match["feast"] == "元旦":
                due = due.replace(year=due.year - 1)
        kind: DeadlineKind = "date" if match["feast"] else "relative"
        end = match.end()
        yield FoundDeadline(
            match.start(), end, kind, due, "day", end, end, year_from, not match["feast"]
        )


def _ongoing(text: str, start: int, end: int) -> Iterator[FoundDeadline]:
    """Yield what a label says that is no day: that the work goes on, or something else."""
    if match := ONGOING.search(text, start, end):
        yield FoundDeadline(*match.span(), "ongoing", None, None, match.end(), match.end())
    elif text.find(":", start, end) >= 0 and (value := TIME_VALUE.search(text, start, end)):
        begin, stop = value.span("value")
        yield FoundDeadline(begin, stop, "relative", None, None, stop, stop, is_vague=True)


def _bind(
    text: str, found: list[FoundDeadline], labels: list[tuple[int, int]], stops: list[int]
) -> Iterator[FoundDeadline]:
    """Say for each deadline which clause it binds; a labelled one binds the whole leaf."""
    within = Stretches(labels)
    bound: list[FoundDeadline] = []
    for deadline in reversed(found):
        following = bound[-1] if bound else None
        what = (0, 0)
        if following and text[deadline.end : following.start] in JOINTS:
            what = following.what_start, following.what_end
        elif within.hold(deadline.start):
            at = bisect_left(labels, (deadline.start + 1, 0)) - 1
            work = WORK_BY_DAY.match(text, deadline.end, labels[at][1])
            what = work.span() if work and not DONE_ONLY.match(work[0]) else what
        else:
            end = sentence_end(text, deadline.end)
            at = bisect_left(stops, deadline.end)
            end = min([end, *stops[at : at + 1]])
            if following:
                end = min(end, _before(text, deadline.end, following.start))
            what = _what(text, deadline, end, stops)
        bound.append(deadline._replace(what_start=what[0], what_end=what[1]))
    yield from reversed(bound)


def _before(text: str, start: int, end: int) -> int:
    """Return where the clause of the next day begins, or that day itself in the same clause."""
    comma = text.rfind(",", start + 2, end)
    return comma if comma >= 0 else max(end, start)


def _what(text: str, deadline: FoundDeadline, end: int, stops: list[int]) -> tuple[int, int]:
    start = deadline.end
    while start < end and text[start] in ",、:":
        start += 1
    while end > start and (
        text[end - 1] in ",、(" or (text[end - 1] == ")" and "(" not in text[start:end])
    ):
        end -= 1
    if DONE_ONLY.match(text[start:end]):
        begin, stop = sentence_start(text, deadline.start), deadline.start
        head = NAME_HEAD.match(text[begin:stop])
        begin += head.end() if head else 0
        while stop > begin and text[stop - 1] in ",、于在(":
            stop -= 1
        at = bisect_left(stops, begin)
        in_sentence = stop > begin and begin not in stops[at : at + 1]
        return (begin, stop) if in_sentence else (0, 0)
    if not _opens(text, deadline.start) and text[deadline.start - 1] not in "、和及与":
        start = clause_start(text, deadline.start)
    return start, end

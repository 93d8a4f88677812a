"""Terms and days in other words: 十四五期末, 6.30前, 三年内, 国庆节前, 长期坚持."""

import re
from collections.abc import Iterator
from datetime import date

from plans.parsing.clauses import Stretches, opens_clause
from plans.parsing.days import Day, FoundDeadline, YearContext, found_day, last_day
from plans.parsing.lexicon.time import (
    CLAUSE_START,
    EVENT,
    EVES,
    FIVE_YEAR_ENDS,
    FIVE_YEARS,
    ISSUE,
    NEVER_DUE_AFTER,
    ONGOING,
    PLAIN_BEFORE,
    PLAIN_DAY,
    PLAIN_START,
    PLAIN_YEAR,
    RELATIVE,
    SEASON,
    TERM_AHEAD,
    TERM_TOLD,
    THIS_MONTH,
    TIME_VALUE,
    WITHIN_YEARS,
)
from plans.parsing.plan import DeadlineKind, Precision

OPENS_TERM = CLAUSE_START | frozenset("用在于")


def terms(
    text: str, labels: list[tuple[int, int]], context: YearContext
) -> Iterator[FoundDeadline]:
    """Yield ends of five-year plans, and in labels days in plain figures and bare years."""
    within = Stretches(labels)
    for match in FIVE_YEARS.finditer(text) if "五" in text else ():
        is_labelled = within.hold(match.start())
        day = date(FIVE_YEAR_ENDS[match["which"]], 12, 31)
        vague = "末" not in match["edge"]
        if not vague or is_labelled or _is_term_ahead(text, match, day.year, context):
            yield found_day(*match.span(), Day(day, "year", vague, False))
    for start, end in labels:
        if not PLAIN_START.search(text, start, end):
            continue
        for match in PLAIN_DAY.finditer(text, start, end):
            day_number = int(match["day"] or 0)
            due = last_day(int(match["year"]), int(match["month"]), day_number)
            yield found_day(
                *match.span(), Day(due, "day" if day_number else "month", False, due is None)
            )
        for match in PLAIN_YEAR.finditer(text, start, end):
            if match.end() == end or text[match.end()] in "),;。\n":
                yield found_day(
                    *match.span(), Day(date(int(match["year"]), 12, 31), "year", False, False)
                )


def _is_term_ahead(text: str, match: "re.Match[str]", last_year: int, context: YearContext) -> bool:
    """Tell whether a clause says what a five-year plan has still to bring: 十四五期间,新建…."""
    if not opens_clause(text, match.start()) or last_year < (context.first or last_year):
        return False
    return not TERM_TOLD.match(text, match.end()) and bool(TERM_AHEAD.match(text, match.end()))


def plain_before(
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
        yield found_day(*match.span(), Day(due, precision, is_vague, bool(year) and not due), told)


def relative(text: str) -> Iterator[FoundDeadline]:
    """Yield terms that run from the issue of the document, or from no day that is told."""
    for match in RELATIVE.finditer(text):
        issue = ISSUE.search(text, max(0, match.start() - 12), match.start())
        if issue:
            end = match.end()
            yield FoundDeadline(issue.start(), end, "relative", None, None, end, end)
    for match in WITHIN_YEARS.finditer(text):
        if match.start() == 0 or text[match.start() - 1] in OPENS_TERM:
            end = match.end()
            yield FoundDeadline(match.start(), end, "relative", None, None, end, end, is_vague=True)


def within_month(text: str) -> Iterator[FoundDeadline]:
    """Yield days in this month or the next (本月底前): the text does not say which month it is."""
    for match in THIS_MONTH.finditer(text):
        at = match.start() - (text[match.start() - 1] in "本下")
        yield FoundDeadline(
            at, match.end(), "relative", None, None, match.end(), match.end(), is_vague=True
        )


def seasons(text: str, context: YearContext, known: set[int]) -> Iterator[FoundDeadline]:
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


def events(text: str, known: set[int]) -> Iterator[FoundDeadline]:
    """Yield what has to be done before something happens: 省级验收前完成整改."""
    for match in EVENT.finditer(text):
        if match.end() not in known:
            end = match.end()
            yield FoundDeadline(match.start(), end, "relative", None, None, end, end, is_vague=True)


def ongoing(text: str, start: int, end: int) -> Iterator[FoundDeadline]:
    """Yield what a label says that is no day: that the work goes on, or something else."""
    if match := ONGOING.search(text, start, end):
        yield FoundDeadline(*match.span(), "ongoing", None, None, match.end(), match.end())
    elif text.find(":", start, end) >= 0 and (value := TIME_VALUE.search(text, start, end)):
        begin, stop = value.span("value")
        yield FoundDeadline(begin, stop, "relative", None, None, stop, stop, is_vague=True)

"""Terms and days in other words: 十四五期末, 6.30前, 三年内, 国庆节前, 长期坚持."""

from collections.abc import Iterator
from datetime import date

from plans.parsing.clauses import Stretches
from plans.parsing.days import Day, FoundDeadline, YearContext, found_day, last_day
from plans.parsing.lexicon.time import (
    CLAUSE_START,
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
    TIME_VALUE,
    WITHIN_YEARS,
)
from plans.parsing.plan import DeadlineKind, Precision

OPENS_TERM = CLAUSE_START | frozenset("用在于")


def terms(text: str, labels: list[tuple[int, int]]) -> Iterator[FoundDeadline]:
    """Yield ends of five-year plans, and in labels days in plain figures and bare years."""
    within = Stretches(labels)
    for match in FIVE_YEARS.finditer(text) if "五" in text else ():
        is_labelled = within.hold(match.start())
        if "末" in match["edge"] or is_labelled:
            day = date(FIVE_YEAR_ENDS[match["which"]], 12, 31)
            vague = "末" not in match["edge"]
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
            yield FoundDeadline(match.start(), end, "relative", None, None, end, end)


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


def ongoing(text: str, start: int, end: int) -> Iterator[FoundDeadline]:
    """Yield what a label says that is no day: that the work goes on, or something else."""
    if match := ONGOING.search(text, start, end):
        yield FoundDeadline(*match.span(), "ongoing", None, None, match.end(), match.end())
    elif text.find(":", start, end) >= 0 and (value := TIME_VALUE.search(text, start, end)):
        begin, stop = value.span("value")
        yield FoundDeadline(begin, stop, "relative", None, None, stop, stop, is_vague=True)

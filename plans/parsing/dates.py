"""Days written with 年, 月, 季度 or 半年, and which of them are last days."""

import re
from collections.abc import Iterator
from datetime import date

from plans.parsing.clauses import Places, opens_clause, quoted, sentence_end
from plans.parsing.days import (
    Day,
    FoundDeadline,
    YearContext,
    day_of,
    found_day,
    last_day,
    written_year,
    year_of,
)
from plans.parsing.lexicon.time import (
    AND_DATE,
    ARRIVES_AT_ONCE,
    BARE_PART,
    DATE,
    DATE_START,
    DOES_AFTER_SCOPE,
    LEADS_TO,
    MONTH_RANGE,
    NEVER_DUE_AFTER,
    NOT_DUE_AFTER,
    NOT_DUE_BEFORE,
    SCOPE,
    SEASON,
    STARTED_WORK,
    TILL_DONE,
    TITLE_YEAR,
    VERB_OF_ARRIVAL,
    YEAR_OF_WORK,
    YEAR_RANGE,
    YEARS_BEFORE,
    YEARS_LISTED,
)
from plans.parsing.plan import Precision

LONGEST_YEARS = 36
STARTS = ("启动", "开始", "起")
STARTED, TOLD, ENDLESS = "started", "told", "endless"


def written_days(text: str, context: YearContext, labels: Places) -> Iterator[FoundDeadline]:
    """Yield the days of a leaf that are last days."""
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
            last_year = written_year(series[0]["year"]) if series[0]["year"] else last_year
            continue
        if not (is_labelled or season or _is_due(text, series, last_year, context)):
            continue
        before = last_year
        last_year = next((y for m in series[::-1] if (y := written_year(m["year"] or ""))), before)
        for found in _days(text, series, before, context):
            if is_labelled and found.precision == "year":
                found = found._replace(is_vague=False)
            yield found._replace(unsure=unsure) if unsure else found


def _days(
    text: str, series: list["re.Match[str]"], last_year: int | None, context: YearContext
) -> Iterator[FoundDeadline]:
    """Yield the days of dates that are joined, and of the years that are listed before them."""
    for listed in YEARS_LISTED.finditer(text, *_years_before(text, series[0].start())):
        yield found_day(*listed.span(), day_of(series[0], int(listed[0])))
    for match in series:
        year, year_from = year_of(match, last_year, context)
        last_year = year if year_from in (None, "short") else last_year
        reached = match.start() > 0 and text[match.start() - 1] in "到至"
        yield found_day(match.start() - reached, match.end(), day_of(match, year), year_from)


def _years_before(text: str, start: int) -> tuple[int, int]:
    """Return where the years stand that are listed before a date: 2024、2025、2026年."""
    before = YEARS_BEFORE.search(text, max(0, start - LONGEST_YEARS), start)
    return before.span() if before else (start, start)


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
    if ranged.precision == "year" and not YEAR_OF_WORK.match(after.lstrip(",")):
        return False
    is_past = context.first is not None and ranged.due.year < context.first
    return not is_past and opens_clause(text, ranged.start)


def _range(text: str, start: int, last: int | None, context: YearContext) -> FoundDeadline | None:
    """Return the end of a stretch of time that a label gives: 2021—2023年, 2022年3月至12月."""
    if years := YEAR_RANGE.match(text, start):
        end = Day(date(int(years[2]), 12, 31), "year", False, False)
        return found_day(start, years.end(), end)
    months = MONTH_RANGE.match(text, start)
    if months is None or not (months["month"] or months["end"]):
        return None
    first = TITLE_YEAR.match(text, start)
    written = months["year"] or (first and first[1])
    year = int(written) if written else last or context.only
    due = last_day(year, int(months["month"] or 12), int(months["day"] or 0))
    told = None if written else "before" if last else "issue" if year else "none"
    precision: Precision = "day" if months["day"] else "month"
    return found_day(start, months.end(), Day(due, precision, False, bool(year) and not due), told)


def _is_due(
    text: str, series: list["re.Match[str]"], last: int | None, context: YearContext
) -> bool:
    """Tell whether a date in running text is a last day, by the words around it."""
    start, match = _years_before(text, series[0].start())[0], series[-1]
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
    year = written_year(written) if written else last or context.only
    if year is not None and context.first is not None and year < context.first:
        return False
    opens = opens_clause(text, start)
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

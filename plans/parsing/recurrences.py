"""Duties that come again: 每年至少举办一期, 每季度通报, 每年第一季度要报告."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plans.parsing.clauses import clause_end, clause_start, sentence_end
from plans.parsing.lexicon.time import (
    CAP,
    FREQUENCY,
    IN_PERIOD,
    IN_PERIOD_ON,
    MAY_RECUR,
    MORE_TIMES,
    TIMES,
)
from plans.parsing.numbers import whole
from plans.parsing.plan import Frequency

RULES: dict[str, tuple[Frequency, str]] = {
    "half": ("half-yearly", "FREQ=MONTHLY;INTERVAL=6"),
    "quarter": ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
    "month": ("monthly", "FREQ=MONTHLY"),
    "week": ("weekly", "FREQ=WEEKLY"),
    "year": ("yearly", "FREQ=YEARLY"),
}


class FoundRecurrence(NamedTuple):
    """A recurrence in a view: its words, and the stretch that says what has to be done."""

    start: int
    end: int
    freq: Frequency
    times: int | None
    is_least: bool
    unit: str | None
    due_in_period: str | None
    rrule: str | None
    what_start: int
    what_end: int


def find_recurrences(text: str, stops: Iterable[int] = ()) -> Iterator[FoundRecurrence]:
    """Yield the recurrences of a leaf in order; what is to be done ends at the `stops`."""
    if not MAY_RECUR.search(text):
        return
    done = 0
    matches = list(FREQUENCY.finditer(text))
    ends = sorted((*stops, *(clause_start(text, match.start()) for match in matches)))
    for match in matches:
        if match.start() < done or CAP.match(text, match.end()):
            continue
        limit = bisect_right(ends, match.start())
        found = _read(text, match, ends[limit] if limit < len(ends) else len(text))
        done = found.end
        yield found
        for further in _further(text, found, ends):
            done = further.end
            yield further


def _read(text: str, match: "re.Match[str]", limit: int) -> FoundRecurrence:
    what_start = clause_start(text, match.start())
    end_of_clause = clause_end(text, match.end())
    what_end = max(match.end(), min(sentence_end(text, match.end()), limit))
    while text[what_end - 1] in ",(":
        what_end -= 1
    kind = str(match.lastgroup)
    if kind == "vague":
        return FoundRecurrence(
            match.start(),
            match.end(),
            "unspecified",
            None,
            False,
            None,
            None,
            None,
            what_start,
            what_end,
        )
    if kind == "every":
        freq: Frequency = "unspecified"
        rule = f"FREQ=YEARLY;INTERVAL={whole(match['every'])}"
    else:
        freq, rule = RULES[kind]
    end = match.end()
    due: str | None = None
    part = ""
    if place := IN_PERIOD.match(text, end, end_of_clause):
        is_yearly = freq == "yearly" and not place["inmonth"]
        due, part = _place(place) if is_yearly else _place_within(place)
        end = place.end()
        while on := IN_PERIOD_ON.match(text, end, end_of_clause):
            end = on.end()
    times = TIMES.match(text, end, end_of_clause)
    if times is None:
        return FoundRecurrence(
            match.start(), end, freq, None, False, None, due, rule + part, what_start, what_end
        )
    is_least = bool(times["least"] or times["least2"] or times["more"])
    return FoundRecurrence(
        match.start(),
        times.end(),
        freq,
        whole(times["n"]),
        is_least,
        times["unit"],
        due,
        rule + part,
        what_start,
        max(times.end(), min(end_of_clause, limit)),
    )


def _further(text: str, found: FoundRecurrence, ends: list[int]) -> Iterator[FoundRecurrence]:
    """Yield the next clauses that count without saying the period again: 举办两期以上讲座."""
    at = found.what_end
    while found.times is not None and at < len(text) and text[at] == ",":
        more = MORE_TIMES.match(text, at + 1)
        if more is None:
            return
        limit = bisect_right(ends, more.end())
        at = min(clause_end(text, more.end()), *ends[limit : limit + 1], len(text))
        yield FoundRecurrence(
            more.start(),
            more.end(),
            found.freq,
            whole(more["n"]),
            True,
            more["unit"],
            found.due_in_period,
            found.rrule,
            more.start(),
            at,
        )


def _place_within(place: "re.Match[str]") -> tuple[str | None, str]:
    """Return the day in a period shorter than a year: of its month, of its first or last month or
    the one after it, or the end."""
    if place["inmonth"]:
        month = next(name for name in ("first", "last", "next") if place[name])
        return f"{month}-{place['inmonth'].zfill(2)}", f";BYMONTHDAY={int(place['inmonth'])}"
    if place["monthday"]:
        return place["monthday"].zfill(2), f";BYMONTHDAY={int(place['monthday'])}"
    return ("end", ";BYMONTHDAY=-1") if place["end"] else (None, "")


def _place(place: "re.Match[str]") -> tuple[str, str]:
    """Return the part of the year in which it is due, and what that adds to the rule."""
    if place["monthday"]:
        return place["monthday"].zfill(2), f";BYMONTHDAY={int(place['monthday'])}"
    if place["quarter"]:
        quarter = whole(place["quarter"]) or 1
        return f"Q{quarter}", f";BYMONTH={quarter * 3};BYMONTHDAY=-1"
    if place["half"]:
        first = place["half"] == "上"
        return ("H1", ";BYMONTH=6;BYMONTHDAY=-1") if first else ("H2", ";BYMONTH=12;BYMONTHDAY=-1")
    if place["month"]:
        month = whole(place["month"]) or 1
        day = int(place["day"][:-1]) if place["day"] else -1
        name = f"{month:02}" if day < 0 else f"{month:02}-{day:02}"
        return name, f";BYMONTH={month};BYMONTHDAY={day}"
    return (
        ("12", ";BYMONTH=12;BYMONTHDAY=-1") if place["end"] else ("01", ";BYMONTH=1;BYMONTHDAY=-1")
    )

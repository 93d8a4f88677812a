"""Targets: a name, an operator and a figure, or something that must not occur."""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from plans.parsing.clauses import Places, Stretches, clauses, quoted, sentence_start, sentences
from plans.parsing.figures import LONGEST_NAMES, Figure, read_figures
from plans.parsing.lexicon.targets import (
    ABSENCE,
    AHEAD,
    AIMED,
    ALREADY,
    BASIS,
    COMPARED,
    COUNTED_NOUN,
    FIGURE,
    HAS_TARGET,
    JOINED_ON,
    LAST_NOUN,
    MUST_NOT,
    NAME_HEAD,
    NAME_TAIL,
    NAMELESS,
    NONE_OCCUR,
    OPENER,
    OPENING_YEAR,
    QUOTES,
    RISES,
    SUMMED,
    WORDED,
)
from plans.parsing.plan import Change, Operator

CLOSES = frozenset(("", *",;。(、\n"))
ASKS = (FIGURE, MUST_NOT, WORDED)


class FoundMetric(NamedTuple):
    """A target in a view; `name` is a stretch of it, as is the whole."""

    name: str
    op: Operator
    value: Decimal | None
    high: Decimal | None
    unit: str | None
    baseline: Decimal | None
    change: Change | None
    start: int
    end: int


def indicator_metrics(text: str) -> Iterator[FoundMetric]:
    """Yield every target of an indicator, those without a figure too."""
    for start, end in sentences(text, 0, len(text)):
        yield from _of_sentence(text, start, end)


def task_metrics(
    text: str,
    taken: list[tuple[int, int]],
    cells: list[tuple[int, int]] | None = None,
    first_year: int | None = None,
) -> Iterator[FoundMetric]:
    """Yield the targets in running text: figures that are asked for, not told.

    Figures in `taken` stretches (recurrences, deadlines, brackets) count no second time. Of a row
    only `cells` are read, each by itself. What a year before `first_year` brought is told.
    """
    if not HAS_TARGET.search(text):
        return
    titles, counted, within = quoted(text), Places(iter(sorted(taken))), Stretches(taken)
    sayings = Places(match.span() for match in (QUOTES.finditer(text) if "“" in text else ()))
    ends = sorted(end for _, end in taken)
    read = [(0, len(text))] if cells is None else cells
    for start, end in (found for stretch in read for found in sentences(text, *stretch)):
        if not any(words.search(text, start, end) for words in ASKS):
            continue
        last_name = ""
        for clause in _asking(text, start, end, first_year):
            if MUST_NOT.search(text, *clause):
                stop = text.find("(", *clause)
                yield _none_occur(text, clause[0], clause[1] if stop < 0 else stop)
            if worded := WORDED.search(text, *clause):
                begin, stop = clause[0], worded.end()
                yield FoundMetric(
                    text[begin:stop], "qualitative", None, None, None, None, None, begin, stop
                )
            figures = FIGURE.finditer(text, *clause)
            first = next((f for f in figures if not within.hold(f.start())), None)
            last = bisect_right(ends, first.start() if first else clause[1]) - 1
            at = max(clause[0], ends[last]) if last >= 0 else clause[0]
            found = _figures(text, *clause, asked_only=True, opener=at, last_name=last_name)
            for metric in found:
                last_sign, last_name = metric.end - 1, metric.name
                if counted.hold(last_sign) or titles.hold(last_sign):
                    continue
                if metric.unit == "%" or not sayings.hold(last_sign):
                    yield metric


def _asking(text: str, start: int, end: int, first_year: int | None) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence that do not tell what has been reached."""
    is_told = False
    for clause in clauses(text, start, end):
        if BASIS.search(text, *clause):
            is_told = False
        elif _opens_later(text, clause, first_year):
            is_told = False
            yield clause
        elif _tells(text, start, clause, first_year):
            is_told = True
        else:
            is_told = is_told and not AHEAD.search(text, *clause)
            if not is_told:
                yield clause


def _opens_later(text: str, clause: tuple[int, int], first_year: int | None) -> bool:
    """Tell whether a clause begins with a year that is still to come, and tells nothing."""
    year = OPENING_YEAR.match(text, *clause)
    is_later = year is not None and first_year is not None and int(year[1]) >= first_year
    return is_later and not ALREADY.search(text, *clause)


def _tells(text: str, start: int, clause: tuple[int, int], first_year: int | None) -> bool:
    """Tell whether a clause of the sentence from `start` says what has been reached already."""
    year = OPENING_YEAR.match(text, *clause)
    if year and first_year is not None and int(year[1]) < first_year:
        return True
    if ALREADY.search(text, *clause) and not (
        RISES.search(text, *clause) and "已" not in text[slice(*clause)]
    ):
        return True
    return bool(SUMMED.search(text, *clause)) and not AIMED.search(
        text, max(start, clause[0] - LONGEST_NAMES), clause[1]
    )


def _of_sentence(text: str, start: int, end: int) -> Iterator[FoundMetric]:
    absent = [m.start() for m in NONE_OCCUR.finditer(text[start:end])]
    opener: int | None = None
    pending: int | None = None
    for begin, stop in clauses(text, start, end):
        here = [start + at for at in absent if begin <= start + at < stop]
        if pending is not None and (here or FIGURE.search(text, begin, stop)):
            yield _none_occur(text, pending, begin - 1)
            pending = None
        if here:
            pending = begin
            continue
        if pending is not None:
            continue
        metrics = list(_figures(text, begin, stop, asked_only=False, opener=opener))
        if metrics:
            yield from metrics
            opener = None
        elif OPENER.search(text[begin:stop]) and stop < end:
            opener = begin if opener is None else opener
        else:
            first = begin if opener is None else opener
            yield FoundMetric(
                text[first:stop], "qualitative", None, None, None, None, None, first, stop
            )
            opener = None
    if pending is not None:
        yield _none_occur(text, pending, end)


def _none_occur(text: str, start: int, end: int) -> FoundMetric:
    stretch = text[start:end]
    name = ABSENCE.sub("", NONE_OCCUR.sub("", stretch, 1))
    return FoundMetric(name, "none_occur", None, None, None, None, None, start, end)


def _nouns(text: str, figures: list[Figure], end: int) -> list[str]:
    """Return what each figure of a list counts, where it stands after it: 5家医院、10所学校."""
    nouns: list[str] = []
    for figure, following in zip_longest(figures, figures[1:]):
        found = None
        if following is not None:
            found = COUNTED_NOUN.fullmatch(text, figure.end, following.start)
        elif nouns and nouns[-1]:
            found = LAST_NOUN.match(text, figure.end, end)
        nouns.append((found["noun"] if following else found[0]) if found else "")
    return nouns


def _goes_on(text: str, start: int, figure: Figure) -> bool:
    """Tell whether a share is the next stage of the one named before: 上半年60%,全年100%."""
    is_stage = start < figure.op_start and NAMELESS.fullmatch(text, start, figure.op_start)
    return figure.unit == "%" and bool(is_stage) and text[figure.end : figure.end + 1] in CLOSES


def _figures(
    text: str,
    start: int,
    end: int,
    *,
    asked_only: bool,
    opener: int | None = None,
    last_name: str = "",
) -> Iterator[FoundMetric]:
    """Yield the figures of one clause; what stands before the operator is the name."""
    name_start = start if opener is None else opener
    name_end: int | None = None
    baseline: Decimal | None = None
    figures = list(read_figures(text, start, end))
    nouns = _nouns(text, figures, end)
    for figure, noun in zip(figures, nouns, strict=True):
        if figure.is_base:
            baseline, name_end = figure.value, figure.op_start
            continue
        if asked_only and not (figure.is_meant or (last_name and _goes_on(text, start, figure))):
            continue
        name = COMPARED.sub("", text[name_start : name_end or figure.op_start].strip("、,和"))
        name = figure.name or NAME_TAIL.sub("", NAME_HEAD.sub("", name))
        if noun:
            name = noun if name in nouns or not name else name + noun
        if NAMELESS.fullmatch(name) and not (name == "全年" and figure.unit != "%"):
            name = last_name
        if len(name) < 2 and not JOINED_ON.match(text, figure.end):
            stop = text.find("(", figure.end, end)
            name = text[figure.end : min(end if stop < 0 else stop, figure.end + LONGEST_NAMES)]
        if len(name) < 2:
            before = text[sentence_start(text, name_start) : name_start]
            name = last_name or before.strip(",")
        last_name = name
        yield FoundMetric(
            name,
            figure.op,
            figure.value,
            figure.high,
            figure.unit,
            baseline,
            figure.change,
            name_start,
            figure.end,
        )
        baseline = name_end = None
        name_start = figure.end

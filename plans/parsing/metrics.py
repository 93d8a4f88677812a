"""Targets: a name, an operator and a figure, or something that must not occur."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from plans.parsing.clauses import Places, clauses, quoted, sentence_start, sentences
from plans.parsing.lexicon.targets import (
    ABSENCE,
    ACHIEVE,
    AHEAD,
    AIMED,
    ALREADY,
    ASKED_SHARE,
    BARE_SIGN,
    BASIS,
    BY_STANDARD,
    CHANGE,
    COMPARED,
    FIGURE,
    GRANT,
    HAS_TARGET,
    JOINED_ON,
    JOINTS,
    LEAST_AHEAD,
    LISTED,
    MONEY,
    MUST_NOT,
    NAME_TAIL,
    NAMES_JOINED,
    NONE_OCCUR,
    NOUN_AFTER,
    OP_AFTER,
    OP_BEFORE,
    OPENER,
    OPENING_YEAR,
    QUOTES,
    REWARD,
    SCORED,
    SHARE_END,
    STANDARD,
    SUMMED,
    TIME_UNIT,
)
from plans.parsing.numbers import whole
from plans.parsing.plan import Change, Operator

LONGEST_NAMES = 80
OPENS_WORK = frozenset(("", *"前内底末年月期保争:"))
SIGNS: dict[str, Operator] = {
    "ge": ">=",
    "le": "<=",
    "gt": ">",
    "lt": "<",
    "about": "~",
    "reach": "=",
}


@dataclass(frozen=True, slots=True)
class FoundMetric:
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


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure with the words that say how it is meant."""

    op: Operator
    value: Decimal
    high: Decimal | None
    unit: str
    change: Change | None
    is_meant: bool
    op_start: int
    start: int
    end: int
    is_base: bool = False
    name: str = ""


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
    titles, counted = quoted(text), Places(iter(sorted(taken)))
    sayings = Places(match.span() for match in QUOTES.finditer(text))
    ends = sorted(end for _, end in taken)
    read = [(0, len(text))] if cells is None else cells
    for start, end in (found for stretch in read for found in sentences(text, *stretch)):
        if not HAS_TARGET.search(text, start, end):
            continue
        is_told = False
        for clause in clauses(text, start, end):
            if _tells(text, start, clause, first_year):
                is_told = not BASIS.search(text, *clause)
                continue
            is_told = is_told and not AHEAD.search(text, *clause)
            if is_told:
                continue
            if MUST_NOT.search(text, *clause):
                stop = text.find("(", *clause)
                yield _none_occur(text, clause[0], clause[1] if stop < 0 else stop)
            last = bisect_left(ends, clause[1]) - 1
            at = max(clause[0], ends[last]) if last >= 0 else clause[0]
            for metric in _figures(text, clause[0], clause[1], asked_only=True, opener=at):
                last_sign = metric.end - 1
                if counted.hold(last_sign) or titles.hold(last_sign):
                    continue
                if metric.unit == "%" or not sayings.hold(last_sign):
                    yield metric


def _tells(text: str, start: int, clause: tuple[int, int], first_year: int | None) -> bool:
    """Tell whether a clause of the sentence from `start` says what has been reached already."""
    year = OPENING_YEAR.match(text, *clause)
    if year and first_year is not None and int(year[1]) < first_year:
        return True
    if ALREADY.search(text, *clause):
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


def _figures(
    text: str, start: int, end: int, *, asked_only: bool, opener: int | None = None
) -> Iterator[FoundMetric]:
    """Yield the figures of one clause; what stands before the operator is the name."""
    name_start = start if opener is None else opener
    name_end: int | None = None
    baseline: Decimal | None = None
    last_name = text[sentence_start(text, name_start) : name_start].strip(",")
    for figure in _shared(text, start, list(_read_figures(text, start, end))):
        if figure.is_base:
            baseline, name_end = figure.value, figure.op_start
            continue
        if asked_only and not figure.is_meant:
            continue
        name = COMPARED.sub("", text[name_start : name_end or figure.op_start].strip("、,和"))
        name = figure.name or NAME_TAIL.sub("", name)
        if len(name) < 2 and not JOINED_ON.match(text, figure.end):
            stop = text.find("(", figure.end, end)
            name = text[figure.end : min(end if stop < 0 else stop, figure.end + LONGEST_NAMES)]
        if len(name) < 2:
            name = last_name
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


def _read_figures(text: str, start: int, end: int) -> Iterator[_Figure]:
    for match in FIGURE.finditer(text, start, end):
        if text[max(start, match.start() - 1) : match.start()] in ("由", "从"):
            value, _, unit = _value(match)
            if value is not None:
                at = match.start()
                yield _Figure("=", value, None, unit, None, False, at - 1, at, match.end(), True)
        elif figure := _figure(text, match, start, end):
            yield figure


def _shared(text: str, start: int, found: list[_Figure]) -> Iterator[_Figure]:
    """Yield the figures; those that 分别 joins (分别达到85%、95%左右) share operator and change."""
    at = 0
    while at < len(found):
        stop = at + 1
        while stop < len(found) and text[found[stop - 1].end : found[stop].start] in JOINTS:
            stop += 1
        run, first = found[at:stop], found[at]
        at = stop
        cut = text.rfind("分别", max(start, first.op_start - 4), first.start)
        if len(run) < 2 or cut < 0:
            for index, figure in enumerate(run, start=at - len(run)):
                before = found[index - 1] if index else None
                if before and before.is_meant and not figure.is_meant:
                    is_listed = LISTED.fullmatch(text, before.end, figure.start)
                    found[index] = replace(figure, is_meant=bool(is_listed) and figure.op == "=")
                yield found[index]
            continue
        ops = [figure.op for figure in (first, run[-1]) if figure.op != "="]
        named = text[max(start, cut - LONGEST_NAMES) : cut]
        names = NAMES_JOINED.split(named)
        for index, figure in enumerate(run):
            yield replace(
                figure,
                op=ops[0] if ops else "=",
                unit=run[-1].unit if run[-1].unit.startswith(figure.unit) else figure.unit,
                change=first.change,
                is_meant=any(each.is_meant for each in run),
                name=names[index - len(run)] if len(names) >= len(run) else named,
            )


def _figure(text: str, match: "re.Match[str]", start: int, end: int) -> _Figure | None:
    value, high, unit = _value(match)
    if value is None:
        return None
    before = text[max(start, match.start() - 24) : match.start()]
    op: Operator = "="
    at, sign = match.start(), OP_BEFORE.search(before)
    if sign:
        op = SIGNS[str(sign.lastgroup)]
        at -= len(before) - sign.start()
        before = before[: sign.start()]
    turn = CHANGE.search(before)
    change: Change | None = ("up" if turn["up"] else "down") if turn else None
    if turn:
        at -= len(before) - turn.start()
    is_least = op == "=" and bool(LEAST_AHEAD.search(before))
    op = ">=" if is_least else op
    achieved = ACHIEVE.search(before)
    if achieved and before.endswith("等") and before[: achieved.start()][-1:] not in OPENS_WORK:
        achieved = None
    is_meant = bool(
        sign or turn or is_least or achieved or (unit == "%" and SHARE_END.search(before))
    )
    stop = match.end()
    if tail := OP_AFTER.match(text, stop, end):
        stop = tail.end()
        op = SIGNS[str(tail.lastgroup)] if op == "=" or tail["about"] else op
        is_asked = is_meant or unit == "%" or op == "~"
        is_meant = _is_no_threshold(text, stop, end, unit) and is_asked
    is_meant |= _closes(text, stop, end) and unit != "%" and _is_counted(before)
    if unit == "%" and (
        value == 100 or ASKED_SHARE.search(text, max(start, match.start() - 8), match.start())
    ):
        is_meant = True
    elif sign and text.startswith("的", stop) and (op in "<>" or unit != "%"):
        is_meant = op == "="
    is_meant &= _is_no_mere_number(match, unit, op, sign, before, bool(change))
    is_meant &= not _is_standard(text, start, match.start(), stop, end, unit)
    return _Figure(op, value, high, unit, change, is_meant, at, match.start(), stop)


def _is_standard(text: str, start: int, at: int, stop: int, end: int, unit: str) -> bool:
    """Tell whether a figure is a rate that is granted, or by which something is done."""
    least = max(start, at - LONGEST_NAMES)
    if unit.endswith("元") and GRANT.search(text, least, at):
        return True
    by = BY_STANDARD.search(text, max(least, at - 32), at)
    return bool(by and STANDARD.match(text, stop, end))


def _is_no_mere_number(
    match: "re.Match[str]",
    unit: str,
    op: Operator,
    sign: "re.Match[str] | None",
    before: str,
    changes: bool,
) -> bool:
    """Tell whether a figure in words, without a unit or of a time is more than a number."""
    if match["said"]:
        return op in (">=", "<=", ">")
    if match["bare"]:
        return bool(sign and BARE_SIGN.match(sign.group()))
    if TIME_UNIT.match(unit):
        return changes or op in ("<=", ">=", "<") or bool(SCORED.search(before))
    return True


def _is_no_threshold(text: str, at: int, end: int, unit: str) -> bool:
    """Tell whether 以上 after a figure does not define what it speaks of: 5000万元以上项目."""
    if text[at : at + 1] == "的":
        return False
    return not (MONEY.match(unit) and NOUN_AFTER.match(text, at, end))


def _is_counted(before: str) -> bool:
    return bool(NOUN_AFTER.match(before.rstrip("()”")[-1:])) and not REWARD.search(before)


def _closes(text: str, at: int, end: int) -> bool:
    """Tell whether a clause ends with its figure: 硬化道路30公里."""
    return at == end or text[at] in "(、;"


def _value(match: "re.Match[str]") -> tuple[Decimal | None, Decimal | None, str]:
    if match["range_low"]:
        return Decimal(match["range_low"]), Decimal(match["range_high"]), match["range_unit"]
    if match["value"]:
        return Decimal(match["value"]), None, match["unit"]
    if match["bare"]:
        return Decimal(match["bare"]), None, ""
    if match["spelt"]:
        spelt = whole(match["spelt"]) if len(match["spelt"]) > 1 else None
        return None if spelt is None else Decimal(spelt), None, match["spelt_unit"]
    if match["said"]:
        said = whole(match["said"])
        return None if said is None else Decimal(said), None, match["said_unit"]
    percent = match["percent"]
    if percent == "百":
        return Decimal(100), None, "%"
    front, _, decimals = percent.partition("点")
    figure = whole(front)
    rest = "".join(str(whole(char)) for char in decimals if whole(char) is not None)
    if figure is None:
        return None, None, "%"
    return Decimal(f"{figure}.{rest}") if rest else Decimal(figure), None, "%"

"""Figures in a clause: their value and unit, and by the words around them if they are meant."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from plans.parsing.lexicon.targets import (
    ACHIEVE,
    ADDED_UP,
    ASKED_SHARE,
    BARE_SIGN,
    BY_STANDARD,
    CHANGE,
    CLAUSE_VERB,
    COUNTED,
    COUNTS_LIST,
    DOES_COUNT,
    FIGURE,
    FROM_BASE,
    GRANT,
    JOINTS,
    LEAST_AHEAD,
    LISTED,
    MONEY,
    NAMED_BY_SIZE,
    NAMES_JOINED,
    NOTHING_SHARED,
    NOUN_AFTER,
    OP_AFTER,
    OP_BEFORE,
    PER_HEAD,
    PUSHED,
    REWARD,
    SCORED,
    SHARE_DOES,
    SHARE_END,
    SHARE_OF_OTHERS,
    SHARES_WORK,
    SIZE_NOUN,
    SIZE_OF,
    SIZED,
    SIZES,
    STANDARD,
    TIME_UNIT,
    YEAR_TAIL,
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

NOTHING_MORE = ("", *"(、,;。\n")


class Figure(NamedTuple):
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


def read_figures(text: str, start: int, end: int) -> Iterator[Figure]:
    """Yield the figures of a clause in order; those that are joined share what is said of them."""
    yield from _shared_out(text, start, list(_found(text, start, end)))


def _found(text: str, start: int, end: int) -> Iterator[Figure]:
    for match in FIGURE.finditer(text, start, end):
        from_base = FROM_BASE.search(text, max(start, match.start() - 12), match.start())
        if from_base:
            value, _, unit = _value(match)
            if value is not None:
                at, named = match.start(), from_base.start()
                yield Figure("=", value, None, unit, None, False, named, at, match.end(), True)
        elif figure := _figure(text, match, start, end):
            yield figure


def _shared_out(text: str, start: int, found: list[Figure]) -> Iterator[Figure]:
    """Yield the figures; those that 分别 joins (分别达到85%、95%左右) share operator and change."""
    at = 0
    while at < len(found):
        stop = at + 1
        while stop < len(found) and text[found[stop - 1].end : found[stop].start] in JOINTS:
            stop += 1
        run, first = found[at:stop], found[at]
        at = stop
        shares = SHARES_WORK.search(text, max(start, first.op_start - 24), first.op_start)
        if len(run) > 1 and shares is None and _is_one_each(text, start, run):
            shares = NOTHING_SHARED.match(text, first.op_start)
        if len(run) > 1 and shares is None and _goes_on_sharing(text, start, first):
            shares = NOTHING_SHARED.match(text, first.op_start)
        if len(run) < 2 or shares is None:
            for index, figure in enumerate(run, start=at - len(run)):
                before = found[index - 1] if index else None
                if before and before.is_meant and not figure.is_meant:
                    goes_on = _goes_on(text, before, figure)
                    found[index] = figure._replace(is_meant=goes_on and figure.op == "=")
                yield found[index]
            continue
        cut, work = shares.start(), shares["work"]
        ops = [figure.op for figure in (first, run[-1]) if figure.op != "="]
        named = text[max(start, cut - LONGEST_NAMES) : cut]
        names = NAMES_JOINED.split(named)
        if len(names) > 1 and all(len(name) == 2 for name in names[:-1]):
            names = [*(name + names[-1][2:] for name in names[:-1]), names[-1]]
        names = [YEAR_TAIL.sub("", name) or YEAR_TAIL.sub("", names[0]) for name in names]
        named = YEAR_TAIL.sub("", named)
        for index, figure in enumerate(run):
            told = names[index - len(run)] if len(names) >= len(run) else named
            yield figure._replace(
                op=ops[0] if ops else "=",
                unit=run[-1].unit if run[-1].unit.startswith(figure.unit) else figure.unit,
                change=first.change,
                is_meant=any(each.is_meant for each in run),
                name=told + work,
            )


def _goes_on_sharing(text: str, start: int, first: Figure) -> bool:
    """Tell whether the clause before shares out figures too: 分别建成甲3家、6家,乙2家、4家."""
    at = text.rfind("分别", max(0, start - 40), start)
    return at >= 0 and first.op == "=" and not any(mark in text[at:start] for mark in "。;\n")


def _is_one_each(text: str, start: int, run: list[Figure]) -> bool:
    """Tell whether figures of one unit belong to as many names: 甲、乙下降5%和8%."""
    names = NAMES_JOINED.split(text[max(start, run[0].op_start - 40) : run[0].op_start])
    same = all(figure.unit == run[0].unit for figure in run)
    return same and run[0].is_meant and bool(run[0].change) and len(names) == len(run)


def _figure(text: str, match: "re.Match[str]", start: int, end: int) -> Figure | None:
    value, high, unit = _value(match)
    if value is None:
        return None
    said = _said_before(text[max(start, match.start() - 24) : match.start()])
    op, stop = said.op, match.end()
    is_meant = said.is_asked or (unit == "%" and bool(SHARE_END.search(said.rest)))
    tail = OP_AFTER.match(text, stop, end)
    if tail:
        stop = tail.end()
        op = SIGNS[str(tail.lastgroup)] if op == "=" or tail["about"] else op
        is_asked = is_meant or unit == "%" or op == "~"
        is_meant = _is_no_threshold(text, stop, end, unit) and is_asked
        is_meant &= not (SIZE_NOUN.search(said.rest) and NOUN_AFTER.match(text, stop, end))
    is_meant |= _closes(text, stop, end) and unit != "%" and _is_counted(said.rest)
    if said.rest.endswith(ADDED_UP):
        is_meant |= bool(COUNTS_LIST.match(text[max(start, match.start() - 100) : match.start()]))
    is_meant |= not tail and _opens_with_verb(text, stop, unit, said.rest)
    if unit == "%" and (value == 100 or said.asks_share):
        is_meant = True
    elif unit == "%" and tail and text.startswith("的", stop):
        does = SHARE_DOES.match(text, stop, end)
        is_meant = bool(does) and not SHARE_OF_OTHERS.search(said.rest)
    elif said.sign and text.startswith("的", stop) and (op in "<>" or unit != "%"):
        is_meant = op == "=" or bool(DOES_COUNT.search(said.rest))
    is_meant &= not _is_size(text, stop, said)
    is_meant &= _is_no_mere_number(match, unit, op, said)
    if PUSHED.search(said.rest):
        is_meant &= not NAMED_BY_SIZE.match(text, stop, end)
    is_meant &= not _is_standard(text, start, match.start(), stop, end, unit)
    at = match.start() - said.length
    return Figure(op, value, high, unit, said.change, is_meant, at, match.start(), stop)


def _goes_on(text: str, before: Figure, figure: Figure) -> bool:
    """Tell whether a figure stands in a list with the one before: 32个、2860户."""
    if LISTED.fullmatch(text, before.end, figure.start):
        return True
    joined = text[before.end : figure.start] in JOINTS and figure.unit != before.unit
    return joined and text[figure.end : figure.end + 1] in NOTHING_MORE


class _Said(NamedTuple):
    """What the words before a figure say of it; `length` is theirs, `rest` stands before them."""

    op: Operator
    sign: str
    change: Change | None
    is_asked: bool
    asks_share: bool
    rest: str
    length: int


def _said_before(before: str) -> _Said:
    op: Operator = "="
    rest = before
    sign = OP_BEFORE.search(rest)
    if sign:
        op = SIGNS[str(sign.lastgroup)]
        rest = rest[: sign.start()]
    turn = CHANGE.search(rest)
    change: Change | None = ("up" if turn["up"] else "down") if turn else None
    length = len(before) - (turn.start() if turn else len(rest))
    is_least = op == "=" and bool(LEAST_AHEAD.search(rest))
    achieved = ACHIEVE.search(rest)
    if achieved and rest.endswith("等") and rest[: achieved.start()][-1:] not in OPENS_WORK:
        achieved = None
    return _Said(
        ">=" if is_least else op,
        sign.group() if sign else "",
        change,
        bool(sign or turn or is_least or achieved),
        bool(ASKED_SHARE.search(before)),
        rest,
        length,
    )


def _is_size(text: str, stop: int, said: _Said) -> bool:
    """Tell whether a figure says how large a thing is: 总投资5亿元, 日处理能力3万吨的水厂."""
    if said.sign or said.change:
        return False
    if SIZE_OF.search(said.rest):
        return True
    return text.startswith("的", stop) and bool(SIZE_NOUN.search(said.rest))


def _is_standard(text: str, start: int, at: int, stop: int, end: int, unit: str) -> bool:
    """Tell whether a figure is a rate that is granted, or on which something is built."""
    if text.startswith(("的基础上", "基础上", "范围", "半径", "距离"), stop):
        return True
    least = max(start, at - LONGEST_NAMES)
    if "元" in unit and (GRANT.search(text, least, at) or PER_HEAD.search(text, least, at)):
        return True
    by = BY_STANDARD.search(text, max(least, at - 32), at)
    return bool(by and STANDARD.match(text, stop, end))


def _is_no_mere_number(match: "re.Match[str]", unit: str, op: Operator, said: _Said) -> bool:
    """Tell whether a figure in words, without a unit or of a time is more than a number."""
    if match["said"]:
        return op in (">=", "<=", ">")
    if match["bare"]:
        return bool(BARE_SIGN.match(said.sign))
    if TIME_UNIT.match(unit):
        return bool(said.change or op in ("<=", ">=", "<", "~") or SCORED.search(said.rest))
    return True


def _is_no_threshold(text: str, at: int, end: int, unit: str) -> bool:
    """Tell whether 以上 after a figure does not define what it speaks of: 5000万元以上项目."""
    if text[at : at + 1] == "的":
        return False
    if SIZES.search(unit) and SIZED.match(text, at, end):
        return False
    return not (MONEY.match(unit) and NOUN_AFTER.match(text, at, end))


def _opens_with_verb(text: str, at: int, unit: str, before: str) -> bool:
    """Tell whether a clause is a verb and what it counts: 上线15个“一件事”."""
    if unit == "%" or not unit or MONEY.match(unit) or TIME_UNIT.match(unit):
        return False
    return bool(CLAUSE_VERB.search(before) and COUNTED.match(text, at))


def _is_counted(before: str) -> bool:
    return bool(NOUN_AFTER.match(before.rstrip("()”")[-1:])) and not REWARD.search(before)


def _closes(text: str, at: int, end: int) -> bool:
    """Tell whether a clause ends with its figure: 硬化道路30公里."""
    return at == end or text[at] in "(、;" or text[at].isdecimal()


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

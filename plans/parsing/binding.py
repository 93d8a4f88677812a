"""Which clause a deadline binds."""

from bisect import bisect_left
from collections.abc import Iterator

from plans.parsing.clauses import (
    Stretches,
    clause_start,
    opens_clause,
    sentence_end,
    sentence_start,
)
from plans.parsing.days import FoundDeadline
from plans.parsing.lexicon.targets import JOINTS, NAME_HEAD
from plans.parsing.lexicon.time import DONE_ONLY, WORK_BY_DAY


def bind(
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
    if not opens_clause(text, deadline.start) and text[deadline.start - 1] not in "、和及与":
        start = clause_start(text, deadline.start)
    return start, end

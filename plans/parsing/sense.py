"""What a person should look at because of what the words mean, not how they are written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from plans.parsing.lexicon.sense import (
    EVERY_UNIT,
    KIND_ONLY,
    LEADING_WORDS,
    NO_SUBJECT,
    OF_EACH,
    SAYS_EACH,
    STOCK_TAKING,
    SUBJECT,
)
from plans.parsing.normalize import in_plain_signs
from plans.parsing.plan import ParsedDeadline, ParsedDoubt, ParsedRecurrence, ParsedTask
from plans.parsing.spans import Span

Timed = ParsedDeadline | ParsedRecurrence
SAME_WORDS = 4
LIKE = 0.65
ADVICE = "列为共性任务，请确认"
CROWD = 12
FEWEST = 5


def find_sense(
    source: str, tasks: Sequence[ParsedTask], said_each: frozenset[str]
) -> Iterator[ParsedDoubt]:
    """Yield the doubts of sense; ``said_each`` are tasks whose words bind every unit anyway."""
    for task in tasks:
        if task.id not in said_each:
            yield from _each_unit(source, task)
        yield from _other_subject(task, says_each=task.id in said_each)
    yield from _two_days(tasks)


def shown(task: ParsedTask) -> str:
    """Return how a person calls a task: 第7项（2）; with its part where numbers repeat."""
    short = task.measure + (f".{task.sub}" if task.sub else "")
    place = "" if task.id == short or task.part is None else task.part
    return f"{place}第{task.measure}项" + (f"（{task.sub}）" if task.sub else "")


def _doubt(
    task: ParsedTask, code: str, message: str, span: Span, suggestion: str | None
) -> ParsedDoubt:
    told = f"{shown(task)}{message}"
    return ParsedDoubt(code, "check", told, span, task.id, task.part, task.part_ordinal, suggestion)


def _each_unit(source: str, task: ParsedTask) -> Iterator[ParsedDoubt]:
    """A dated clause about what every unit has of its own, shared by groups of all units.

    A measure without names binds each unit where its sentence says what each has to make.
    """
    names = (*task.lead, *task.support)
    if not names:
        said = SAYS_EACH.search(in_plain_signs(task.span.of(source)))
        if said:
            message = f"写明“{said['who']}”要{_short(said['what'])}，可能应由各单位分别落实"
            yield _doubt(
                task, "each_unit", message, Span(*said.span("who")), "列为共性任务，请确认"
            )
        return
    every = [n for n in names if n.kind == "group" and n.role == "share"]
    every = [n for n in every if EVERY_UNIT.match(n.department)]
    if not every:
        return
    for timed in _timed(task):
        what = in_plain_signs(timed.what)
        found = OF_EACH.search(what) or STOCK_TAKING.search(what)
        if found:
            message = f"“{_short(what)}”按文意可能应由{every[0].text}等分别落实"
            yield _doubt(task, "each_unit", message, timed.span, ADVICE)
            return


def _timed(task: ParsedTask) -> Iterator[Timed]:
    yield from (found for found in task.deadlines if found.due is not None)
    yield from (found for found in task.recurrences if found.freq != "unspecified")


def _short(words: str) -> str:
    words = words.split(",")[0]
    return f"{words[:18]}……" if len(words) > 18 else words


def _other_subject(task: ParsedTask, *, says_each: bool) -> Iterator[ParsedDoubt]:
    """A dated clause or yearly duty whose own subject is an organ that does not lead.

    A kind of units is told only where the words do not bind each of them anyway.
    """
    leads = [name for name in task.lead if name.kind == "department"]
    if not leads:
        return
    others: dict[str, Timed] = {}
    for timed in _timed(task):
        subject = _subject(timed)
        if subject and not any(_is_same(subject, lead.department, lead.text) for lead in leads):
            others.setdefault(subject, timed)
    if says_each and all(KIND_ONLY.search(subject) for subject in others):
        return
    if others:
        first = next(iter(others.values()))
        said, led = "、".join(others), "、".join(lead.text for lead in leads)
        message = f"括号里牵头的是{led}，“{first.text}”一句的主体却是{said}"
        yield _doubt(task, "other_subject", message, first.span, "请确认由谁填报")


def _subject(timed: Timed) -> str:
    """Return the organ that begins the clause, if it is one and not every unit of a kind."""
    what = in_plain_signs(timed.what)
    before = what[: what.find(in_plain_signs(timed.text))] if timed.text in timed.what else ""
    if isinstance(timed, ParsedRecurrence):
        clause = before.rsplit(",", 1)[-1]
        found = SUBJECT.fullmatch(clause)
    else:
        found = SUBJECT.match(what)
    if found is None or NO_SUBJECT.match(found["who"]):
        return ""
    return found["who"]


def _is_same(subject: str, *names: str) -> bool:
    return any(subject.endswith(name) or name.endswith(subject) for name in names)


def _two_days(tasks: Sequence[ParsedTask]) -> Iterator[ParsedDoubt]:
    """Two measures that ask for the same thing by different days.

    Clauses are compared where they share a run of characters that few others have, so that the
    time stays linear.
    """
    seen: dict[str, list[tuple[ParsedTask, ParsedDeadline, frozenset[str]]]] = defaultdict(list)
    for task in tasks:
        for found in task.deadlines:
            words = _core(found.what) if found.due and found.what != task.title else ""
            if len(words) < FEWEST:
                continue
            pairs = frozenset(words[i : i + 2] for i in range(len(words) - 1))
            runs = {words[i : i + SAME_WORDS] for i in range(len(words) - SAME_WORDS + 1)}
            near = {id(entry): entry for run in sorted(runs) for entry in seen.get(run, ())}
            others = near.values()
            other = next((e for e in others if e[0].id != task.id and _is_like(pairs, e[2])), None)
            if other is not None and other[1].due != found.due:
                message = f"与{shown(other[0])}的时限不一致：{found.text}、{other[1].text}"
                advice = "请核对两项是否为同一事项"
                yield _doubt(task, "conflicting_days", message, found.span, advice)
            for run in runs:
                if len(seen[run]) < CROWD:
                    seen[run].append((task, found, pairs))


def _core(what: str) -> str:
    """Return the first clause without the words that only introduce it."""
    return LEADING_WORDS.sub("", in_plain_signs(what).split(",")[0].split("。")[0])


def _is_like(left: frozenset[str], right: frozenset[str]) -> bool:
    return len(left & right) >= LIKE * min(len(left), len(right))

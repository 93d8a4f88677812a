"""Reading a stretch of a draft's text anew, where a person has made it the text of a measure."""

from collections.abc import Iterable
from typing import Any

from plans.choices import NameSort
from plans.models import Edition, Responsibility
from plans.parsing import ParsedName, ParsedTask, Span, parse_plan
from plans.parsing.marks import Mark, read_mark
from plans.parsing.normalize import normalize
from plans.parsing.spans import clean, trimmed
from plans.register import Register
from plans.usecases.readings import Rows
from plans.usecases.rows import fitting

HEAD = "{title}实施方案\n\n1."
ENDS = "。；;：:\n"
LONGEST_TITLE = 60


def own_mark(text: str, start: int, end: int) -> Mark | None:
    """Return the number that a stretch begins with, its place counted from the stretch."""
    own = trimmed(text, Span(start, end))
    plain, _ = normalize(own.of(text)[:40])
    return read_mark(plain, 0, len(plain))


def has_words(text: str, start: int, end: int) -> bool:
    """Return whether the stretch holds anything besides its own number."""
    own = trimmed(text, Span(start, end))
    mark = own_mark(text, *own)
    return own.start + (mark.span.end if mark else 0) < own.end


def body_of(text: str, start: int, end: int) -> Span:
    """Return the stretch without white space at its ends and without its own number."""
    own = trimmed(text, Span(start, end))
    mark = own_mark(text, *own)
    after = trimmed(text, Span(own.start + mark.span.end, own.end)) if mark else own
    return after if after.start < after.end else own


def title_of(text: str, span: Span, brackets: Iterable[str] = ()) -> str:
    """Return the first sentence of a stretch as its title, without the words of assignment."""
    own = span.of(text)
    ends = [at for sign in ENDS if (at := own.find(sign)) > 0]
    ends += [at - 1 for bracket in brackets if bracket and (at := own.find(bracket)) > 1]
    return clean(text, Span(span.start, span.start + min([*ends, len(own), LONGEST_TITLE])))


def reread(
    edition: Edition, start: int, end: int, register: Register
) -> tuple[dict[str, Rows], str]:
    """Return the rows of each field that the stretch holds, and the words of its assignment.

    The stretch is read as the only measure of a plan with the same title, so that years are
    taken as in the whole document. Places are those in the whole text.
    """
    span = body_of(edition.text, start, end)
    head = HEAD.format(title=" ".join(edition.title.split()))
    shift = span.start - len(head)
    tasks = parse_plan(head + span.of(edition.text)).tasks
    written = _canonical_names(edition)
    rows: dict[str, Rows] = {
        "responsibilities": [
            _name(name, shift, register, written) for name in _names(tasks) if not name.inherited
        ],
        "deadlines": [
            _at(found.span, shift)
            | {
                "text": found.text,
                "kind": found.kind,
                "due_on": found.due.isoformat() if found.due else None,
                "precision": found.precision or "",
                "what": found.what,
            }
            for task in tasks
            for found in task.deadlines
        ],
        "recurrences": [
            _at(found.span, shift)
            | {
                "text": found.text,
                "frequency": found.freq,
                "times": found.times,
                "due_in_period": (found.due_in_period or "")[:20],
                "what": found.what,
            }
            for task in tasks
            for found in task.recurrences
        ],
        "metrics": [
            _at(found.span, shift)
            | {
                "name": found.name,
                "operator": found.op,
                "value": _said(fitting(found.value)),
                "high": _said(fitting(found.high)),
                "unit": (found.unit or "")[:20],
                "baseline": "" if found.baseline is None else str(found.baseline),
                "change": found.change or "",
            }
            for task in tasks
            for found in task.metrics
        ],
    }
    told = (task.responsibility.text for task in tasks if task.responsibility)
    return rows, next(told, "")


def _names(tasks: Iterable[ParsedTask]) -> Iterable[ParsedName]:
    for task in tasks:
        yield from (*task.lead, *task.support)


def _canonical_names(edition: Edition) -> dict[str, str]:
    rows = Responsibility.objects.filter(measure__edition=edition, sort=NameSort.DEPARTMENT)
    return dict(rows.values_list("name", "canonical"))


def _name(
    name: ParsedName, shift: int, register: Register, written: dict[str, str]
) -> dict[str, Any]:
    canonical = written.get(name.text, name.department)
    unit = register.unit(canonical, name.text) if name.kind == "department" else None
    group = register.groups.get(name.department[:60]) if name.kind == "group" else None
    return _at(name.span, shift) | {
        "name": name.text,
        "canonical": canonical,
        "role": name.role,
        "sort": name.kind,
        "department_id": unit.pk if unit else None,
        "group_id": group.pk if group else None,
        "is_inherited": False,
    }


def _at(span: Span, shift: int) -> dict[str, Any]:
    return {"start": span.start + shift, "end": span.end + shift}


def _said(value: object) -> str | None:
    return None if value is None else str(value)

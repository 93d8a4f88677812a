"""Small invented plans in Markdown: a heading, a fenced text, and what must be read from it.

An expectation is `- key: value`, or `- ID key: value` for one task of several. An empty value says
that nothing may be read.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from plans.parsing import ParsedMetric, ParsedName, ParsedPlan, ParsedTask, parse_plan

FOLDER = Path(__file__).parent / "cases"
CASE = re.compile(
    r"^## (?P<name>[^\n]+)\n+```text\n(?P<text>.*?)```\n(?P<wanted>(?:\n?- [^\n]*\n)+)", re.M | re.S
)
WANTED = re.compile(r"^- (?:(?P<task>\S+) )?(?P<key>\w+):[ ]?(?P<value>.*)$", re.M)


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    wanted: tuple[tuple[str | None, str, str], ...]


def cases(stem: str) -> list[object]:
    """Return the cases of one file as parameters with their names."""
    return [pytest.param(case, id=case.name) for case in read_cases(FOLDER / f"{stem}.md")]


def read_cases(path: Path) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n## ") == len(CASE.findall(text)), f"a case of {path.name} is malformed"
    for match in CASE.finditer(text):
        wanted = tuple(
            (found["task"], found["key"], found["value"].strip())
            for found in WANTED.finditer(match["wanted"])
        )
        yield Case(match["name"], match["text"], wanted)


def check(case: Case) -> None:
    """Compare everything a case wants with what is read."""
    plan = parse_plan(case.text)
    got = tuple((task, key, observe(plan, task, key)) for task, key, _ in case.wanted)
    assert got == case.wanted
    check_spans(plan)


def observe(plan: ParsedPlan, task_id: str | None, key: str) -> str:
    if key in PLAN_VIEWS:
        return PLAN_VIEWS[key](plan)
    task = next((t for t in plan.tasks if task_id in (None, t.id)), None)
    return TASK_VIEWS[key](task) if task else "no such task"


def joined(values: Iterable[object]) -> str:
    return "、".join(str(value) for value in values)


def said(names: tuple[ParsedName, ...]) -> str:
    return joined(name.text for name in names)


def figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value}"


def metric(found: ParsedMetric) -> str:
    high = f"..{figure(found.high)}" if found.high is not None else ""
    base = f" from {figure(found.baseline)}" if found.baseline is not None else ""
    change = f" {found.change}" if found.change else ""
    value = f"{figure(found.value)}{high}{found.unit or ''}"
    return f"{found.name} {found.op} {value}{change}{base}".strip()


PLAN_VIEWS: dict[str, Callable[[ParsedPlan], str]] = {
    "title": lambda plan: plan.title or "",
    "stage": lambda plan: plan.stage or "",
    "issuer": lambda plan: plan.issuer or "",
    "number": lambda plan: plan.number or "",
    "issued_on": lambda plan: str(plan.issued_on or ""),
    "period": lambda plan: f"{plan.period.start}-{plan.period.end}" if plan.period else "",
    "consultation": lambda plan: str(plan.consultation.due) if plan.consultation else "",
    "tasks": lambda plan: joined(task.id for task in plan.tasks),
    "parts": lambda plan: joined(f"{part.number} {part.title}" for part in plan.parts),
    "goals": lambda plan: joined(part.goal.text for part in plan.parts if part.goal),
    "indicators": lambda plan: joined(
        f"{part.number}/{i.number}" for part in plan.parts for i in part.indicators
    ),
    "targets": lambda plan: "; ".join(
        metric(m) for part in plan.parts for i in part.indicators for m in i.metrics
    ),
    "doubts": lambda plan: joined(sorted({d.code for d in plan.doubts})),
    "errors": lambda plan: joined(sorted({d.code for d in plan.doubts if d.severity == "error"})),
    "repairs": lambda plan: joined(f"{r.before}→{r.after}" for r in plan.repairs),
    "blocks": lambda plan: joined(block.kind for block in plan.blocks),
}
TASK_VIEWS: dict[str, Callable[[ParsedTask], str]] = {
    "heading": lambda task: task.title,
    "measure_title": lambda task: task.measure_title,
    "part": lambda task: task.part or "",
    "lead": lambda task: said(task.lead),
    "support": lambda task: said(task.support),
    "departments": lambda task: joined(n.department for n in (*task.lead, *task.support)),
    "roles": lambda task: joined(n.role for n in (*task.lead, *task.support)),
    "kinds": lambda task: joined(n.kind for n in (*task.lead, *task.support)),
    "inherited": lambda task: said(tuple(n for n in (*task.lead, *task.support) if n.inherited)),
    "verb": lambda task: (task.responsibility.verb if task.responsibility else None) or "",
    "bracket": lambda task: task.responsibility.text if task.responsibility else "",
    "due": lambda task: joined(d.due or d.kind for d in task.deadlines),
    "when": lambda task: joined(d.text for d in task.deadlines),
    "what": lambda task: joined(d.what for d in task.deadlines),
    "precision": lambda task: joined(d.precision or "" for d in task.deadlines),
    "freq": lambda task: joined(r.freq for r in task.recurrences),
    "times": lambda task: joined(r.times for r in task.recurrences),
    "in_period": lambda task: joined(r.due_in_period for r in task.recurrences),
    "again": lambda task: joined(r.what for r in task.recurrences),
    "metrics": lambda task: "; ".join(metric(m) for m in task.metrics),
}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def check_spans(plan: ParsedPlan) -> None:
    """Every text stands at its span; the blocks cut the whole text once; nothing is left over."""
    for span, text in spans_and_texts(plan):
        assert 0 <= span[0] <= span[1] <= len(plan.text)
        assert squeezed(plan.text[slice(*span)]) == squeezed(text)
    at = 0
    for block in plan.blocks:
        assert block.span.start == at
        assert block.span.end > at
        at = block.span.end
    assert at == len(plan.text)
    assert plan.uncovered == ()


def spans_and_texts(plan: ParsedPlan) -> Iterator[tuple[tuple[int, int], str]]:
    if plan.consultation:
        yield plan.consultation.span, plan.consultation.text
    for part in plan.parts:
        if part.goal:
            yield part.goal.span, part.goal.text
        yield from ((i.span, i.text) for i in part.indicators)
    for task in plan.tasks:
        yield from task_spans(task)
    yield from ((repair.span, repair.before) for repair in plan.repairs)


def task_spans(task: ParsedTask) -> Iterator[tuple[tuple[int, int], str]]:
    yield task.span, task.text
    if task.responsibility:
        yield task.responsibility.span, task.responsibility.text
    yield from ((name.span, name.text) for name in (*task.lead, *task.support))
    yield from ((deadline.span, deadline.text) for deadline in task.deadlines)
    yield from ((recurrence.span, recurrence.text) for recurrence in task.recurrences)

"""plan-parse/1: the only module that knows its keys."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from plans.parsing.plan import (
    Block,
    ParsedDoubt,
    ParsedIndicator,
    ParsedMetric,
    ParsedName,
    ParsedPart,
    ParsedPlan,
    ParsedTask,
)
from plans.parsing.sense import shown
from plans.parsing.spans import Span

SCHEMA = "plan-parse/1"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from."""

    name: str
    media_type: str
    sha256: str


def to_json(plan: ParsedPlan, source: Source, *, with_text: bool = False) -> str:
    """Return the plan as one JSON object."""
    return json.dumps(to_dict(plan, source, with_text=with_text), ensure_ascii=False, indent=1)


def to_dict(plan: ParsedPlan, source: Source, *, with_text: bool = False) -> dict[str, Any]:
    """Return the plan as plain values in the order of plan-parse/1."""
    origin: dict[str, Any] = {
        "name": source.name,
        "media_type": source.media_type,
        "sha256": source.sha256,
        "characters": len(plan.text),
    }
    if with_text:
        origin["text"] = plan.text
    period, consultation = plan.period, plan.consultation
    return {
        "schema": SCHEMA,
        "source": origin,
        "title": plan.title,
        "stage": plan.stage,
        "issuer": plan.issuer,
        "number": plan.number,
        "issued_on": _day(plan.issued_on),
        "period": {"start": period.start, "end": period.end} if period else None,
        "consultation": (
            {
                "due": _day(consultation.due),
                "text": consultation.text,
                "span": list(consultation.span),
            }
            if consultation
            else None
        ),
        "parts": [_part(part) for part in plan.parts],
        "tasks": [_task(task) for task in plan.tasks],
        "doubts": [_doubt(doubt) for doubt in plan.doubts],
        "repairs": [
            {"span": list(r.span), "before": r.before, "after": r.after, "reason": r.reason}
            for r in plan.repairs
        ],
        "blocks": [_block(block) for block in plan.blocks],
        "uncovered": [list(span) for span in plan.uncovered],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _part(part: ParsedPart) -> dict[str, Any]:
    return {
        "number": part.number,
        "ordinal": part.ordinal,
        "title": part.title,
        "span": list(part.span),
        "goal": {"text": part.goal.text, "span": list(part.goal.span)} if part.goal else None,
        "indicators": [_indicator(indicator) for indicator in part.indicators],
    }


def _indicator(indicator: ParsedIndicator) -> dict[str, Any]:
    return {
        "number": indicator.number,
        "text": indicator.text,
        "span": list(indicator.span),
        "metrics": [_metric(metric) for metric in indicator.metrics],
    }


def _metric(metric: ParsedMetric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "op": metric.op,
        "value": _number(metric.value),
        "high": _number(metric.high),
        "unit": metric.unit,
        "baseline": _number(metric.baseline),
        "change": metric.change,
        "span": list(metric.span),
    }


def _name(name: ParsedName) -> dict[str, Any]:
    return {
        "text": name.text,
        "department": name.department,
        "role": name.role,
        "kind": name.kind,
        "inherited": name.inherited,
        "span": list(name.span),
    }


def _task(task: ParsedTask) -> dict[str, Any]:
    given = task.responsibility
    return {
        "id": task.id,
        "part": task.part,
        "part_ordinal": task.part_ordinal,
        "measure": task.measure,
        "sub": task.sub,
        "measure_title": task.measure_title,
        "title": task.title,
        "text": task.text,
        "span": list(task.span),
        "responsibility": (
            {"text": given.text, "verb": given.verb, "span": list(given.span)} if given else None
        ),
        "lead": [_name(name) for name in task.lead],
        "support": [_name(name) for name in task.support],
        "deadlines": [
            {
                "text": deadline.text,
                "kind": deadline.kind,
                "due": _day(deadline.due),
                "precision": deadline.precision,
                "what": deadline.what,
                "span": list(deadline.span),
            }
            for deadline in task.deadlines
        ],
        "recurrences": [
            {
                "text": recurrence.text,
                "freq": recurrence.freq,
                "times": recurrence.times,
                "due_in_period": recurrence.due_in_period,
                "rrule": recurrence.rrule,
                "what": recurrence.what,
                "span": list(recurrence.span),
            }
            for recurrence in task.recurrences
        ],
        "metrics": [_metric(metric) for metric in task.metrics],
    }


def _doubt(doubt: ParsedDoubt) -> dict[str, Any]:
    return {
        "code": doubt.code,
        "severity": doubt.severity,
        "task": doubt.task,
        "part": doubt.part,
        "part_ordinal": doubt.part_ordinal,
        "message": doubt.message,
        "span": list(doubt.span),
        "suggestion": doubt.suggestion,
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "level": block.level,
        "number": block.number,
        "title": block.title,
        "span": list(block.span),
        "part_ordinal": block.part_ordinal,
        "measure": block.measure,
        "task": block.task,
        "indicator": block.indicator,
    }


def to_text(plan: ParsedPlan) -> str:
    """Return the plan as lines for people: tasks with who and when, then indicators and doubts."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: ParsedPlan) -> Iterator[str]:
    yield plan.title or "（没有识别到标题）"
    yield f"任务{len(plan.tasks)}条，待核实{len(plan.doubts)}处，更正{len(plan.repairs)}处"
    part: int | None = None
    titles = {p.ordinal: f"{p.number} {p.title}" for p in plan.parts}
    for task in plan.tasks:
        if task.part_ordinal != part and task.part_ordinal is not None:
            part = task.part_ordinal
            yield f"\n{titles.get(part, '')}"
        yield from _task_lines(task)
    for shown_part in plan.parts:
        for indicator in shown_part.indicators:
            yield f"\n{shown_part.number} 指标{indicator.number} {indicator.text}"
            yield from (f"    {_target(metric)}" for metric in indicator.metrics)
    yield ""
    for doubt in plan.doubts:
        yield f"[{SEVERITIES[doubt.severity]}] {doubt.message}{_place(doubt.span)}"


def _task_lines(task: ParsedTask) -> Iterator[str]:
    yield f"  {shown(task)} {task.title}"
    for label, names in (("牵头", task.lead), ("配合", task.support)):
        if names:
            yield f"    {label}：{'、'.join(_written(name) for name in names)}"
    yield from (f"    时限：{d.due or d.text} {d.what}" for d in task.deadlines)
    yield from (f"    周期：{r.text}" for r in task.recurrences)
    yield from (f"    目标：{_target(metric)}" for metric in task.metrics)


SEVERITIES = {"error": "必须处理", "check": "建议核对", "note": "已更正"}


def _written(name: ParsedName) -> str:
    return name.text if name.text == name.department else f"{name.text}（{name.department}）"


def _target(metric: ParsedMetric) -> str:
    if metric.value is None:
        return f"{metric.name}（{'不得发生' if metric.op == 'none_occur' else '定性'}）"
    high = f"-{metric.high}" if metric.high is not None else ""
    return f"{metric.name} {metric.op} {metric.value}{high}{metric.unit or ''}"


def _place(span: Span) -> str:
    return f"（第{span.start}至{span.end}字）"

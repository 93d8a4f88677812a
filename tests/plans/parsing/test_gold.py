"""The home plan against its gold annotation, which two people made independently."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plans.parsing import ParsedMetric, ParsedPlan, ParsedTask

Facts = Iterator[tuple[object, ...]]
GOLD: dict[str, Any] = json.loads(
    (Path(__file__).parent / "gold-litong-2016-2020.json").read_text(encoding="utf-8")
)


def squeeze(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def target(op: str, value: object, unit: str | None) -> tuple[object, ...]:
    figure = None if value is None else float(str(value))
    if (op, figure, unit) == (">=", 100.0, "%"):
        op = "="
    return op, figure, unit or ""


def gold_places() -> Facts:
    for task in GOLD["tasks"]:
        yield task["id"], task["part"], str(task["measure_no"]), str(task["sub_no"] or "")


def gold_titles() -> Facts:
    return ((t["id"], squeeze(t["title"]), squeeze(t["measure_title"])) for t in GOLD["tasks"])


def gold_brackets() -> Facts:
    for task in GOLD["tasks"]:
        yield task["id"], squeeze(task["responsibility_text"]), task["support_verb"]


def gold_names() -> Facts:
    for task in GOLD["tasks"]:
        helps = "support" if task["support_verb"] == "配合" else "share"
        for key, role in (("lead", "lead"), ("support", helps)):
            for name, canonical in zip(task[key], task[f"{key}_canonical"], strict=True):
                yield task["id"], role, squeeze(name), squeeze(canonical)


def gold_deadlines() -> Facts:
    return ((t["id"], d["text"], d["due"]) for t in GOLD["tasks"] for d in t["deadlines"])


def gold_recurrences() -> Facts:
    for task in GOLD["tasks"]:
        for found in task["recurrences"]:
            yield task["id"], found["text"], found["freq"], found["times"], found["due_in_period"]


def gold_indicators() -> Facts:
    for part in GOLD["parts"]:
        for found in part["indicators"]:
            yield part["no"], str(found["no"]), squeeze(found["text"])


def gold_targets() -> Facts:
    for part in GOLD["parts"]:
        for found in part["indicators"]:
            for metric in found["metrics"]:
                goal = target(metric["op"], metric["value"], metric["unit"])
                yield part["no"], str(found["no"]), goal
    for task in GOLD["tasks"]:
        for metric in task["inline_metrics"]:
            yield task["id"], target(metric["op"], metric["value"], metric["unit"])


def gold_front() -> Facts:
    period = (int(GOLD["period"]["start"]), int(GOLD["period"]["end"]))
    yield squeeze(GOLD["title"]), GOLD["stage"], period
    yield GOLD["consultation"]["due"], GOLD["consultation"]["text"]


def gold_parts() -> Facts:
    for part in GOLD["parts"]:
        yield part["no"], squeeze(part["title"]), bool(part["goal_starts"])


def places(plan: ParsedPlan) -> Facts:
    return ((t.id, t.part, t.measure, t.sub or "") for t in plan.tasks)


def titles(plan: ParsedPlan) -> Facts:
    return ((t.id, squeeze(t.title), squeeze(t.measure_title)) for t in plan.tasks)


def brackets(plan: ParsedPlan) -> Facts:
    for task in plan.tasks:
        given = task.responsibility
        yield task.id, squeeze(given.text if given else ""), given.verb if given else None


def names(plan: ParsedPlan) -> Facts:
    for task in plan.tasks:
        for name in (*task.lead, *task.support):
            yield task.id, name.role, squeeze(name.text), squeeze(name.department)


def deadlines(plan: ParsedPlan) -> Facts:
    return ((t.id, d.text, str(d.due)) for t in plan.tasks for d in t.deadlines)


def recurrences(plan: ParsedPlan) -> Facts:
    for task in plan.tasks:
        for found in task.recurrences:
            if found.freq != "unspecified":
                yield task.id, found.text, found.freq, found.times, found.due_in_period


def indicators(plan: ParsedPlan) -> Facts:
    for part in plan.parts:
        for found in part.indicators:
            yield part.number, found.number, squeeze(found.text)


def targets(plan: ParsedPlan) -> Facts:
    def goal(metric: ParsedMetric) -> tuple[object, ...]:
        return target(metric.op, metric.value, metric.unit)

    for part in plan.parts:
        for found in part.indicators:
            yield from ((part.number, found.number, goal(metric)) for metric in found.metrics)
    yield from ((t.id, goal(metric)) for t in plan.tasks for metric in t.metrics)


def front(plan: ParsedPlan) -> Facts:
    assert plan.period
    assert plan.consultation
    yield squeeze(plan.title), plan.stage, (plan.period.start, plan.period.end)
    yield str(plan.consultation.due), plan.consultation.text


def parts(plan: ParsedPlan) -> Facts:
    return ((p.number, squeeze(p.title), p.goal is not None) for p in plan.parts)


FIELDS: dict[str, tuple[Callable[[], Facts], Callable[[ParsedPlan], Facts]]] = {
    "front": (gold_front, front),
    "parts": (gold_parts, parts),
    "places": (gold_places, places),
    "titles": (gold_titles, titles),
    "brackets": (gold_brackets, brackets),
    "names": (gold_names, names),
    "deadlines": (gold_deadlines, deadlines),
    "recurrences": (gold_recurrences, recurrences),
    "indicators": (gold_indicators, indicators),
    "targets": (gold_targets, targets),
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_fact_of_the_home_plan_is_read_and_no_other(
    field: str, home_plan: ParsedPlan
) -> None:
    wanted, read = FIELDS[field]

    want, got = Counter(wanted()), Counter(read(home_plan))

    assert (want - got, got - want) == (Counter(), Counter())


def test_the_goal_of_a_part_starts_where_its_label_ends(home_plan: ParsedPlan) -> None:
    starts = [part["goal_starts"] for part in GOLD["parts"] if part["goal_starts"]]
    goals = [part.goal.text for part in home_plan.parts if part.goal]

    assert all(goal.startswith(start) for goal, start in zip(goals, starts, strict=True))


def test_the_clause_of_a_deadline_begins_as_the_gold_has_it(home_plan: ParsedPlan) -> None:
    tasks: dict[str, ParsedTask] = {task.id: task for task in home_plan.tasks}
    differing = [
        (task["id"], wanted["what"], found.what)
        for task in GOLD["tasks"]
        for wanted, found in zip(task["deadlines"], tasks[task["id"]].deadlines, strict=True)
        if wanted["what"][:4] != found.what[:4] and wanted["what"][:4] not in found.what
    ]

    assert differing == []

import json
from typing import Any

from plans.parsing import ParsedPlan
from plans.parsing.export import Source, to_dict, to_json

SOURCE = Source("plan.txt", "text/plain", "0" * 64)
TASK_KEYS = [
    *["id", "part", "part_ordinal", "measure", "sub", "measure_title", "title", "text", "span"],
    *["responsibility", "lead", "support", "deadlines", "recurrences", "metrics"],
]
TOP_KEYS = [
    *["schema", "source", "title", "stage", "issuer", "number", "issued_on", "period"],
    *["consultation", "parts", "tasks", "doubts", "repairs", "blocks", "uncovered"],
]


def spans(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [value["span"]] if "span" in value else []
        return own + [span for item in value.values() for span in spans(item)]
    return [span for item in value for span in spans(item)] if isinstance(value, list) else []


def test_the_keys_are_those_of_the_contract_in_their_order(home_plan: ParsedPlan) -> None:
    exported = to_dict(home_plan, SOURCE)

    assert list(exported) == TOP_KEYS
    assert all(list(task) == TASK_KEYS for task in exported["tasks"])


def test_json_says_what_the_dictionary_says(home_plan: ParsedPlan) -> None:
    exported = to_dict(home_plan, SOURCE, with_text=True)

    assert json.loads(to_json(home_plan, SOURCE, with_text=True)) == exported


def test_every_span_lies_in_the_text(home_plan: ParsedPlan) -> None:
    found = spans(to_dict(home_plan, SOURCE))

    assert len(found) > 500
    assert all(0 <= start <= end <= len(home_plan.text) for start, end in found)


def test_a_dated_task_is_exported_with_its_clause(home_plan: ParsedPlan) -> None:
    task = next(t for t in to_dict(home_plan, SOURCE)["tasks"] if t["id"] == "7.2")

    deadline = task["deadlines"][0]
    assert (deadline["text"], deadline["due"]) == ("2016年6月底前", "2016-06-30")
    assert deadline["what"].startswith("公开政府购买公共服务目录")
    assert task["lead"][0]["department"] == "区财政局"

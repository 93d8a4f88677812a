"""A plan crosses from process to process without a loss."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from plans.parsing import ParsedPlan, parse_plan
from plans.parsing.packing import pack, unpack
from tests.plans.parsing.cases import FOLDER, read_cases


def carried(plan: ParsedPlan) -> ParsedPlan:
    return unpack(json.loads(json.dumps(pack(plan), ensure_ascii=False)))


def test_the_home_plan_comes_back_as_it_was(home_plan: ParsedPlan) -> None:
    assert carried(home_plan) == home_plan


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_the_cases_come_back_as_they_were(path: Path) -> None:
    for case in read_cases(path):
        plan = parse_plan(case.text)

        assert carried(plan) == plan


def test_figures_stay_exact() -> None:
    plan = parse_plan("某县实施方案\n1.甲。合格率达到97.10%（县教育局牵头）。")

    assert carried(plan).tasks[0].metrics[0].value == Decimal("97.10")


@pytest.mark.parametrize("wrong", [None, [], ["甲"], [1] * 14, {"text": "甲"}])
def test_what_is_no_plan_is_refused(wrong: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpack(wrong)

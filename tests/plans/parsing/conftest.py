from pathlib import Path

import pytest

from plans.parsing import ParsedPlan, parse_plan

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="session")
def home_text() -> str:
    return (SEEDS / "litong-plan-2016-2020.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def home_plan(home_text: str) -> ParsedPlan:
    return parse_plan(home_text)

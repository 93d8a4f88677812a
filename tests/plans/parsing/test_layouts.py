"""The same facts are read from other layouts of the home plan."""

from collections import Counter
from datetime import date

import pytest

from plans.parsing import ParsedPlan, parse_plan
from tests.plans.parsing.cases import check_spans
from tests.plans.parsing.layouts import (
    Layout,
    closing_sentence,
    label_lines,
    labelled_bracket,
    laid_out,
    spaced_label_lines,
    wrapped,
)

LAYOUTS = (labelled_bracket, label_lines, spaced_label_lines, closing_sentence)


def names(plan: ParsedPlan, assigned: set[str]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (task.id, name.text, "lead" if name in task.lead else "support")
        for task in plan.tasks
        if task.id in assigned
        for name in (*task.lead, *task.support)
    )


def days(plan: ParsedPlan, assigned: set[str]) -> Counter[tuple[str, date | None]]:
    """Return the days of assigned tasks; a title may say one of them a second time."""
    found = ((t.id, d.due) for t in plan.tasks if t.id in assigned for d in t.deadlines)
    return Counter(set(found))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_and_days_are_read_from_another_layout(layout: Layout, home_plan: ParsedPlan) -> None:
    assigned = {task.id for task in home_plan.tasks if task.responsibility}

    plan = parse_plan(laid_out(home_plan, layout))

    assert [task.id for task in plan.tasks if task.id in assigned] == [
        task.id for task in home_plan.tasks if task.id in assigned
    ]
    assert names(plan, assigned) == names(home_plan, assigned)
    assert days(plan, assigned) == days(home_plan, assigned)
    check_spans(plan)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_measures_without_a_name_stay_tasks_in_another_layout(
    layout: Layout, home_plan: ParsedPlan
) -> None:
    plan = parse_plan(laid_out(home_plan, layout))

    assert [task.id for task in plan.tasks] == [task.id for task in home_plan.tasks]


def test_lines_wrapped_by_force_with_page_numbers_change_no_fact(
    home_text: str, home_plan: ParsedPlan
) -> None:
    every = {task.id for task in home_plan.tasks}

    plan = parse_plan(wrapped(home_text, width=40, lines_on_a_page=22))

    assert names(plan, every) == names(home_plan, every)
    assert days(plan, every) == days(home_plan, every)
    assert len([i for part in plan.parts for i in part.indicators]) == 41

"""The same facts are read from other layouts of the home plan."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from plans.parsing import ParsedMetric, ParsedPlan, parse_plan
from plans.parsing.normalize import normalize
from tests.plans.parsing.cases import check_spans, said
from tests.plans.parsing.layouts import (
    FULL_WIDTH,
    NUMBERINGS,
    Layout,
    Numbering,
    boxed_labels,
    closing_sentence,
    dated_bracket,
    in_chinese_numerals,
    in_one_paragraph,
    in_traditional_characters,
    label_lines,
    labelled_bracket,
    labels_without_colon,
    laid_out,
    numbered,
    spaced_label_lines,
    state_council_bracket,
    tabled,
    wrapped,
)

LAYOUTS = (
    labelled_bracket,
    label_lines,
    spaced_label_lines,
    closing_sentence,
    state_council_bracket,
    dated_bracket,
    boxed_labels,
    labels_without_colon,
)


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


@pytest.mark.parametrize("layout", [dated_bracket, label_lines])
@pytest.mark.parametrize("numbering", NUMBERINGS.values(), ids=NUMBERINGS)
def test_other_numbers_and_nestings_change_no_fact(
    numbering: Numbering, layout: Layout, home_plan: ParsedPlan
) -> None:
    assigned = [task for task in home_plan.tasks if task.responsibility]
    ids = {task.id for task in assigned}

    plan = parse_plan(numbered(home_plan, numbering, layout))

    assert [(t.id, t.measure, t.sub, t.title) for t in plan.tasks] == [
        (t.id, t.measure, t.sub, t.title) for t in assigned
    ]
    assert len({task.part_ordinal for task in plan.tasks}) == len(
        {task.part_ordinal for task in assigned}
    )
    assert names(plan, ids) == names(home_plan, ids)
    assert days(plan, ids) == days(home_plan, ids)
    check_spans(plan)


def test_lines_wrapped_by_force_with_page_numbers_change_no_fact(
    home_text: str, home_plan: ParsedPlan
) -> None:
    every = {task.id for task in home_plan.tasks}

    plan = parse_plan(wrapped(home_text, width=40, lines_on_a_page=22))

    assert names(plan, every) == names(home_plan, every)
    assert days(plan, every) == days(home_plan, every)
    assert len([i for part in plan.parts for i in part.indicators]) == 41


def test_sub_items_in_one_paragraph_are_tasks_of_their_own(home_plan: ParsedPlan) -> None:
    assigned = {task.id for task in home_plan.tasks if task.responsibility}

    plan = parse_plan(in_one_paragraph(home_plan))

    assert names(plan, assigned) == names(home_plan, assigned)
    assert days(plan, assigned) == days(home_plan, assigned)


TABLES = {
    "tabs": ("\t", "\n"),
    "bars": (" | ", "\n"),
    "blanks": ("   ", "\n"),
    "one cell a line": ("\n", "\n"),
}


@pytest.mark.parametrize(("comma", "end"), TABLES.values(), ids=TABLES)
def test_a_table_says_the_same(comma: str, end: str, home_plan: ParsedPlan) -> None:
    assigned = [task for task in home_plan.tasks if task.responsibility]

    plan = parse_plan(tabled(home_plan, comma, end))

    assert [(t.title, said(t.lead), said(t.support)) for t in plan.tasks] == [
        (t.title, said(t.lead), said(t.support)) for t in assigned
    ]
    assert [{d.due for d in t.deadlines if d.due} for t in plan.tasks] == [
        {d.due for d in t.deadlines if d.due} for t in assigned
    ]
    check_spans(plan)


REWRITTEN = {
    "full-width signs": lambda text: text.translate(FULL_WIDTH),
    "Chinese numerals": in_chinese_numerals,
    "traditional characters": in_traditional_characters,
}


@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
def test_other_characters_change_no_fact(
    rewrite: Callable[[str], str], home_text: str, home_plan: ParsedPlan
) -> None:
    every = {task.id for task in home_plan.tasks}

    plan = parse_plan(rewrite(home_text))

    assert Counter((i, plainly(name), role) for i, name, role in names(plan, every)) == Counter(
        (i, plainly(name), role) for i, name, role in names(home_plan, every)
    )
    assert days(plan, every) == days(home_plan, every)
    assert [figures(task.metrics) for task in plan.tasks] == [
        figures(task.metrics) for task in home_plan.tasks
    ]
    assert [figures(i.metrics) for p in plan.parts for i in p.indicators] == [
        figures(i.metrics) for p in home_plan.parts for i in p.indicators
    ]
    check_spans(plan)


def plainly(name: str) -> str:
    return normalize(name)[0]


def figures(metrics: tuple[ParsedMetric, ...]) -> list[tuple[str, object, str | None]]:
    return [(m.op, m.value, m.unit) for m in metrics]

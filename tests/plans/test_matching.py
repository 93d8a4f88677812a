"""Matching two documents: what stays the same item through rewording, moves, splits and merges."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from plans.matching import Item, match, pieces
from plans.parsing import parse_plan
from tests.plans.conftest import HOME_PLAN

LONG = "建立健全本级政府重大行政决策目录并向社会公布，未列入目录的事项不得提交会议讨论。"
OTHER = "完善突发事件应急预案，定期组织演练，演练情况报上一级应急管理机构备案。"


def items() -> list[Item]:
    """The measures of the home plan."""
    parsed = parse_plan(HOME_PLAN.read_text(encoding="utf-8"))
    return [
        Item(
            key=key,
            number=task.id,
            title=task.title,
            text=task.text.replace(task.responsibility.text if task.responsibility else "", ""),
            part=str(task.part_ordinal),
        )
        for key, task in enumerate(parsed.tasks)
    ]


def pairs(before: Sequence[Item], after: Sequence[Item]) -> dict[int, int]:
    return {row.before: row.after for row in match(before, after)}


def test_the_same_plan_is_matched_measure_by_measure() -> None:
    home = items()

    assert pairs(home, home) == {item.key: item.key for item in home}


def test_numbers_that_shift_do_not_mislead() -> None:
    home = items()
    shifted = [replace(item, number=str(n + 2)) for n, item in enumerate(home)]

    assert pairs(home, shifted) == {item.key: item.key for item in home}


def test_a_reworded_measure_in_another_part_is_still_the_same() -> None:
    before = [Item(1, "7", "公布目录", LONG, "（一）"), Item(2, "8", "应急预案", OTHER, "（一）")]
    reworded = LONG.replace("并向社会公布", "，并通过政府网站公开").replace("讨论", "审议")
    after = [
        Item(8, "1", "应急预案", OTHER, "（一）"),
        Item(9, "2", "公布目录", reworded, "（三）"),
    ]

    found = match(before, after)

    assert [(row.before, row.after, row.is_sure) for row in found] == [(2, 8, True), (1, 9, True)]


def test_a_new_text_under_an_old_number_is_not_the_old_measure() -> None:
    assert pairs([Item(1, "7", "公布目录", LONG)], [Item(9, "7", "应急预案", OTHER)]) == {}


def test_one_good_match_gives_way_to_two_that_are_nearly_as_good() -> None:
    before = [Item(1, "1", "甲", LONG), Item(2, "2", "乙", LONG + OTHER)]
    after = [Item(8, "1", "甲", LONG[2:]), Item(9, "2", "乙", LONG + OTHER[:-8])]

    assert pairs(before, after) == {1: 8, 2: 9}


def test_a_match_that_is_not_much_better_than_another_is_unsure() -> None:
    before = [Item(1, "1", "甲", LONG), Item(2, "2", "甲", LONG.replace("本级", "各级"))]
    after = [Item(9, "3", "甲", LONG.replace("本级", "县级"))]

    assert [row.is_sure for row in match(before, after)] == [False]


def test_a_measure_cut_in_two_is_one_that_goes_on_and_a_piece() -> None:
    before = [Item(1, "5", "决策", LONG + OTHER)]
    after = [Item(8, "5", "决策", LONG), Item(9, "6", "应急", OTHER)]

    found = pieces(before, after, pairs(before, after))

    assert pairs(before, after) in ({1: 8}, {1: 9})
    assert set(found.split.values()) == {1}
    assert not found.merged


def test_two_measures_made_one_are_one_that_goes_on_and_one_merged_into_it() -> None:
    before = [Item(8, "5", "决策", LONG), Item(9, "6", "应急", OTHER)]
    after = [Item(1, "5", "决策", LONG + OTHER)]

    found = pieces(before, after, pairs(before, after))

    assert found.merged == {9: 1}
    assert not found.split


def test_a_new_measure_with_an_old_ones_phrases_is_no_piece_of_it() -> None:
    before = [Item(1, "5", "决策", LONG)]
    after = [Item(8, "5", "决策", LONG), Item(9, "6", "目录", "建立健全本级政府重大行政决策目录。")]

    assert not pieces(before, after, pairs(before, after)).split


Edit = Callable[[list[Item], int, random.Random], None]


def drop(rows: list[Item], at: int, chance: random.Random) -> None:
    del rows[at]


def add(rows: list[Item], at: int, chance: random.Random) -> None:
    text = "".join(chance.choices("新设数字政府一体化平台项目台账清单考核督导", k=40))
    rows.insert(at, Item(1000 + len(rows) + chance.randrange(10**6), "", text[:9], text))


def move(rows: list[Item], at: int, chance: random.Random) -> None:
    rows.insert(chance.randrange(len(rows)), replace(rows.pop(at), part="（七）"))


def reword(rows: list[Item], at: int, chance: random.Random) -> None:
    text = list(rows[at].text)
    for _ in range(len(text) // 10):
        text[chance.randrange(len(text))] = chance.choice("进一步切实有关工作要求")
    rows[at] = replace(rows[at], text="".join(text))


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_of_the_home_plan_never_swap_two_measures(seed: int) -> None:
    chance = random.Random(seed)
    home = items()
    after = list(home)
    for _ in range(25):
        edit: Edit = chance.choice([drop, add, move, reword, reword])
        edit(after, chance.randrange(len(after)), chance)
    after = [replace(item, number=str(n)) for n, item in enumerate(after, start=1)]

    found = match(home, after)

    assert all(row.before == row.after for row in found)
    kept = {item.key for item in after if item.key < 1000}
    assert {row.after for row in found} == kept
    assert all(one.after < two.after for one, two in pairwise(found))


def test_many_items_that_are_nearly_the_same_keep_their_numbers() -> None:
    before = [Item(n, str(n), "建设平台", f"{LONG}第{n}期工程") for n in range(60)]
    after = [Item(n, str(n), "建设平台", f"{LONG}第{n}期工程竣工") for n in range(61)]

    assert pairs(before, after) == {n: n for n in range(60)}

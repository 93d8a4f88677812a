"""What holds for any text: no error, exact spans, everything covered, time that grows evenly."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.parsing import parse_plan
from plans.parsing.export import Source, to_json, to_text
from plans.parsing.normalize import normalize
from tests.plans.parsing.cases import check_spans

SOURCE = Source("plan.txt", "text/plain", "0" * 64)
PIECES = (
    *"一二三1230年月日底前每至到。,;:、()（）《》“”%和及等各\n \t",
    *["1.", "(一)", "1)", "①", "一、", "第一章", "目标:", "效果指标:", "具体措施:", "附件:"],
    *["区财政局", "市发改委", "各有关部门", "牵头", "配合", "负责", "按职责分工", "责任单位:"],
    *["完成时限:", "2016年12月底前", "2016825日", "20162020年", "l00%", "达到80%以上"],
    *["\n序号\t工作任务\t牵头单位\t完成时限\n", "\n1\t做甲\t市司法局\t年底前\n", "\n- 1 -\n"],
    *["没有发生", "每年至少举办一期", "印发之日起30日内", "“十四五”末", "第三季度", "2022.06"],
    *[
        "以下各项均由",
        "【牵头单位】",
        "\n牵头单位\n",
        "\n●",
        "\n——",
        "分别达到85%、95%",
        "|",
        " | ",
    ],
    *["\n序号\n工作任务\n责任单位\n完成时限\n", "\n1\n", "\n2\n", "\n|序号|工作任务|责任单位|\n"],
    *["\n\t做乙\t\t\n", "\n序号  任务  责任单位\n", "\n1  做丙  市司法局\n", "(市司法局牵头)\n"],
)
PLANS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_sound(text: str) -> None:
    plan = parse_plan(text)
    check_spans(plan)
    assert len({task.id for task in plan.tasks}) == len(plan.tasks)
    starts = [task.span.start for task in plan.tasks]
    assert starts == sorted(starts)
    to_json(plan, SOURCE, with_text=True)
    to_text(plan)


@QUICK
@given(st.text())
def test_any_text_is_parsed(text: str) -> None:
    assert_sound(text)


@QUICK
@given(PLANS)
def test_any_mixture_of_the_words_of_plans_is_parsed(text: str) -> None:
    assert_sound("某县实施方案\n" + text)


@pytest.mark.parametrize("tenth", range(10))
def test_any_beginning_of_the_home_plan_is_parsed(tenth: int, home_text: str) -> None:
    assert_sound(home_text[: len(home_text) * tenth // 10 + 7 * tenth])


@QUICK
@given(st.text())
def test_plain_signs_never_move_an_offset(text: str) -> None:
    plain, repairs = normalize(text)

    assert len(plain) == len(text)
    assert all(len(repair.before) == len(repair.after) for repair in repairs)


@pytest.mark.parametrize(
    "piece",
    [
        *["每年", "(区发改局", "牵头,", "《", "10%", "1.甲(区局牵头)\n", "(1)甲(局牵头)。"],
        *["(区局牵头2022年底前)", "1.甲(以下均由局牵头)\n", "分别达到1%、2%", "牵头单位\n"],
    ],
)
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "某县实施方案\n1.甲。" + piece * (size // len(piece))
        started = time.process_time()
        parse_plan(text)
        return time.process_time() - started

    small = min(seconds(4_000) for _ in range(3))
    large = min(seconds(16_000) for _ in range(2))

    assert large < 8 * max(small, 0.005)

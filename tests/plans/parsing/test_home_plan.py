"""What the coordinator is told about the home plan, beyond the facts of the gold."""

from collections import Counter

from plans.parsing import ParsedPlan, parse_plan
from tests.plans.parsing.cases import check_spans, squeezed


def tasks_with(plan: ParsedPlan, code: str) -> list[str | None]:
    return [doubt.task for doubt in plan.doubts if doubt.code == code]


def test_every_text_stands_at_its_span_and_nothing_is_left_over(home_plan: ParsedPlan) -> None:
    check_spans(home_plan)


def test_the_blocks_say_what_they_belong_to(home_plan: ParsedPlan) -> None:
    kinds = Counter(block.kind for block in home_plan.blocks)
    parents = [b for b in home_plan.blocks if b.kind == "heading" and b.measure == "1"]

    assert kinds["task"] == 82
    assert kinds["indicator"] == 41
    assert kinds["goal"] == 7
    assert [(b.number, b.title) for b in parents] == [("1", "深化行政审批制度改革")]
    assert [b.task for b in home_plan.blocks if b.task] == [task.id for task in home_plan.tasks]


def test_parts_with_the_same_number_differ_by_ordinal(home_plan: ParsedPlan) -> None:
    assert [part.ordinal for part in home_plan.parts] == list(range(1, 9))
    assert {task.part_ordinal for task in home_plan.tasks if task.part == "三"} == {8}


def test_the_damage_of_the_scraping_is_mended_and_told(home_plan: ParsedPlan) -> None:
    reasons = Counter(repair.reason for repair in home_plan.repairs)
    changed = {(repair.before, repair.after) for repair in home_plan.repairs}

    assert reasons == {
        "条款序号缺左括号": 96,
        "句号与责任括号错位": 4,
        "字母误作数字": 3,
        "单位级别有误": 2,
        "起止年份之间缺连接号": 1,
        "日期缺“年”“月”": 1,
    }
    assert changed > {
        ("l00%", "100%"),
        ("l0%", "10%"),
        ("区财政厅", "区财政局"),
        ("区监察厅", "区监察局"),
        ("2016825日", "2016年8月25日"),
        ("20162020年", "2016—2020年"),
    }


def test_the_doubts_are_those_the_coordinator_expects(home_plan: ParsedPlan) -> None:
    assert len(tasks_with(home_plan, "several_leads")) == 18
    assert tasks_with(home_plan, "no_lead") == ["42", "43", "44"]
    assert tasks_with(home_plan, "before_plan") == ["7.2"]
    assert tasks_with(home_plan, "lead_from_text") == ["45"]
    assert tasks_with(home_plan, "stray_mark") == ["31"]
    assert tasks_with(home_plan, "limited_deadline") == ["19.2"]
    assert tasks_with(home_plan, "missing_verb") == ["21.1"]
    assert tasks_with(home_plan, "vague_date") == ["45"]
    assert len(tasks_with(home_plan, "draft")) == 1
    assert tasks_with(home_plan, "conflicting_days") == ["10"]
    assert tasks_with(home_plan, "other_subject") == ["39"]
    in_words = ["9.1", "11", "12", "13", "14", "18.4", "19.1", "20", "35", "36", "38", "39", "43"]
    by_sense = ["2.1", "10", "21.1"]
    assert set(tasks_with(home_plan, "each_unit")) == {*in_words, *by_sense}


def test_what_is_only_meant_is_said_more_weakly_than_what_is_written(
    home_plan: ParsedPlan,
) -> None:
    found = {d.task: d.message for d in home_plan.doubts if d.code == "each_unit"}

    assert "按文意应由各单位分别落实" in found["11"]
    for task in ("2.1", "10", "21.1"):
        assert "按文意可能应由各乡镇等分别落实" in found[task]
    subjects = next(d for d in home_plan.doubts if d.code == "other_subject")
    assert "区政府、政府部门" in subjects.message


def test_variants_of_one_office_are_told_with_all_spellings(home_plan: ParsedPlan) -> None:
    messages = [doubt.message for doubt in home_plan.doubts if doubt.code == "name_variants"]

    assert any("4种写法" in message and "政府法制办" in message for message in messages)
    assert any("机构编制和人事管理办公室" in message for message in messages)


def test_errors_come_first_and_every_message_is_chinese(home_plan: ParsedPlan) -> None:
    severities = [doubt.severity for doubt in home_plan.doubts]

    assert severities == sorted(severities, key=("error", "check", "note").index)
    assert all(any("一" <= char <= "鿿" for char in d.message) for d in home_plan.doubts)


def test_full_width_marks_and_forced_line_ends_change_no_fact(
    home_text: str, home_plan: ParsedPlan
) -> None:
    wide = home_text.translate(str.maketrans(",;:()%", "，；：（）％")).replace("。", "。\u3000")

    other = parse_plan(wide)

    def facts(plan: ParsedPlan) -> list[object]:
        return [
            (
                task.id,
                [(n.department, n.role) for n in (*task.lead, *task.support)],
                [deadline.due for deadline in task.deadlines],
                [(metric.op, metric.value) for metric in task.metrics],
            )
            for task in plan.tasks
        ]

    assert facts(other) == facts(home_plan)
    assert squeezed(other.title or "") == "利通区法治政府建设实施方案（2016-2020年）"

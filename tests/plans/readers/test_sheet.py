"""Workbooks: used cells only, merged cells in each row, values as they are shown."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import document_from
from plans.readers.sheet import read_xlsx, shown
from tests.plans.readers.facts import facts


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: tuple[Any, ...], merge: tuple[str, ...] = ()) -> Workbook:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for stretch in merge:
        book.active.merge_cells(stretch)
    return book


def test_the_home_plan_in_a_column_parses_to_the_same_tasks(
    home_text: str, home_plan: ParsedPlan
) -> None:
    book = sheet(*((line,) for line in home_text.split("\n")))

    document = document_from("方案.xlsx", saved(book))

    assert facts(parse_plan(document.text)) == facts(home_plan)


def test_the_tasks_of_the_home_plan_in_a_table_keep_their_leads_and_days(
    home_plan: ParsedPlan,
) -> None:
    tasks = [task for task in home_plan.tasks if task.lead and not task.sub]
    rows = [
        (n, task.title, "、".join(name.text for name in task.lead))
        for n, task in enumerate(tasks, 1)
    ]
    book = sheet(
        ("利通区法治政府建设实施方案任务分解表", None, None),
        ("序号", "工作任务", "牵头单位"),
        *rows,
        merge=("A1:C1",),
    )

    found = parse_plan(document_from("任务.xlsx", saved(book)).text).tasks

    assert [task.title for task in found] == [task.title for task in tasks]
    assert [[n.text for n in task.lead] for task in found] == [
        [n.text for n in task.lead] for task in tasks
    ]


def test_merged_cells_and_gaps_and_titles() -> None:
    book = sheet(
        ("任务分解表", None, None),
        (),
        ("序号", "工作任务", "牵头单位"),
        (1, "公布\n清单", "区财政局"),
        (2, "清理文件", None),
        merge=("A1:C1", "C4:C5"),
    )

    pages = read_xlsx(saved(book))

    assert pages.text.splitlines() == [
        "任务分解表",
        "序号\t工作任务\t牵头单位",
        "1\t公布 清单\t区财政局",
        "2\t清理文件\t区财政局",
    ]
    assert [name for _, name in pages.places] == ["表1第1行", "表1第3行", "表1第4行", "表1第5行"]


def test_sheets_stand_under_their_names_and_hidden_ones_are_left_out() -> None:
    book = sheet(("甲",))
    book.create_sheet("重点任务").append(["乙"])
    book.create_sheet("草稿").append(["丙"])
    book["草稿"].sheet_state = "hidden"

    assert read_xlsx(saved(book)).text.splitlines() == ["甲", "重点任务", "乙"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (datetime(2017, 12, 31), "yyyy-mm-dd", "2017年12月31日"),
        (datetime(2017, 12, 1), 'yyyy"年"m"月"', "2017年12月"),
        (0.95, "0%", "95%"),
        (3.0, "General", "3"),
        (2.5, "General", "2.5"),
        (12, "General", "12"),
    ],
)
def test_values_are_written_as_they_are_shown(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    book = sheet(("甲", "乙"))
    assert book.active is not None
    book.active["XFD1048576"] = "角"

    assert read_xlsx(saved(book)).text.splitlines() == ["甲\t乙\t", "角"]

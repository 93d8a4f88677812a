"""Workbooks, pages and plain texts as they come."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from plans.parsing import ParsedPlan
from plans.readers import DocumentError, document_from
from plans.readers.sheet import read_xlsx, shown
from plans.readers.web import read_html
from tests.plans.readers.docx_files import packed
from tests.plans.readers.task_tables import (
    HEAD,
    NOTE,
    TITLE,
    as_lines,
    blocks_of,
    read_back,
    rows_of,
)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, part: str, before: str, after: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | {part: parts[part].replace(before.encode(), after.encode())})


def test_rows_and_columns_that_are_hidden_are_left_out_but_not_those_of_a_filter() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ("序号任务备注", "1甲密", "2乙密", "3丙密"):
        sheet.append(list(row) if len(row) == 3 else [row[:2], row[2:4], row[4:]])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True

    assert read_xlsx(saved(book)).text.splitlines() == ["序号\t任务", "1\t甲", "3\t丙"]

    sheet.auto_filter.ref = "A1:C4"
    assert read_xlsx(saved(book)).text.splitlines() == ["序号\t任务", "1\t甲", "2\t乙", "3\t丙"]


def test_a_formula_says_its_result_and_one_without_result_is_refused_in_words() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["=1+1", "甲"])
    content = saved(book)

    with pytest.raises(DocumentError, match="公式"):
        read_xlsx(content)
    for empty in ("<v></v>", "<v />", "<v/>"):
        content = rewritten(content, "xl/worksheets/sheet1.xml", empty, "<v>2</v>")
    assert read_xlsx(content).text == "2\t甲\n"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.955, "0%", "96%"), (0.955, "0.0%", "95.5%"), (0.1 + 0.2, "0.00%", "30.00%"),
        (1, "0%", "100%"), (date(2017, 6, 1), 'm"月"d"日"', "2017年6月1日"),
        (date(2017, 6, 30), "yyyy/m/d", "2017年6月30日"), (True, "General", "是"),
    ],
)  # fmt: skip
def test_figures_and_days_are_written_as_they_are_shown(
    value: object, form: str, text: str
) -> None:
    assert shown(value, form) == text


def page(body: str, *, says: str, encoding: str) -> str:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={says}">'
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)).text


@pytest.mark.parametrize(
    ("says", "encoding"),
    [
        ("gb2312", "gb2312"),
        ("GBK", "gbk"),
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-8", "gbk"),
    ],
)
def test_a_page_is_read_whatever_it_says_of_its_encoding(says: str, encoding: str) -> None:
    assert page("<p>一、总体要求</p>", says=says, encoding=encoding) == "一、总体要求\n"


def test_cells_over_rows_and_columns_at_once_with_line_ends_and_entities() -> None:
    body = (
        "<table><tr><th rowspan=2>序号</th><th rowspan=2>任务</th><th colspan=2>责任单位</th></tr>"
        "<tr><th>牵头<br/>单位</th><th>配合单位</th></tr><tr><td>1</td><td>甲&nbsp;&mdash;&#20057;"
        "&lt;丙&gt;</td><td rowspan=2 colspan=2>区财政局</td></tr><tr><td>2</td><td>丁</td>"
        "</tr></table>"
    )

    assert page(body, says="utf-8", encoding="utf-8").splitlines() == [
        "序号\t任务\t责任单位\t",
        "序号\t任务\t牵头 单位\t配合单位",
        "1\t甲 —乙<丙>\t区财政局\t",
        "2\t丁\t区财政局\t",
    ]


def test_a_layout_of_tables_in_tables_gives_the_table_of_tasks_inside() -> None:
    inner = "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>甲</td></tr></table>"
    middle = f"<table><tr><td><p>标题</p>{inner}<p>注</p></td></tr></table>"
    body = f"<table><tr><td>{middle}</td></tr></table>"

    assert page(body, says="utf-8", encoding="utf-8").splitlines() == [
        "标题",
        "序号\t任务",
        "1\t甲",
        "注",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "某县实施方案\r\n1.甲。\r2.乙。\n".encode(),
        "某县\u200b实施方案\ufeff\n1.甲。\u2028\u00ad2.乙。\n".encode(),
        "\ufeff某县实施方案\n1.甲。\x0b2.乙。\n".encode(),
        "某县实施方案\n1.甲。\x0c2.乙。\n".encode("gb18030"),
        "某县实施方案\n1.甲。\n2.乙。\n".encode("utf-16-be"),
    ],
    ids=["mixed line ends", "zero width", "a mark and a soft line", "a new page", "no mark"],
)
def test_a_text_is_the_same_however_it_was_written(content: bytes) -> None:
    assert document_from("方案.txt", content).text == "某县实施方案\n1.甲。\n2.乙。\n"


def test_a_place_is_where_its_text_stands_also_after_signs_that_nobody_sees() -> None:
    document = document_from("方案.txt", "某县\u200b方案\n\n1.\ufeff甲\n".encode())

    assert [(document.text[at:][:2], name) for at, name in document.places] == [
        ("某县", "第1行"),
        ("1.", "第3行"),
    ]


def test_a_table_of_a_markdown_file_gives_the_tasks_of_the_table(home_plan: ParsedPlan) -> None:
    rows = rows_of(home_plan)
    lines = ["| " + " | ".join(HEAD) + " |", "|" + ":---|" * 6]
    for part, led in blocks_of(rows):
        lines.append(f"| {part} |" + " |" * 5)
        lines += ["| " + " | ".join(row[1:]) + " |" for same in led for row in same]
    content = "\n".join([f"# {TITLE}", "", *lines, "", NOTE])

    found = read_back(document_from("表.md", content.encode()).text)

    assert found == read_back(as_lines(rows))

"""The home plan as a table, in each kind of file: the same rows, and so the same tasks."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from plans.parsing import ParsedPlan
from plans.readers import document_from
from tests.plans.readers.docx_files import cell, docx, level, lists, paragraph, table
from tests.plans.readers.task_tables import (
    HEAD,
    NOTE,
    TITLE,
    Row,
    blocks_of,
    check,
    html_table,
    rows_of,
)


@pytest.fixture(scope="module")
def rows(home_plan: ParsedPlan) -> list[Row]:
    return rows_of(home_plan)


def test_a_page_with_merged_cells(rows: list[Row]) -> None:
    page = f"<p>{TITLE}</p>{html_table(rows)}<p>{NOTE}</p>"

    check(document_from("表.html", page.encode()), rows)


def test_a_word_file_with_counted_rows_and_merged_cells(rows: list[Row]) -> None:
    lines = [[cell(title) for title in HEAD]]
    for part, led in blocks_of(rows):
        lines.append([cell(part, span=6)])
        for same in led:
            for at, row in enumerate(same):
                merge = "" if len(same) == 1 else "continue" if at else "restart"
                lead = cell(*([] if merge == "continue" else [row.lead]), merge=merge)
                counted = cell(paragraph("", number=1))
                lines.append([counted, *map(cell, row[2:4]), lead, *map(cell, row[5:])])
    numbering = lists({0: level(0, "decimal", "%1")}, {1: (0, "")})
    content = docx(paragraph(TITLE), table(*lines), paragraph(NOTE), numbering=numbering)

    check(document_from("表.docx", content), rows)


def test_a_workbook_with_merged_cells(rows: list[Row]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([TITLE])
    sheet.merge_cells("A1:F1")
    sheet.append(HEAD)
    for part, led in blocks_of(rows):
        sheet.append([part])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, end_column=6, start_column=1
        )
        for same in led:
            first = sheet.max_row + 1
            for row in same:
                sheet.append([int(row.number), *row[2:4], row.lead, *row[5:]])
            sheet.merge_cells(f"D{first}:D{sheet.max_row}")
    sheet.append([NOTE])
    out = BytesIO()
    book.save(out)

    check(document_from("表.xlsx", out.getvalue()), rows)

"""《文稿勘误表》: what was read otherwise than written, and what is in doubt, as a workbook."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from plans.choices import Severity
from plans.models import Doubt, Edition
from plans.typography import full_width

AROUND = 15


def slips_workbook(edition: Edition) -> bytes:
    """Return the workbook; every cell is plain text, whatever sign it begins with."""
    text = full_width(edition.text)
    doubts = list(edition.doubts.select_related("measure", "part", "settled_by"))
    notes = [doubt for doubt in doubts if doubt.severity == Severity.NOTE]
    asked = [doubt for doubt in doubts if doubt.severity != Severity.NOTE]
    book = Workbook()
    slips = book.active
    assert isinstance(slips, Worksheet)
    slips.title = "文稿勘误表"
    _fill(
        slips,
        [("序号", 6), ("位置", 14), ("原文", 24), ("应为", 24), ("原因", 24), ("上下文", 50)],
        [
            (str(n), _place(d), text[d.start : d.end], d.suggestion, d.message, _around(text, d))
            for n, d in enumerate(notes, start=1)
        ],
    )
    _fill(
        book.create_sheet("待核实事项"),
        [("序号", 6), ("位置", 14), ("程度", 10), ("事项", 50), ("建议", 30), ("处理结果", 40)],
        [
            (str(n), _place(d), d.get_severity_display(), d.message, d.suggestion, d.answer)
            for n, d in enumerate(asked, start=1)
        ],
    )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, heads: list[tuple[str, int]], rows: list[tuple[str, ...]]) -> None:
    for column, (head, width) in enumerate(heads, start=1):
        sheet.cell(1, column, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for index, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(index, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"
            cell.quotePrefix = True
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _place(doubt: Doubt) -> str:
    if doubt.measure is not None:
        return doubt.measure.reference
    return str(doubt.part.number) if doubt.part else ""


def _around(text: str, doubt: Doubt) -> str:
    return " ".join(text[max(doubt.start - AROUND, 0) : doubt.end + AROUND].split())

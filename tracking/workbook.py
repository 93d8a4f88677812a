"""The yearly sheet as a workbook that is filled in offline and read back line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from django.core import signing
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from accounts.errors import InvalidError
from plans.typography import full_width
from tracking.choices import WorkStatus
from tracking.fingerprint import fingerprint
from tracking.selectors.sheet import SheetLine, SheetView

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "tracking.sheet-row"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
HEAD_ROW = 4
YES = "是"
COLUMNS = (
    ("行标识（勿改）", 4),
    ("条款", 11),
    ("方案原文", 46),
    ("上次通过的内容", 30),
    ("办理状态", 11),
    ("实际完成日期", 14),
    ("本年次数", 9),
    ("进展情况", 52),
    ("无变化", 8),
)
TYPED = {"work_status": 5, "completed_on": 6, "times": 7, "narrative": 8, "is_unchanged": 9}
INSTRUCTIONS = (
    "只填白色格：办理状态、无变化从下拉框选；办理状态为“已完成”的填实际完成日期（如 2017-12-15）；"
    "“本年次数”只填要求次数的行，没有开展的填0；佐证材料上传后在系统中添加。"
    "不要增删行、列，不要改第一列。填好后在系统“集中填报表”页面上传，核对后确认写入，再由领导审签、报送。"
    "本表不得填写涉密和敏感信息。"
)
LINE = Side(style="thin", color="999999")


def workbook_of(view: SheetView) -> bytes:
    """Return the sheet as a protected workbook; what is already written stands in it."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    year = view.sheet.year
    page.title = f"{year.year}年度集中填报表"
    _put(page, 1, 2, f"{view.sheet.department} {year.year}年度集中填报表", size=16, is_bold=True)
    days = f"{_day(year.opens_on)}至{_day(year.closes_on)}填报。"
    _put(page, 2, 2, f"《{full_width(year.plan.title)}》，{days}{INSTRUCTIONS}")
    for row, height in ((1, 28), (2, 66)):
        page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(COLUMNS))
        page.row_dimensions[row].height = height
    for column, (name, width) in enumerate(COLUMNS, 1):
        _put(page, HEAD_ROW, column, name, is_bold=True, has_frame=True)
        page.column_dimensions[_letter(page, column)].width = width
    lines = [line for line in view.lines if line.is_writable]
    for row, line in enumerate(lines, HEAD_ROW + 1):
        _put_line(page, row, line)
    page.column_dimensions["A"].hidden = True
    page.freeze_panes = f"C{HEAD_ROW + 1}"
    _offer(page, TYPED["work_status"], [str(label) for _, label in WorkStatus.choices], len(lines))
    _offer(page, TYPED["is_unchanged"], [YES], len(lines))
    page.protection.sheet = True
    page.protection.formatColumns = False
    page.protection.formatRows = False
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put_line(page: Worksheet, row: int, line: SheetLine) -> None:
    milestone, basis = line.milestone, line.basis
    quote = line.quote
    version = line.draft.version if line.draft else 0
    locked = (
        key_of(milestone.pk, version, fingerprint(basis)),
        milestone.reference,
        full_width(f"{quote.before}{quote.lit}{quote.after}"),
        (line.accepted.narrative or "无变化") if line.accepted else "",
    )
    for column, text in enumerate(locked, 1):
        _put(page, row, column, text, has_frame=True)
    written = (
        basis.get_work_status_display() if basis else "",
        _day(basis.completed_on) if basis and basis.completed_on else "",
        str(basis.times) if basis and basis.times is not None else "",
        basis.narrative if basis else "",
        YES if basis and basis.is_unchanged else "",
    )
    for column, text in enumerate(written, len(locked) + 1):
        is_asked = column != TYPED["times"] or milestone.times_asked
        cell = _put(page, row, column, text if is_asked else "—", has_frame=True)
        if is_asked:
            cell.protection = Protection(locked=False)
            cell.fill = PatternFill()


def _put(
    page: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    size: int = 11,
    is_bold: bool = False,
    has_frame: bool = False,
) -> Cell | MergedCell:
    """Write words that no program takes for a formula."""
    cell = page.cell(row, column)
    shown = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.value = shown or None
    if shown:
        cell.data_type = "s"
    if shown.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    cell.number_format = "@"
    cell.font = Font(name="宋体", size=size, bold=is_bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if has_frame:
        cell.border = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
        cell.fill = PatternFill("solid", fgColor="EFEFEF")
    return cell


def _offer(page: Worksheet, column: int, words: Sequence[str], rows: int) -> None:
    """Let a column be chosen from words."""
    choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
    choice.errorTitle, choice.error = "请从下拉框选", "只能选：" + "、".join(words)
    choice.showErrorMessage = True
    letter = _letter(page, column)
    choice.add(f"{letter}{HEAD_ROW + 1}:{letter}{HEAD_ROW + max(rows, 1)}")
    page.add_data_validation(choice)


def _letter(page: Worksheet, column: int) -> str:
    return str(page.cell(1, column).coordinate.rstrip("0123456789"))


def _day(day: date) -> str:
    return day.isoformat()


def table_of(title: str, note: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a plain table as a workbook, inert whatever stands in its cells."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = title[:31]
    _put(page, 1, 1, title, size=16, is_bold=True)
    _put(page, 2, 1, note)
    for row in (1, 2):
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(heads))
    page.row_dimensions[2].height = 60
    for number, texts in enumerate((heads, *rows), 3):
        for column, text in enumerate(texts, 1):
            _put(page, number, column, text, is_bold=number == 3, has_frame=True)
    for column, head in enumerate(heads, 1):
        is_long = head in ("进展情况",)
        page.column_dimensions[_letter(page, column)].width = 60 if is_long else 15
    page.freeze_panes = "B4"
    page.page_setup.orientation = "landscape"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def key_of(milestone: int, version: int, mark: str) -> str:
    """Return the signed key of a row: which one it is, which draft was read, and what it said."""
    return signing.Signer(salt=SALT).sign(f"{milestone}.{version}.{mark}")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of an uploaded workbook: which row, which draft it was made from, what was typed."""

    number: int
    milestone: int
    version: int
    mark: str
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What an uploaded workbook holds, and what is wrong with it, line by line."""

    lines: list[ReadLine] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read_lines(rows: Sequence[Sequence[str]]) -> ReadWorkbook:
    """Return the lines of the cells; InvalidError where this is not one of our workbooks."""
    found = ReadWorkbook()
    start = next((n for n, row in enumerate(rows) if row and row[0] == COLUMNS[0][0]), None)
    if start is None:
        raise InvalidError("这不是从本系统下载的离线填报表，或表头被改动。请重新下载后填写。")
    seen: set[int] = set()
    labels = {str(label): value for value, label in WorkStatus.choices}
    for number, row in enumerate(rows[start + 1 :], start + 2):
        cells = [text.strip() for text in (*row, *[""] * len(COLUMNS))][: len(COLUMNS)]
        if not any(cells):
            continue
        try:
            milestone, version, mark = _key(cells[0])
        except (signing.BadSignature, ValueError):
            found.wrong.append(
                f"第{number}行：行标识缺失或被改动，不能确定是哪一项；请不要增删行。"
            )
            continue
        if milestone in seen:
            found.wrong.append(f"第{number}行：与前面的行重复。")
            continue
        seen.add(milestone)
        typed = {name: cells[column - 1] for name, column in TYPED.items()}
        status = typed["work_status"]
        if status and status not in labels:
            found.wrong.append(f"第{number}行：办理状态“{status[:20]}”不在可选范围内。")
        typed["work_status"] = labels.get(status, "")
        if typed["is_unchanged"] not in ("", YES, "否"):
            found.wrong.append(f"第{number}行：“无变化”只能填“是”或不填。")
        typed["is_unchanged"] = "on" if typed["is_unchanged"] == YES else ""
        typed["times"] = "" if typed["times"] == "—" else typed["times"]
        found.lines.append(ReadLine(number, milestone, version, mark, typed))
    if not found.lines and not found.wrong:
        found.wrong.append("表中没有可以写入的行。")
    return found


def _key(text: str) -> tuple[int, int, str]:
    milestone, version, mark = signing.Signer(salt=SALT).unsign(text).split(".")
    return int(milestone), int(version), mark

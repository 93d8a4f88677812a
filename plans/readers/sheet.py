"""Reading an .xlsx: the cells that are used, never the range that a sheet declares."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from plans.readers.archive import BROKEN, Package
from plans.readers.document import DocumentError, Pages
from plans.readers.grid import MOST_CELLS, MOST_COLUMNS, lines_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NO_NAME = re.compile(r"(?:Sheet|工作表|表)\s*\d*", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
PERCENT = re.compile(r"(?:\.(0+))?%")
NO_RESULT = (
    "表格里有公式还没有计算结果，没有读取。"
    "请用 Excel（WPS）打开、保存一次，或把公式粘贴为数值后再上传。"
)
MOST_MERGED = 20_000
MOST_ROWS = 2_000
Cells = dict[tuple[int, int], str]
Merged = tuple[int, int, int, int]


def read_xlsx(content: bytes) -> Pages:
    """Return the text of the visible sheets of a workbook."""
    package = Package(content)
    if "xl/workbook.xml" not in package:
        if "word/document.xml" in package:
            raise DocumentError("wrong_kind", "这是 Word 文件，请把扩展名改为 .docx 再上传。")
        raise DocumentError("broken", BROKEN)
    sheets = [(name, part) for name, part in _visible(package) if part in package]
    trees = {name: package.tree(part) for name, part in sheets}
    merged = {name: _merged(tree) for name, tree in trees.items()}
    hidden = {name: _hidden(tree) for name, tree in trees.items()}
    if any(map(_waits_for_a_result, trees.values())):
        raise DocumentError("formula", NO_RESULT)
    trees.clear()
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = [name for name, _ in sheets if name in book.sheetnames]
        found = [(name, _used(book[name], *hidden[name])) for name in names]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise DocumentError("broken", BROKEN) from error
    except (AttributeError, IndexError, OverflowError, etree.XMLSyntaxError, SyntaxError) as error:
        raise DocumentError("broken", BROKEN) from error
    pages = Pages()
    filled = [(name, cells) for name, cells in found if cells]
    for number, (name, cells) in enumerate(filled, 1):
        if len(filled) > 1 and not NO_NAME.fullmatch(name):
            pages.add(name, f"表{number}")
        rows, grid = _grid(cells, merged[name])
        for index, line in lines_of(grid):
            pages.add(line, f"表{number}第{rows[index - 1]}行")
    return pages


def read_rows(content: bytes) -> list[list[str]]:
    """Return the cells of the first visible sheet, row by row, for a form of our own."""
    package = Package(content)
    name = next((name for name, part in _visible(package) if part in package), None)
    if name is None:
        raise DocumentError("broken", BROKEN)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book[name]
        page.reset_dimensions()
        found = []
        for number, row in enumerate(page.iter_rows(max_row=MOST_ROWS + 1), 1):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise DocumentError("too_long", "表格的行或列太多，请用从系统下载的表填写。")
            found.append(
                [
                    "" if cell.value is None else shown(cell.value, cell.number_format or "")
                    for cell in row
                ]
            )
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise DocumentError("broken", BROKEN) from error
    except (AttributeError, IndexError, OverflowError, etree.XMLSyntaxError, SyntaxError) as error:
        raise DocumentError("broken", BROKEN) from error
    return found


def _visible(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the names of the sheets that are not hidden, and their parts."""
    targets = package.targets("xl/_rels/workbook.xml.rels")
    for sheet in package.tree("xl/workbook.xml").iter(f"{MAIN}sheet"):
        if sheet.get("state", "visible") == "visible":
            yield str(sheet.get("name", "")), targets.get(str(sheet.get(LINK)), "")


def _hidden(tree: "etree._Element") -> tuple[set[int], list[range]]:
    """Return the rows and the columns that are hidden; rows hidden by a filter are only aside."""
    rows = {int(row.get("r", "0")) for row in tree.iter(f"{MAIN}row") if _is_set(row, "hidden")}
    columns = [
        range(int(column.get("min", "1")), int(column.get("max", "1")) + 1)
        for column in tree.iter(f"{MAIN}col")
        if _is_set(column, "hidden")
    ]
    return rows if tree.find(f"{MAIN}autoFilter") is None else set(), columns


def _is_set(element: "etree._Element", name: str) -> bool:
    return element.get(name) in ("1", "true")


def _waits_for_a_result(tree: "etree._Element") -> bool:
    """Tell whether a formula has never been worked out by a program that can."""
    return any(
        cell.find(f"{MAIN}f") is not None
        and cell.get("t") != "str"
        and not cell.findtext(f"{MAIN}v")
        for cell in tree.iter(f"{MAIN}c")
    )


def _merged(tree: "etree._Element") -> list[Merged]:
    """Return the merged ranges as first column, first row, last column, last row."""
    ranges: list[Merged] = []
    for cell in tree.iter(f"{MAIN}mergeCell"):
        if len(ranges) < MOST_MERGED:
            try:
                left, top, right, bottom = range_boundaries(str(cell.get("ref", "")))
            except ValueError:
                continue
            ranges.append((left or 1, top or 1, right or 1, bottom or 1))
    return ranges


def _used(sheet: Any, rows: set[int], columns: list[range]) -> Cells:
    """Return the text of the cells that hold something and are shown, by row and column."""
    sheet.reset_dimensions()
    cells: Cells = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None or cell.row in rows:
                continue
            if any(cell.column in hidden for hidden in columns):
                continue
            if text := " ".join(shown(cell.value, cell.number_format or "").split()):
                cells[cell.row, cell.column] = text
        if len(cells) > MOST_CELLS:
            raise DocumentError("too_long", "表格太大，请只保留任务分解表后再上传。")
    return cells


def shown(value: object, form: str) -> str:
    """Return a value as its cell shows it: days in Chinese, whole numbers without a fraction."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (date, datetime)):
        has_day = "d" in QUOTED.sub("", form).lower()
        day = f"{value.day}日" if has_day or not form else ""
        return f"{value.year}年{value.month}月{day}"
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, (int, float)) and (percent := PERCENT.search(QUOTED.sub("", form))):
        places = Decimal(1).scaleb(-len(percent[1] or ""))
        return f"{(Decimal(repr(value)) * 100).quantize(places, ROUND_HALF_UP)}%"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _grid(cells: Cells, merged: list[Merged]) -> tuple[list[int], list[list[str]]]:
    """Return the rows in use, and their cells in the columns in use; tall cells are repeated."""
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    if len(columns) > MOST_COLUMNS or len(columns) * len(rows) > MOST_CELLS * 5:
        raise DocumentError("too_long", "表格列数太多，请只保留任务分解表后再上传。")
    filled = dict(cells)
    for left, top, _, bottom in merged:
        text = cells.get((top, left))
        if text is None or bottom == top:
            continue
        for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            filled.setdefault((row, left), text)
    return rows, [[filled.get((row, column), "") for column in columns] for row in rows]

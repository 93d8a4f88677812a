"""What a person should look at in tables: what was not read, and what rows say otherwise."""

from bisect import bisect_right
from collections.abc import Iterator

from plans.parsing.cells import TIME
from plans.parsing.doubts.reading import Reading, of_task
from plans.parsing.lexicon.tables import EMPTY_CELL
from plans.parsing.plan import ParsedDoubt
from plans.parsing.recurrences import find_recurrences
from plans.parsing.shapes import is_time
from plans.parsing.tables import unread_columns

MOST_SHOWN = 40
ADD = "请核对是否有遗漏的任务或内容"


def rows_alone(reading: Reading) -> Iterator[ParsedDoubt]:
    """Rows that say nothing of the body, in a table whose other rows repeat its measures."""
    if not any(read.leaf.item.repeats for read in reading.tasks):
        return
    for read in reading.tasks:
        if read.leaf.item.node.row is not None:
            message = "只见于附表，正文中没有找到对应的措施"
            yield of_task(read.task, "row_alone", "check", message, suggestion="请核对是否同一事项")


def rows_that_differ(reading: Reading) -> Iterator[ParsedDoubt]:
    """Rows that say another thing than the measure they repeat, or several for one measure."""
    for read in reading.tasks:
        for found in read.differs:
            here, there = found.here[:MOST_SHOWN], found.there[:MOST_SHOWN]
            message = f"的{found.what}，正文为“{here}”，附表为“{there}”，两处不一致"
            yield of_task(
                read.task, "table_differs", "check", message, found.span, "请核对以哪一处为准"
            )
        rows = read.leaf.item.restated
        if len(rows) > 1:
            message = f"在附表中有{len(rows)}行，责任单位和时限合在一起"
            span = rows[1].view.span(rows[1].title_start, rows[1].title_end)
            yield of_task(read.task, "table_differs", "check", message, span, "请核对是否需要分开")


def days_not_read(reading: Reading) -> Iterator[ParsedDoubt]:
    """Cells that should say when, and in which no day and no period was found."""
    for read in reading.tasks:
        row = read.leaf.item.node.row
        said = {found.span.start for found in read.task.deadlines}
        said |= {found.span.start for found in read.task.recurrences}
        for role, cell in row.cells if row else ():
            if role != TIME or any(cell.start <= start < cell.end for start in said):
                continue
            plain, words = cell.of(reading.plain), cell.of(reading.source)
            says_again = is_time(plain) or any(find_recurrences("".join(plain.split())))
            if not says_again and not EMPTY_CELL.fullmatch(words):
                message = f"时限一栏的“{words[:MOST_SHOWN]}”没有读出日期"
                yield of_task(read.task, "unread_cell", "check", message, cell, "请填写完成时限")


def strays(reading: Reading) -> Iterator[ParsedDoubt]:
    """Lines of tables that are in no row, notes below tables, and tables that were not read."""
    rows = [read.task for read in reading.tasks if read.leaf.item.node.row]
    starts = [task.span.start for task in rows]
    for kind, span in reading.outline.strays:
        words = " ".join(span.of(reading.source).split())
        said = f"“{words[:MOST_SHOWN]}{'……' if len(words) > MOST_SHOWN else ''}”"
        at = bisect_right(starts, span.start)
        if kind == "table":
            message = f"表格{said}的表头没有识别，表中内容没有采用"
            yield ParsedDoubt("unread_column", "check", message, span, suggestion=ADD)
        elif kind == "note":
            yield ParsedDoubt("unread_cell", "note", f"表格的说明{said}没有作为任务", span)
        elif at:
            message = f"下面的{said}没有归入表格的任何一栏，没有采用"
            yield of_task(rows[at - 1], "unread_cell", "check", message, span, ADD)
        else:
            message = f"表格中的{said}没有归入任何一栏，没有采用"
            yield ParsedDoubt("unread_cell", "check", message, span, suggestion=ADD)


def rows_by_looks(reading: Reading) -> Iterator[ParsedDoubt]:
    """Rows with cells too many, or with cells that were told apart by their looks."""
    tasks = {id(read.leaf.item.node): read.task for read in reading.tasks}
    for item in reading.measures.items.values():
        row, task = item.node.row, tasks.get(id(item.node))
        if row is None or task is None:
            continue
        if row.spare:
            words = " ".join(row.spare.of(reading.source).split())
            message = f"所在的行比表头多出“{words[:MOST_SHOWN]}”，没有采用"
            yield of_task(task, "unread_cell", "check", message, row.spare, ADD)
        if row.is_guessed:
            message = "所在的行与表头各栏对不齐，是按内容归入各栏的"
            yield of_task(task, "unread_cell", "check", message, suggestion="请核对各栏内容")


def columns(reading: Reading) -> Iterator[ParsedDoubt]:
    """Columns of tables that were not understood."""
    for title in unread_columns(reading.outline.tables, reading.plain):
        words = title.of(reading.source)
        message = f"表格“{words[:16]}”一栏未识别，其内容没有采用"
        yield ParsedDoubt("unread_column", "check", message, title)
    for head in reading.outline.loose:
        message = "指标表没有所属的标题，其中的指标没有采用"
        yield ParsedDoubt("unread_column", "check", message, head, suggestion="请补录指标")

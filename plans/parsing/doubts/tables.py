"""What a person should look at in tables: what was not read, and what rows say otherwise."""

from collections.abc import Iterator

from plans.parsing.cells import TIME
from plans.parsing.doubts.reading import Reading, of_task
from plans.parsing.lexicon.tables import EMPTY_CELL
from plans.parsing.plan import ParsedDoubt
from plans.parsing.tables import unread_columns

MOST_SHOWN = 40


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
        said = [found.span.start for found in read.task.deadlines]
        said += [found.span.start for found in read.task.recurrences]
        for role, cell in row.cells if row else ():
            words = cell.of(reading.source)
            is_read = any(cell.start <= start < cell.end for start in said)
            if role == TIME and not is_read and not EMPTY_CELL.fullmatch(words):
                message = f"时限一栏的“{words[:MOST_SHOWN]}”没有读出日期"
                yield of_task(read.task, "unread_cell", "check", message, cell, "请填写完成时限")


def columns(reading: Reading) -> Iterator[ParsedDoubt]:
    """Columns of tables that were not understood."""
    for title in unread_columns(reading.outline.tables, reading.plain):
        words = title.of(reading.source)
        message = f"表格“{words[:16]}”一栏未识别，其内容没有采用"
        yield ParsedDoubt("unread_column", "check", message, title)
    for head in reading.outline.loose:
        message = "指标表没有所属的标题，其中的指标没有采用"
        yield ParsedDoubt("unread_column", "check", message, head, suggestion="请补录指标")

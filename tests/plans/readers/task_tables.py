"""The home plan as a table of tasks, to be set in every kind of file and read back."""

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import Document

TITLE = "利通区法治政府建设实施方案任务分解表"
HEAD = ("序号", "工作任务", "主要内容", "牵头单位", "配合单位", "完成时限")
NOTE = "注：本表由区政府法制办负责解释。"


class Row(NamedTuple):
    """A row of the table: the part it stands in, and its cells."""

    part: str
    number: str
    title: str
    text: str
    lead: str
    support: str
    time: str


def rows_of(plan: ParsedPlan) -> list[Row]:
    """Return the tasks that somebody leads as rows."""
    parts = {part.ordinal: f"{part.number}{part.title}" for part in plan.parts}
    tasks = [task for task in plan.tasks if task.lead]
    return [
        Row(
            parts[task.part_ordinal or 1],
            str(number),
            task.title,
            "".join(task.text.split())[:90],
            "、".join(name.text for name in task.lead),
            "、".join(name.text for name in task.support),
            task.deadlines[0].text if task.deadlines else "长期坚持",
        )
        for number, task in enumerate(tasks, 1)
    ]


def blocks_of(rows: list[Row]) -> Iterator[tuple[str, list[list[Row]]]]:
    """Yield the parts with their rows, those that one unit leads one after the other together."""
    for part, of_part in groupby(rows, lambda row: row.part):
        yield part, [list(led) for _, led in groupby(of_part, lambda row: row.lead)]


def html_table(rows: list[Row], *, is_merged: bool = True) -> str:
    """Return the table as a web page has it: bands, and one cell for a unit that leads several."""
    lines = ["<tr>" + "".join(f"<th>{title}</th>" for title in HEAD) + "</tr>"]
    for part, led in blocks_of(rows):
        lines.append(f"<tr><td colspan=6>{escape(part)}</td></tr>")
        for same in led:
            for at, row in enumerate(same):
                tall = f" rowspan={len(same)}" if is_merged else ""
                lead = "" if is_merged and at else f"<td{tall}>{escape(row.lead)}</td>"
                before = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:4])
                after = "".join(f"<td>{escape(cell)}</td>" for cell in row[5:])
                lines.append(f"<tr>{before}{lead}{after}</tr>")
    return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def read_back(text: str) -> list[tuple[str, list[str], list[str], list[str]]]:
    """Return what the parser finds: title, who leads, who helps, by when."""
    return [
        (
            task.title,
            [name.text for name in task.lead],
            [name.text for name in task.support],
            [found.text for found in task.deadlines],
        )
        for task in parse_plan(text).tasks
    ]


def as_lines(rows: list[Row]) -> str:
    """Return the table as lines of cells parted by tabs: the text to compare with."""
    lines = ["\t".join(HEAD)]
    for part, led in blocks_of(rows):
        lines.append(part + "\t" * 5)
        lines += ["\t".join(row[1:]) for same in led for row in same]
    return "\n".join([TITLE, *lines, NOTE]) + "\n"


def check(document: Document, rows: list[Row]) -> None:
    """The file has the rows of the table, and the tasks of its text."""
    wanted = as_lines(rows)
    assert document.text == wanted
    found = read_back(document.text)
    assert found == read_back(wanted)
    assert len(found) == len(rows) == 79
    assert [lead for _, lead, _, _ in found] == [row.lead.split("、") for row in rows]

"""The outbox as a workbook, every cell plain text: nothing in it can be a formula."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from notifications.selectors import MessageShown

HEADS = (
    "编号",
    "日期",
    "收件人",
    "单位",
    "渠道",
    "地址",
    "主题",
    "状态",
    "说明",
    "尝试次数",
    "下次发送",
    "发出时间",
    "邮件标识",
)
WIDTHS = (8, 12, 12, 24, 10, 28, 50, 16, 40, 10, 18, 18, 36)


def outbox_workbook(rows: Iterable[MessageShown]) -> bytes:
    """Return the messages as an .xlsx, one a row."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("发件")
    sheet.freeze_panes = "A2"
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJKLM"[number]].width = width
    sheet.append([_cell(sheet, head) for head in HEADS])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in _values(row)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _values(row: MessageShown) -> tuple[str, ...]:
    message = row.message
    return (
        str(message.pk),
        f"{message.day:%Y-%m-%d}",
        message.recipient.name,
        "、".join(row.departments),
        message.get_channel_display(),
        message.address,
        message.subject,
        message.get_status_display(),
        message.reason,
        str(message.attempts),
        _moment(message.next_at) if row.is_waiting else "",
        _moment(message.sent_at),
        message.message_id,
    )


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _cell(sheet: Any, value: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell

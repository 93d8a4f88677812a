"""电话催办名单: on the page, on paper and as a workbook; and a call put on record."""

import uuid
from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.files import MEDIA_TYPES
from plans.typography import full_width
from tracking.models import Milestone, Sheet
from tracking.selectors.calls import Call, SheetCall, calls_of, group_words, sheet_calls_of
from tracking.usecases import record_call, record_sheet_call

HEADS = ("单位", "联络员", "电话", "事项", "完成时限", "天数", "状态", "已催办")
WIDTHS = (18, 14, 18, 60, 14, 12, 16, 10)


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Show whom to call about what, and the words for a work group."""
    user, today = actor(request), clock.today()
    authorize(user, "tracking.record_call")
    rows, sheets = calls_of(user, today=today), sheet_calls_of(user, today=today)
    context = {
        "title": "电话催办名单",
        "crumbs": [(reverse("home"), "首页"), (None, "电话催办名单")],
        "rows": rows,
        "sheets": sheets,
        "words": group_words(rows, sheets, today=today),
        "left_out": sum(not row.is_for_the_group for row in rows)
        + sum(not call.is_for_the_group for call in sheets),
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/calls.html", context)


@require_GET
def calls_workbook(request: HttpRequest) -> HttpResponse:
    """Give the list as a workbook."""
    user, today = actor(request), clock.today()
    authorize(user, "tracking.record_call")
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "电话催办名单"
    sheet.append(HEADS)
    for row in calls_of(user, today=today):
        sheet.append([_plain(value) for value in _values(row)])
    for call in sheet_calls_of(user, today=today):
        sheet.append([_plain(value) for value in _sheet_values(call)])
    for number, width in enumerate(WIDTHS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=MEDIA_TYPES[".xlsx"])
    name = f"电话催办名单{today:%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _values(row: Call) -> tuple[str, ...]:
    milestone = row.milestone
    title = full_width(milestone.assignment.measure.title)
    return (
        milestone.department.name,
        "、".join(row.people) or "无联络员",
        "、".join(row.phones),
        f"{milestone.reference} {title}",
        f"{milestone.due_on.year}年{milestone.due_on.month}月{milestone.due_on.day}日",
        f"逾期{-row.days}天" if row.is_overdue else f"还有{row.days}天",
        str(row.state.label),
        f"{row.calls}次" if row.calls else "",
    )


def _sheet_values(row: SheetCall) -> tuple[str, ...]:
    year = row.sheet.year
    return (
        row.sheet.department.name,
        "、".join(row.people) or "无联络员",
        "、".join(row.phones),
        f"{year.year}年度集中填报表",
        f"{year.closes_on.year}年{year.closes_on.month}月{year.closes_on.day}日",
        f"已过{-row.days}天" if row.is_late else f"还有{row.days}天",
        row.lacks,
        f"{row.calls}次" if row.calls else "",
    )


def _plain(value: str) -> str:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{value}" if value.startswith("=") else value


@require_POST
def milestone_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the unit was called."""
    user = actor(request)
    row = get_object_or_404(
        Milestone.objects.visible_to(user).select_related("department", "assignment__measure"),
        pk=pk,
    )
    record_call(milestone_id=pk, person=request.POST.get("person", ""), by=user, at=clock.now())
    messages.success(request, f"已记录：电话催办{row.department}{row.reference}。")
    if request.POST.get("back") == "calls":
        return redirect("tracking:calls")
    return redirect("tracking:milestone", pk)


@require_POST
def sheet_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the unit was called about its yearly sheet."""
    user = actor(request)
    row = get_object_or_404(Sheet.objects.visible_to(user).with_year(), pk=pk)
    record_sheet_call(sheet_id=pk, person=request.POST.get("person", ""), by=user, at=clock.now())
    messages.success(request, f"已记录：电话催办{row}。")
    return redirect("tracking:calls")

"""The yearly sheet as a workbook: down, filled in, up, looked at, kept."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.files import Upload, refuse_unfit
from plans.readers import DocumentError, rows_from
from tracking.forms.sheet import prefix_of
from tracking.views.sheets import Row, SheetPage
from tracking.workbook import MEDIA_TYPE, ReadLine, ReadWorkbook, read_lines, workbook_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the workbook beside the row that it would be written into."""

    number: int
    row: Row


@require_http_methods(["GET", "POST"])
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the workbook; by POST read a filled one and show what would be kept."""
    page = SheetPage(request, pk)
    authorize(page.user, "tracking.edit_submission", page.sheet)
    if request.method != "POST":
        name = f"{page.sheet.department}{page.name}.xlsx"
        return HttpResponse(
            workbook_of(page.view),
            content_type=MEDIA_TYPE,
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        )
    try:
        return _preview(page, _read(request.FILES.get("workbook")))
    except (InvalidError, DocumentError) as error:
        page.refusal = f"没有读取离线填报表：{error.message}"
        return page.render(400)


def _read(upload: Upload | None) -> ReadWorkbook:
    if upload is None:
        raise InvalidError("请选择填好的文件。")
    refuse_unfit(upload, kinds=[".xlsx"])
    return read_lines(rows_from(upload.name or "", b"".join(upload.chunks())))


def _preview(page: SheetPage, found: ReadWorkbook) -> HttpResponse:
    data = QueryDict(mutable=True)
    for line in found.lines:
        data.update(_as_typed(line))
    rows = {row.milestone.pk: Row(row, data) for row in page.view.lines}
    wrong, lines = list(found.wrong), []
    for line in found.lines:
        row = rows.get(line.milestone)
        if row is None:
            wrong.append(f"第{line.number}行：不属于这张表，请上传本单位本年度的表。")
            continue
        reference = row.line.milestone.reference
        for name, messages in row.form.errors.items():
            label = row.form.fields[name].label if name in row.form.fields else ""
            wrong += [f"第{line.number}行（{reference}）{label}：{text}" for text in messages]
        if row.is_typed and not row.line.is_writable:
            wrong.append(f"第{line.number}行（{reference}）：已经报送或审核，不能再写入。")
        if row.is_typed:
            lines.append(Line(line.number, row))
    context = {
        "title": "核对离线填报表",
        "crumbs": [
            (reverse("tracking:sheet", args=[page.sheet.pk]), page.name),
            (None, "核对离线填报表"),
        ],
        "sheet": page.sheet,
        "lines": lines,
        "untouched": len(found.lines) - len(lines),
        "wrong": wrong,
        "request_key": uuid4(),
    }
    return render(page.request, "tracking/sheet_upload.html", context, status=400 if wrong else 200)


def _as_typed(line: ReadLine) -> dict[str, str]:
    typed = dict(line.typed) | {"expected_version": str(line.version), "seen": line.mark}
    return {f"{prefix_of(line.milestone)}-{name}": text for name, text in typed.items()}

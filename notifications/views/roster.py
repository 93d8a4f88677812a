"""联络员登记表: the form to download, the check of what came back, and the slips."""

import re
import uuid
from dataclasses import asdict
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.files import MEDIA_TYPES, Upload, refuse_unfit
from accounts.models import Department, User
from accounts.roster import RosterRow, check_rows, roster_rows, roster_workbook
from accounts.usecases import enrol
from accounts.usecases.roster import run_by
from accounts.views.codes import show_slips
from plans.readers import DocumentError, document_from, place_of

ROW = re.compile("第([0-9]+)行")
SALT = "notifications.roster"
DAY = 24 * 60 * 60


@require_GET
def form(request: HttpRequest) -> FileResponse:
    """Send the empty form with the units of the district in its list."""
    user = actor(request)
    authorize(user, "accounts.enrol")
    units = Department.objects.filter(district__in=run_by(user)).current()
    names = list(units.order_by("ordinal", "id").values_list("name", flat=True))
    return FileResponse(
        BytesIO(roster_workbook(names)),
        as_attachment=True,
        filename="联络员登记表.xlsx",
        content_type=MEDIA_TYPES[".xlsx"],
    )


@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """Take a filled form and show what it says, line by line; nothing is registered yet."""
    user = actor(request)
    authorize(user, "accounts.enrol")
    upload = request.FILES.get("file")
    if request.method == "GET":
        return _show(request, {})
    if upload is None:
        return _show(request, {"error": "请选择填好的登记表（.xlsx）。"}, status=400)
    try:
        rows = _read(upload)
    except InvalidError as error:
        return _show(request, {"error": error.message}, status=error.status)
    return _show(request, _checked(rows, user))


@never_cache
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Register the people of a checked form and show their slips, once."""
    user = actor(request)
    authorize(user, "accounts.enrol")
    try:
        kept = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        expired = {"error": "这次核对已经过期，请重新上传登记表。"}
        return _show(request, expired, status=400)
    rows = [RosterRow(**row) for row in kept]
    try:
        codes = enrol(rows=rows, by=user, at=clock.now(), now=clock.real_now(), today=clock.today())
    except InvalidError as error:
        return _show(request, {**_checked(rows, user), "error": error.message}, status=error.status)
    back = reverse("notifications:staffing")
    if not codes:
        messages.success(request, "登记表已经登记；没有要打印的开通码（开通码只显示一次）。")
        return redirect(back)
    return show_slips(request, codes, back=back)


def _read(upload: Upload) -> list[RosterRow]:
    refuse_unfit(upload, kinds=(".xlsx",))
    try:
        document = document_from(upload.name or "", b"".join(upload.chunks()), at_once=True)
    except DocumentError as error:
        raise InvalidError(error.message) from error
    lines, offset = [], 0
    for line in document.text.split("\n"):
        if line:
            lines.append((_row_number(place_of(document.places, document.text, offset)), line))
        offset += len(line) + 1
    return roster_rows(lines)


def _row_number(place: str) -> int:
    """Return the row of a place: 表1第5行第1列."""
    found = ROW.search(place)
    return int(found[1]) if found else 0


def _checked(rows: list[RosterRow], user: User) -> dict[str, Any]:
    checked = check_rows(rows, districts=run_by(user), by=user)
    stopped = sum(bool(entry.problems) for entry in checked)
    return {
        "checked": checked,
        "stopped": stopped,
        "new": sum(not entry.is_known for entry in checked) - stopped,
        "rows": signing.dumps([asdict(row) for row in rows], salt=SALT, compress=True),
    }


def _show(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = {
        "title": "联络员登记表",
        "request_key": uuid.uuid4(),
        "crumbs": [
            (reverse("accounts:departments"), "单位"),
            (reverse("notifications:staffing"), "人员情况"),
            ("", "联络员登记表"),
        ],
    }
    return render(request, "notifications/roster.html", shown | context, status=status)

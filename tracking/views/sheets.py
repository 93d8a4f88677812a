"""集中填报: the page of a yearly sheet, kept row by row and sent as one."""

import uuid
from dataclasses import asdict, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import unknown_years
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from accounts.scope import scope_of
from tracking.choices import WorkStatus
from tracking.forms.report import SignatureForm
from tracking.forms.sheet import RowForm, prefix_of
from tracking.models import Sheet
from tracking.selectors.sheet import SheetLine, SheetView, reported_by_period, sheet_of
from tracking.usecases import Report, SheetRow, save_sheet, submit_sheet, take_back_sheet

FIELD_OF = {"no_signature": "signed_by", "signed_in_the_future": "signed_on"}


class SheetPage:
    """What the page of a sheet shows to one person, and what was typed on it."""

    def __init__(self, request: HttpRequest, pk: int, data: QueryDict | None = None) -> None:
        self.request = request
        self.user: User = actor(request)
        self.today = clock.today()
        self.sheet: Sheet = get_object_or_404(
            Sheet.objects.visible_to(self.user).with_year(), pk=pk
        )
        self.view: SheetView = sheet_of(self.sheet, self.user, today=self.today)
        self.is_own = self.user.has_perm("tracking.edit_submission", self.sheet)
        self.data = data
        self.rows = [Row(line, data) for line in self.view.lines]
        self.signature: SignatureForm | None = None
        self.refusal = ""
        self.shows_lack = False

    @property
    def name(self) -> str:
        """The name of the sheet on pages and files."""
        return f"{self.sheet.year.year}年度集中填报表"

    def save(self, rows: list["Row"], *, reuse: str = "") -> None:
        """Keep the rows; those that somebody else kept meanwhile stay typed on the page.

        ``reuse`` is the row that takes the last accepted words along.
        """
        fresh = {
            row.line.milestone.pk: SheetRow(row.report(reuse), row.form.version)
            for row in rows
            if not row.is_overtaken
        }
        if fresh:
            save_sheet(sheet_id=self.sheet.pk, rows=fresh, by=self.user, at=clock.now())

    def context(self) -> dict[str, Any]:
        """Return everything the template names."""
        year = self.sheet.year
        return {
            "title": self.name,
            "crumbs": [self._way_here(), (None, self.name)],
            "sheet": self.sheet,
            "year": year,
            "view": self.view,
            "unknown_years": unknown_years(
                [year.closes_on, *(row.line.milestone.due_on for row in self.rows)]
            ),
            "rows": self.rows,
            "by_period": reported_by_period(self.sheet),
            "is_own": self.is_own,
            "is_writable": self.is_own and self.view.is_writable,
            "may_sign": self.user.has_perm("tracking.sign_submission", self.sheet),
            "signature": self.signature or self._fresh_signature(),
            "refusal": self.refusal,
            "shows_lack": self.shows_lack,
            "request_key": uuid.uuid4(),
        }

    def render(self, status: int = 200) -> HttpResponse:
        """Answer with the page."""
        return render(self.request, "tracking/sheet.html", self.context(), status=status)

    def _fresh_signature(self) -> SignatureForm:
        if self.sheet.department_id in scope_of(self.user).signs_for:
            return SignatureForm(initial={"signed_by": self.user.name, "signed_on": self.today})
        return SignatureForm(initial={"signed_by": self.sheet.signed_by})

    def _way_here(self) -> tuple[str, str]:
        if self.is_own:
            return reverse("tracking:my-work"), "我的待办"
        return reverse("tracking:queue"), "审核"


class Row:
    """A line with its form, bound where something was sent for it."""

    def __init__(self, line: SheetLine, data: QueryDict | None) -> None:
        self.line = line
        sent = data if data is not None and _is_in(data, line) else None
        self.form = RowForm(line, sent)
        self.is_valid = self.form.is_valid() if sent is not None else True

    def report(self, reuse: str) -> Report:
        """Return what is written; on the row to reuse, with the last accepted words before it."""
        report, last = self.form.report(), self.line.accepted
        if reuse != str(self.line.milestone.pk) or last is None:
            return report
        words = [last.narrative, report.narrative if report.narrative != last.narrative else ""]
        return replace(
            report,
            work_status=report.work_status or last.work_status,
            completed_on=report.completed_on or last.completed_on,
            narrative="\n".join(filter(None, words)),
        )

    @property
    def said(self) -> dict[str, Any]:
        """What is written, as it would be kept, with the work status in words."""
        report = self.form.report()
        status = WorkStatus(report.work_status).label if report.work_status else ""
        return asdict(report) | {"status": status}

    def is_to_reuse(self, reuse: str) -> bool:
        """Whether the last accepted words are asked for here."""
        is_asked = reuse == str(self.line.milestone.pk)
        return is_asked and self.form.is_bound and self.line.accepted is not None

    @property
    def is_typed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self.form.is_bound and self.form.is_touched

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else kept or sent the row after the page was made."""
        return self.is_typed and (self.form.is_stale or not self.line.is_writable)


def _is_in(data: QueryDict, line: SheetLine) -> bool:
    return f"{prefix_of(line.milestone.pk)}-expected_version" in data


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet; by POST keep what was typed and, if asked, send it."""
    if request.method != "POST":
        return SheetPage(request, pk).render()
    try:
        page, typed = _keep(request, pk)
    except StaleError:
        # The row that the page keeps by itself may have come in between; what it kept is no news.
        page, typed = _keep(request, pk)
    if page.refusal:
        return page.render(409)
    return _after_saving(page, typed)


def _keep(request: HttpRequest, pk: int) -> "tuple[SheetPage, list[Row]]":
    """Keep what was typed on the page; return the page and the rows that were typed on."""
    page = SheetPage(request, pk, request.POST)
    authorize(page.user, "tracking.edit_submission", page.sheet)
    reuse = request.POST.get("reuse", "")
    typed = [row for row in page.rows if row.is_typed or row.is_to_reuse(reuse)]
    try:
        page.save(typed, reuse=reuse)
    except (ConflictError, InvalidError) as error:
        page.refusal = error.message
    return page, typed


def _after_saving(page: SheetPage, typed: list[Row]) -> HttpResponse:
    request, pk = page.request, page.sheet.pk
    step = request.POST.get("step", "save")
    again = SheetPage(request, pk)
    overtaken = {row.line.milestone.pk for row in typed if row.is_overtaken}
    broken = {row.line.milestone.pk for row in page.rows if not row.is_valid}
    if overtaken or broken:
        _keep_typed(again, request.POST, overtaken | broken)
        again.refusal = (
            "有的行刚由他人保存或报送，您填写的仍在下面，请核对。"
            if overtaken
            else "其他内容已保存。请修改下面标红的地方。"
        )
        return again.render(409 if overtaken else 400)
    if reuse := request.POST.get("reuse", ""):
        return redirect(f"{reverse('tracking:sheet', args=[pk])}#row-{reuse}")
    if step == "submit":
        return _submit(again)
    messages.success(request, "已保存，尚未报送。" if typed else "没有改动。")
    return redirect("tracking:sheet", pk)


def _keep_typed(page: SheetPage, data: QueryDict, rows: set[int]) -> None:
    """Put what was typed on these rows back on a page that was read anew."""
    for index, row in enumerate(page.rows):
        if row.line.milestone.pk in rows:
            page.rows[index] = Row(row.line, data)


def _submit(page: SheetPage) -> HttpResponse:
    page.signature = signature = SignatureForm(page.request.POST)
    if not signature.require():
        page.refusal = "内容已保存，还没有报送。请填写审签人和审签日期。"
        return page.render(400)
    try:
        submit_sheet(
            sheet_id=page.sheet.pk,
            by=page.user,
            at=clock.now(),
            today=page.today,
            **signature.cleaned_data,
        )
    except (InvalidError, ConflictError) as error:
        if error.code in FIELD_OF:
            signature.add_error(FIELD_OF[error.code], error.message)
        page.refusal = (
            "内容已保存，还不能报送。请补齐下面标出的行。"
            if error.code == "rows_lacking"
            else error.message
        )
        page.shows_lack = True
        return page.render(error.status)
    messages.success(page.request, "已报送，等待审核。审核前可以收回。")
    return redirect("tracking:sheet", page.sheet.pk)


@require_POST
def sheet_row(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    """Keep one row as it is typed, and answer with how it stands now."""
    page = SheetPage(request, pk, request.POST)
    authorize(page.user, "tracking.edit_submission", page.sheet)
    row = next((row for row in page.rows if row.line.milestone.pk == milestone), None)
    if row is None or not row.form.is_bound:
        raise Http404
    reuse, error = request.POST.get("reuse", ""), ""
    try:
        page.save([row] if row.is_typed or row.is_to_reuse(reuse) else [], reuse=reuse)
    except (StaleError, ConflictError, InvalidError) as refused:
        error = refused.message
    again = SheetPage(request, pk)
    if row.is_overtaken or error or not row.is_valid:
        _keep_typed(again, request.POST, {milestone})
    shown = next(found for found in again.rows if found.line.milestone.pk == milestone)
    template = "tracking/_sheet_row.html" if reuse else "tracking/_sheet_row_state.html"
    context = again.context() | {"row": shown, "error": error, "is_answer": True}
    status = 409 if row.is_overtaken else 422 if error or not row.is_valid else 200
    return render(request, template, context, status=status)


@require_POST
def sheet_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make drafts again of the rows on which nobody has decided."""
    user = actor(request)
    row = get_object_or_404(Sheet.objects.visible_to(user), pk=pk)
    take_back_sheet(sheet_id=row.pk, by=user, at=clock.now())
    messages.success(request, "已收回，可以修改后重新报送。")
    return redirect("tracking:sheet", pk)


@require_GET
def sheet_sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper on which the head signs for all rows."""
    page = SheetPage(request, pk)
    return render(request, "tracking/sheet_sign_off.html", page.context())


@require_GET
def sheet_blank(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form that an office without an account fills in by hand: all rows, or one."""
    page = SheetPage(request, pk)
    asked = request.GET.get("row", "")
    lines = [
        line for line in page.view.lines if asked in ("", str(line.milestone.pk)) and line.is_open
    ]
    if not lines:
        raise Http404
    return render(request, "tracking/sheet_blank.html", page.context() | {"lines": lines})

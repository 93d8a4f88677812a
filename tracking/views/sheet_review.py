"""审核 of a yearly sheet: all its rows on one page, each its own decision."""

import uuid
from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.choices import GOVERNMENT_SIDE
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from tracking.choices import WorkStatus
from tracking.forms.desk import ReturnForm
from tracking.models import Sheet, Submission
from tracking.selectors.reviewers import Reviewers
from tracking.selectors.sheet import SheetLine, SheetView, sheet_of
from tracking.usecases import accept_rows, return_submission

DAYS_TO_REDO = 5


class ReviewRow:
    """A waiting row with the form that sends it back."""

    def __init__(self, line: SheetLine, form: ReturnForm, *, is_ticked: bool) -> None:
        self.line = line
        self.form = form
        self.is_ticked = is_ticked

    @property
    def verdict(self) -> str:
        """What 审核通过 would mean for it."""
        report = self.line.newest
        assert report is not None
        if report.work_status == WorkStatus.COMPLETED and report.completed_on:
            return "认定办结"
        return "继续推进" if self.line.milestone.is_dated else "本年度已反馈"


class ReviewPage:
    """The page of a reviewer; a form that was refused stays as it was typed."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request = request
        self.user: User = actor(request)
        self.sheet = get_object_or_404(Sheet.objects.visible_to(self.user).with_year(), pk=pk)
        authorize(self.user, "tracking.see_queue", self.sheet)
        self.today = clock.today()
        self.view: SheetView = sheet_of(self.sheet, self.user, today=self.today)
        self.may_review = rules.has_perm("tracking.review_submission", self.user, self.sheet)
        self.refusal = ""
        self.refused: tuple[int, ReturnForm] | None = None

    def render(self, status: int = 200) -> HttpResponse:
        """Answer with the page."""
        department = self.sheet.department
        ticked = set(self.request.POST.getlist("row"))
        redo_by = WorkCalendar.load().after(self.today, DAYS_TO_REDO)
        rows = [self._row(line, ticked, redo_by) for line in self.view.waiting]
        context: dict[str, Any] = {
            "title": f"审核 {department} {self.sheet.year.year}年度集中填报表",
            "crumbs": [
                (reverse("tracking:queue"), "审核"),
                (None, f"{department} {self.sheet.year.year}年度集中填报表"),
            ],
            "sheet": self.sheet,
            "view": self.view,
            "rows": rows,
            "others": [line for line in self.view.lines if not line.is_waiting],
            "may_review": self.may_review,
            "reviewers": []
            if self.may_review
            else Reviewers.load({department.district_id}).offices_for(
                department.pk, department.district_id
            ),
            "return_word": "退回补正" if department.kind in GOVERNMENT_SIDE else "商请补充",
            "refusal": self.refusal,
            "request_key": uuid.uuid4(),
        }
        return render(self.request, "tracking/sheet_review.html", context, status=status)

    def _row(self, line: SheetLine, ticked: set[str], redo_by: Any) -> ReviewRow:
        report = line.newest
        assert report is not None
        initial = {"redo_by": redo_by, "expected_version": report.version}
        form = ReturnForm(initial=initial, prefix=f"return-{report.pk}")
        if self.refused and self.refused[0] == report.pk:
            form = self.refused[1]
        return ReviewRow(line, form, is_ticked=str(report.pk) in ticked)


@require_http_methods(["GET", "POST"])
def sheet_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what waits on a sheet, and take the decisions."""
    page = ReviewPage(request, pk)
    if request.method != "POST":
        return page.render()
    sent_back = request.POST.get("return", "")
    if sent_back.isdecimal():
        return _send_back(page, int(sent_back))
    return _accept(page)


def _accept(page: ReviewPage) -> HttpResponse:
    post = page.request.POST
    versions = {
        int(pk): int(version)
        for pk in post.getlist("row")
        if pk.isdecimal() and (version := post.get(f"version-{pk}", "")).isdecimal()
    }
    own = set(
        Submission.objects.filter(milestone__sheet=page.sheet, pk__in=versions).values_list(
            "pk", flat=True
        )
    )
    versions = {pk: version for pk, version in versions.items() if pk in own}
    try:
        accept_rows(versions=versions, by=page.user, at=clock.now())
    except (StaleError, ConflictError, InvalidError) as error:
        page.refusal = (
            "填报单位或其他审核人员刚改动过勾选的行，一行都没有通过。请看过现在的内容再勾选。"
            if versions
            else error.message
        )
        return page.render(409)
    messages.success(page.request, f"{page.sheet.department}：审核通过{len(versions)}行。")
    return _onward(page)


def _send_back(page: ReviewPage, submission: int) -> HttpResponse:
    form = ReturnForm(page.request.POST, prefix=f"return-{submission}")
    page.refused = (submission, form)
    get_object_or_404(
        Submission.objects.visible_to(page.user).filter(milestone__sheet=page.sheet), pk=submission
    )
    if not form.is_valid():
        return page.render(400)
    try:
        return_submission(
            submission_id=submission,
            note=form.note(),
            redo_by=form.cleaned_data["redo_by"],
            by=page.user,
            at=clock.now(),
            today=page.today,
            expected_version=form.cleaned_data["expected_version"],
        )
    except InvalidError as error:
        form.add_error(None, error.message)
        return page.render(400)
    except (StaleError, ConflictError):
        again = ReviewPage(page.request, page.sheet.pk)
        again.refused = (submission, form)
        again.refusal = f"这一行刚被改动或审核，没有退回。您写的理由：{form.note()}"
        return again.render(409)
    messages.success(page.request, "已退回这一行，其余各行不受影响。")
    return _onward(page)


def _onward(page: ReviewPage) -> HttpResponse:
    left = Submission.objects.waiting().filter(milestone__sheet=page.sheet)
    if left.exists():
        return redirect("tracking:sheet-review", page.sheet.pk)
    return redirect("tracking:queue")

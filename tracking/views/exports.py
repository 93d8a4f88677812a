"""Accepted texts as a Word file: of a unit, or of one item."""

from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.actor import actor
from accounts.files import MEDIA_TYPES
from accounts.models import Department
from accounts.scope import scope_of
from plans.typography import full_width
from tracking.models import Evidence, Milestone, Submission
from tracking.selectors.accepted import AcceptedReports, accepted_reports
from tracking.selectors.history import chinese_day
from tracking.word_paper import WordPaper

FOLDED = {
    "problems": "存在问题及原因",
    "next_steps": "下一步安排",
    "help_wanted": "需区政府协调解决的事项",
}


@require_GET
def department_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everything that was accepted of a unit."""
    user, scope = actor(request), scope_of(actor(request))
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    if not scope.sees(unit):
        raise Http404
    rows = accepted_reports(user, department=pk)
    return _file(f"{unit.name}历次反馈", unit.full_name or unit.name, rows, on=clock.today())


@require_GET
def milestone_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what was accepted on one item."""
    user = actor(request)
    row = get_object_or_404(Milestone.objects.visible_to(user).with_assignment(), pk=pk)
    unit = row.department
    rows = accepted_reports(user, milestone=pk)
    return _file(
        f"{row.reference}{unit.name}反馈", unit.full_name or unit.name, rows, on=clock.today()
    )


def _file(title: str, unit: str, rows: Iterable[AcceptedReports], *, on: date) -> HttpResponse:
    paper = WordPaper(title)
    paper.subtitle(unit)
    paper.subtitle(f"截至{_day(on)}，审核通过的内容")
    plan = None
    for row in rows:
        if row.milestone.plan != plan:
            plan = row.milestone.plan
            paper.subtitle(f"《{full_width(plan.title)}》")
        _item(paper, row)
    if plan is None:
        paper.text("还没有审核通过的反馈。")
    response = HttpResponse(paper.content(), content_type=MEDIA_TYPES[".docx"])
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.docx")
    response["Cache-Control"] = "private, no-store"
    return response


def _item(paper: WordPaper, row: AcceptedReports) -> None:
    milestone = row.milestone
    paper.heading(f"{milestone.reference}　{full_width(milestone.assignment.measure.title)}")
    paper.text(f"{full_width(milestone.what)}（完成时限{_day(milestone.due_on)}）")
    for report in row.reports:
        _report(paper, report)


def _report(paper: WordPaper, report: Submission) -> None:
    assert report.submitted_at is not None
    sent = _day(timezone.localdate(report.submitted_at))
    done = f"，实际完成日期{_day(report.completed_on)}" if report.completed_on else ""
    paper.subheading(
        f"第{report.number}次反馈（{sent}报送，{report.get_work_status_display()}{done}）"
    )
    if report.is_unchanged:
        paper.text("与上次反馈相比无变化。")
    paper.text(report.narrative)
    for name, label in FOLDED.items():
        if text := getattr(report, name):
            paper.text(f"{label}：{text}")
    if documents := list(report.evidence.all()):
        paper.text("佐证材料：" + "；".join(map(_document, documents)) + "。")


def _document(document: Evidence) -> str:
    details = [document.document_number, document.url]
    if document.issued_on:
        details.insert(1, f"{_day(document.issued_on)}印发")
    shown = "，".join(filter(None, details))
    return f"{document.name}（{shown}）" if shown else document.name


def _day(day: date) -> str:
    return chinese_day(day.isoformat())

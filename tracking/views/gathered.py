"""共性任务: what each unit reported, for the one who sums it up."""

import uuid
from dataclasses import replace
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from tracking.choices import IN_HANDS, MilestoneStatus, SubmissionStatus
from tracking.models import Milestone, Submission
from tracking.selectors.gathering import Gathering, gathering_of
from tracking.usecases import Report, save_draft
from tracking.usecases.submissions import said
from tracking.workbook import MEDIA_TYPE, table_of

HEADS = ("单位", "办理状态", "实际完成日期", "本年次数", "进展情况", "报送日期", "审核")


@require_http_methods(["GET", "POST"])
def gathered(request: HttpRequest, pk: int) -> HttpResponse:
    """List what the units reported; by POST put the sum into the draft."""
    user = actor(request)
    milestone = get_object_or_404(Milestone.objects.visible_to(user).with_assignment(), pk=pk)
    gathering = gathering_of(milestone, user)
    if gathering is None:
        raise Http404
    newest = milestone.submissions.order_by("-number").first()
    if request.method == "POST":
        return _sum_up(request, user, milestone, gathering, newest)
    if request.GET.get("export") == "xlsx":
        return _export(milestone, gathering)
    reference = milestone.reference
    context = {
        "title": f"{reference}各单位反馈",
        "crumbs": [
            (reverse("tracking:milestone", args=[pk]), reference),
            (None, "各单位反馈"),
        ],
        "milestone": milestone,
        "gathering": gathering,
        "is_writable": user.has_perm("tracking.edit_submission", milestone)
        and milestone.status == MilestoneStatus.OPEN
        and not (newest and newest.status in IN_HANDS),
        "version": _draft_version(newest),
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/gathered.html", context)


def _draft_version(newest: Submission | None) -> int:
    return newest.version if newest and newest.status == SubmissionStatus.DRAFT else 0


def _sum_up(
    request: HttpRequest,
    user: User,
    milestone: Milestone,
    gathering: Gathering,
    newest: Submission | None,
) -> HttpResponse:
    """Put the sentence before what is written; nothing of that is lost."""
    open_states = (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)
    kept = newest if newest and newest.status in open_states else None
    version = request.POST.get("expected_version", "")
    words = [gathering.sentence, kept.narrative if kept else ""]
    if kept and gathering.sentence in kept.narrative:
        words = [kept.narrative]
    try:
        save_draft(
            milestone_id=milestone.pk,
            report=replace(
                said(kept) if kept else Report(),
                is_unchanged=False,
                narrative="\n".join(filter(None, words)),
            ),
            expected_version=int(version) if version.isdecimal() else -1,
            by=user,
            at=clock.now(),
        )
    except (StaleError, ConflictError, InvalidError) as error:
        messages.error(request, error.message)
        return redirect("tracking:gathered", milestone.pk)
    messages.success(request, "已放进草稿，请核对、补充后报送。")
    if milestone.sheet_id:
        sheet = reverse("tracking:sheet", args=[milestone.sheet_id])
        return redirect(f"{sheet}#row-{milestone.pk}")
    return redirect("tracking:milestone", milestone.pk)


def _export(milestone: Milestone, gathering: Gathering) -> HttpResponse:
    rows = []
    for row in gathering.rows:
        report = row.report
        if report is None:
            rows.append((row.department.name, "未报", "", "", "", "", ""))
            continue
        assert report.submitted_at is not None
        rows.append(
            (
                row.department.name,
                report.get_work_status_display(),
                report.completed_on.isoformat() if report.completed_on else "",
                "" if report.times is None else str(report.times),
                report.narrative or "无变化",
                localdate(report.submitted_at).isoformat(),
                report.get_status_display(),
            )
        )
    title = f"{milestone.reference}各单位反馈"
    return HttpResponse(
        table_of(title, f"{milestone.what}。{gathering.sentence}", HEADS, rows),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(title)}.xlsx"},
    )

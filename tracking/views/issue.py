"""交办: what an issue would make, the issue itself, and the papers that came of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from plans.choices import EditionStatus, ResponsibilityRole, Stage
from plans.models import Edition
from plans.typography import full_width
from tracking.forms.desk import IssueForm
from tracking.models import Dispatch
from tracking.selectors.distribution import IssuePreview, preview_issue
from tracking.usecases import issue_plan


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview the issue of a draft and issue it; of an issued edition list the dispatches."""
    user = actor(request)
    edition = get_object_or_404(Edition.objects.visible_to(user).select_related("plan"), pk=pk)
    if request.method == "POST":
        return _issue(request, user, edition)
    if edition.status == EditionStatus.ISSUED:
        return _dispatches(request, user, edition)
    authorize(user, "tracking.issue_plan", edition)
    preview = preview_issue(edition, issued_on=edition.issued_on or clock.today())
    form = IssueForm(
        initial={
            "document_number": edition.document_number,
            "issued_on": edition.issued_on,
            "expected_version": edition.version,
        },
        leaders=_leaders(preview),
    )
    return _preview(request, edition, preview, form)


def _issue(request: HttpRequest, user: User, edition: Edition) -> HttpResponse:
    authorize(user, "tracking.issue_plan", edition)
    preview = preview_issue(edition, issued_on=edition.issued_on or clock.today())
    form = IssueForm(request.POST, leaders=_leaders(preview))
    if not form.is_valid():
        return _preview(request, edition, preview, form, status=400)
    try:
        issue_plan(
            edition_id=edition.pk,
            document_number=form.cleaned_data["document_number"],
            issued_on=form.cleaned_data["issued_on"],
            reporters=form.reporters(),
            by=user,
            at=clock.now(),
            expected_version=form.cleaned_data["expected_version"],
        )
    except (InvalidError, ConflictError, StaleError) as error:
        edition.refresh_from_db()
        if edition.status == EditionStatus.ISSUED:
            messages.warning(request, "这份方案刚由其他同志交办，以下是交办结果。")
            return redirect("tracking:issue", edition.pk)
        form.add_error(None, error.message)
        return _preview(request, edition, preview, form, status=error.status)
    messages.success(request, "已交办。各单位登录后可以看到交办单并签收。")
    return redirect("tracking:issue", edition.pk)


def _leaders(preview: IssuePreview) -> list[tuple[int, list[tuple[int, str]]]]:
    return [
        (
            handout.measure.pk,
            [(row.department.pk, row.department.name) for row in handout.leads if row.department],
        )
        for handout in preview.several_leads
    ]


def _preview(
    request: HttpRequest,
    edition: Edition,
    preview: IssuePreview,
    form: IssueForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": "交办预览",
        "crumbs": _crumbs(edition, "交办"),
        "edition": edition,
        "is_consultation": edition.stage == Stage.CONSULTATION,
        "preview": preview,
        "stopping": edition.doubts.stopping().count(),
        "unchecked": edition.measures.unchecked().count(),
        "form": form,
        "several": [
            (handout, form[f"reporter_{handout.measure.pk}"]) for handout in preview.several_leads
        ],
        "compared_on": edition.issued_on or clock.today(),
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/issue.html", context, status=status)


def _dispatches(request: HttpRequest, user: User, edition: Edition) -> HttpResponse:
    def of_role(role: ResponsibilityRole) -> Count:
        return Count("assignments", filter=Q(assignments__role=role), distinct=True)

    rows: list[Any] = list(
        Dispatch.objects.visible_to(user)
        .filter(edition=edition)
        .select_related("department", "acknowledged_by")
        .annotate(
            leads=of_role(ResponsibilityRole.LEAD),
            shares=of_role(ResponsibilityRole.SHARE),
            supports=of_role(ResponsibilityRole.SUPPORT),
            milestones=Count("assignments__milestones", distinct=True),
        )
        .order_by("department__ordinal", "department_id")
    )
    context = {
        "title": "交办单",
        "crumbs": _crumbs(edition, "交办单"),
        "edition": edition,
        "rows": rows,
        "waiting": sum(row.acknowledged_at is None for row in rows),
        "milestones": sum(row.milestones for row in rows),
    }
    return render(request, "tracking/issued.html", context)


def _crumbs(edition: Edition, label: str) -> list[tuple[str | None, str]]:
    page = "plans:edition" if edition.status == EditionStatus.DRAFT else "plans:text"
    return [
        (reverse("plans:plans"), "实施方案"),
        (reverse(page, args=[edition.pk]), full_width(edition.plan.title)),
        (None, label),
    ]

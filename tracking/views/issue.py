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
from accounts.calendar import WorkCalendar
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import Department, User
from plans.choices import EditionStatus, ResponsibilityRole, Stage
from plans.models import Edition
from plans.typography import full_width
from tracking.forms.handout import HandoutForm
from tracking.models import Dispatch, ReportingYear
from tracking.querysets import is_dated
from tracking.selectors.distribution import home_of
from tracking.selectors.owed import years_of
from tracking.selectors.preview import IssuePreview, preview_issue
from tracking.selectors.years import proposed_year
from tracking.usecases import issue_plan


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview the issue of a draft and issue it; of an issued edition list the dispatches."""
    user = actor(request)
    editions = Edition.objects.visible_to(user).select_related("plan", "former")
    edition = get_object_or_404(editions, pk=pk)
    if request.method == "POST":
        return _issue(request, user, edition)
    if edition.status != EditionStatus.DRAFT:
        return _dispatches(request, user, edition)
    if edition.plan.editions.in_force():
        return redirect("tracking:adopt", pk)
    authorize(user, "tracking.issue_plan", edition)
    preview, home = _asked(user, edition)
    form = HandoutForm(
        initial=printed_on(edition),
        questions=preview.questions,
        members=preview.distribution.members,
        home=home,
        past=preview.past,
    )
    return _preview(request, edition, preview, form)


def _issue(request: HttpRequest, user: User, edition: Edition) -> HttpResponse:
    authorize(user, "tracking.issue_plan", edition)
    preview, home = _asked(user, edition)
    form = HandoutForm(
        request.POST,
        questions=preview.questions,
        members=preview.distribution.members,
        home=home,
        past=preview.past,
    )
    is_preview = request.POST.get("step") == "preview"
    if is_preview:
        form.ask_for_no_document()
    if not form.is_valid():
        return _preview(request, edition, preview, form, status=400)
    if is_preview:
        chosen = preview_issue(
            edition,
            today=clock.today(),
            home=home,
            choices=form.choices(),
            left_out=form.left_out(),
        )
        return _preview(request, edition, chosen, form)
    try:
        issue_plan(
            edition_id=edition.pk,
            document_number=form.cleaned_data["document_number"],
            issued_on=form.cleaned_data["issued_on"],
            choices=form.choices(),
            left_out=form.left_out(),
            past=form.past_days(),
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


def _asked(user: User, edition: Edition) -> tuple[IssuePreview, Department | None]:
    """Return the recommended distribution, which asks the questions, and the person's office."""
    home = home_of(user, edition)
    return preview_issue(edition, today=clock.today(), home=home), home


def _preview(
    request: HttpRequest,
    edition: Edition,
    preview: IssuePreview,
    form: HandoutForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": "交办预览",
        "crumbs": crumbs_of(edition, "交办"),
        "edition": edition,
        "is_consultation": edition.stage == Stage.CONSULTATION,
        "preview": preview,
        "stopping": edition.doubts.stopping().count(),
        "unchecked": edition.measures.unchecked().count(),
        "form": form,
        "years": _years(edition, preview),
        "past": [row.bound(form) for row in form.past],
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/issue.html", context, status=status)


def _years(edition: Edition, preview: IssuePreview) -> list[ReportingYear]:
    """Return the days of each year that the issue would make, or that stand already."""
    known = {year.year: year for year in edition.plan.reporting_years.all()}
    calendar = WorkCalendar.load()
    issued_on = edition.issued_on or clock.today()
    return [
        known.get(year) or proposed_year(edition.plan, year, calendar)
        for year in years_of(edition, preview.handouts, issued_on)
    ]


def _dispatches(request: HttpRequest, user: User, edition: Edition) -> HttpResponse:
    def of_role(role: ResponsibilityRole) -> Count:
        is_own = Q(assignments__role=role, assignments__gathered_by=None)
        return Count("assignments", filter=is_own, distinct=True)

    former = edition.former if edition.former and edition.former.dispatched_at else None
    rows: list[Any] = list(
        Dispatch.objects.visible_to(user)
        .filter(edition=edition)
        .select_related("department", "acknowledged_by")
        .annotate(
            leads=of_role(ResponsibilityRole.LEAD),
            shares=of_role(ResponsibilityRole.SHARE),
            supports=of_role(ResponsibilityRole.SUPPORT),
            milestones=Count(
                "assignments__milestones",
                filter=is_dated("assignments__milestones__")
                & Q(assignments__milestones__gathered_by=None),
                distinct=True,
            ),
            common=Count(
                "assignments", filter=Q(assignments__gathered_by__isnull=False), distinct=True
            ),
            total=Count("assignments", distinct=True),
        )
        .order_by("department__ordinal", "department_id")
    )
    context = {
        "title": "补充交办单" if former else "交办单",
        "former": former,
        "crumbs": crumbs_of(edition, "交办单"),
        "edition": edition,
        "rows": rows,
        "waiting": sum(row.acknowledged_at is None for row in rows),
        "milestones": sum(row.milestones for row in rows),
    }
    return render(request, "tracking/issued.html", context)


def printed_on(edition: Edition) -> dict[str, Any]:
    """Return what the document says of itself, to begin the form with."""
    return {
        "document_number": edition.document_number,
        "issued_on": edition.issued_on,
        "expected_version": edition.version,
    }


def crumbs_of(edition: Edition, label: str) -> list[tuple[str | None, str]]:
    """Return the way from the list of plans to a page about an edition."""
    page = "plans:edition" if edition.status == EditionStatus.DRAFT else "plans:text"
    return [
        (reverse("plans:plans"), "实施方案"),
        (reverse(page, args=[edition.pk]), full_width(edition.plan.title)),
        (None, label),
    ]

"""Pages of metrics: the list of a plan, each one, and who answers for them."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.models import Department, User
from accounts.scope import scope_of
from plans.choices import EditionStatus
from plans.models import Edition, Metric
from plans.typography import full_width
from tracking.forms.report import DayField
from tracking.selectors import past_day
from tracking.selectors.metrics import (
    LINE_HEIGHT,
    LINE_WIDTH,
    MetricView,
    Standing,
    basis_of,
    edition_at_work,
    metrics_of,
    proposed_measures,
)
from tracking.usecases import MetricChoice, confirm_metrics


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """List the metrics of the plan by part, with target and newest value; with ``as_of`` with what
    had been accepted by the end of that day."""
    user, today = actor(request), clock.today()
    as_of = past_day(request.GET.get("as_of", ""), today=today)
    edition = edition_at_work(user)
    asked = request.GET.get("standing", "")
    rows = metrics_of(edition, user=user, until=as_of or today) if edition else []
    shown = [row for row in rows if asked not in set(Standing) or row.standing == asked]
    counts = [(state, sum(row.standing == state for row in rows)) for state in Standing]
    return render(
        request,
        "tracking/metrics.html",
        {
            "title": "效果指标",
            "edition": edition,
            "rows": shown,
            "total": len(rows),
            "basis": basis_of(rows),
            "counts": counts,
            "asked": asked,
            "as_of": as_of,
            "today": today,
            "sees_all": edition is not None and edition.plan.district_id in scope_of(user).overseen,
        },
    )


def metric_view(user: User, pk: int, *, until: date) -> tuple[Edition, MetricView]:
    """Return a metric that the person may read, with its text; 404 for another."""
    editions = Edition.objects.visible_to(user).filter(status=EditionStatus.ISSUED)
    row = get_object_or_404(Metric, pk=pk, indicator__part__edition__in=editions)
    assert row.indicator is not None
    edition = get_object_or_404(editions.select_related("plan"), pk=row.indicator.part.edition_id)
    (view,) = metrics_of(edition, user=user, until=until, only=[pk])
    return edition, view


@require_safe
def metric(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one metric: target, source, values by year, the line, and who reports it; with ``as_of``
    with what had been accepted by the end of that day."""
    user, today = actor(request), clock.today()
    as_of = past_day(request.GET.get("as_of", ""), today=today)
    edition, view = metric_view(user, pk, until=as_of or today)
    may_record = view.tracked is not None and user.has_perm("tracking.record_survey", view.tracked)
    return render(
        request,
        "tracking/metric.html",
        {
            "may_record": may_record and view.is_satisfaction and not as_of,
            "title": full_width(view.metric.name),
            "crumbs": [
                (reverse("tracking:metrics") + (f"?as_of={as_of}" if as_of else ""), "效果指标"),
                (None, "指标"),
            ],
            "edition": edition,
            "view": view,
            "as_of": as_of,
            "today": today,
            "width": LINE_WIDTH,
            "height": LINE_HEIGHT,
            "sees_all": edition.plan.district_id in scope_of(user).overseen,
        },
    )


class ChoiceForm(forms.Form):
    """What is confirmed of one metric."""

    measures = forms.MultipleChoiceField(
        label="关联措施", required=False, widget=forms.CheckboxSelectMultiple
    )
    owner = forms.ModelChoiceField(
        label="责任单位", queryset=Department.objects.none(), required=False, empty_label="未定"
    )
    survey_on = DayField(label="测评日期", required=False)

    def __init__(
        self, data: Any, *, view: MetricView, edition: Edition, measures: list[Any], units: Any
    ) -> None:
        self.view = view
        here = [row for row in measures if row.part_id == view.part.pk]
        proposed = proposed_measures(view.metric, here)
        tracked = view.tracked
        chosen = view.measures if tracked else proposed
        initial = {
            "measures": [str(row.pk) for row in chosen],
            "owner": tracked.owner_id if tracked else None,
            "survey_on": tracked.survey_on if tracked else None,
        }
        super().__init__(data, prefix=f"metric-{view.metric.pk}", initial=initial)
        extra = [row for row in chosen if row not in here]
        self.fields["measures"].choices = [  # type: ignore[attr-defined]
            (
                str(row.pk),
                f"{row.reference} {full_width(row.title)}"
                + ("（建议）" if row in proposed and not tracked else ""),
            )
            for row in [*here, *extra]
        ]
        self.fields["owner"].queryset = units  # type: ignore[attr-defined]
        if not view.is_satisfaction:
            del self.fields["survey_on"]

    def choice(self) -> MetricChoice:
        """Return what was chosen."""
        given = self.cleaned_data
        return MetricChoice(
            measures=frozenset(int(pk) for pk in given["measures"]),
            owner=given["owner"].pk if given["owner"] else None,
            survey_on=given.get("survey_on"),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, for one part at a time, which measures feed the metrics and who owns them."""
    user = actor(request)
    edition = get_object_or_404(
        Edition.objects.visible_to(user).select_related("plan").filter(status=EditionStatus.ISSUED),
        pk=pk,
    )
    authorize(user, "tracking.confirm_metrics", edition)
    views = metrics_of(edition, user=user, until=clock.today())
    parts = list(dict.fromkeys(view.part for view in views))
    asked = request.GET.get("part", "")
    part = next((row for row in parts if str(row.pk) == asked), parts[0] if parts else None)
    units = Department.objects.filter(district=edition.plan.district_id).current()
    measures = list(edition.measures.leaves().order_by("ordinal"))
    choices = [
        ChoiceForm(request.POST or None, view=view, edition=edition, measures=measures, units=units)
        for view in views
        if view.part == part
    ]
    status, refusal = 200, ""
    if any(form.errors for form in choices):
        status = 400
    elif request.method == "POST":
        try:
            confirm_metrics(
                edition_id=edition.pk,
                choices={form.view.metric.pk: form.choice() for form in choices},
                by=user,
                at=clock.now(),
            )
        except DomainError as error:
            status, refusal = error.status, error.message
        else:
            messages.success(request, "已确认。填报单位下次填报时会看到这些指标。")
            return redirect(request.get_full_path())
    context = {
        "title": "指标责任确认",
        "crumbs": [(reverse("tracking:metrics"), "效果指标"), (None, "指标责任确认")],
        "edition": edition,
        "parts": parts,
        "part": part,
        "choices": choices,
        "refusal": refusal,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/confirm_metrics.html", context, status=status)

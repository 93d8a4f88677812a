"""延期: asked for by a unit, decided with a leader's consent, or agreed on paper."""

import uuid

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from tracking.forms.report import ExtensionForm
from tracking.forms.requests import AskExtensionForm, GrantExtensionForm, RefuseForm
from tracking.models import ExtensionRequest
from tracking.usecases import (
    ask_extension,
    grant_extension,
    record_extension,
    refuse_extension,
    withdraw_extension,
)
from tracking.views.milestone_page import REFUSALS, MilestonePage, put_refusal


@require_POST
def milestone_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an agreed new day on record."""
    page = MilestonePage(request, pk)
    page.extension_form = form = ExtensionForm(request.POST)
    if not form.is_valid():
        return page.render(400)
    try:
        record_extension(milestone_id=pk, by=page.user, at=clock.now(), **form.cleaned_data)
    except REFUSALS as error:
        put_refusal(error, form)
        again = MilestonePage(request, pk)
        again.extension_form = form
        return again.render(error.status)
    messages.success(request, "延期已登记，原时限保留。")
    return redirect("tracking:milestone", pk)


@require_POST
def extension_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later day."""
    page = MilestonePage(request, pk)
    page.ask_form = form = AskExtensionForm(request.POST, auto_id="ask_%s")
    if not form.is_valid():
        return page.render(400)
    try:
        ask_extension(
            milestone_id=pk, by=page.user, at=clock.now(), today=page.today, **form.cleaned_data
        )
    except REFUSALS as error:
        put_refusal(error, form)
        again = MilestonePage(request, pk)
        again.ask_form = form
        return again.render(error.status)
    messages.success(request, "延期申请已提交，批复前完成时限不变。")
    return redirect("tracking:milestone", pk)


@require_http_methods(["GET", "POST"])
def extension_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit asks for, and take the decision on it."""
    user = actor(request)
    rows = ExtensionRequest.objects.visible_to(user).select_related(
        "asked_by",
        "decided_by",
        "extension",
        "milestone__assignment__measure__parent",
        "milestone__department",
    )
    found = get_object_or_404(rows, pk=pk)
    is_posted = request.method == "POST"
    is_refusal = is_posted and request.POST.get("step") == "refuse"
    given = request.POST if is_posted else None
    grant = GrantExtensionForm(
        None if is_refusal else given,
        initial={"new_due_on": found.new_due_on, "expected_version": found.version},
        auto_id="grant_%s",
    )
    refuse = RefuseForm(
        given if is_refusal else None,
        initial={"expected_version": found.version},
        auto_id="refuse_%s",
    )
    form, status = (refuse if is_refusal else grant), 200
    if is_posted and form.is_valid():
        decide = refuse_extension if is_refusal else grant_extension
        try:
            decide(request_id=pk, by=user, at=clock.now(), **form.cleaned_data)
        except REFUSALS as error:
            put_refusal(error, form)
            status = error.status
        else:
            messages.success(
                request, "已答复：不同意延期。" if is_refusal else "已同意延期，原时限保留。"
            )
            return redirect("tracking:queue")
    elif is_posted:
        status = 400
    milestone = found.milestone
    context = {
        "title": f"延期申请 {milestone.reference}",
        "crumbs": [(reverse("tracking:queue"), "审核"), (None, "延期申请")],
        "asked": found,
        "milestone": milestone,
        "measure": milestone.assignment.measure,
        "granted_before": milestone.extensions.count(),
        "may_decide": found.status == "asked"
        and rules.has_perm("tracking.decide_request", user, found),
        "grant": grant,
        "refuse": refuse,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/extension_request.html", context, status=status)


@require_POST
def extension_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what nobody has decided."""
    user = actor(request)
    found = get_object_or_404(ExtensionRequest.objects.visible_to(user), pk=pk)
    withdraw_extension(request_id=pk, by=user, at=clock.now())
    messages.success(request, "延期申请已撤回。")
    return redirect("tracking:milestone", found.milestone_id)

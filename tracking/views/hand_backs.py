"""退办: a unit says that a task is not its own; the coordinator answers."""

import uuid
from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.models import Department
from tracking.choices import RequestStatus
from tracking.forms.requests import GrantHandBackForm, RefuseForm
from tracking.models import HandBack
from tracking.usecases import grant_hand_back, refuse_hand_back, withdraw_hand_back
from tracking.views.milestone_page import REFUSALS, put_refusal


@require_http_methods(["GET", "POST"])
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Show why a unit hands a task back, and take the decision on it."""
    user = actor(request)
    rows = HandBack.objects.visible_to(user).select_related(
        "asked_by",
        "decided_by",
        "handed_to__department",
        "assignment__measure__parent",
        "assignment__department",
        "assignment__dispatch",
    )
    asked = get_object_or_404(rows, pk=pk)
    given = request.POST if request.method == "POST" else None
    is_refusal = given is not None and given.get("step") == "refuse"
    version = {"expected_version": asked.version}
    grant = GrantHandBackForm(None if is_refusal else given, initial=version, auto_id="grant_%s")
    refuse = RefuseForm(given if is_refusal else None, initial=version, auto_id="refuse_%s")
    units = Department.objects.filter(district=asked.assignment.department.district_id)
    grant.fields["department"].queryset = units.exclude(  # type: ignore[attr-defined]
        pk=asked.assignment.department_id
    ).order_by("ordinal", "id")
    status = 200
    if given is not None:
        form = refuse if is_refusal else grant
        status = 400
        if form.is_valid():
            try:
                _decide(pk, form, {"by": user, "at": clock.now()})
            except REFUSALS as error:
                put_refusal(error, form)
                status = error.status
            else:
                done = "已答复：不同意退办。" if is_refusal else "已同意退办。"
                messages.success(request, done)
                return redirect("tracking:queue")
    context = {
        "title": f"退办申请 {asked.assignment.measure.reference}",
        "crumbs": [(reverse("tracking:queue"), "审核"), (None, "退办申请")],
        "asked": asked,
        "assignment": asked.assignment,
        "measure": asked.assignment.measure,
        "partners": [
            row.department.name
            for row in asked.assignment.reporters.live().select_related("department")
        ],
        "may_decide": asked.status == RequestStatus.ASKED
        and rules.has_perm("tracking.decide_request", user, asked),
        "grant": grant,
        "refuse": refuse,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/hand_back.html", context, status=status)


def _decide(pk: int, form: GrantHandBackForm | RefuseForm, who: dict[str, Any]) -> None:
    if isinstance(form, RefuseForm):
        refuse_hand_back(request_id=pk, **form.cleaned_data, **who)
        return
    given = dict(form.cleaned_data)
    unit = given.pop("department")
    grant_hand_back(request_id=pk, department_id=unit.pk if unit else None, **given, **who)


@require_POST
def hand_back_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what nobody has decided."""
    user = actor(request)
    asked = get_object_or_404(HandBack.objects.visible_to(user), pk=pk)
    withdraw_hand_back(request_id=pk, by=user, at=clock.now())
    messages.success(request, "退办申请已撤回。")
    return redirect("tracking:assignment", asked.assignment_id)

"""启用新文本: what it would do to the work under way, and doing it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError, StaleError
from plans.choices import EditionStatus, Stage
from plans.models import Edition
from tracking.forms.handout import HandoutForm
from tracking.selectors.adopting import plan_adoption
from tracking.selectors.adoption import Adoption
from tracking.selectors.distribution import home_of
from tracking.selectors.past import ask_past
from tracking.usecases import adopt_edition
from tracking.views.issue import crumbs_of, printed_on


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview what putting a checked text in force does, and do it."""
    user = actor(request)
    rows = Edition.objects.visible_to(user).select_related("plan", "former")
    edition = get_object_or_404(rows, pk=pk)
    authorize(user, "tracking.adopt_edition", edition)
    in_force = edition.plan.editions.in_force()
    if edition.status != EditionStatus.DRAFT or in_force is None:
        return redirect("tracking:issue", pk)
    if edition.former_id != in_force.pk:
        return render(request, "tracking/adopt.html", _frame(edition, in_force), status=409)
    home = home_of(user, edition)
    issued_on = edition.issued_on or clock.today()
    adoption = plan_adoption(edition, {}, issued_on=issued_on, today=clock.today(), home=home)
    form = HandoutForm(
        request.POST if request.method == "POST" else None,
        initial=printed_on(edition),
        questions=adoption.questions,
        members=adoption.members,
        home=home,
        left_out=adoption.left_out,
        past=ask_past(adoption.dates, edition, today=clock.today()),
    )
    if request.method == "GET":
        return _show(request, edition, in_force, adoption, form)
    is_preview = request.POST.get("step") == "preview"
    if is_preview:
        form.ask_for_no_document()
    if not form.is_valid():
        return _show(request, edition, in_force, adoption, form, status=400)
    if is_preview:
        chosen = plan_adoption(
            edition,
            form.choices(),
            issued_on=form.cleaned_data["issued_on"] or issued_on,
            today=clock.today(),
            home=home,
            left_out=form.left_out(),
        )
        return _show(request, edition, in_force, chosen, form)
    try:
        adopt_edition(
            edition_id=pk,
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
        form.add_error(None, error.message)
        return _show(request, edition, in_force, adoption, form, status=error.status)
    messages.success(request, "新文本已启用。正在办理的事项随之延续，有变化的单位会收到通知。")
    return redirect("tracking:issue", pk)


def _frame(edition: Edition, in_force: Edition) -> dict[str, object]:
    return {
        "title": "启用新文本",
        "crumbs": crumbs_of(edition, "启用新文本"),
        "edition": edition,
        "in_force": in_force,
    }


def _show(
    request: HttpRequest,
    edition: Edition,
    in_force: Edition,
    adoption: Adoption,
    form: HandoutForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = _frame(edition, in_force) | {
        "adoption": adoption,
        "moved": [row for row in adoption.moved if row.milestone.gathered_by_id is None],
        "handed_over": [row for row in adoption.handed_over if row.dated],
        "form": form,
        "past": [row.bound(form) for row in form.past],
        "stopping": edition.doubts.stopping().count(),
        "is_consultation": edition.stage == Stage.CONSULTATION,
        "today": clock.today(),
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/adopt.html", context, status=status)

"""识别结果核对, one measure a page: its text, what was read from it, and the corrections."""

from typing import Any

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import InvalidError
from accounts.models import Group, User
from plans.choices import EditionStatus
from plans.layout import lay_out_around
from plans.measure_forms import MeasureForms, forms_for, unit_choices
from plans.models import Correction, Measure
from plans.selectors import doubts_at, walk_from
from plans.sentences import beside, sentences_of
from plans.typography import full_width
from plans.usecases import (
    Changes,
    check_measure,
    correct_measure,
    uncheck_measure,
    undo_correction,
)
from plans.views.asked import REFUSALS, asked_version, measure_page, new_key, visible_measure
from plans.views.checking import row_for, units_for
from plans.wording import tell


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, edition: int, pk: int) -> HttpResponse:
    """Show a measure of a draft beside its text, and take what was read wrongly in it."""
    user = actor(request)
    found = visible_measure(user, pk, edition=edition)
    is_open = found.edition.status == EditionStatus.DRAFT and rules.has_perm(
        "plans.check_edition", user, found.edition
    )
    if request.method == "POST":
        return _correct(request, user, found)
    if not is_open:
        text = reverse("plans:text", args=[edition])
        return redirect(f"{text}#c{found.start}")
    return _show(request, found)


def _correct(request: HttpRequest, user: User, found: Measure) -> HttpResponse:
    forms = _forms(found, request.POST)
    if not forms.is_valid():
        return _show(request, found, forms, status=400)
    try:
        correct_measure(
            measure_id=found.pk,
            changes=forms.changes(),
            by=user,
            at=clock.now(),
            expected_version=forms.own.cleaned_data["expected_version"],
        )
    except REFUSALS as error:
        forms.own.add_error(None, error.message)
        return _show(request, visible_measure(user, found.pk), forms, status=error.status)
    messages.success(request, "已保存更正。核对无误后请点“已核对”。")
    return redirect(measure_page(found))


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a measure as checked and go on to the next, or take the mark back."""
    user = actor(request)
    found = visible_measure(user, pk)
    is_done = request.POST.get("done") != "0"
    asked: dict[str, Any] = {"expected_version": asked_version(request)}
    if "confirm" in request.POST:
        asked["confirm"] = True
    step = check_measure if is_done else uncheck_measure
    try:
        step(measure_id=pk, by=user, at=clock.now(), **asked)
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect(measure_page(found))
    if not is_done:
        return redirect(measure_page(found))
    following = walk_from(found.edition, found.ordinal).next_unchecked
    if following is None:
        messages.success(request, "全部措施都已核对。")
        return redirect("plans:edition", found.edition_id)
    return redirect("plans:measure", found.edition_id, following)


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark what was read as a measure as none, with a reason, or bring it back."""
    user = actor(request)
    found = visible_measure(user, pk)
    reason = request.POST.get("reason", "").strip()
    try:
        if found.is_leaf and not reason:
            raise InvalidError("请写明为什么不是任务。")
        correct_measure(
            measure_id=pk,
            changes=Changes(set_aside=reason if found.is_leaf else ""),
            by=user,
            at=clock.now(),
            expected_version=asked_version(request),
        )
    except REFUSALS as error:
        messages.error(request, error.message)
    return redirect(measure_page(found))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a correction."""
    user = actor(request)
    asked = get_object_or_404(Correction, pk=pk, measure__in=Measure.objects.visible_to(user))
    found = visible_measure(user, asked.measure_id)
    try:
        standing = undo_correction(
            correction_id=pk, by=user, at=clock.now(), expected_version=asked_version(request)
        )
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect(measure_page(found))
    messages.success(request, "已撤销。")
    if "compare" in request.POST:
        page = reverse("plans:comparison", args=[found.edition_id])
        return redirect(f"{page}#measure-{found.pk}")
    if found.pk != standing.pk and not standing.is_leaf:
        return redirect("plans:edition", found.edition_id)
    return redirect(measure_page(standing))


def _forms(found: Measure, data: Any = None) -> MeasureForms:
    groups = list(Group.objects.filter(district=found.edition.plan.district_id))
    return forms_for(
        found,
        parts=list(found.edition.parts.all()),
        choices=unit_choices(units_for(found.edition), groups),
        data=data,
    )


def _show(
    request: HttpRequest, found: Measure, forms: MeasureForms | None = None, status: int = 200
) -> HttpResponse:
    edition = found.edition
    edition_url = reverse("plans:edition", args=[edition.pk])
    near = beside(edition, found)
    units = units_for(edition)
    names = {unit.pk: unit.name for unit in units}
    parts = {part.ordinal: part.title for part in edition.parts.all()}
    rows = [row_for(doubt, units) for doubt in doubts_at(found)]
    corrections = found.corrections.select_related("by", "undone_by").order_by("-pk")
    told = [tell(correction, names, parts) for correction in corrections]
    context = {
        "title": f"{found.reference} 识别结果核对",
        "measure": found,
        "edition": edition,
        "is_open": True,
        "stretches": lay_out_around(edition, found, edition_url),
        "forms": forms or _forms(found),
        "doubts": rows,
        "to_confirm": sum(
            row.is_short and row.doubt.measure_id == found.pk for row in rows if row.form
        ),
        "told": told,
        "latest": next((row for row in told if row.may_undo), None),
        "walk": walk_from(edition, found.ordinal),
        "near": near,
        "sentences": sentences_of(edition, found.start, near.end)[1:],
        "request_key": new_key(),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (edition_url, "识别结果核对"),
            ("", full_width(found.reference)),
        ],
    }
    return render(request, "plans/measure.html", context, status=status)

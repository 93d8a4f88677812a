"""识别结果核对, one measure a page: its text, what was read from it, and the corrections."""

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
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import Group, User
from plans.choices import EditionStatus, Severity
from plans.layout import lay_out_around
from plans.measure_forms import MeasureForms, forms_for, unit_choices
from plans.models import Correction, Measure
from plans.selectors import walk_from
from plans.typography import full_width
from plans.usecases import (
    Changes,
    check_measure,
    correct_measure,
    uncheck_measure,
    undo_correction,
)
from plans.views.checking import row_for, units_for
from plans.wording import tell

REFUSALS = (InvalidError, ConflictError, StaleError)


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, edition: int, pk: int) -> HttpResponse:
    """Show a measure of a draft beside its text, and take what was read wrongly in it."""
    user = actor(request)
    found = _measure(user, pk, edition=edition)
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
        return _show(request, _measure(user, found.pk), forms, status=error.status)
    messages.success(request, "已保存更正。核对无误后请点“已核对”。")
    return redirect(_page(found))


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a measure as checked and go on to the next, or take the mark back."""
    user = actor(request)
    found = _measure(user, pk)
    is_done = request.POST.get("done") != "0"
    step = check_measure if is_done else uncheck_measure
    try:
        step(measure_id=pk, by=user, at=clock.now(), expected_version=_version(request))
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect(_page(found))
    if not is_done:
        return redirect(_page(found))
    following = walk_from(found.edition, found.ordinal).next_unchecked
    if following is None:
        messages.success(request, "全部措施都已核对。")
        return redirect("plans:edition", found.edition_id)
    return redirect("plans:measure", found.edition_id, following)


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark what was read as a measure as none, with a reason, or bring it back."""
    user = actor(request)
    found = _measure(user, pk)
    reason = request.POST.get("reason", "").strip()
    try:
        if found.is_leaf and not reason:
            raise InvalidError("请写明为什么不是任务。")
        correct_measure(
            measure_id=pk,
            changes=Changes(set_aside=reason if found.is_leaf else ""),
            by=user,
            at=clock.now(),
            expected_version=_version(request),
        )
    except REFUSALS as error:
        messages.error(request, error.message)
    return redirect(_page(found))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a correction."""
    user = actor(request)
    asked = get_object_or_404(Correction, pk=pk, measure__in=Measure.objects.visible_to(user))
    found = _measure(user, asked.measure_id)
    try:
        undo_correction(
            correction_id=pk, by=user, at=clock.now(), expected_version=_version(request)
        )
    except REFUSALS as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已撤销。")
    if "compare" in request.POST:
        page = reverse("plans:comparison", args=[found.edition_id])
        return redirect(f"{page}#measure-{found.pk}")
    return redirect(_page(found))


def _measure(user: User, pk: int, **asked: int) -> Measure:
    rows = Measure.objects.visible_to(user).correctable()
    return get_object_or_404(
        rows.select_related("edition__plan__district", "part", "checked_by"), pk=pk, **asked
    )


def _page(found: Measure) -> str:
    return reverse("plans:measure", args=[found.edition_id, found.pk])


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("expected_version", "")
    return int(given) if given.isascii() and given.isdigit() else None


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
    units = units_for(edition)
    names = {unit.pk: unit.name for unit in units}
    parts = {part.ordinal: part.title for part in edition.parts.all()}
    doubts = (
        edition.doubts.filter(measure=found)
        .exclude(severity=Severity.NOTE)
        .select_related("edition", "measure", "part", "settled_by")
        .order_by("settled_at", "ordinal")
    )
    corrections = found.corrections.select_related("by", "undone_by").order_by("-pk")
    told = [tell(correction, names, parts) for correction in corrections]
    context = {
        "title": f"{found.reference} 识别结果核对",
        "measure": found,
        "edition": edition,
        "is_open": True,
        "stretches": lay_out_around(edition, found, edition_url),
        "forms": forms or _forms(found),
        "doubts": [row_for(doubt, units) for doubt in doubts],
        "told": told,
        "latest": next((row for row in told if row.may_undo), None),
        "walk": walk_from(edition, found.ordinal),
        "request_key": uuid.uuid4(),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (edition_url, "识别结果核对"),
            ("", full_width(found.reference)),
        ],
    }
    return render(request, "plans/measure.html", context, status=status)

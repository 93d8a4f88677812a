"""新旧文本对照: a later text beside the former one, and which measure is which."""

import uuid
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from plans.choices import ChangeKind, EditionStatus
from plans.comparison import Comparison, compare, item_of
from plans.matching import likeness_to
from plans.models import Correction, Edition, Measure
from plans.typography import full_width
from plans.usecases import match_measure, read_again
from plans.views.asked import asked_version

REFUSALS = (InvalidError, ConflictError, StaleError)
CHANGED, TO_CHECK, ALL = "", "check", "all"
LIKELY = 8
"""How many former measures are offered at once; the rest are folded away."""


@require_GET
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what became of every measure of the former text, the changed ones first of all."""
    user = actor(request)
    edition = _edition(user, pk)
    found = compare(edition)
    kind = request.GET.get("kind", CHANGED)
    may_match = _may_match(user, edition)
    chosen = Correction.objects.standing().filter(measure__edition=edition, field="lineage")
    undo = {row.measure_id: row.pk for row in chosen.order_by("pk")} if may_match else {}
    context = {
        "title": "新旧文本对照",
        "edition": edition,
        "former": edition.former,
        "found": found,
        "kind": kind,
        "tabs": _tabs(found),
        "rows": [
            (change, undo.get(change.after.pk) if change.after else None)
            for change in _chosen(found, kind)
        ],
        "others": found.others if kind in (CHANGED, ALL) else [],
        "old_total": sum(count.before for count in found.counts),
        "new_total": sum(count.after for count in found.counts),
        "may_match": may_match,
        "request_key": uuid.uuid4(),
        "crumbs": _crumbs(edition, "新旧文本对照"),
    }
    return render(request, "plans/comparison.html", context)


def _tabs(found: Comparison) -> list[tuple[str, str, int]]:
    return [
        (CHANGED, "全部变化", len(found.changed)),
        *((str(row.kind), str(row.kind.label), row.changes) for row in found.counts),
        (TO_CHECK, "待核对", sum(bool(row.to_check) for row in found.changes)),
        (ALL, "全部", len(found.changes)),
    ]


def _chosen(found: Comparison, kind: str) -> list[Any]:
    if kind == TO_CHECK:
        return [row for row in found.changes if row.to_check]
    if kind in ChangeKind.values:
        return [row for row in found.changes if row.kind == kind]
    return found.changes if kind == ALL else found.changed


@require_http_methods(["GET", "POST"])
def rematch(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose of which former measure one goes on, or that it is new."""
    user = actor(request)
    measure = get_object_or_404(
        Measure.objects.visible_to(user)
        .leaves()
        .select_related("edition__plan", "edition__former", "part"),
        pk=pk,
    )
    edition = _edition(user, measure.edition_id)
    if not _may_match(user, edition):
        raise Http404
    refusal = ""
    if request.method == "POST":
        former = request.POST.get("former", "")
        try:
            match_measure(
                measure_id=pk,
                former_id=int(former) if former.isascii() and former.isdigit() else None,
                by=user,
                at=clock.now(),
                expected_version=asked_version(request),
            )
        except REFUSALS as error:
            refusal = error.message
        else:
            messages.success(request, f"已改{measure.reference}的对应关系，可以撤销。")
            return redirect(f"{reverse('plans:comparison', args=[edition.pk])}#measure-{pk}")
    assert edition.former is not None
    rows = list(edition.former.measures.leaves().select_related("part").in_order())
    taken = dict(edition.measures.leaves().values_list("lineage", "pk"))
    references = {row.pk: row.reference for row in edition.measures.leaves()}
    likeness = likeness_to(item_of(measure), [item_of(row) for row in rows])
    rows.sort(key=lambda row: (row.lineage != measure.lineage, -likeness[row.pk]))
    choices = [
        (row, round(100 * likeness[row.pk]), references.get(taken.get(row.lineage, 0), ""))
        for row in rows
    ]
    context = {
        "title": f"{measure.reference} 改选对应",
        "measure": measure,
        "edition": edition,
        "refusal": refusal,
        "likely": choices[:LIKELY],
        "others": choices[LIKELY:],
        "is_new": all(row.lineage != measure.lineage for row in rows),
        "request_key": uuid.uuid4(),
        "crumbs": _crumbs(edition, "改选对应"),
    }
    return render(request, "plans/rematch.html", context, status=409 if refusal else 200)


@require_POST
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file of a draft anew; what was corrected in it goes over."""
    user = actor(request)
    edition = get_object_or_404(Edition.objects.visible_to(user).select_related("plan"), pk=pk)
    try:
        again = read_again(edition=edition, by=user, at=clock.now())
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect("plans:edition", pk)
    messages.success(
        request, "已重新识别。原来的更正、核对和处理结果已带过来，带不过来的列在“待核实”里。"
    )
    return redirect("plans:edition", again.pk)


def _edition(user: User, pk: int) -> Edition:
    """Return an edition whose former text the person may see too."""
    visible = Edition.objects.visible_to(user)
    found = get_object_or_404(visible.select_related("plan", "former"), pk=pk)
    if found.former_id is None or not visible.filter(pk=found.former_id).exists():
        raise Http404
    return found


def _may_match(user: User, edition: Edition) -> bool:
    is_draft = edition.status == EditionStatus.DRAFT
    return is_draft and bool(rules.has_perm("plans.check_edition", user, edition))


def _crumbs(edition: Edition, label: str) -> list[tuple[str, str]]:
    page = reverse("plans:edition", args=[edition.pk])
    return [(reverse("plans:plans"), "实施方案"), (page, full_width(edition.title)), ("", label)]

"""条文调整: merging, splitting, giving text to a measure, making a measure of text."""

from collections.abc import Callable

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import InvalidError
from accounts.models import User
from plans.choices import EditionStatus
from plans.layout import lay_out_around
from plans.models import Edition, Measure, Passage
from plans.sentences import beside, sentences_of
from plans.usecases import assign_text, make_measure, merge_measures, split_measure
from plans.views.asked import REFUSALS, asked_version, measure_page, new_key, visible_measure


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a measure with the one that follows."""
    user = actor(request)
    found = visible_measure(user, pk)
    return _take(
        request,
        found,
        lambda: merge_measures(
            measure_id=pk, by=user, at=clock.now(), expected_version=asked_version(request)
        ),
        "已与下一条合并，请核对合并后的责任单位和时限。",
    )


@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split a measure at the chosen place, or give what is before or behind it to a neighbour."""
    user = actor(request)
    found = visible_measure(user, pk)
    near = beside(found.edition, found)
    place = _number(request, "place")
    version = asked_version(request)
    to = request.POST.get("to", "new")
    if place is None:
        messages.error(request, "请选择从哪一句起分开。")
        return redirect(f"{measure_page(found)}#cutting")
    if to == "previous" and near.previous is not None:
        receiver, start, end = near.previous.pk, near.start, place
    elif to == "next" and near.next is not None:
        receiver, start, end = near.next.pk, place, near.end
    else:
        return _take(
            request,
            found,
            lambda: split_measure(
                measure_id=pk,
                place=place - found.start,
                by=user,
                at=clock.now(),
                expected_version=version,
            ),
            "已分成两条，请分别核对责任单位和时限。",
            stay=True,
        )
    return _take(
        request,
        found,
        lambda: assign_text(
            measure_id=receiver,
            start=start,
            end=end,
            by=user,
            at=clock.now(),
            expected_version=version,
        ),
        "文字已归入相邻的一条，请核对两条的责任单位和时限。",
        stay=True,
    )


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a stretch beside a measure to it."""
    user = actor(request)
    found = visible_measure(user, pk)
    start, end = _number(request, "start"), _number(request, "end")
    return _take(
        request,
        found,
        lambda: assign_text(
            measure_id=pk,
            start=start or 0,
            end=end or 0,
            by=user,
            at=clock.now(),
            expected_version=asked_version(request),
        ),
        "文字已归入这一条，请核对。",
    )


@require_GET
def passage(request: HttpRequest, edition: int, start: int) -> HttpResponse:
    """Show text that belongs to no measure, to be made one or given to one beside it."""
    user = actor(request)
    found = _passage(user, edition, start)
    if not _is_open(user, found.edition):
        return redirect(f"{reverse('plans:text', args=[edition])}#c{found.start}")
    if found.measure is not None and found.measure.is_leaf:
        return redirect("plans:measure", edition, found.measure.pk)
    edition_url = reverse("plans:edition", args=[edition])
    context = {
        "title": "这段文字",
        "passage": found,
        "edition": found.edition,
        "stretches": lay_out_around(found.edition, found, edition_url),
        "sentences": sentences_of(found.edition, found.start, found.end),
        "near": beside(found.edition, found),
        "request_key": new_key(),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (edition_url, "识别结果核对"),
            (reverse("plans:text", args=[edition]), "原文"),
            ("", "这段文字"),
        ],
    }
    return render(request, "plans/passage.html", context)


@require_POST
def sort(request: HttpRequest, edition: int, start: int) -> HttpResponse:
    """Make the chosen text of a passage a measure, or give it to the measure beside it."""
    user = actor(request)
    found = _passage(user, edition, start)
    near = beside(found.edition, found)
    place = _number(request, "place")
    version = asked_version(request)
    to = request.POST.get("to", "new")
    first, last = found.start if place is None else place, found.end
    if to == "previous" and first > found.start:
        first, last = found.start, first
    receiver = {"previous": near.previous, "next": near.next}.get(to)
    try:
        if to == "new":
            made = make_measure(
                edition_id=edition,
                start=first,
                end=last,
                by=user,
                at=clock.now(),
                expected_version=version,
            )
        elif receiver is None:
            raise InvalidError("这段文字和措施不相连，不能归入。")
        else:
            made = assign_text(
                measure_id=receiver.pk,
                start=first,
                end=last,
                by=user,
                at=clock.now(),
                expected_version=version,
            )
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect("plans:passage", edition, start)
    messages.success(request, "文字已归类，请核对这一条。")
    return redirect(measure_page(made))


def _passage(user: User, edition: int, start: int) -> Passage:
    visible = Edition.objects.visible_to(user)
    rows = Passage.objects.filter(edition__in=visible, edition=edition)
    return get_object_or_404(
        rows.select_related("edition__plan__district", "measure", "part"),
        start__lte=start,
        end__gt=start,
    )


def _is_open(user: User, edition: Edition) -> bool:
    is_draft = edition.status == EditionStatus.DRAFT
    return is_draft and rules.has_perm("plans.check_edition", user, edition)


def _take(
    request: HttpRequest,
    found: Measure,
    step: Callable[[], Measure],
    done: str,
    *,
    stay: bool = False,
) -> HttpResponse:
    try:
        changed = step()
    except REFUSALS as error:
        messages.error(request, error.message)
        return redirect(f"{measure_page(found)}#cutting")
    messages.success(request, done)
    return redirect(measure_page(found if stay else changed))


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None

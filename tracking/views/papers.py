"""文书建议: what is long overdue, which paper comes next, and putting a sent one on record."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from tracking.choices import PaperKind
from tracking.forms.papers import PaperForm
from tracking.models import Milestone
from tracking.selectors.papers import AFTER, proposals_of
from tracking.usecases import record_paper
from tracking.views.milestone_page import REFUSALS, put_refusal


@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """List the proposals."""
    return _show(request)


@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Put on record that a paper was sent; what was typed stays on the page if it is refused."""
    user = actor(request)
    row = get_object_or_404(Milestone.objects.visible_to(user), pk=pk)
    authorize(user, "tracking.record_paper", row)
    form = PaperForm(request.POST, auto_id=f"m{pk}_%s")
    if form.is_valid():
        data: dict[str, Any] = form.cleaned_data | {"kind": PaperKind(form.cleaned_data["kind"])}
        try:
            made = record_paper(
                milestone_id=pk, **data, by=user, at=clock.now(), today=clock.today()
            )
        except REFUSALS as error:
            put_refusal(error, form)
            return _show(request, (pk, form), error.status)
        messages.success(request, f"已登记：{made}。之后的汇总提醒会写明。")
        return redirect("tracking:papers")
    return _show(request, (pk, form), 400)


def _show(
    request: HttpRequest, refused: tuple[int, PaperForm] | None = None, status: int = 200
) -> HttpResponse:
    user, today = actor(request), clock.today()
    authorize(user, "tracking.record_paper")
    rows = proposals_of(user, today=today)
    forms = {
        row.milestone.pk: PaperForm(
            initial={"kind": row.kind or PaperKind.NOTICE, "issued_on": today},
            auto_id=f"m{row.milestone.pk}_%s",
        )
        for row in rows
    }
    if refused:
        forms[refused[0]] = refused[1]
    context = {
        "title": "文书建议",
        "crumbs": [(reverse("home"), "首页"), (None, "文书建议")],
        "rows": [(row, forms[row.milestone.pk]) for row in rows],
        "count": sum(row.kind is not None for row in rows),
        "refused": refused[0] if refused else None,
        "after": AFTER,
        "today": today,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/papers.html", context, status=status)

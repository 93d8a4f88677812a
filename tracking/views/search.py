"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actor import actor
from tracking.selectors.search import KINDS, LONGEST, search


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what contains the words, grouped; one kind alone where asked."""
    searched = request.GET.get("q", "").strip()[:LONGEST]
    only = request.GET.get("in", "")
    return render(
        request,
        "tracking/search.html",
        {
            "title": "查找",
            "searched": searched,
            "only": only if only in KINDS else "",
            "groups": search(searched, user=actor(request), only=only),
        },
    )

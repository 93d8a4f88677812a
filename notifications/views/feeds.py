"""日历订阅: the page to make and take back the address, and the feed itself."""

import hashlib
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import clock
from accounts.actor import actor
from notifications.feeds import feed_of
from notifications.models import CalendarFeed
from notifications.usecases import make_feed, revoke_feed


@require_GET
def subscription(request: HttpRequest) -> HttpResponse:
    """Show whether there is an address, and how calendars take it."""
    return _show(request)


@never_cache
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make an address and show it, once."""
    feed = make_feed(by=actor(request), at=clock.now())
    if not feed.secret:
        messages.warning(request, "这个地址已经显示过一次，不能再看；需要的话重新生成一个。")
        return redirect("notifications:subscription")
    path = reverse("notifications:feed", args=[feed.secret])
    return _show(request, address=f"{settings.BASE_URL}{path}")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End the address."""
    revoke_feed(by=actor(request), at=clock.now())
    messages.success(request, "订阅地址已停用。")
    return redirect("notifications:subscription")


def _show(request: HttpRequest, *, address: str = "") -> HttpResponse:
    user = actor(request)
    context = {
        "title": "日历订阅",
        "feed": CalendarFeed.objects.live().filter(user=user).first(),
        "address": address,
        "may_subscribe": user.has_perm("notifications.subscribe"),
        "make_key": uuid4(),
        "revoke_key": uuid4(),
    }
    return render(request, "notifications/subscription.html", context)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the calendar of whoever the address was made for; 404 for any other, without a word in
    the log, which must not keep addresses."""
    found = CalendarFeed.objects.usable(secret)
    if found is None:
        gone = HttpResponse(status=404)
        gone._has_been_logged = True  # type: ignore[attr-defined]
        return gone
    CalendarFeed.objects.note_use(found, clock.today())
    body = feed_of(found.user)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer

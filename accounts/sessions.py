"""Sessions end after twenty idle minutes and after eight hours, on the server.

What somebody was sending at that moment is not lost: the fields wait in the new session, for the
same person only, and come back on a page of their own after the sign-in.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import clock

Handler = Callable[[HttpRequest], HttpResponse]
BEGAN, SEEN, KEPT = "_began", "_seen", "_kept"
NOTED_EVERY = timedelta(minutes=1)
MOST_KEPT = 200_000
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "request_key", "password", "oldpassword"})


class SessionEnds:
    """Ends a session that was idle or open for too long, before anything else is done in it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and settings.SESSION_COOKIE_NAME in request.COOKIES:
            now = clock.real_now()
            if _is_over(request.session, now):
                # What the page asks by itself must not end it: the fields would not be kept.
                is_by_itself = "HX-Request" in request.headers
                return HttpResponse(status=401) if is_by_itself else self._end(request)
            _note(request.session, now)
        return self.get_response(request)

    def _end(self, request: HttpRequest) -> HttpResponse:
        kept = _fields(request)
        logout(request)
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        messages.info(request, "登录已经过期，请重新登录。")
        if request.method != "POST":
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if kept:
            request.session[KEPT] = kept
            messages.info(request, "刚才填写的内容还在，登录后可以继续提交。")
        return redirect_to_login(reverse("accounts:kept"), settings.LOGIN_URL)


def begin(session: Any, now: datetime) -> None:
    """Mark a session as beginning with a sign-in."""
    session[BEGAN] = session[SEEN] = now.isoformat()


def _is_over(session: Any, now: datetime) -> bool:
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return False
    idle = now - datetime.fromisoformat(seen)
    whole = now - datetime.fromisoformat(began)
    return idle >= settings.SESSION_IDLE or whole >= settings.SESSION_WHOLE


def _note(session: Any, now: datetime) -> None:
    """Note the moment, at most once a minute: each note writes the session."""
    seen = session.get(SEEN)
    if seen is not None and now - datetime.fromisoformat(seen) >= NOTED_EVERY:
        session[SEEN] = now.isoformat()


def _fields(request: HttpRequest) -> dict[str, Any] | None:
    """Return what a form was sending, without its files; None where there is nothing to keep."""
    if request.method != "POST" or request.path_info.startswith(("/api/", "/accounts/")):
        return None
    fields = [(name, values) for name, values in request.POST.lists() if name not in NOT_KEPT]
    if not fields or sum(len(value) for _, values in fields for value in values) > MOST_KEPT:
        return None
    return {
        "user": request.user.pk,
        "path": request.get_full_path(),
        "fields": fields,
        "files": [upload.name for _, files in request.FILES.lists() for upload in files],
    }


def take_kept(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits for the person who has signed in; somebody else's is thrown away."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is not None and kept["user"] != request.user.pk:
        del request.session[KEPT]
        return None
    return kept

"""What a person has to do before anything else: a new password where the old one is too old."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import clock
from accounts.models import User
from accounts.passwords import is_expired

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_PATHS = ("/accounts/", "/static/", "/api/", "/healthz", "/readyz")


class FirstThings:
    """Lead a person to the first thing that is due; the API refuses by its own permission."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or request.path_info.startswith(OPEN_PATHS):
            return self.get_response(request)
        if is_expired(user, now=clock.real_now()):
            messages.warning(request, "密码已用满90天，请先换一个新密码，换好接着办。")
            return redirect("account_change_password")
        return self.get_response(request)

"""What a person has to do before anything else: a new password where the old one is too old, a
second factor where the role asks for one."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import clock
from accounts.choices import Role
from accounts.models import User
from accounts.passwords import is_expired
from accounts.scope import ADMINISTRATORS, scope_of

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_PATHS = ("/accounts/", "/static/", "/api/", "/healthz", "/readyz")
HAS_SECOND = "_has_second_factor"
WITH_SECOND_FACTOR = frozenset({Role.SUPERVISOR, Role.COORDINATOR}) | ADMINISTRATORS


class FirstThings:
    """Lead a person to the first thing that is due; the API refuses by its own permission."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or request.path_info.startswith(OPEN_PATHS):
            return self.get_response(request)
        if has_old_password(request, user):
            messages.warning(request, "密码已用满90天，请先换一个新密码，换好接着办。")
            return redirect("account_change_password")
        if lacks_second_factor(request, user):
            messages.warning(request, "审核人员和管理员登录要两步验证，请先在手机上设置好。")
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def has_old_password(request: HttpRequest, user: User) -> bool:
    """Say whether the password, where it was one that opened the session, is too old."""
    return not came_by_provider(request) and is_expired(user, now=clock.real_now())


def came_by_provider(request: HttpRequest) -> bool:
    """Say whether the identity provider of the house signed the person in; passwords and factors
    are its own matter then."""
    session = getattr(request, "session", None) or {}
    records = session.get("account_authentication_methods", ())
    return any(record.get("method") == "socialaccount" for record in records)


def lacks_second_factor(request: HttpRequest, user: User) -> bool:
    """Say whether the person's roles ask for a second factor that is not set up; asked of the
    database until it is."""
    if not settings.SECOND_FACTOR or came_by_provider(request) or request.session.get(HAS_SECOND):
        return False
    if not scope_of(user).has(*WITH_SECOND_FACTOR):
        return False
    if is_mfa_enabled(user):
        request.session[HAS_SECOND] = True
        return False
    return True

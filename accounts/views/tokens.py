"""接口令牌: one's own, and for the system administrator everybody's and the service accounts."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import DomainError
from accounts.models import ApiToken, User
from accounts.paging import LongPaginator
from accounts.scope import scope_of
from accounts.token_forms import ServiceForm, TokenForm
from accounts.tokens import WARNED_BEFORE, create_token, revoke_token
from accounts.usecases import add_service, end_service

OWN, ALL = "accounts:tokens", "accounts:all-tokens"


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the person's own tokens and make one, whose secret this answer shows once."""
    user = actor(request)
    answer, form = _make(request, user, back=OWN)
    if answer:
        return answer
    rows = ApiToken.objects.filter(user=user).select_related("user").order_by("-id")
    context = {
        "title": "接口令牌",
        "form": form,
        "rows": _shown(rows[:50]),
        "back": OWN,
        "may_see_all": user.has_perm("accounts.see_all_tokens"),
    }
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Show all tokens of the district and its service accounts; make an account for a program."""
    user = actor(request)
    authorize(user, "accounts.see_all_tokens")
    form = ServiceForm(request.POST or None, user=user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            account = add_service(
                name=data["name"],
                department_id=data["department"].pk,
                role=Role(data["role"]),
                by=user,
                at=clock.now(),
                today=clock.today(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"服务账号“{account.name}”已建立，接着给它建一个令牌。")
            return redirect("accounts:service", account.pk)
    seen = ApiToken.objects.visible_to(user).usable(at=clock.real_now())
    listed = LongPaginator(seen.select_related("user").order_by("-id"), 50)
    page = listed.get_page(request.GET.get("page"))
    context = {
        "title": "全部接口令牌",
        "crumbs": [(reverse(OWN), "接口令牌"), (None, "全部")],
        "services": _services(user).prefetch_related("memberships__department").order_by("id"),
        "rows": _shown(page),
        "page_obj": page,
        "form": form,
        "back": ALL,
    }
    return render(request, "accounts/all_tokens.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tokens of a service account and make one, whose secret this answer shows once."""
    user = actor(request)
    authorize(user, "accounts.see_all_tokens")
    account = get_object_or_404(_services(user), pk=pk)
    answer, form = _make(request, account, back="accounts:service")
    if answer:
        return answer
    context = {
        "title": account.name,
        "crumbs": [(reverse(OWN), "接口令牌"), (reverse(ALL), "全部"), (None, account.name)],
        "account": account,
        "seat": account.memberships.select_related("department").order_by("id").first(),
        "form": form,
        "rows": _shown(account.api_tokens.select_related("user").order_by("-id")[:50]),
        "back": ALL,
        "end_key": uuid4(),
    }
    return render(request, "accounts/service.html", context, status=400 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    user = actor(request)
    token = get_object_or_404(ApiToken.objects.visible_to(user), pk=pk)
    revoke_token(token_id=token.pk, by=user, at=clock.real_now())
    messages.success(request, f"令牌“{token.name}”已停用，用它的程序马上不能再调用接口。")
    return redirect(ALL if request.POST.get("back") == ALL else OWN)


@require_POST
def stop_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a service account out of use."""
    user = actor(request)
    authorize(user, "accounts.see_all_tokens")
    account = get_object_or_404(_services(user), pk=pk)
    end_service(
        user_id=account.pk, by=user, at=clock.now(), now=clock.real_now(), today=clock.today()
    )
    messages.success(request, f"服务账号“{account.name}”和它的令牌已停用。")
    return redirect(ALL)


def _services(user: User) -> Any:
    run = scope_of(user).districts_as(Role.SYSTEM_ADMIN)
    places = User.objects.filter(memberships__department__district__in=run, is_service=True)
    return places.distinct()


def _make(request: HttpRequest, owner: User, *, back: str) -> tuple[HttpResponse | None, TokenForm]:
    """Make the token that the form asks for and show it; without one, the form."""
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return None, form
    now = clock.real_now()
    try:
        token = create_token(
            user=owner,
            name=form.cleaned_data["name"],
            scopes=form.chosen,
            expires_at=now + form.life,
            by=actor(request),
            at=now,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return None, form
    url = reverse(back, args=[owner.pk] if owner.is_service else [])
    if not token.secret:
        messages.warning(request, "这个令牌已经显示过一次，不能再看；没有记下的请停用后重新建。")
        return redirect(url), form
    context = {"title": "新的接口令牌", "token": token, "back": url}
    return render(request, "accounts/new_token.html", context), form


def _shown(rows: Any) -> list[tuple[ApiToken, str, Any]]:
    """Say how each token stands, and give its form a key."""
    now = clock.real_now()

    def state(token: ApiToken) -> str:
        if token.revoked_at:
            return "revoked"
        if token.expires_at <= now:
            return "ended"
        return "ending" if token.expires_at <= now + WARNED_BEFORE else "live"

    return [(token, state(token), uuid4()) for token in rows]

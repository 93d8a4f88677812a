"""开通码: printing one, and setting a password with it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import DomainError
from accounts.forms import CodeForm
from accounts.links import absolute
from accounts.models import Membership, SignInCode, User
from accounts.usecases import issue_code, set_password_by_code, unlock_sign_in


@never_cache
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a code for a person and show its slip, once."""
    user = actor(request)
    person = get_object_or_404(User.objects.visible_to(user), pk=pk)
    code = issue_code(user_id=person.pk, by=user, at=clock.now(), now=clock.real_now())
    seat = person.memberships.active().select_related("department").first()
    back = reverse("accounts:department", args=[seat.department_id]) if seat else "/"
    if not code.secret:
        messages.warning(request, "这张开通码已经显示过一次，不能再看；需要的话重新生成一张。")
        return redirect(back)
    return show_slips(request, [code], back=back)


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person try again whose sign-in was closed."""
    user = actor(request)
    person = get_object_or_404(User.objects.visible_to(user), pk=pk)
    unlock_sign_in(user_id=person.pk, by=user, at=clock.now())
    messages.success(request, f"{person.name}可以重新登录了。")
    return redirect("accounts:departments")


def show_slips(request: HttpRequest, codes: list[SignInCode], *, back: str) -> HttpResponse:
    """Show the slips of new codes for printing; this answer is the only place they stand in."""
    seats = Membership.objects.active().filter(user__in=[code.user_id for code in codes])
    units = dict(seats.order_by("-id").values_list("user_id", "department__name"))
    context = {
        "title": "开通码",
        "slips": [(code, units.get(code.user_id, "")) for code in codes],
        "address": absolute("accounts:use-code"),
        "back": back,
    }
    return render(request, "accounts/slips.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Let whoever holds a code set a password."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                person = set_password_by_code(
                    username=data["username"],
                    code=data["code"],
                    password=data["password"],
                    source=get_adapter(request).get_client_ip(request),
                    at=clock.now(),
                    now=clock.real_now(),
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                if person:
                    messages.success(request, "密码已经设好，请用它登录。")
                    return redirect("account_login")
                form.add_error(
                    None,
                    "用户名或开通码不对，或者开通码已用过、已过三天。"
                    "请对照纸条再输一次，仍不行就请发纸条的同志重新打印一张。",
                )
    return render(request, "accounts/use_code.html", {"form": form}, status=status)

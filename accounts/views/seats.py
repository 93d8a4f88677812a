"""How a unit signs, and which units a leader is in charge of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import DomainError
from accounts.forms import ChargesForm, SignOffForm
from accounts.models import Department, Membership
from accounts.usecases import set_charges, set_sign_off


@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose between paper and screen, and name the deputy."""
    user = actor(request)
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    authorize(user, "accounts.set_sign_off", unit)
    form = SignOffForm(request.POST or None, department=unit)
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            set_sign_off(
                department_id=pk,
                is_online=form.cleaned_data["way"] == SignOffForm.ONLINE,
                deputy=form.deputy,
                by=user,
                at=clock.now(),
                now=clock.real_now(),
                today=clock.today(),
                expected_version=form.cleaned_data["expected_version"],
            )
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "审签方式已保存。第一次登录的，请打印开通码交给本人。")
            return redirect("accounts:department", pk)
    context = {
        "title": f"{unit}审签方式",
        "form": form,
        "back": reverse("accounts:department", args=[pk]),
        "crumbs": _crumbs(unit, "审签方式"),
    }
    return render(request, "accounts/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def charges(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the units that a leader is in charge of."""
    user = actor(request)
    seats = Membership.objects.active().of_role(Role.VIEWER)
    seats = seats.filter(department__in=Department.objects.visible_to(user))
    seat = get_object_or_404(seats.select_related("user", "department"), pk=pk)
    authorize(user, "accounts.set_charges", seat.department)
    form = ChargesForm(request.POST or None, seat=seat)
    if request.method == "POST" and form.is_valid():
        set_charges(
            membership_id=pk,
            departments=[unit.pk for unit in form.cleaned_data["charges"]],
            by=user,
            at=clock.now(),
            now=clock.real_now(),
        )
        messages.success(request, f"{seat.user.name}的分管单位已保存。")
        return redirect("accounts:department", seat.department_id)
    context = {
        "title": f"{seat.user.name}分管单位",
        "form": form,
        "back": reverse("accounts:department", args=[seat.department_id]),
        "crumbs": _crumbs(seat.department, "分管单位"),
    }
    return render(request, "accounts/edit.html", context, status=400 if form.errors else 200)


def _crumbs(unit: Department, here: str) -> list[tuple[str, str]]:
    return [
        (reverse("accounts:departments"), "单位"),
        (reverse("accounts:department", args=[unit.pk]), unit.name),
        ("", here),
    ]

"""The people of a unit: who is liaison, and how people are reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.forms import ContactForm, LiaisonForm
from accounts.models import Department, User
from accounts.usecases import change_contact, name_liaison


@require_http_methods(["GET", "POST"])
def liaison(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the one who follows as liaison of a unit."""
    user = actor(request)
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    authorize(user, "accounts.name_liaison", unit)
    form = LiaisonForm(request.POST or None, department=unit)
    status = 200
    if request.method == "POST" and form.is_valid():
        replaced = form.cleaned_data["replaced"]
        try:
            seat = name_liaison(
                department_id=unit.pk,
                replaced_id=replaced.pk if replaced else None,
                newcomer=form.newcomer,
                by=user,
                at=clock.now(),
                now=clock.real_now(),
                today=clock.today(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(
                request,
                f"{seat.user.name}今天起是{unit}联络员，移交清单随即发出。"
                "第一次登录的，请打印开通码交给本人。",
            )
            return redirect("accounts:department", unit.pk)
    elif request.method == "POST":
        status = 400
    context = {"title": f"更换{unit}联络员", "unit": unit, "form": form, "crumbs": _crumbs(unit)}
    return render(request, "accounts/liaison.html", context, status=status)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the telephone and the mail address of a person."""
    user = actor(request)
    known = User.objects.visible_to(user) | User.objects.filter(pk=user.pk)
    person = get_object_or_404(known, pk=pk)
    authorize(user, "accounts.change_contact", person)
    shown = {"phone": person.phone, "email": person.email}
    form = ContactForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change_contact(
            user_id=person.pk, phone=data["phone"], email=data["email"], by=user, at=clock.now()
        )
        messages.success(request, f"{person.name}的联系方式已更正，以后的提醒发到新地址。")
        seat = person.memberships.active().first()
        return redirect("accounts:department", seat.department_id) if seat else redirect("home")
    context = {
        "title": f"{person.name}的联系方式",
        "form": form,
        "back": "/",
        "crumbs": _crumbs(None),
    }
    return render(request, "accounts/edit.html", context, status=400 if form.errors else 200)


def _crumbs(unit: Department | None) -> list[tuple[str, str]]:
    crumbs = [(reverse("accounts:departments"), "单位")]
    if unit:
        crumbs.append((reverse("accounts:department", args=[unit.pk]), unit.name))
    return [*crumbs, ("", "更换联络员" if unit else "联系方式")]

"""Keeping the register: the pages on which a unit and a collective name are edited."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.forms import GroupForm, UnitForm
from accounts.models import Department, District, Group
from accounts.usecases import add_unit, edit_group, edit_unit
from accounts.usecases.roster import run_by


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a unit; what was typed stays on the page whatever is wrong with it."""
    user = actor(request)
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    authorize(user, "accounts.edit_unit", unit)
    form = UnitForm(request.POST or None, unit=unit)
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            edit_unit(
                department_id=unit.pk,
                entry=form.entry,
                expected_version=form.cleaned_data["expected_version"],
                by=user,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, "已保存，改动记入办理记录。")
            return redirect("accounts:department", unit.pk)
    back = reverse("accounts:department", args=[unit.pk])
    context = {
        "title": f"修改{unit}",
        "form": form,
        "back": back,
        "crumbs": [(reverse("accounts:departments"), "单位"), (back, unit.name), ("", "修改")],
    }
    return render(request, "accounts/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Enter a new unit."""
    user = actor(request)
    district = get_object_or_404(District, pk__in=sorted(run_by(user))[:1])
    form = UnitForm(request.POST or None, unit=Department(district=district))
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            unit = add_unit(district_id=district.pk, entry=form.entry, by=user, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, f"{unit}已加入名录。")
            return redirect("accounts:department", unit.pk)
    back = reverse("accounts:departments")
    context = {
        "title": "新增单位",
        "form": form,
        "back": back,
        "crumbs": [(back, "单位"), ("", "新增")],
    }
    return render(request, "accounts/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whom a collective name means."""
    user = actor(request)
    found = get_object_or_404(Group.objects.visible_to(user), pk=pk)
    authorize(user, "accounts.edit_unit", found)
    form = GroupForm(request.POST or None, group=found)
    status = 400 if form.errors else 200
    back = reverse("accounts:departments")
    if form.is_valid():
        data = form.cleaned_data
        try:
            edit_group(
                group_id=found.pk,
                kinds=data["kinds"],
                member_ids=[unit.pk for unit in data["members"]],
                is_open_ended=data["is_open_ended"],
                expected_version=data["expected_version"],
                by=user,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, f"“{found}”的成员已保存。")
            return redirect(back)
    context = {
        "title": f"统称：{found}",
        "form": form,
        "back": back,
        "crumbs": [(back, "单位"), ("", found.name)],
    }
    return render(request, "accounts/edit.html", context, status=status)

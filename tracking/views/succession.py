"""机构改革承接 on one page: type, preview, choose task by task, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.models import Department, User
from accounts.usecases import rename_unit
from tracking.forms.succession import RENAME, SuccessionForm
from tracking.models import Assignment
from tracking.selectors.succession import preview_succession, tasks_of
from tracking.usecases import reorganise


@require_http_methods(["GET", "POST"])
def succession(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a unit or let others go on with its work; nothing happens before the last button."""
    user = actor(request)
    unit = get_object_or_404(Department.objects.visible_to(user), pk=pk)
    authorize(user, "tracking.reorganise", unit)
    tasks = tasks_of(unit)
    form = SuccessionForm(
        request.POST or None, unit=unit, tasks=tasks, initial={"effective_on": clock.today()}
    )
    if request.method == "GET" or not form.is_valid():
        return _show(request, unit, form, tasks, status=400 if form.errors else 200)
    if "confirm" not in request.POST:
        return _show(request, unit, form, tasks)
    try:
        _carry_out(unit, form, request, user)
    except DomainError as error:
        form.add_error(None, error.message)
        return _show(request, unit, form, tasks, status=error.status)
    messages.success(request, "机构改革变动已经办理，记入双方的变动记录。")
    return redirect("accounts:department", unit.pk)


def _carry_out(unit: Department, form: SuccessionForm, request: HttpRequest, user: User) -> None:
    data = form.cleaned_data
    common: dict[str, Any] = {
        "department_id": unit.pk,
        "basis": data["basis"],
        "effective_on": data["effective_on"],
        "by": user,
        "at": clock.now(),
        "today": clock.today(),
    }
    if data["way"] == RENAME:
        rename_unit(name=data["name"], full_name=data["full_name"], **common)
        return
    reorganise(
        main_id=data["main"].pk,
        choices=form.choices,
        now=clock.real_now(),
        shown=[int(task) for task in request.POST.getlist("shown") if task.isdecimal()],
        **common,
    )


def _show(
    request: HttpRequest,
    unit: Department,
    form: SuccessionForm,
    tasks: list[Assignment],
    *,
    status: int = 200,
) -> HttpResponse:
    data = getattr(form, "cleaned_data", {})
    back = reverse("accounts:department", args=[unit.pk])
    context: dict[str, Any] = {
        "title": f"机构改革：{unit}",
        "unit": unit,
        "form": form,
        "tasks": tasks,
        "crumbs": [(reverse("accounts:departments"), "单位"), (back, unit.name), ("", "机构改革")],
        "is_rename": data.get("way") == RENAME and bool(data.get("name")),
    }
    if data.get("main") and data.get("way") != RENAME and "effective_on" in data:
        heirs = {heir.pk: heir for heir in form.fields["main"].queryset}  # type: ignore[attr-defined]
        chosen = {task: heirs[heir] for task, heir in form.choices.items()}
        preview = preview_succession(unit, main=data["main"], chosen=chosen)
        context["preview"] = preview
        context["rows"] = [(row, form[f"task-{row.assignment.pk}"]) for row in preview.handings]
    return render(request, "tracking/succession.html", context, status=status)

"""The register of units, and the one way to a stored file."""

import rules
from django.db.models import F, Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.actor import actor
from accounts.choices import Role
from accounts.models import Department, Membership, StoredFile
from accounts.scope import scope_of
from accounts.selectors import colleagues_of, history_of, meant_by_groups
from accounts.sending import send_file


@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """List the units of the person's districts with other names and liaisons."""
    user = actor(request)
    liaisons = Membership.objects.active().of_role(Role.LIAISON).select_related("user")
    units = (
        Department.objects.visible_to(user)
        .select_related("host")
        .prefetch_related("names", Prefetch("memberships", liaisons, to_attr="liaisons"))
        .order_by("district_id", F("ended_on").asc(nulls_first=True), "ordinal", "id")
    )
    context = {
        "title": "单位",
        "units": units,
        "unconfirmed": sum(not unit.is_confirmed for unit in units),
        "groups": [
            (
                group,
                [unit.name for unit in members],
                rules.has_perm("accounts.edit_unit", user, group),
            )
            for group, members in meant_by_groups(user)
        ],
        "may_add": rules.has_perm("accounts.enrol", user),
        "may_manage": user.is_staff and rules.has_perm("accounts.manage_register", user),
    }
    return render(request, "accounts/departments.html", context)


@require_GET
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit with its names and its people."""
    user = actor(request)
    unit = get_object_or_404(
        Department.objects.visible_to(user).select_related("host").prefetch_related("names"), pk=pk
    )
    scope = scope_of(user)
    may_edit = rules.has_perm("accounts.edit_unit", user, unit)
    context = {
        "title": unit.name,
        "unit": unit,
        "heirs": unit.successions.select_related("successor"),
        "inherited": unit.inherited.select_related("predecessor"),
        "people": colleagues_of(unit, user=user),
        "groups": [group.name for group, members in meant_by_groups(user) if unit in members],
        "history": history_of(unit) if may_edit else [],
        "may_edit": may_edit,
        "sees_work": scope.sees(unit),
        "may_set_sign_off": rules.has_perm("accounts.set_sign_off", user, unit),
        "may_set_charges": rules.has_perm("accounts.set_charges", user, unit),
        "may_name": rules.has_perm("accounts.name_liaison", user, unit),
        "crumbs": [(reverse("accounts:departments"), "单位"), ("", unit.name)],
    }
    return render(request, "accounts/department.html", context)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Send a stored file as a download that no browser will run or keep; a picture may be shown
    in its page where ``?inline`` asks for it."""
    stored = get_object_or_404(StoredFile.objects.visible_to(actor(request)), pk=pk)
    return send_file(stored, is_shown="inline" in request.GET)

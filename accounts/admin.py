"""登记后台: the registers of units, people and the calendar, for staff who may manage them."""

from typing import Any

import rules
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts import clock
from accounts.access import end_access
from accounts.models import (
    CalendarDay,
    Department,
    DepartmentName,
    District,
    Group,
    Membership,
    User,
)
from accounts.usecases import BY_HAND

admin.site.site_header = admin.site.site_title = "实施方案任务督办 · 登记后台"
admin.site.index_title = "登记"


class RegisterRights:
    """Whoever may manage the register may do so here; nobody deletes what work refers to."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may(self, request: HttpRequest) -> bool:
        is_staff = request.user.is_active and request.user.is_staff
        return bool(is_staff and rules.has_perm("accounts.manage_register", request.user))


class RegisterAdmin(RegisterRights, admin.ModelAdmin):  # type: ignore[type-arg]
    """A register on pages of its own."""


class RegisterInline(RegisterRights, admin.TabularInline):  # type: ignore[type-arg]
    """A register inside the page of what it belongs to."""

    extra = 0


class NameInline(RegisterInline):
    """Other names of a unit."""

    model = DepartmentName
    fields = ["name", "kind"]


@admin.register(District)
class DistrictAdmin(RegisterAdmin):
    """Districts."""

    list_display = ["name", "code"]


@admin.register(Department)
class DepartmentAdmin(RegisterAdmin):
    """Units with their other names."""

    list_display = ["name", "full_name", "kind", "host", "is_confirmed", "ordinal"]
    list_filter = ["district", "kind", "is_confirmed"]
    list_select_related = ["host"]
    search_fields = ["name", "full_name", "names__name"]
    autocomplete_fields = ["host"]
    fields = ["district", "name", "full_name", "kind", "host", "is_confirmed", "ordinal"]
    inlines = [NameInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Let other names belong to the district of their unit."""
        for name in formset.save(commit=False):
            name.district = form.instance.district
            name.save()
        formset.save_m2m()


@admin.register(Group)
class GroupAdmin(RegisterAdmin):
    """Collective names."""

    list_display = ["name", "kinds", "is_open_ended"]
    fields = ["district", "name", "kinds", "is_open_ended"]


class MembershipInline(RegisterInline):
    """The roles of a person."""

    model = Membership
    autocomplete_fields = ["department"]


@admin.register(User)
class PersonAdmin(RegisterRights, UserAdmin):  # type: ignore[type-arg]
    """People, their passwords and their roles."""

    list_display = ["username", "name", "phone", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "name", "phone"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("人员", {"fields": ["name", "phone", "email"]}),
        ("登录", {"fields": ["is_active", "is_staff", "last_login"]}),
    ]
    readonly_fields = ["last_login"]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]
    inlines = [MembershipInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """End what the person has open when roles change."""
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            end_access([form.instance.pk], now=clock.real_now())


@admin.register(Membership)
class MembershipAdmin(RegisterAdmin):
    """Who is what, where, since when."""

    list_display = ["user", "department", "role", "from_on", "until_on"]
    list_filter = ["role", "department"]
    list_select_related = ["user", "department"]
    autocomplete_fields = ["user", "department"]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """End what the person has open."""
        super().save_model(request, obj, form, change)
        end_access([obj.user_id], now=clock.real_now())


@admin.register(CalendarDay)
class CalendarDayAdmin(RegisterAdmin):
    """Days off and swapped working days; what is entered here is not overwritten."""

    list_display = ["date", "is_workday", "name", "source"]
    list_filter = ["is_workday", "source"]
    date_hierarchy = "date"
    fields = ["date", "is_workday", "name"]

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        """Mark the day as entered by hand."""
        obj.source = BY_HAND
        super().save_model(request, obj, form, change)

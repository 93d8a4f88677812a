"""登记后台: the registers of units, people and the calendar, for staff who may manage them."""

from typing import Any

import rules
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts import clock
from accounts.access import end_access
from accounts.choices import ExternalKind
from accounts.models import (
    CalendarDay,
    Department,
    DepartmentName,
    District,
    ExternalId,
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
    fields = [
        *("district", "code", "name", "full_name", "kind", "credit_code", "host"),
        *("is_confirmed", "ordinal"),
    ]
    readonly_fields = ["code"]
    inlines = [NameInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Let other names belong to the district of their unit."""
        for name in formset.save(commit=False):
            name.district = form.instance.district
            name.save()
        formset.save_m2m()


class ExternalIdForm(forms.ModelForm):  # type: ignore[type-arg]
    """What another system calls a unit."""

    unit = forms.ModelChoiceField(Department.objects.order_by("ordinal", "id"), label="单位")

    class Meta:
        model = ExternalId
        fields = ["source", "value"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Department.objects.filter(code=self.instance.key)
        self.fields["unit"].initial = known.first() if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        """Let the number belong to the unit, unless another one has it."""
        cleaned = super().clean() or {}
        if unit := cleaned.get("unit"):
            row = self.instance
            row.kind, row.key, row.district = ExternalKind.DEPARTMENT, unit.code, unit.district
            same = ExternalId.objects.filter(district=unit.district, kind=row.kind)
            same = same.filter(source=cleaned.get("source"), value=cleaned.get("value"))
            if same.exclude(pk=row.pk).exists():
                self.add_error("value", "这个外部编号已经对应一个单位，请先改正那一条。")
        return cleaned


@admin.register(ExternalId)
class ExternalIdAdmin(RegisterAdmin):
    """What other systems call units; plans and measures get theirs through the interface."""

    form = ExternalIdForm
    list_display = ["source", "value", "key"]
    list_filter = ["source"]
    search_fields = ["source", "value", "key"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave those of units."""
        return super().get_queryset(request).filter(kind=ExternalKind.DEPARTMENT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a wrong number go: no work refers to it."""
        return self._may(request)


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

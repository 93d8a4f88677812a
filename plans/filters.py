"""What plans and their measures can be narrowed by."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q

from accounts.choices import ExternalKind
from accounts.filters import ExternalIdFilter, FlagFilter
from accounts.models import Department
from accounts.querysets import DepartmentQuerySet
from plans.choices import EditionStatus, ResponsibilityRole
from plans.models import Deadline, Edition, Measure, Plan, Responsibility
from plans.querysets import EditionQuerySet, MeasureQuerySet, PlanQuerySet


def _departments(request: Any) -> DepartmentQuerySet:
    if request is None:
        return Department.objects.none()
    return Department.objects.visible_to(request.user).order_by("ordinal", "id")


def _plans(request: Any) -> PlanQuerySet:
    return Plan.objects.none() if request is None else Plan.objects.visible_to(request.user)


def _editions(request: Any) -> EditionQuerySet:
    if request is None:
        return Edition.objects.none()
    return Edition.objects.visible_to(request.user).defer("text", "places")


class PlanFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows plans."""

    code = filters.CharFilter(label="编码")
    external_id = ExternalIdFilter(ExternalKind.PLAN, "pk")
    q = filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")

    class Meta:
        model = Plan
        fields: list[str] = []


class MeasureFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows measures; a role with a department asks for that department in that role."""

    plan = filters.ModelChoiceFilter(label="方案", queryset=_plans, field_name="edition__plan")
    edition = filters.ModelChoiceFilter(label="文本", queryset=_editions)
    is_in_force = FlagFilter(label="现行文本", method="in_force")
    code = filters.CharFilter(label="编码")
    external_id = ExternalIdFilter(ExternalKind.MEASURE, "lineage")
    number = filters.CharFilter(label="措施编号")
    is_leaf = FlagFilter(label="承担责任")
    is_dated = FlagFilter(label="有完成时限", method="with_dates")
    department = filters.ModelChoiceFilter(
        label="责任单位",
        queryset=_departments,
        field_name="responsibilities__department",
        method="naming",
    )
    role = filters.ChoiceFilter(label="分工", choices=ResponsibilityRole.choices, method="as_named")
    q = filters.CharFilter(label="关键词", method="containing")

    class Meta:
        model = Measure
        fields: list[str] = []

    def in_force(self, rows: MeasureQuerySet, name: str, wanted: bool) -> MeasureQuerySet:
        """Leave measures of the editions in force, or those of all others."""
        now = Q(edition__status=EditionStatus.ISSUED)
        return rows.filter(now if wanted else ~now)

    def with_dates(self, rows: MeasureQuerySet, name: str, wanted: bool) -> MeasureQuerySet:
        """Leave measures with a day in their text, or those without."""
        dated = Exists(Deadline.objects.filter(measure=OuterRef("pk"), due_on__isnull=False))
        return rows.filter(dated) if wanted else rows.exclude(dated)

    def naming(self, rows: MeasureQuerySet, name: str, department: Department) -> MeasureQuerySet:
        """Leave measures that name the department, in the role asked for."""
        named = Responsibility.objects.filter(measure=OuterRef("pk"), department=department)
        if role := self.form.cleaned_data.get("role"):
            named = named.filter(role=role)
        return rows.filter(Exists(named))

    def as_named(self, rows: MeasureQuerySet, name: str, role: str) -> MeasureQuerySet:
        """Leave measures that name anybody in the role; with a department, naming() has done it."""
        if self.form.cleaned_data.get("department"):
            return rows
        return rows.filter(Exists(Responsibility.objects.filter(measure=OuterRef("pk"), role=role)))

    def containing(self, rows: MeasureQuerySet, name: str, words: str) -> MeasureQuerySet:
        """Leave measures whose title or text contains the words."""
        return rows.filter(Q(title__contains=words) | Q(text__contains=words))

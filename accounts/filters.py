"""What the register can be narrowed by."""

from datetime import datetime
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.choices import DepartmentKind, EventResult, ExternalKind
from accounts.models import Department, Event, ExternalId
from accounts.querysets import DepartmentQuerySet


class FlagField(forms.TypedChoiceField):
    """true or false and nothing else; Django's own field takes anything else for unknown."""

    def __init__(self, **options: Any) -> None:
        choices = [("true", "是"), ("false", "否")]
        super().__init__(choices=choices, coerce=lambda value: value == "true", **options)


class FlagFilter(filters.BooleanFilter):  # type: ignore[misc]
    """Asks for rows of which something holds, or does not."""

    field_class = FlagField


class KeyField(forms.IntegerField):
    """A number that a row can have; SQLite fails on larger ones."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)


class KeyFilter(filters.NumberFilter):  # type: ignore[misc]
    """Asks for rows that belong to one, by its number."""

    field_class = KeyField

    def get_max_validator(self) -> None:
        """Leave the bounds to the field."""


class ExternalIdFilter(filters.CharFilter):  # type: ignore[misc]
    """Asks for what another system calls so: ``source:value``, or the value alone."""

    def __init__(self, kind: ExternalKind, column: str) -> None:
        self.kind, self.column = kind, column
        super().__init__(label="外部编号（外部系统:编号）")

    def filter(self, rows: Any, value: str) -> Any:
        """Leave the rows that bear the number."""
        if not value:
            return rows
        named = ExternalId.objects.visible_to(self.parent.request.user).filter(kind=self.kind)
        source, has_source, number = value.partition(":")
        named = (
            named.filter(source=source, value=number) if has_source else named.filter(value=value)
        )
        return rows.filter(**{f"{self.column}__in": list(named.values_list("key", flat=True))})


class ChangedSinceFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Asks for rows of which, or inside of which, something was done since a moment."""

    def __init__(self) -> None:
        super().__init__(label="此后有变动")

    def filter(self, rows: Any, value: datetime | None) -> Any:
        """Leave the rows that an entry of the record names."""
        if value is None:
            return rows
        kind = rows.model._meta.label_lower
        done = Event.objects.filter(at__gte=value, result=EventResult.DONE)
        return rows.filter(
            Exists(done.filter(object_kind=kind, object_id=OuterRef("pk")))
            | Exists(done.filter(within_kind=kind, within_id=OuterRef("pk")))
        )


class DepartmentFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows units."""

    kind = filters.ChoiceFilter(label="类别", choices=DepartmentKind.choices, empty_label="全部")
    is_confirmed = FlagFilter(label="已确认")
    code = filters.CharFilter(label="单位编码")
    credit_code = filters.CharFilter(label="统一社会信用代码")
    external_id = ExternalIdFilter(ExternalKind.DEPARTMENT, "code")
    changed_since = ChangedSinceFilter()
    q = filters.CharFilter(label="名称", method="containing")

    class Meta:
        model = Department
        fields: list[str] = []

    def containing(self, rows: DepartmentQuerySet, name: str, words: str) -> DepartmentQuerySet:
        """Leave units whose own, full or other name contains the words."""
        found = Q(name__contains=words) | Q(full_name__contains=words)
        return rows.filter(found | Q(names__name__contains=words)).distinct()

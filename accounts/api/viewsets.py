"""Units by HTTP."""

from collections.abc import Sequence

from accounts.api.base import Resource, actor
from accounts.api.external_ids import attach_external_ids
from accounts.api.serializers import DepartmentSerializer
from accounts.choices import ExternalKind
from accounts.filters import DepartmentFilterSet
from accounts.models import Department
from accounts.querysets import DepartmentQuerySet


class DepartmentViewSet(Resource[Department]):
    """Units of the register: who can be named in a plan, with all their names."""

    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilterSet
    ordering = ("ordinal", "id")

    def get_queryset(self) -> DepartmentQuerySet:
        """Leave the units of the person's districts."""
        rows = Department.objects.visible_to(actor(self.request))
        return rows.select_related("host", "district").prefetch_related("names")

    def attach(self, rows: Sequence[Department]) -> None:
        """Read what other systems call them."""
        attach_external_ids(ExternalKind.DEPARTMENT, {row.code: row for row in rows})

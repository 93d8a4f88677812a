"""Units by HTTP."""

from accounts.api.base import Resource, actor
from accounts.api.serializers import DepartmentSerializer
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
        return rows.select_related("host").prefetch_related("names")

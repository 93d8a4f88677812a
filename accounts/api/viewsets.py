"""Units by HTTP."""

from collections.abc import Sequence
from dataclasses import replace

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.external_ids import attach_external_ids
from accounts.api.serializers import (
    DepartmentSerializer,
    UnitChangeSerializer,
    UnitSerializer,
)
from accounts.choices import ExternalKind
from accounts.filters import DepartmentFilterSet
from accounts.models import Department
from accounts.querysets import DepartmentQuerySet
from accounts.usecases import UnitEntry, add_unit, edit_unit, entry_of


class DepartmentViewSet(Resource[Department]):
    """Units of the register: who can be named in a plan, with all their names."""

    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilterSet
    ordering = ("ordinal", "id")
    orderings = ("ordinal", "name", "id")
    conditional = frozenset({"partial_update"})

    def get_queryset(self) -> DepartmentQuerySet:
        """Leave the units of the person's districts."""
        rows = Department.objects.visible_to(actor(self.request))
        return rows.select_related("host", "district").prefetch_related("names")

    @extend_schema(request=UnitSerializer, responses={201: DepartmentSerializer})
    def create(self, request: Request) -> Response:
        """Enter a new unit in the district that the person coordinates."""
        body = body_of(request, UnitSerializer)
        made = add_unit(
            district_id=body.pop("district"),
            entry=replace(UnitEntry(name=""), **body),
            by=actor(request),
            at=clock.now(),
        )
        return self.answer(self.get_queryset().get(pk=made.pk), status=201)

    @extend_schema(request=UnitChangeSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is sent of a unit and leave the rest."""
        unit = self.get_object()
        edit_unit(
            department_id=unit.pk,
            entry=replace(entry_of(unit), **body_of(request, UnitChangeSerializer)),
            by=actor(request),
            at=clock.now(),
            expected_version=if_match(request),
        )
        return self.answer(self.get_queryset().get(pk=unit.pk))

    def attach(self, rows: Sequence[Department]) -> None:
        """Read what other systems call them."""
        attach_external_ids(ExternalKind.DEPARTMENT, {row.code: row for row in rows})

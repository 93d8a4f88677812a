"""What other systems call units, plans and measures, by HTTP."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor
from accounts.api.bulk import take_rows, takes_rows
from accounts.api.fields import IdField
from accounts.bulk import BulkRow
from accounts.choices import ExternalKind
from accounts.models import Department, ExternalId, User
from accounts.querysets import ExternalIdQuerySet
from accounts.usecases import add_external_id, drop_external_id
from plans.models import Measure, Plan


class ExternalIdSerializer(serializers.ModelSerializer[ExternalId]):
    """A number in another system; ``key`` is the code of a unit, the id of a plan, the lineage of
    a measure."""

    class Meta:
        model = ExternalId
        fields = ("id", "kind", "key", "source", "value")


class NewExternalIdSerializer(serializers.Serializer[Any]):
    """What another system calls one of our rows."""

    kind = serializers.ChoiceField(choices=ExternalKind.choices)
    object = IdField(help_text="The id of the unit, plan or measure")
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=40, help_text="The other system, without a colon"
    )
    value = serializers.CharField(max_length=100)


class ExternalIdFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows external ids."""

    kind = filters.ChoiceFilter(label="对象类别", choices=ExternalKind.choices)
    key = filters.CharFilter(label="对象")
    source = filters.CharFilter(label="外部系统")
    value = filters.CharFilter(label="外部编号")

    class Meta:
        model = ExternalId
        fields: list[str] = []


class ExternalIdViewSet(Resource[ExternalId]):
    """Numbers of other systems; the coordinator adds and drops them."""

    queryset = ExternalId.objects.none()
    serializer_class = ExternalIdSerializer
    filterset_class = ExternalIdFilterSet
    ordering = ("id",)

    def get_queryset(self) -> ExternalIdQuerySet:
        """Leave those of the person's districts."""
        return ExternalId.objects.visible_to(actor(self.request))

    @takes_rows(NewExternalIdSerializer)
    def create(self, request: Request) -> Response:
        """Add numbers; one that is known already stays as it is."""
        user = actor(request)

        def row_of(asked: dict[str, Any]) -> BulkRow:
            asked["district"], asked["key"] = _bearer(user, asked["kind"], asked["object"])
            details = {name: asked[name] for name in ("kind", "key", "source", "value")}
            details["district_id"] = asked["district"]
            return BulkRow(add_external_id, asked["object"], details)

        def shown(done: list[dict[str, Any]]) -> list[Any]:
            sources = {asked["source"] for asked in done}
            values = {asked["value"] for asked in done}
            rows = self.get_queryset().filter(source__in=sources, value__in=values)
            known = {(row.district_id, row.kind, row.source, row.value): row for row in rows}
            return [
                ExternalIdSerializer(
                    known[asked["district"], asked["kind"], asked["source"], asked["value"]]
                ).data
                for asked in done
            ]

        return take_rows(request, NewExternalIdSerializer, row_of, shown)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Drop a number."""
        drop_external_id(external_id=self.get_object().pk, by=actor(request), at=clock.now())
        return Response(status=204)


def _bearer(user: User, kind: str, pk: int) -> tuple[int, str]:
    """Return the district of a row that the person sees, and the key under which it is known."""
    if kind == ExternalKind.DEPARTMENT:
        unit = Department.objects.visible_to(user).filter(pk=pk).first()
        if unit is not None:
            return unit.district_id, unit.code
    elif kind == ExternalKind.PLAN:
        plan = Plan.objects.visible_to(user).filter(pk=pk).first()
        if plan is not None:
            return plan.district_id, str(plan.pk)
    else:
        rows = Measure.objects.visible_to(user).filter(pk=pk)
        found = rows.values_list("edition__plan__district_id", "lineage").first()
        if found is not None:
            return found[0], str(found[1])
    raise NotFound

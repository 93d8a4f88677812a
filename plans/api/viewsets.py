"""Plans and measures by HTTP, for reading."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api.base import Resource, actor
from accounts.api.external_ids import attach_external_ids
from accounts.api.parsers import JSONParser, MultiPartParser
from accounts.choices import ExternalKind
from plans.api.importing import JobSerializer, NewPlanSerializer, import_document
from plans.api.serializers import MeasureRowSerializer, MeasureSerializer, PlanSerializer
from plans.filters import MeasureFilterSet, PlanFilterSet
from plans.models import Deadline, Edition, Measure, Plan
from plans.querysets import MeasureQuerySet, PlanQuerySet


class PlanViewSet(Resource[Plan]):
    """Plans that have been handed out; drafts are shown to coordinators."""

    queryset = Plan.objects.none()
    serializer_class = PlanSerializer
    filterset_class = PlanFilterSet
    ordering = ("-id",)
    parser_classes = (MultiPartParser, JSONParser)

    def get_queryset(self) -> PlanQuerySet:
        """Leave the plans that the person may read, with the editions that they may read."""
        user = actor(self.request)
        editions = Edition.objects.visible_to(user).defer("text", "places").order_by("-number")
        return Plan.objects.visible_to(user).prefetch_related(Prefetch("editions", editions))

    @extend_schema(
        request={
            "multipart/form-data": NewPlanSerializer,
            "application/json": NewPlanSerializer,
        },
        responses={202: JobSerializer},
    )
    def create(self, request: Request) -> Response:
        """Import a document: a job reads it and makes a draft of it."""
        return import_document(request)

    def attach(self, rows: Sequence[Plan]) -> None:
        """Read what other systems call them."""
        attach_external_ids(ExternalKind.PLAN, {str(row.pk): row for row in rows})


class MeasureViewSet(Resource[Measure]):
    """Measures in the order of the document; one alone comes with all that was read from it."""

    queryset = Measure.objects.none()
    filterset_class = MeasureFilterSet
    ordering = ("edition_id", "ordinal")

    def get_queryset(self) -> MeasureQuerySet:
        """Leave the measures of the editions that the person may read."""
        rows = Measure.objects.visible_to(actor(self.request))
        rows = rows.select_related("part", "edition").defer("edition__text", "edition__places")
        if self.action == "list":
            return rows
        deadlines = Deadline.objects.select_related("measure")
        return rows.prefetch_related(
            "responsibilities__department",
            "responsibilities__group",
            Prefetch("deadlines", deadlines),
            "recurrences",
            "metrics",
        )

    def attach(self, rows: Sequence[Measure]) -> None:
        """Read what other systems call them; editions of a list may hold one lineage twice."""
        keys = {str(row.lineage): row for row in rows}
        attach_external_ids(ExternalKind.MEASURE, keys)
        for row in rows:
            row.external_ids = keys[str(row.lineage)].external_ids  # type: ignore[attr-defined]

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Show lists without what is nested."""
        return MeasureRowSerializer if self.action == "list" else MeasureSerializer

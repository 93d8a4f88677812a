"""Handing out by HTTP: editions issued and adopted, and the papers that units sign for."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.bulk import take_rows, takes_rows
from accounts.api.fields import IdField, NameField
from accounts.api.serializers import DepartmentRefSerializer
from accounts.bulk import BulkRow
from accounts.filters import FlagFilter, KeyFilter
from plans.api.serializers import EditionSerializer
from plans.choices import EditionStatus
from plans.models import Edition
from plans.querysets import EditionQuerySet
from tracking.api.inputs import DecidedDaySerializer
from tracking.choices import PastChoice, ReportMode
from tracking.models import Dispatch
from tracking.querysets import DispatchQuerySet
from tracking.selectors.distribution import Choice
from tracking.selectors.past import PastDay
from tracking.usecases import acknowledge_dispatch, adopt_edition, issue_plan


class ChoiceSerializer(serializers.Serializer[Any]):
    """What is decided about a measure; what is left out follows the recommendation."""

    measure = IdField()
    mode = serializers.ChoiceField(choices=ReportMode.choices, required=False)
    reporter = IdField(required=False, help_text="A unit")
    groups = serializers.ListField(child=IdField(), required=False, max_length=50)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class PastDaySerializer(DecidedDaySerializer):
    """A deadline of the text that had passed, and what is decided about it."""

    deadline = IdField()


class HandOutSerializer(serializers.Serializer[Any]):
    """Number and day of the document, and what is decided; else the recommendation holds."""

    document_number = serializers.CharField(max_length=60)
    issued_on = serializers.DateField()
    choices = ChoiceSerializer(many=True, required=False)
    left_out = serializers.ListField(
        child=IdField(),
        required=False,
        max_length=500,
        help_text="Units that owe no common duty",
    )
    past = PastDaySerializer(many=True, required=False)


class EditionFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows editions."""

    plan = KeyFilter(label="方案", field_name="plan")
    status = filters.ChoiceFilter(label="状态", choices=EditionStatus.choices)

    class Meta:
        model = Edition
        fields: list[str] = []


class EditionRowSerializer(EditionSerializer):
    """One document of a plan, with the version that a step names."""

    class Meta(EditionSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *EditionSerializer.Meta.fields,
            *("plan", "former", "version"),
        )


class EditionViewSet(Resource[Edition]):
    """Documents of plans; a checked draft is handed out, or takes the place of the one in force."""

    queryset = Edition.objects.none()
    serializer_class = EditionRowSerializer
    filterset_class = EditionFilterSet
    ordering = ("-id",)
    conditional = frozenset({"issue", "adopt"})

    def get_queryset(self) -> EditionQuerySet:
        """Leave those that the person may read."""
        return Edition.objects.visible_to(actor(self.request)).defer("text", "places")

    @extend_schema(request=HandOutSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: int) -> Response:
        """Hand a checked draft out: dispatches, assignments and milestones are made."""
        return self._hand_out(issue_plan)

    @extend_schema(request=HandOutSerializer)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: int) -> Response:
        """Put a checked later text in force; the work goes on under it."""
        return self._hand_out(adopt_edition)

    def _hand_out(self, usecase: Any) -> Response:
        edition = self.get_object()
        body = body_of(self.request, HandOutSerializer)
        given = {
            "choices": {row.pop("measure"): choice_of(row) for row in body.pop("choices", [])},
            "past": {row.pop("deadline"): day_of(row) for row in body.pop("past", [])},
        }
        usecase(
            edition_id=edition.pk,
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **given,
            **body,
        )
        return self.answer(self.get_queryset().get(pk=edition.pk))


def choice_of(row: dict[str, Any]) -> Choice:
    """Return a decision about a measure."""
    mode, groups = row.get("mode"), row.get("groups")
    return Choice(
        mode=ReportMode(mode) if mode else None,
        reporter=row.get("reporter"),
        groups=frozenset(groups) if groups is not None else None,
        reason=row.get("reason", ""),
    )


def day_of(row: dict[str, Any]) -> PastDay:
    """Return a decision about a day that had passed."""
    return PastDay(**row | {"choice": PastChoice(row["choice"])})


class DispatchSerializer(serializers.ModelSerializer[Dispatch]):
    """What one unit received at one issue; it is signed for once."""

    plan = serializers.IntegerField(source="edition.plan_id", read_only=True)
    department = DepartmentRefSerializer(read_only=True)
    title = serializers.CharField(read_only=True)
    acknowledged_by = NameField("acknowledged_by.name")

    class Meta:
        model = Dispatch
        fields = (
            *("id", "plan", "edition", "department", "title", "number", "serial", "issued_on"),
            *("taken_over_from", "acknowledged_at", "acknowledged_by"),
        )


class DispatchFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows dispatches."""

    plan = KeyFilter(label="方案", field_name="edition__plan")
    edition = KeyFilter(label="文本", field_name="edition")
    department = KeyFilter(label="单位", field_name="department")
    is_waiting = FlagFilter(label="待签收", field_name="acknowledged_at", lookup_expr="isnull")

    class Meta:
        model = Dispatch
        fields: list[str] = []


class AcknowledgementSerializer(serializers.Serializer[Any]):
    """A dispatch to sign for."""

    dispatch = IdField()


class DispatchViewSet(Resource[Dispatch]):
    """Papers by which work was handed out, the newest first."""

    queryset = Dispatch.objects.none()
    serializer_class = DispatchSerializer
    filterset_class = DispatchFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> DispatchQuerySet:
        """Leave those of the person's units or district."""
        rows = Dispatch.objects.visible_to(actor(self.request)).with_edition()
        return rows.select_related("acknowledged_by")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: int) -> Response:
        """Sign for one."""
        row = self.get_object()
        acknowledge_dispatch(dispatch_id=row.pk, by=actor(request), at=clock.now())
        return self.answer(self.get_queryset().get(pk=row.pk))

    @takes_rows(AcknowledgementSerializer)
    @action(detail=False, methods=["post"], url_path="acknowledge", url_name="acknowledge-many")
    def acknowledge_many(self, request: Request) -> Response:
        """Sign for several."""
        seen = self.get_queryset()

        def row_of(asked: dict[str, Any]) -> BulkRow:
            pk = asked["dispatch"]
            if not seen.filter(pk=pk).exists():
                raise NotFound
            return BulkRow(acknowledge_dispatch, pk, {"dispatch_id": pk})

        def shown(done: list[dict[str, Any]]) -> list[Any]:
            rows = self.get_queryset().in_bulk([one["dispatch"] for one in done])
            return [DispatchSerializer(rows[one["dispatch"]]).data for one in done]

        return take_rows(request, AcknowledgementSerializer, row_of, shown)

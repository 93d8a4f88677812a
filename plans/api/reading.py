"""What stands in a plan besides its measures, by HTTP: parts, indicators, metrics, doubts."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.fields import IdField, NameField
from accounts.choices import DepartmentKind
from accounts.filters import FlagFilter, KeyFilter
from plans.api.serializers import MetricSerializer, source_url
from plans.choices import Severity
from plans.models import Doubt, Indicator, Metric, Part
from plans.querysets import DoubtQuerySet
from plans.usecases import NewUnit, reopen_doubt, settle_doubt


class PartSerializer(serializers.ModelSerializer[Part]):
    """A heading that directly holds measures, with its goal."""

    source_url = serializers.SerializerMethodField()

    class Meta:
        model = Part
        fields = (
            *("id", "edition", "ordinal", "number", "title", "goal"),
            *("start", "end", "source_url"),
        )

    def get_source_url(self, part: Part) -> str:
        """Return the address of the heading in the text."""
        return source_url(part.edition_id, part)


class PartFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows parts."""

    plan = KeyFilter(label="方案", field_name="edition__plan")
    edition = KeyFilter(label="文本", field_name="edition")
    q = filters.CharFilter(label="标题", field_name="title", lookup_expr="contains")

    class Meta:
        model = Part
        fields: list[str] = []


class PartViewSet(Resource[Part]):
    """Parts in the order of the document."""

    queryset = Part.objects.none()
    serializer_class = PartSerializer
    filterset_class = PartFilterSet
    ordering = ("edition_id", "ordinal", "id")

    def get_queryset(self) -> Any:
        """Leave those of editions that the person may read."""
        return Part.objects.visible_to(actor(self.request))


class OwnedMetricSerializer(MetricSerializer):
    """A target and the sentence or measure that it was read from."""

    class Meta(MetricSerializer.Meta):
        fields = ("id", "indicator", "measure", *MetricSerializer.Meta.fields)  # type: ignore[assignment]


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    """A sentence of the 效果指标 with the targets in it."""

    edition = serializers.IntegerField(source="part.edition_id", read_only=True)
    metrics = OwnedMetricSerializer(many=True, read_only=True)
    source_url = serializers.SerializerMethodField()

    class Meta:
        model = Indicator
        fields = (
            *("id", "edition", "part", "ordinal", "number", "text", "metrics"),
            *("start", "end", "source_url"),
        )

    def get_source_url(self, indicator: Indicator) -> str:
        """Return the address of the sentence in the text."""
        return source_url(indicator.part.edition_id, indicator)


class IndicatorFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows indicators."""

    plan = KeyFilter(label="方案", field_name="part__edition__plan")
    edition = KeyFilter(label="文本", field_name="part__edition")
    part = KeyFilter(label="部分", field_name="part")
    q = filters.CharFilter(label="原文", field_name="text", lookup_expr="contains")

    class Meta:
        model = Indicator
        fields: list[str] = []


class IndicatorViewSet(Resource[Indicator]):
    """Indicators in the order of the document."""

    queryset = Indicator.objects.none()
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet
    ordering = ("part_id", "ordinal", "id")

    def get_queryset(self) -> Any:
        """Leave those of editions that the person may read."""
        rows = Indicator.objects.visible_to(actor(self.request))
        return rows.select_related("part").prefetch_related("metrics")


class MetricFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows metrics; a ``lineage`` is the same target in every edition."""

    edition = KeyFilter(label="文本", method="of_edition")
    indicator = KeyFilter(label="效果指标", field_name="indicator")
    measure = KeyFilter(label="措施", field_name="measure")
    lineage = filters.UUIDFilter(label="谱系")
    q = filters.CharFilter(label="名称", field_name="name", lookup_expr="contains")

    class Meta:
        model = Metric
        fields: list[str] = []

    def of_edition(self, rows: Any, name: str, edition: int) -> Any:
        """Leave the targets of an edition."""
        of_part = rows.filter(indicator__part__edition=edition)
        return of_part | rows.filter(measure__edition=edition)


class MetricViewSet(Resource[Metric]):
    """Targets, of indicators and of measures."""

    queryset = Metric.objects.none()
    serializer_class = OwnedMetricSerializer
    filterset_class = MetricFilterSet
    ordering = ("id",)

    def get_queryset(self) -> Any:
        """Leave those of editions that the person may read."""
        return Metric.objects.visible_to(actor(self.request))


class DoubtSerializer(serializers.ModelSerializer[Doubt]):
    """What the parser was unsure of; ``version`` is that of the draft, which a step raises."""

    version = serializers.IntegerField(source="edition.version", read_only=True)
    settled_by = NameField("settled_by.name")
    source_url = serializers.SerializerMethodField()

    class Meta:
        model = Doubt
        fields = (
            *("id", "edition", "ordinal", "measure", "part", "code", "severity", "message"),
            *("suggestion", "settled_at", "settled_by", "answer"),
            *("start", "end", "source_url", "version"),
        )

    def get_source_url(self, doubt: Doubt) -> str:
        """Return the address of the words in the text."""
        return source_url(doubt.edition_id, doubt)


class NewUnitSerializer(serializers.Serializer[Any]):
    """A unit that the register lacks."""

    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=DepartmentKind.choices)
    full_name = serializers.CharField(required=False, allow_blank=True, max_length=100)


class SettleSerializer(serializers.Serializer[Any]):
    """An answer; empty confirms what was read."""

    answer = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    unit = IdField(required=False)
    new_unit = NewUnitSerializer(required=False)
    leads = serializers.ListField(
        child=IdField(),
        required=False,
        max_length=50,
    )
    as_common = serializers.BooleanField(required=False)


class DoubtFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows doubts."""

    edition = KeyFilter(label="文本", field_name="edition")
    measure = KeyFilter(label="措施", field_name="measure")
    code = filters.CharFilter(label="代码")
    severity = filters.ChoiceFilter(label="程度", choices=Severity.choices)
    is_open = FlagFilter(label="未处理", field_name="settled_at", lookup_expr="isnull")

    class Meta:
        model = Doubt
        fields: list[str] = []


class DoubtViewSet(Resource[Doubt]):
    """What a person has to look at before the work is handed out."""

    queryset = Doubt.objects.none()
    serializer_class = DoubtSerializer
    filterset_class = DoubtFilterSet
    ordering = ("edition_id", "ordinal", "id")
    conditional = frozenset({"settle", "reopen"})

    def get_queryset(self) -> DoubtQuerySet:
        """Leave those of the districts in which the person coordinates."""
        rows = Doubt.objects.visible_to(actor(self.request)).select_related("edition", "settled_by")
        return rows.defer("edition__text", "edition__places")

    def version_of(self, row: Doubt) -> int:
        """Return the version of the draft."""
        return row.edition.version

    @extend_schema(request=SettleSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: int) -> Response:
        """Answer a doubt, or confirm what was read."""
        body = body_of(request, SettleSerializer)
        if "new_unit" in body:
            unit = body["new_unit"]
            body["new_unit"] = NewUnit(**unit | {"kind": DepartmentKind(unit["kind"])})
        return self._step(settle_doubt, **body)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Take an answer back, with what it changed."""
        return self._step(reopen_doubt)

    def _step(self, usecase: Any, **details: Any) -> Response:
        doubt = self.get_object()
        usecase(
            doubt_id=doubt.pk,
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **details,
        )
        return self.answer(self.get_queryset().get(pk=doubt.pk))

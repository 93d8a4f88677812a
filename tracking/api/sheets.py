"""Yearly sheets by HTTP: the rows of a unit, kept together and sent as one."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.serializers import DepartmentRefSerializer
from accounts.filters import FlagFilter, KeyFilter
from tracking.api.inputs import CallSerializer, ReportSerializer, SignatureSerializer
from tracking.api.serializers import SubmissionSerializer
from tracking.choices import MilestoneKind, MilestoneStatus, WorkStatus
from tracking.models import Sheet
from tracking.querysets import SheetQuerySet
from tracking.selectors.sheet import SheetLine, sheet_of
from tracking.usecases import (
    Report,
    SheetRow,
    record_sheet_call,
    save_sheet,
    submit_sheet,
    take_back_sheet,
)


class SheetFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows sheets."""

    year = KeyFilter(label="年度", field_name="year__year")
    plan = KeyFilter(label="方案", field_name="year__plan")
    department = KeyFilter(label="单位", field_name="department")
    unsent = FlagFilter(label="未报", method="not_sent")
    q = filters.CharFilter(label="单位名称", field_name="department__name", lookup_expr="contains")

    class Meta:
        model = Sheet
        fields: list[str] = []

    def not_sent(self, rows: SheetQuerySet, name: str, value: bool) -> SheetQuerySet:
        """Leave sheets with rows that were never sent, or those without."""
        unsent = rows.unsent().values("pk")
        return rows.filter(pk__in=unsent) if value else rows.exclude(pk__in=unsent)


class LastAcceptedSerializer(serializers.Serializer[Any]):
    """What was last accepted of a row, this year or before."""

    submission = serializers.IntegerField(source="pk")
    work_status = serializers.ChoiceField(choices=WorkStatus.choices)
    narrative = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class SheetLineSerializer(serializers.Serializer[SheetLine]):
    """A row: what is owed, what is written or was sent, and what it lacks."""

    milestone = serializers.IntegerField(source="milestone.pk")
    reference = serializers.CharField(source="milestone.reference", help_text="As printed: 第36项")
    what = serializers.CharField(source="milestone.what")
    kind = serializers.ChoiceField(choices=MilestoneKind.choices, source="milestone.kind")
    due_on = serializers.DateField(source="milestone.due_on")
    status = serializers.ChoiceField(choices=MilestoneStatus.choices, source="milestone.status")
    asks_for_times = serializers.BooleanField(source="milestone.times_asked")
    is_filled = serializers.BooleanField()
    lack = serializers.CharField(help_text="What the draft lacks before it can be sent, in Chinese")
    submission = serializers.SerializerMethodField()
    last_accepted = LastAcceptedSerializer(source="accepted", allow_null=True)

    @extend_schema_field(SubmissionSerializer(allow_null=True))
    def get_submission(self, line: SheetLine) -> Any:
        """Return the newest report on the row that the person may see."""
        if line.newest is None:
            return None
        return SubmissionSerializer(line.newest, context=self.context).data


class SheetSerializer(serializers.ModelSerializer[Sheet]):
    """A unit's sheet of a year."""

    plan = serializers.IntegerField(source="year.plan_id", read_only=True)
    year = serializers.IntegerField(source="year.year", read_only=True)
    department = DepartmentRefSerializer(read_only=True)
    opens_on = serializers.DateField(source="year.opens_on", read_only=True)
    closes_on = serializers.DateField(source="year.closes_on", read_only=True)
    is_late = serializers.BooleanField(read_only=True)

    class Meta:
        model = Sheet
        fields: tuple[str, ...] = (
            "id",
            "plan",
            "year",
            "department",
            "opens_on",
            "closes_on",
            "signed_by",
            "signed_on",
            "submitted_at",
            "is_late",
            "version",
        )


class SheetDetailSerializer(SheetSerializer):
    """A unit's sheet with its rows, in the order of the plan."""

    rows = serializers.SerializerMethodField()

    class Meta(SheetSerializer.Meta):
        fields = (*SheetSerializer.Meta.fields, "rows")

    @extend_schema_field(SheetLineSerializer(many=True))
    def get_rows(self, sheet: Sheet) -> Any:
        """Return the rows."""
        view = sheet_of(sheet, self.context["request"].user, today=clock.today())
        lines: Any = view.lines
        return SheetLineSerializer(lines, many=True, context=self.context).data


class RowInSerializer(ReportSerializer):
    """What is written on one row; a field that is not sent is emptied."""

    milestone = serializers.IntegerField()
    expected_version = serializers.IntegerField(
        min_value=0, help_text="The version of the draft that was read, 0 where there was none"
    )


class RowsInSerializer(serializers.Serializer[Any]):
    """Rows to keep, all or none."""

    rows = RowInSerializer(many=True, allow_empty=False)


class SheetViewSet(Resource[Sheet]):
    """集中填报: what each unit owes once a year, a row each."""

    queryset = Sheet.objects.none()
    serializer_class = SheetDetailSerializer
    filterset_class = SheetFilterSet
    ordering = ("year_id", "department_id", "id")
    conditional = frozenset({"submit", "take_back"})

    def get_queryset(self) -> SheetQuerySet:
        """Leave those of the person's units or district."""
        return Sheet.objects.visible_to(actor(self.request)).with_year()

    def get_serializer_class(self) -> Any:
        """Leave the rows out of the list."""
        return SheetSerializer if self.action == "list" else SheetDetailSerializer

    @extend_schema(request=RowsInSerializer, responses={200: SheetDetailSerializer})
    @action(detail=True, methods=["post"], url_path="rows")
    def save_rows(self, request: Request, pk: int) -> Response:
        """Keep rows as drafts, whole or not; all or none."""
        body = RowsInSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows = {}
        for row in body.validated_data["rows"]:
            report = dict(row)
            milestone, version = report.pop("milestone"), report.pop("expected_version")
            rows[milestone] = SheetRow(Report(**report), version)
        sheet = self.get_object()
        save_sheet(sheet_id=sheet.pk, rows=rows, by=actor(request), at=clock.now())
        return self._shown(sheet.pk)

    @extend_schema(request=SignatureSerializer, responses={200: SheetDetailSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        """Send every row that is written, under one signature."""
        body = SignatureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sheet = submit_sheet(
            sheet_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
            expected_version=if_match(request),
            **body.validated_data,
        )
        return self._shown(sheet.pk)

    @extend_schema(request=None, responses={200: SheetDetailSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int) -> Response:
        """Make drafts again of the rows on which nobody has decided."""
        sheet = take_back_sheet(
            sheet_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            expected_version=if_match(request),
        )
        return self._shown(sheet.pk)

    @extend_schema(request=CallSerializer, responses={201: SheetDetailSerializer})
    @action(detail=True, methods=["post"])
    def call(self, request: Request, pk: int) -> Response:
        """Note that the unit was telephoned about its sheet."""
        sheet = self.get_object()
        body = body_of(request, CallSerializer)
        record_sheet_call(sheet_id=sheet.pk, by=actor(request), at=clock.now(), **body)
        return self.answer(sheet, status=201)

    def _shown(self, pk: int) -> Response:
        return self.answer(self.get_queryset().get(pk=pk))

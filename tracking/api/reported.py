"""What comes with reports and with milestones, by HTTP: reviews, figures, documents, later days."""

from typing import Any

import django_filters as filters
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts import clock
from accounts.api.base import Resource, actor
from accounts.api.bulk import take_rows, takes_rows
from accounts.api.fields import IdField, VersionField
from accounts.api.serializers import StoredFileSerializer
from accounts.bulk import BulkRow
from accounts.errors import InvalidError
from accounts.filters import KeyFilter
from accounts.models import StoredFile
from accounts.sending import send_file
from tracking.choices import Decision, SubmissionStatus
from tracking.models import Evidence, Extension, Reading, Review, Submission
from tracking.usecases import accept_submission, return_submission


class ReviewRowSerializer(serializers.ModelSerializer[Review]):
    """The decision on a report."""

    milestone = serializers.IntegerField(source="submission.milestone_id", read_only=True)
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Review
        fields = ("id", "submission", "milestone", "decision", "note", "redo_by", "by", "at")


class NewReviewSerializer(serializers.Serializer[Any]):
    """A decision: done finishes the milestone, noted leaves it open, returned asks to mend it."""

    submission = IdField()
    expected_version = VersionField(help_text="The version of the report that was read")
    decision = serializers.ChoiceField(choices=Decision.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    redo_by = serializers.DateField(required=False, help_text="By when to mend what is returned")
    stands = serializers.BooleanField(required=False, default=False)


class ReviewFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows reviews."""

    submission = KeyFilter(label="进展反馈", field_name="submission")
    milestone = KeyFilter(label="时间节点", field_name="submission__milestone")
    department = KeyFilter(label="单位", field_name="submission__milestone__department")
    decision = filters.ChoiceFilter(label="结论", choices=Decision.choices)
    at_after = filters.IsoDateTimeFilter(label="审核时间起", field_name="at", lookup_expr="gte")
    at_before = filters.IsoDateTimeFilter(label="审核时间止", field_name="at", lookup_expr="lt")

    class Meta:
        model = Review
        fields: list[str] = []


class ReviewViewSet(Resource[Review]):
    """Decisions on reports, the newest first; many can be given at once."""

    queryset = Review.objects.none()
    serializer_class = ReviewRowSerializer
    filterset_class = ReviewFilterSet
    ordering = ("-id",)
    orderings = ("at", "id")

    def get_queryset(self) -> Any:
        """Leave those on reports that the person may read."""
        return Review.objects.visible_to(actor(self.request)).select_related("submission", "by")

    @takes_rows(NewReviewSerializer)
    def create(self, request: Request) -> Response:
        """Decide on reports, each with the version that was read."""
        seen = Submission.objects.visible_to(actor(request))

        def row_of(asked: dict[str, Any]) -> BulkRow:
            pk, decision = asked["submission"], Decision(asked["decision"])
            if not seen.filter(pk=pk).exists():
                raise NotFound
            details = {"submission_id": pk, "expected_version": asked["expected_version"]}
            details["note"] = asked["note"]
            if decision != Decision.RETURNED:
                more = {"decision": decision, "stands": asked["stands"]}
                return BulkRow(accept_submission, pk, details | more)
            if "redo_by" not in asked:
                raise InvalidError("退回的，请填写补正期限。", code="no_redo_by")
            more = {"redo_by": asked["redo_by"], "today": clock.today()}
            return BulkRow(return_submission, pk, details | more)

        def shown(done: list[dict[str, Any]]) -> list[Any]:
            rows = self.get_queryset().filter(submission__in=[one["submission"] for one in done])
            known = {row.submission_id: row for row in rows}
            return [ReviewRowSerializer(known[one["submission"]]).data for one in done]

        return take_rows(request, NewReviewSerializer, row_of, shown)


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    """完成值 of a metric for a year; it counts while ``is_accepted``."""

    lineage = serializers.UUIDField(source="metric.lineage", read_only=True)
    milestone = serializers.IntegerField(source="submission.milestone_id", read_only=True)
    department = serializers.IntegerField(
        source="submission.milestone.department_id", read_only=True
    )
    is_accepted = serializers.SerializerMethodField()

    class Meta:
        model = Reading
        fields = (
            *("id", "lineage", "submission", "milestone", "department", "year"),
            *("numerator", "denominator", "value", "none_occurred", "is_accepted"),
        )

    def get_is_accepted(self, reading: Reading) -> bool:
        """Say whether its report was accepted."""
        return reading.submission.status == SubmissionStatus.ACCEPTED


class ReadingFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows readings; ``lineage`` is that of the metric."""

    lineage = filters.UUIDFilter(label="指标", field_name="metric__lineage")
    year = KeyFilter(label="年度", field_name="year")
    submission = KeyFilter(label="进展反馈", field_name="submission")
    department = KeyFilter(label="单位", field_name="submission__milestone__department")

    class Meta:
        model = Reading
        fields: list[str] = []


class ReadingViewSet(Resource[Reading]):
    """Values of metrics as units reported them."""

    queryset = Reading.objects.none()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilterSet
    ordering = ("year", "id")

    def get_queryset(self) -> Any:
        """Leave those of reports that the person may read."""
        rows = Reading.objects.visible_to(actor(self.request))
        return rows.select_related("metric", "submission__milestone")


class EvidenceDocumentSerializer(serializers.ModelSerializer[Evidence]):
    """A document that proves a report; ``content_url`` gives the file to a token too."""

    milestone = serializers.IntegerField(source="submission.milestone_id", read_only=True)
    file = StoredFileSerializer(read_only=True, allow_null=True)
    content_url = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = (
            *("id", "submission", "milestone", "name", "document_number", "issued_on", "url"),
            *("file", "content_url"),
        )

    def get_content_url(self, row: Evidence) -> str | None:
        """Return the address of the bytes; null where no file came with it."""
        if row.file_id is None:
            return None
        return reverse("api:evidence-content", [row.pk], request=self.context["request"])


class EvidenceFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows evidence."""

    submission = KeyFilter(label="进展反馈", field_name="submission")
    milestone = KeyFilter(label="时间节点", field_name="submission__milestone")
    department = KeyFilter(label="单位", field_name="submission__milestone__department")
    q = filters.CharFilter(label="文件名称", field_name="name", lookup_expr="contains")

    class Meta:
        model = Evidence
        fields: list[str] = []


class EvidenceViewSet(Resource[Evidence]):
    """Documents that prove reports."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceDocumentSerializer
    filterset_class = EvidenceFilterSet
    ordering = ("id",)

    def get_queryset(self) -> Any:
        """Leave those of reports that the person may read."""
        rows = Evidence.objects.visible_to(actor(self.request))
        return rows.select_related("submission", "file")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, filterset_class=None, pagination_class=None)
    def content(self, request: Request, pk: int) -> HttpResponseBase:
        """Send the file, to whoever may have it."""
        evidence = self.get_object()
        stored = (
            StoredFile.objects.visible_to(actor(request)).filter(pk=evidence.file_id or 0).first()
        )
        if stored is None:
            raise NotFound
        return send_file(stored)


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    """A day that was moved with a leader's consent."""

    department = serializers.IntegerField(source="milestone.department_id", read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.name", read_only=True)

    class Meta:
        model = Extension
        fields = (
            *("id", "milestone", "department", "asked_on", "reason", "old_due_on", "new_due_on"),
            *("approved_by", "approved_on", "recorded_by", "recorded_at"),
        )


class ExtensionFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows extensions."""

    milestone = KeyFilter(label="时间节点", field_name="milestone")
    department = KeyFilter(label="单位", field_name="milestone__department")
    plan = KeyFilter(label="方案", field_name="milestone__plan")

    class Meta:
        model = Extension
        fields: list[str] = []


class ExtensionViewSet(Resource[Extension]):
    """Days that were moved, the newest first."""

    queryset = Extension.objects.none()
    serializer_class = ExtensionSerializer
    filterset_class = ExtensionFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        """Leave those of the person's units or district."""
        rows = Extension.objects.visible_to(actor(self.request))
        return rows.select_related("milestone", "recorded_by")

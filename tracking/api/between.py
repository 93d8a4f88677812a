"""What goes between offices by HTTP: leaders' words, and what supporting units add to a report."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.fields import IdField, NameField, VersionField
from accounts.api.serializers import DepartmentRefSerializer
from accounts.filters import FlagFilter, KeyFilter
from tracking.api.inputs import LONGEST_NARRATIVE
from tracking.api.serializers import ContributionSerializer
from tracking.models import Contribution, Instruction
from tracking.querysets import ContributionQuerySet, InstructionQuerySet
from tracking.usecases import answer_instruction, take_over_contribution


class InstructionSerializer(serializers.ModelSerializer[Instruction]):
    """What a leader wrote on a task, and what was done about it."""

    addressed_to = DepartmentRefSerializer(read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.name", read_only=True)
    answered_by = NameField("answered_by.name")

    class Meta:
        model = Instruction
        fields = (
            *("id", "assignment", "leader", "given_on", "words", "addressed_to", "answer_by"),
            *("recorded_by", "recorded_at", "answer", "answered_by", "answered_at", "version"),
        )


class NewInstructionSerializer(serializers.Serializer[Any]):
    """A leader's words, for which unit, and by when to answer."""

    leader = serializers.CharField(max_length=40)
    given_on = serializers.DateField()
    words = serializers.CharField(max_length=LONGEST_NARRATIVE)
    addressed_to = IdField()
    answer_by = serializers.DateField(required=False, allow_null=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """What was done."""

    answer = serializers.CharField(max_length=LONGEST_NARRATIVE)


class InstructionFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows instructions."""

    assignment = KeyFilter(label="交办事项", field_name="assignment")
    department = KeyFilter(label="办理单位", field_name="addressed_to")
    is_open = FlagFilter(label="未回复", field_name="answered_at", lookup_expr="isnull")

    class Meta:
        model = Instruction
        fields: list[str] = []


class InstructionViewSet(Resource[Instruction]):
    """What leaders wrote on tasks, the newest first."""

    queryset = Instruction.objects.none()
    serializer_class = InstructionSerializer
    filterset_class = InstructionFilterSet
    ordering = ("-id",)
    conditional = frozenset({"reply"})

    def get_queryset(self) -> InstructionQuerySet:
        """Leave those for the person's units, or of the district."""
        rows = Instruction.objects.visible_to(actor(self.request))
        return rows.select_related("addressed_to", "recorded_by", "answered_by")

    @extend_schema(request=AnswerSerializer)
    @action(detail=True, methods=["post"], url_path="answer")
    def reply(self, request: Request, pk: int) -> Response:
        """Say what was done, once."""
        row = self.get_object()
        answer_instruction(
            instruction_id=row.pk,
            by=actor(request),
            at=clock.now(),
            expected_version=if_match(request),
            **body_of(request, AnswerSerializer),
        )
        return self.answer(self.get_queryset().get(pk=row.pk))


class TakeOverSerializer(serializers.Serializer[Any]):
    """The version of the draft that it goes into, 0 where there is none yet."""

    expected_version = VersionField(min_value=0)


class ContributionFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows contributions."""

    milestone = KeyFilter(label="时间节点", field_name="milestone")
    department = KeyFilter(label="配合单位", field_name="department")
    is_open = FlagFilter(label="未采用", field_name="taken_into", lookup_expr="isnull")

    class Meta:
        model = Contribution
        fields: list[str] = []


class ContributionViewSet(Resource[Contribution]):
    """What supporting units add to the reports of others."""

    queryset = Contribution.objects.none()
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilterSet
    ordering = ("id",)

    def get_queryset(self) -> ContributionQuerySet:
        """Leave those of the person's units, and those to their reports."""
        rows = Contribution.objects.visible_to(actor(self.request))
        return rows.select_related("department", "author")

    @extend_schema(request=TakeOverSerializer)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, pk: int) -> Response:
        """Put it at the end of the draft of the report, which is begun where there is none."""
        row = self.get_object()
        take_over_contribution(
            contribution_id=row.pk,
            by=actor(request),
            at=clock.now(),
            **body_of(request, TakeOverSerializer),
        )
        return self.answer(self.get_queryset().get(pk=row.pk))

"""Notices, reminders and urges by HTTP."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of
from accounts.api.fields import IdField
from accounts.filters import FlagFilter, KeyFilter
from notifications.choices import ReminderStatus
from notifications.models import Notice, Reminder, Urge
from notifications.querysets import NoticeQuerySet, ReminderQuerySet
from notifications.usecases.notices import read_notices
from notifications.usecases.urge import LONGEST_NOTE, urge
from tracking.models import Milestone

MOST_AT_ONCE = 50


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A word that something happened, to the person who reads it; ``path`` is its page."""

    class Meta:
        model = Notice
        fields = ("id", "event_seq", "text", "path", "is_urgent", "at", "read_at")


class NoticeFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows notices."""

    is_unread = FlagFilter(label="未读", field_name="read_at", lookup_expr="isnull")
    is_urgent = FlagFilter(label="待处理")

    class Meta:
        model = Notice
        fields: list[str] = []


class ReadSerializer(serializers.Serializer[Any]):
    """Which notices were read; without a list all of them."""

    notices = serializers.ListField(child=IdField(), required=False, max_length=500)


class ReadCountSerializer(serializers.Serializer[Any]):
    """How many notices were marked."""

    read = serializers.IntegerField()


class NoticeViewSet(Resource[Notice]):
    """The caller's own notices, the newest first."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> NoticeQuerySet:
        """Leave the person's own."""
        return Notice.objects.visible_to(actor(self.request))

    @extend_schema(request=ReadSerializer, responses=ReadCountSerializer)
    @action(detail=False, methods=["post"], url_path="read", url_name="read")
    def mark_read(self, request: Request) -> Response:
        """Mark notices as read."""
        ids = body_of(request, ReadSerializer).get("notices")
        count = read_notices(notice_ids=ids, by=actor(request), at=clock.now())
        return Response({"read": count or 0})


class ReminderSerializer(serializers.ModelSerializer[Reminder]):
    """The intent to remind a person of a milestone on a day, and what came of it."""

    milestone = serializers.IntegerField(source="subject_id", read_only=True)
    rule = serializers.CharField(source="words", read_only=True)
    recipient = serializers.CharField(source="recipient.name", read_only=True)
    sent_at = serializers.DateTimeField(
        source="outbox.sent_at", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Reminder
        fields = (
            *("id", "milestone", "day", "rule", "channel", "recipient", "due_on", "status"),
            *("reason", "sent_at"),
        )


class ReminderFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows reminders."""

    milestone = KeyFilter(label="时间节点", field_name="subject_id")
    status = filters.ChoiceFilter(label="状态", choices=ReminderStatus.choices)
    day_after = filters.DateFilter(label="日期起", field_name="day", lookup_expr="gte")
    day_before = filters.DateFilter(label="日期止", field_name="day", lookup_expr="lte")

    class Meta:
        model = Reminder
        fields: list[str] = []


class ReminderViewSet(Resource[Reminder]):
    """What was to be said about milestones, and what was sent, the newest first."""

    queryset = Reminder.objects.none()
    serializer_class = ReminderSerializer
    filterset_class = ReminderFilterSet
    ordering = ("-day", "-id")

    def get_queryset(self) -> ReminderQuerySet:
        """Leave those about milestones that the person may see."""
        rows = Reminder.objects.visible_to(actor(self.request))
        return rows.select_related("rule", "recipient", "outbox")


class UrgeSerializer(serializers.ModelSerializer[Urge]):
    """A word about a milestone to the people of its unit."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Urge
        fields = ("id", "milestone", "day", "by", "at", "note")


class NewUrgeSerializer(serializers.Serializer[Any]):
    """Milestones to urge with the same words; those that may not be are left out."""

    milestones = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_AT_ONCE)
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_NOTE
    )


class UrgeFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows urges."""

    milestone = KeyFilter(label="时间节点", field_name="milestone")

    class Meta:
        model = Urge
        fields: list[str] = []


# Said by hand: a list as an answer would be described as a page of one.
URGED = {"type": "array", "items": {"$ref": "#/components/schemas/Urge"}}


class UrgeViewSet(Resource[Urge]):
    """Urging in writing, the newest first."""

    queryset = Urge.objects.none()
    serializer_class = UrgeSerializer
    filterset_class = UrgeFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        """Leave those about milestones that the person may see."""
        seen = Milestone.objects.visible_to(actor(self.request)).values("pk")
        return Urge.objects.filter(milestone__in=seen).select_related("by")

    @extend_schema(request=NewUrgeSerializer, responses={201: URGED})
    def create(self, request: Request) -> Response:
        """Urge milestones, each once a day; answers with those that were urged."""
        body = body_of(request, NewUrgeSerializer)
        ids = body["milestones"]
        urge(
            milestone_ids=ids,
            note=body["note"],
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
        )
        rows = self.get_queryset().filter(milestone__in=ids, day=clock.today()).order_by("id")
        return Response(UrgeSerializer(rows, many=True).data, status=201)

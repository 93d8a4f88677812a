"""Search by HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.api.base import Guarded, actor
from tracking.selectors.search import KINDS, LONGEST, Group, search

PARAMETERS = {"q", "in", "format"}


class PieceSerializer(serializers.Serializer[Any]):
    """A stretch of text."""

    text = serializers.CharField()
    is_found = serializers.BooleanField(help_text="Whether it is one of the words")


class HitSerializer(serializers.Serializer[Any]):
    """A place where the words stand."""

    url = serializers.CharField(help_text="The page that shows it")
    title = serializers.CharField()
    pieces = PieceSerializer(many=True, help_text="The text around the words")


class GroupSerializer(serializers.Serializer[Group]):
    """What was found of one kind."""

    key = serializers.ChoiceField(choices=list(KINDS))
    label = serializers.CharField()  # type: ignore[assignment]
    has_more = serializers.BooleanField(help_text="Whether there are more than these")
    hits = HitSerializer(many=True)


@extend_schema_serializer(many=False)
class FoundSerializer(serializers.Serializer[Any]):
    """What was found, by kind."""

    results = GroupSerializer(many=True)


class SearchViewSet(Guarded, ViewSet):
    """Everything the person may read that contains every word of ``q``, grouped by what it is."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, required=True, description=f"At most {LONGEST} characters"),
            OpenApiParameter("in", str, enum=list(KINDS), description="More of one kind alone"),
        ],
        responses=FoundSerializer,
    )
    def list(self, request: Request) -> Response:
        """Find it."""
        asked = request.query_params
        if unknown := sorted(set(asked) - PARAMETERS):
            sentence = "没有这个参数；可用的有 q、in。"
            raise exceptions.ValidationError({name: [sentence] for name in unknown})
        words, only = asked.get("q", "").strip(), asked.get("in", "")
        if not words or len(words) > LONGEST:
            raise exceptions.ValidationError({"q": [f"请填写要找的字，最多{LONGEST}个。"]})
        if only and only not in KINDS:
            raise exceptions.ValidationError({"in": [f"可用的有 {'、'.join(KINDS)}。"]})
        found = search(words, user=actor(request), only=only)
        return Response(FoundSerializer({"results": found}).data)

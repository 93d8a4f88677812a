"""The record by HTTP: a feed that is followed by number."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Guarded, actor
from accounts.events import last_number
from accounts.models import Event

LOOKED_AT = 10_000
"""How many numbers one answer looks at, so that a feed of which little is seen costs no more."""


class AfterSerializer(serializers.Serializer[Any]):
    """Where to go on, and how many entries at most."""

    after = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=2**63 - 1,
        help_text="next_after of before",
    )
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=500)


class EventSerializer(serializers.ModelSerializer[Event]):
    """Who did what to which object, when and why; ``kind`` and ``id`` name the object."""

    class Meta:
        model = Event
        fields = (
            *("seq", "at", "action", "actor_name", "district", "department"),
            *("object_kind", "object_id", "within_kind", "within_id", "note", "data"),
        )


@extend_schema_serializer(many=False)
class FeedSerializer(serializers.Serializer[Any]):
    """Entries in their order; ask again ``after`` the number in ``next_after``."""

    results = EventSerializer(many=True)
    next_after = serializers.IntegerField()
    has_more = serializers.BooleanField(help_text="More is there already")


class EventFeed(Guarded):
    """What happened, in the order of its numbers, of which none is left out.

    Numbers whose entries the person may not see are passed over: they show in nothing but the step
    from one number to the next.
    """

    action = "list"

    @extend_schema(parameters=[AfterSerializer], responses=FeedSerializer)
    def get(self, request: Request) -> Response:
        """Give what happened after a number."""
        asked = AfterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        after, limit = asked.validated_data["after"], asked.validated_data["limit"]
        # The head is read first: what has a number up to it was committed before the rows are read.
        head = last_number()
        if after > head:
            raise exceptions.ValidationError(
                {"after": ["还没有这个序号；如果系统从备份恢复过，请从较早的序号重新读取。"]}
            )
        until = min(head, after + LOOKED_AT)
        seen = Event.objects.visible_to(actor(request)).filter(seq__gt=after, seq__lte=until)
        rows = list(seen.order_by("seq")[:limit])
        next_after = rows[-1].seq if len(rows) == limit else until
        return Response(
            {
                "results": EventSerializer(rows, many=True).data,
                "next_after": next_after,
                "has_more": next_after < head,
            }
        )

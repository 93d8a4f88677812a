"""The working calendar by HTTP: which days are worked, as deadlines and reminders count them."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Guarded
from accounts.calendar import WorkCalendar
from accounts.models import CalendarDay

MOST_DAYS = 366


class SpanSerializer(serializers.Serializer[Any]):
    """From a day to a day, at most a year."""

    first = serializers.DateField()
    last = serializers.DateField()


class DaySerializer(serializers.Serializer[Any]):
    """A day; ``is_known`` is false in a year whose holidays nobody has entered yet."""

    date = serializers.DateField()
    is_workday = serializers.BooleanField()
    is_known = serializers.BooleanField()
    name = serializers.CharField()


class CalendarDays(Guarded):
    """Days with whether offices are open."""

    action = "list"

    @extend_schema(parameters=[SpanSerializer], responses=DaySerializer(many=True))
    def get(self, request: Request) -> Response:
        """List every day of the span."""
        asked = SpanSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        first, last = asked.validated_data["first"], asked.validated_data["last"]
        if not 0 <= (last - first).days < MOST_DAYS:
            raise exceptions.ValidationError({"last": [f"请给出从 first 起至多{MOST_DAYS}天。"]})
        calendar = WorkCalendar.load()
        rows = CalendarDay.objects.filter(date__range=(first, last))
        names = dict(rows.values_list("date", "name"))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return Response(
            [
                {
                    "date": day,
                    "is_workday": calendar.is_working(day),
                    "is_known": calendar.is_known(day.year),
                    "name": names.get(day, ""),
                }
                for day in days
            ]
        )

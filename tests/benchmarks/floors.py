"""What a list of milestones costs at least: two views of the same fields and joins, that ask
nobody who calls. The addresses of the service follow them."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from rest_framework import generics, serializers

from accounts import clock
from accounts.models import Department
from config.urls import handler400, handler500
from plans.models import Deadline, Measure, Part
from tracking.filters import OVERDUE, MilestoneFilterSet
from tracking.models import Assignment, Milestone
from tracking.selectors import soon_until

PAGE = 50
COLUMNS = (
    *("id", "plan", "assignment", "kind", "period", "gathered_by", "sheet", "mark", "what"),
    *("due_on", "original_due_on", "report_by", "status", "completed_on", "done_at", "version"),
)
ASKED = ("state", "last_sent_on", "last_work_status", "redo_by")
MEASURE = ("id", "lineage", "code", "number", "sub_number", "title", "start", "end")
JOINED = (
    *(f"assignment__measure__{name}" for name in (*MEASURE, "edition")),
    *(f"assignment__measure__part__{name}" for name in ("id", "ordinal", "number", "title")),
    *("department__id", "department__name"),
    *("deadline__text", "deadline__start", "deadline__end", "recurrence__start"),
)


def found(request: HttpRequest) -> Any:
    """Return the rows that are asked for, with how they stand today."""
    today = clock.today()
    rows = Milestone.objects.with_assignment()
    rows = rows.with_state(today=today, soon_until=soon_until(today))
    if department := request.GET.get("department"):
        rows = rows.filter(department=int(department))
    if request.GET.get("state") == OVERDUE:
        rows = MilestoneFilterSet({"state": OVERDUE}, rows).qs
    elif request.GET.get("state"):
        rows = rows.open()
    return rows.order_by("due_on", "id")


class PartFloor(serializers.ModelSerializer[Part]):
    """A part."""

    class Meta:
        model = Part
        fields = ("id", "ordinal", "number", "title")


class MeasureFloor(serializers.ModelSerializer[Measure]):
    """A measure."""

    part = PartFloor()

    class Meta:
        model = Measure
        fields = (*MEASURE, "edition", "part")


class DepartmentFloor(serializers.ModelSerializer[Department]):
    """A unit."""

    class Meta:
        model = Department
        fields = ("id", "name")


class DeadlineFloor(serializers.ModelSerializer[Deadline]):
    """Words that set a day."""

    class Meta:
        model = Deadline
        fields = ("text", "start", "end")


class MilestoneFloor(serializers.ModelSerializer[Milestone]):
    """A milestone as the API shows it, by the means of DRF alone."""

    measure = MeasureFloor(source="assignment.measure")
    department = DepartmentFloor()
    deadline = DeadlineFloor()
    co_departments = serializers.SerializerMethodField()
    state = serializers.CharField()
    last_sent_on = serializers.DateField()
    last_work_status = serializers.CharField()
    redo_by = serializers.DateField()

    class Meta:
        model = Milestone
        fields = (*COLUMNS, *ASKED, "measure", "department", "deadline", "co_departments")

    def get_co_departments(self, milestone: Any) -> list[str]:
        """Name the units that report through it."""
        return [row.department.name for row in milestone.assignment.co_assignments]


class DrfFloor(generics.ListAPIView[Milestone]):
    """The list by a ListAPIView with a ModelSerializer."""

    serializer_class = MilestoneFloor
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> Any:
        """Return the first page."""
        return found(self.request)[:PAGE]


def plain_floor(request: HttpRequest) -> JsonResponse:
    """Return the list by values and the encoder alone."""
    rows = list(found(request).prefetch_related(None).values(*COLUMNS, *ASKED, *JOINED)[:PAGE])
    through: dict[int, list[str]] = {row["assignment"]: [] for row in rows}
    followers = Assignment.objects.live().filter(reports_through__in=list(through))
    for owner, name in followers.order_by("id").values_list("reports_through", "department__name"):
        through[owner].append(name)  # type: ignore[index]
    for row in rows:
        row["co_departments"] = through[row["assignment"]]
    return JsonResponse({"results": rows})


__all__ = ["handler400", "handler500", "urlpatterns"]
urlpatterns = [
    path("api/floors/drf/", DrfFloor.as_view()),
    path("api/floors/plain/", plain_floor),
    path("", include("config.urls")),
]

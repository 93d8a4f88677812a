"""The API's routes."""

from threading import Lock
from typing import Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from accounts.api.calendar import CalendarDays
from accounts.api.events import EventFeed
from accounts.api.people import Me, PersonViewSet
from accounts.api.tokens import TokenViewSet
from accounts.api.viewsets import DepartmentViewSet
from notifications.api.viewsets import NoticeViewSet, ReminderViewSet, UrgeViewSet
from plans.api.external_ids import ExternalIdViewSet
from plans.api.importing import JobViewSet, Parse
from plans.api.reading import DoubtViewSet, IndicatorViewSet, MetricViewSet, PartViewSet
from plans.api.viewsets import MeasureViewSet, PlanViewSet
from tracking.api.between import ContributionViewSet, InstructionViewSet
from tracking.api.handed_out import DispatchViewSet, EditionViewSet
from tracking.api.reported import (
    EvidenceViewSet,
    ExtensionViewSet,
    ReadingViewSet,
    ReviewViewSet,
)
from tracking.api.search import SearchViewSet
from tracking.api.sheets import SheetViewSet
from tracking.api.steps import AssignmentViewSet, ExtensionRequestViewSet, HandBackViewSet
from tracking.api.viewsets import MilestoneViewSet, SubmissionViewSet


class NoSuchRoute(APIView):
    """Answers every other address as the rest of the API answers."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> NoReturn:
        """Ask for sign-in first, then say that there is nothing."""
        super().initial(request, *args, **kwargs)
        raise NotFound


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, made by one thread at a time: on its first use the generator loads its
    extensions, and two at once trip over each other."""

    schema = None
    lock = Lock()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the document."""
        with self.lock:
            document: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
            return document


router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
for prefix, viewset in (
    ("departments", DepartmentViewSet),
    ("people", PersonViewSet),
    ("plans", PlanViewSet),
    ("editions", EditionViewSet),
    ("parts", PartViewSet),
    ("measures", MeasureViewSet),
    ("indicators", IndicatorViewSet),
    ("metrics", MetricViewSet),
    ("doubts", DoubtViewSet),
    ("external-ids", ExternalIdViewSet),
    ("jobs", JobViewSet),
    ("dispatches", DispatchViewSet),
    ("assignments", AssignmentViewSet),
    ("instructions", InstructionViewSet),
    ("hand-backs", HandBackViewSet),
    ("milestones", MilestoneViewSet),
    ("contributions", ContributionViewSet),
    ("extension-requests", ExtensionRequestViewSet),
    ("extensions", ExtensionViewSet),
    ("submissions", SubmissionViewSet),
    ("evidence", EvidenceViewSet),
    ("readings", ReadingViewSet),
    ("reviews", ReviewViewSet),
    ("sheets", SheetViewSet),
    ("reminders", ReminderViewSet),
    ("urges", UrgeViewSet),
    ("notices", NoticeViewSet),
    ("tokens", TokenViewSet),
):
    router.register(prefix, viewset)
router.register("search", SearchViewSet, basename="search")

app_name = "api"
docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")
urlpatterns = [
    *router.urls,
    path("me/", Me.as_view(), name="me"),
    path("calendar/", CalendarDays.as_view(), name="calendar"),
    path("events/", EventFeed.as_view(), name="events"),
    path("parse/", Parse.as_view(), name="parse"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", login_required(docs), name="docs"),
    re_path("", NoSuchRoute.as_view()),
]

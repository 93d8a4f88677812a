"""The API's routes."""

from typing import NoReturn

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from accounts.api.tokens import TokenViewSet
from accounts.api.viewsets import DepartmentViewSet
from plans.api.viewsets import MeasureViewSet, PlanViewSet
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


router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
router.register("departments", DepartmentViewSet)
router.register("plans", PlanViewSet)
router.register("measures", MeasureViewSet)
router.register("assignments", AssignmentViewSet)
router.register("milestones", MilestoneViewSet)
router.register("extension-requests", ExtensionRequestViewSet)
router.register("hand-backs", HandBackViewSet)
router.register("submissions", SubmissionViewSet)
router.register("sheets", SheetViewSet)
router.register("tokens", TokenViewSet)

app_name = "api"
docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")
urlpatterns = [
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(docs), name="docs"),
    re_path("", NoSuchRoute.as_view()),
]

"""Documents by HTTP: parsed without a trace, or imported as a job."""

from typing import Any

import django_filters as filters
from django.core.files.base import ContentFile
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts import clock
from accounts.api.base import Guarded, Resource, actor, body_of
from accounts.api.parsers import JSONParser, MultiPartParser
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.models import District
from accounts.scope import scope_of
from plans.choices import ImportStatus
from plans.models import ImportJob, Plan
from plans.parsing.export import Source, to_dict
from plans.querysets import ImportJobQuerySet
from plans.readers import TooSlowError
from plans.readers.limits import MOST_CHARACTERS
from plans.usecases import cancel_import, queue_import
from plans.usecases.importing import TOO_SLOW, read_upload

PASTED = "粘贴的文本.txt"


class VisiblePlan(serializers.PrimaryKeyRelatedField[Plan]):
    """A plan that the caller may see."""

    def get_queryset(self) -> Any:
        """Leave the visible ones."""
        return Plan.objects.visible_to(self.context["request"].user)


class PlanDocumentSerializer(serializers.Serializer[Any]):
    """A document: a file, or its text."""

    file = serializers.FileField(required=False)
    text = serializers.CharField(required=False, max_length=MOST_CHARACTERS)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if ("file" in given) == ("text" in given):
            raise serializers.ValidationError("请在 file（文件）和 text（全文）中给出一个。")
        if "text" in given:
            text = given.pop("text")
            given["file"] = ContentFile(text.encode(errors="replace"), name=PASTED)
        return given


class NewPlanSerializer(PlanDocumentSerializer):
    """A document to import: as a later text of ``plan``, or as a new one."""

    plan = VisiblePlan(queryset=Plan.objects.all(), required=False)


class JobSerializer(serializers.ModelSerializer[ImportJob]):
    """A file on its way to become a draft: how far it is, what came of it."""

    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = ImportJob
        fields = (
            *("id", "name", "plan", "at", "status", "done", "total", "percent"),
            *("refusal", "edition"),
        )


class Parse(Guarded):
    """A document as it would be read: plan-parse/1. Nothing of it is kept."""

    action = "create"
    parser_classes = (MultiPartParser, JSONParser)

    @extend_schema(
        request={
            "multipart/form-data": PlanDocumentSerializer,
            "application/json": PlanDocumentSerializer,
        },
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """Parse a document."""
        if not scope_of(actor(request)).districts:
            raise exceptions.PermissionDenied
        upload = body_of(request, PlanDocumentSerializer)["file"]
        try:
            document = read_upload(upload, at_once=True)
        except TooSlowError as error:
            raise InvalidError(TOO_SLOW, code="too_slow") from error
        source = Source(document.name, document.media_type, document.sha256)
        return Response(to_dict(document.plan, source))


class JobFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows jobs."""

    status = filters.ChoiceFilter(label="状态", choices=ImportStatus.choices)

    class Meta:
        model = ImportJob
        fields: list[str] = []


class JobViewSet(Resource[ImportJob]):
    """The caller's own imports, the newest first."""

    queryset = ImportJob.objects.none()
    serializer_class = JobSerializer
    filterset_class = JobFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> ImportJobQuerySet:
        """Leave the person's own."""
        return ImportJob.objects.visible_to(actor(self.request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancel a file that is not read yet."""
        job = self.get_object()
        return self.answer(cancel_import(job_id=job.pk, by=actor(request), at=clock.now()))


def import_document(request: Request) -> Response:
    """Keep a document to be read; the answer is the job, which tells what comes of it."""
    user = actor(request)
    body = body_of(request, NewPlanSerializer)
    plan = body.get("plan")
    district = plan.district if plan else _district(user)
    job = queue_import(upload=body["file"], district=district, by=user, at=clock.now(), plan=plan)
    response = Response(JobSerializer(job).data, status=202)
    response["Location"] = reverse("api:importjob-detail", [job.pk], request=request)
    return response


def _district(user: Any) -> District:
    run = scope_of(user).districts_as(Role.COORDINATOR)
    found = District.objects.filter(pk__in=run).order_by("pk").first()
    if found is None:
        raise exceptions.PermissionDenied
    return found

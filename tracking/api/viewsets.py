"""The work by HTTP: the same use cases as the pages."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.parsers import JSONParser, MultiPartParser
from accounts.errors import ConflictError, StaleError
from tracking import usecases
from tracking.api.filters import MilestoneQuery, SubmissionQuery
from tracking.api.handed_out import day_of
from tracking.api.inputs import (
    AcceptSerializer,
    AskExtensionSerializer,
    CallSerializer,
    ContributionInputSerializer,
    DecidedDaySerializer,
    ExtendSerializer,
    NewEvidenceSerializer,
    NewReportSerializer,
    PaperSerializer,
    ReportSerializer,
    ReturnSerializer,
    SignatureSerializer,
)
from tracking.api.milestone_rows import columns_of, show_rows
from tracking.api.serializers import (
    ContributionSerializer,
    MilestoneSerializer,
    SubmissionSerializer,
)
from tracking.api.steps import ExtensionRequestSerializer
from tracking.choices import PaperKind
from tracking.models import Contribution, Milestone, Submission
from tracking.querysets import MilestoneQuerySet, SubmissionQuerySet
from tracking.selectors import past_day, soon_until
from tracking.usecases import NewEvidence, Report
from tracking.usecases.submissions import said


class MilestoneViewSet(Resource[Milestone]):
    """Dated things that are owed, the oldest day first, and how each stands today."""

    queryset = Milestone.objects.none()
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneQuery
    ordering = ("due_on", "id")
    orderings = ("due_on", "report_by", "id")
    conditional = frozenset({"extend", "decide_past_day"})

    def get_queryset(self) -> MilestoneQuerySet:
        """Leave those of the person's units or district, with their state."""
        day, today = self._day, clock.today()
        rows = Milestone.objects.with_assignment()
        if day < today:
            rows = rows.as_of(day, soon_until=soon_until(day))
        else:
            rows = rows.with_state(today=today, soon_until=soon_until(today))
        self.stated = rows
        return rows.visible_to(actor(self.request))

    def read(self, rows: Any, count: int) -> Sequence[Any]:
        """Read the columns of the first rows; the filters are asked for their keys alone."""
        keys = list(rows.values_list("pk", flat=True)[:count])
        found = self.stated.filter(pk__in=keys).order_by(*rows.query.order_by)
        return list(columns_of(found)) if keys else []

    def show(self, rows: Any) -> Any:
        """Show the columns of a page."""
        return show_rows(rows, on=self._day)

    @property
    def _day(self) -> date:
        today = clock.today()
        return past_day(self.request.query_params.get("as_of", ""), today=today) or today

    @extend_schema(request=AskExtensionSerializer, responses={201: ExtensionRequestSerializer})
    @action(detail=True, methods=["post"], url_path="ask-extension")
    def ask_extension(self, request: Request, pk: int) -> Response:
        """Ask for a later day."""
        asked = usecases.ask_extension(
            milestone_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
            **body_of(request, AskExtensionSerializer),
        )
        return Response(ExtensionRequestSerializer(asked).data, status=201)

    @extend_schema(request=CallSerializer, responses={201: MilestoneSerializer})
    @action(detail=True, methods=["post"])
    def call(self, request: Request, pk: int) -> Response:
        """Note that the department was telephoned."""
        row = self.get_object()
        usecases.record_call(
            milestone_id=row.pk,
            by=actor(request),
            at=clock.now(),
            **body_of(request, CallSerializer),
        )
        return self.answer(row, status=201)

    @extend_schema(request=ExtendSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: int) -> Response:
        """Move the day as a leader agreed on paper."""
        return self._change(usecases.record_extension, **body_of(request, ExtendSerializer))

    @extend_schema(request=DecidedDaySerializer)
    @action(detail=True, methods=["post"], url_path="decide-past-day")
    def decide_past_day(self, request: Request, pk: int) -> Response:
        """Decide about a day that had passed before the work was handed out."""
        decided = day_of(body_of(request, DecidedDaySerializer))
        return self._change(usecases.decide_past_day, decided=decided, today=clock.today())

    @extend_schema(request=PaperSerializer, responses={201: MilestoneSerializer})
    @action(detail=True, methods=["post"], url_path="record-paper")
    def record_paper(self, request: Request, pk: int) -> Response:
        """Note number and day of a paper of supervision that was sent."""
        body = body_of(request, PaperSerializer)
        row = self.get_object()
        usecases.record_paper(
            milestone_id=row.pk,
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
            **body | {"kind": PaperKind(body["kind"])},
        )
        return self.answer(row, status=201)

    def _change(self, usecase: Any, **details: Any) -> Response:
        row = self.get_object()
        usecase(
            milestone_id=row.pk,
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **details,
        )
        return self.answer(self.get_queryset().get(pk=row.pk))

    @extend_schema(responses=ContributionSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def contributions(self, request: Request, pk: int) -> Response:
        """List what supporting departments add, as far as the person may read it."""
        rows = Contribution.objects.visible_to(actor(request)).filter(milestone=self.get_object())
        rows = rows.select_related("department__host", "author").order_by("id")
        return Response(ContributionSerializer(rows, many=True).data)

    @extend_schema(request=ContributionInputSerializer, responses={201: ContributionSerializer})
    @action(detail=True, methods=["post"])
    def contribute(self, request: Request, pk: int) -> Response:
        """Write the part of a supporting department, until a report takes it over."""
        part = usecases.contribute(
            milestone_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            **body_of(request, ContributionInputSerializer),
        )
        return Response(ContributionSerializer(part).data, status=201)


class SubmissionViewSet(Resource[Submission]):
    """Reports: written and sent by the department that owes them, decided on by reviewers."""

    queryset = Submission.objects.none()
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionQuery
    ordering = ("-id",)
    orderings = ("updated_at", "id")
    conditional = frozenset(
        {
            "update",
            "partial_update",
            "add_evidence",
            "drop_evidence",
            "send_for_sign_off",
            "take_back",
            "submit",
            "accept",
            "send_back",
        }
    )

    def get_queryset(self) -> SubmissionQuerySet:
        """Leave those of the person's own units; overseers see what has left the house."""
        rows = Submission.objects.visible_to(actor(self.request)).with_milestone()
        return rows.select_related(
            "milestone__department__district", "review__by"
        ).prefetch_related("evidence__file")

    @extend_schema(request=NewReportSerializer, responses={201: SubmissionSerializer})
    def create(self, request: Request) -> Response:
        """Start the next report on a milestone; what is missing can be filled in later."""
        body = self._body(NewReportSerializer)
        milestone = body.pop("milestone")
        try:
            draft = usecases.save_draft(
                milestone_id=milestone.pk,
                report=Report(**body),
                by=actor(request),
                at=clock.now(),
                expected_version=0,
            )
        except StaleError as error:
            raise ConflictError(
                "这个时间节点已有一份草稿，请修改那份草稿。", code="draft_exists"
            ) from error
        return self._shown(draft, status=201)

    @extend_schema(request=ReportSerializer)
    def update(self, request: Request, pk: int) -> Response:
        """Write a draft anew: what is not sent is emptied."""
        return self._save(Report(**self._body(ReportSerializer)))

    @extend_schema(request=ReportSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is sent of a draft and leave the rest."""
        return self._save(Report(**asdict(self._written()) | self._body(ReportSerializer)))

    @extend_schema(
        request={
            "multipart/form-data": NewEvidenceSerializer,
            "application/json": NewEvidenceSerializer,
        },
        responses={201: SubmissionSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="evidence",
        parser_classes=[MultiPartParser, JSONParser],
    )
    def add_evidence(self, request: Request, pk: int) -> Response:
        """Add a document to a draft, with or without its file."""
        document = NewEvidence(**self._body(NewEvidenceSerializer))
        return self._save(self._written(), status=201, evidence=[document])

    @extend_schema(responses={200: SubmissionSerializer})
    @action(
        detail=True,
        methods=["delete"],
        url_path="evidence/<int:evidence_id>",
    )
    def drop_evidence(self, request: Request, pk: int, evidence_id: int) -> Response:
        """Take a document off a draft."""
        submission = self.get_object()
        if evidence_id not in {row.pk for row in submission.evidence.all()}:
            raise NotFound
        return self._save(self._written(), drop_evidence=[evidence_id])

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="send-for-sign-off")
    def send_for_sign_off(self, request: Request, pk: int) -> Response:
        """Put a complete draft before the head of the department."""
        return self._step(usecases.send_for_sign_off)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int) -> Response:
        """Make a draft again of what nobody has decided on."""
        return self._step(usecases.take_back)

    @extend_schema(request=SignatureSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        """Send a report to the reviewers, naming who signed it."""
        return self._step(usecases.submit, today=clock.today(), **self._body(SignatureSerializer))

    @extend_schema(request=AcceptSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Accept a report: done finishes the milestone, noted leaves it open."""
        return self._step(usecases.accept_submission, **self._body(AcceptSerializer))

    @extend_schema(request=ReturnSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: int) -> Response:
        """Send a report back with the reason and the day by which to mend it."""
        return self._step(
            usecases.return_submission, today=clock.today(), **self._body(ReturnSerializer)
        )

    def _body(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        body = shape(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _written(self) -> Report:
        return said(self.get_object())

    def _save(self, report: Report, *, status: int = 200, **changes: Any) -> Response:
        draft = self.get_object()
        saved = usecases.save_draft(
            milestone_id=draft.milestone_id,
            draft_id=draft.pk,
            report=report,
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **changes,
        )
        return self._shown(saved, status=status)

    def _step(self, usecase: Any, **details: Any) -> Response:
        submission = usecase(
            submission_id=self.get_object().pk,
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **details,
        )
        return self._shown(submission)

    def _shown(self, submission: Submission, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=submission.pk), status=status)

"""The steps of assignments, and what units ask for, by HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts import clock
from accounts.api.base import Resource, actor, body_of, if_match
from accounts.api.bulk import take_rows, takes_rows
from accounts.api.serializers import DepartmentRefSerializer
from accounts.bulk import BulkRow
from plans.choices import ResponsibilityRole
from tracking import usecases
from tracking.api.between import InstructionSerializer, NewInstructionSerializer
from tracking.api.filters import AssignmentQuery
from tracking.api.inputs import CloseSerializer
from tracking.api.serializers import AssignmentSerializer
from tracking.filters import ExtensionRequestFilterSet, HandBackFilterSet
from tracking.models import Assignment, ExtensionRequest, HandBack
from tracking.querysets import AssignmentQuerySet
from tracking.usecases import Consent

LONGEST = 2000


class ConsentSerializer(serializers.Serializer[Any]):
    """Why something changes, and which leader agreed to it when."""

    reason = serializers.CharField(max_length=LONGEST)
    approved_by = serializers.CharField(max_length=40)
    approved_on = serializers.DateField()


class AddDepartmentSerializer(ConsentSerializer):
    """A further department and its role."""

    department = serializers.IntegerField()
    role = serializers.ChoiceField(choices=ResponsibilityRole.choices)


class ChangeLeadSerializer(ConsentSerializer):
    """The new lead, and whether the former one supports it."""

    department = serializers.IntegerField()
    keeps_part = serializers.BooleanField(required=False, default=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason."""

    reason = serializers.CharField(max_length=LONGEST)


class NoteSerializer(serializers.Serializer[Any]):
    """The reason of a refusal."""

    note = serializers.CharField(max_length=LONGEST)


class GrantExtensionSerializer(serializers.Serializer[Any]):
    """The new day, and which leader agreed to it when."""

    new_due_on = serializers.DateField()
    approved_by = serializers.CharField(max_length=40)
    approved_on = serializers.DateField()


class GrantHandBackSerializer(serializers.Serializer[Any]):
    """Which leader agreed when, and who takes the task instead, if anybody."""

    approved_by = serializers.CharField(max_length=40)
    approved_on = serializers.DateField()
    department = serializers.IntegerField(required=False, allow_null=True, source="department_id")


class ExtensionRequestSerializer(serializers.ModelSerializer[ExtensionRequest]):
    """A request for a later day, and what became of it."""

    department = DepartmentRefSerializer(source="milestone.department", read_only=True)
    asked_by = serializers.CharField(source="asked_by.name", read_only=True)

    class Meta:
        model = ExtensionRequest
        fields = (
            *("id", "milestone", "department", "reason", "progress", "old_due_on", "new_due_on"),
            *("asked_by", "asked_on", "status", "answer", "decided_at", "version"),
        )


class HandBackSerializer(serializers.ModelSerializer[HandBack]):
    """A task that a department says is not its own, and what became of it."""

    department = DepartmentRefSerializer(source="assignment.department", read_only=True)
    asked_by = serializers.CharField(source="asked_by.name", read_only=True)

    class Meta:
        model = HandBack
        fields = (
            *("id", "assignment", "department", "reason", "expected_by", "handed_to"),
            *("asked_by", "asked_on", "status", "answer", "decided_at", "version"),
        )


class AssignmentViewSet(Resource[Assignment]):
    """What each department has to carry out."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentQuery
    ordering = ("measure_id", "id")
    conditional = frozenset({"suspend", "resume", "terminate", "change_lead", "close", "reopen"})

    def get_queryset(self) -> AssignmentQuerySet:
        """Leave those of the person's units or district."""
        return Assignment.objects.visible_to(actor(self.request)).with_measure()

    @extend_schema(request=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: int) -> Response:
        """Let a task rest: nothing of it is overdue or reminded of."""
        return self._change(usecases.suspend_assignment)

    @extend_schema(request=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """Go on with a task that rested."""
        return self._change(usecases.resume_assignment)

    @extend_schema(request=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, pk: int) -> Response:
        """End a task that is not to be done."""
        return self._change(usecases.terminate_assignment)

    @extend_schema(request=ChangeLeadSerializer)
    @action(detail=True, methods=["post"], url_path="change-lead")
    def change_lead(self, request: Request, pk: int) -> Response:
        """Let another department lead and report."""
        body = body_of(request, ChangeLeadSerializer)
        return self._change(
            usecases.change_lead,
            body,
            department_id=body.pop("department"),
            keeps_part=body.pop("keeps_part"),
        )

    @extend_schema(request=AddDepartmentSerializer, responses={201: AssignmentSerializer})
    @action(detail=True, methods=["post"], url_path="add-department")
    def add_department(self, request: Request, pk: int) -> Response:
        """Let a further department take part; answers with its assignment."""
        body = body_of(request, AddDepartmentSerializer)
        added = usecases.add_department(
            assignment_id=self.get_object().pk,
            department_id=body.pop("department"),
            role=body.pop("role"),
            consent=Consent(**body),
            by=actor(request),
            at=clock.now(),
        )
        return self.answer(self.get_queryset().get(pk=added.pk), status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Strike a task off that is done."""
        row = self.get_object()
        usecases.close_assignments(
            versions={row.pk: if_match(request)}, by=actor(request), at=clock.now()
        )
        return self._shown(row)

    @takes_rows(CloseSerializer)
    @action(detail=False, methods=["post"], url_path="close", url_name="close-many")
    def close_many(self, request: Request) -> Response:
        """Strike several tasks off."""
        seen = Assignment.objects.visible_to(actor(request))

        def row_of(asked: dict[str, Any]) -> BulkRow:
            pk = asked["assignment"]
            if not seen.filter(pk=pk).exists():
                raise NotFound
            return BulkRow(
                usecases.close_assignments, pk, {"versions": {pk: asked["expected_version"]}}
            )

        def shown(done: list[dict[str, Any]]) -> list[Any]:
            rows = self.get_queryset().in_bulk([one["assignment"] for one in done])
            return [AssignmentSerializer(rows[one["assignment"]]).data for one in done]

        return take_rows(request, CloseSerializer, row_of, shown)

    @extend_schema(request=NewInstructionSerializer, responses={201: InstructionSerializer})
    @action(detail=True, methods=["post"])
    def instruct(self, request: Request, pk: int) -> Response:
        """Put on record what a leader wrote on a task."""
        made = usecases.record_instruction(
            assignment_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
            **body_of(request, NewInstructionSerializer),
        )
        return Response(InstructionSerializer(made).data, status=201)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Take a task up again that was done or struck off."""
        row = self.get_object()
        usecases.reopen_assignment(
            assignment_id=row.pk,
            by=actor(request),
            at=clock.now(),
            expected_version=if_match(request),
            **body_of(request, ReasonSerializer),
        )
        return self._shown(row)

    @extend_schema(request=ReasonSerializer, responses={201: HandBackSerializer})
    @action(detail=True, methods=["post"], url_path="hand-back")
    def hand_back(self, request: Request, pk: int) -> Response:
        """Say that a task is not the department's own."""
        asked = usecases.ask_hand_back(
            assignment_id=self.get_object().pk,
            by=actor(request),
            at=clock.now(),
            today=clock.today(),
            **body_of(request, ReasonSerializer),
        )
        return Response(HandBackSerializer(asked).data, status=201)

    def _change(self, usecase: Any, body: dict[str, Any] | None = None, **more: Any) -> Response:
        row = self.get_object()
        given = body if body is not None else body_of(self.request, ConsentSerializer)
        usecase(
            assignment_id=row.pk,
            consent=Consent(**given),
            by=actor(self.request),
            at=clock.now(),
            expected_version=if_match(self.request),
            **more,
        )
        return self._shown(row)

    def _shown(self, row: Assignment) -> Response:
        return self.answer(self.get_queryset().get(pk=row.pk))


class ExtensionRequestViewSet(Resource[ExtensionRequest]):
    """What departments ask for: later days, answered by the coordinator."""

    queryset = ExtensionRequest.objects.none()
    serializer_class = ExtensionRequestSerializer
    filterset_class = ExtensionRequestFilterSet
    ordering = ("-id",)
    conditional = frozenset({"grant", "refuse", "withdraw"})

    def get_queryset(self) -> Any:
        """Leave those of the person's units or district."""
        rows = ExtensionRequest.objects.visible_to(actor(self.request))
        return rows.select_related("milestone__department", "asked_by")

    @extend_schema(request=GrantExtensionSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: int) -> Response:
        """Grant what a leader agreed to."""
        return decide(self, usecases.grant_extension, GrantExtensionSerializer)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        """Refuse, with the reason."""
        return decide(self, usecases.refuse_extension, NoteSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take back what nobody has decided."""
        return decide(self, usecases.withdraw_extension)


class HandBackViewSet(Resource[HandBack]):
    """What departments say is not theirs, answered by the coordinator."""

    queryset = HandBack.objects.none()
    serializer_class = HandBackSerializer
    filterset_class = HandBackFilterSet
    ordering = ("-id",)
    conditional = frozenset({"grant", "refuse", "withdraw"})

    def get_queryset(self) -> Any:
        """Leave those of the person's units or district."""
        rows = HandBack.objects.visible_to(actor(self.request))
        return rows.select_related("assignment__department", "asked_by")

    @extend_schema(request=GrantHandBackSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: int) -> Response:
        """Agree: the task ends here and goes over to another department, if one is named."""
        return decide(self, usecases.grant_hand_back, GrantHandBackSerializer)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        """Refuse, with the reason."""
        return decide(self, usecases.refuse_hand_back, NoteSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take back what nobody has decided."""
        return decide(self, usecases.withdraw_hand_back)


def decide(
    view: Resource[Any], usecase: Any, shape: type[Serializer[Any]] | None = None
) -> Response:
    """Take one step with a request and show what became of it."""
    row = view.get_object()
    usecase(
        request_id=row.pk,
        by=actor(view.request),
        at=clock.now(),
        expected_version=if_match(view.request),
        **(body_of(view.request, shape) if shape else {}),
    )
    return view.answer(view.get_queryset().get(pk=row.pk))

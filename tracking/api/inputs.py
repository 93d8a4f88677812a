"""What the API takes in: the shape only, the use cases know what holds."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import IdField, VersionField
from tracking.choices import Decision, PaperKind, PastChoice, WorkStatus
from tracking.completeness import MOST_TIMES
from tracking.models import Milestone

LONGEST_NARRATIVE = 20_000


class VisibleMilestone(serializers.PrimaryKeyRelatedField[Milestone]):
    """A milestone that the caller may see; any other does not exist for them."""

    def get_queryset(self) -> Any:
        """Leave the visible ones."""
        return Milestone.objects.visible_to(self.context["request"].user)


class ProseField(serializers.CharField):
    """A few sentences that may be left out."""

    def __init__(self) -> None:
        super().__init__(allow_blank=True, required=False, max_length=LONGEST_NARRATIVE)


class ReportSerializer(serializers.Serializer[Any]):
    """What is written into a draft."""

    work_status = serializers.ChoiceField(
        choices=WorkStatus.choices, allow_blank=True, required=False
    )
    completed_on = serializers.DateField(allow_null=True, required=False)
    is_unchanged = serializers.BooleanField(required=False)
    narrative = serializers.CharField(
        allow_blank=True, required=False, max_length=LONGEST_NARRATIVE
    )
    times = serializers.IntegerField(
        allow_null=True,
        required=False,
        min_value=0,
        max_value=MOST_TIMES,
        help_text="How often in the year, where the plan counts",
    )

    problems = ProseField()
    next_steps = ProseField()
    help_wanted = ProseField()
    expected_on = serializers.DateField(allow_null=True, required=False)


class NewReportSerializer(ReportSerializer):
    """The first writing of the next report on a milestone."""

    milestone = VisibleMilestone(queryset=Milestone.objects.all())


class NewEvidenceSerializer(serializers.Serializer[Any]):
    """A document to add; without a name the file's own is taken."""

    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    document_number = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60
    )
    issued_on = serializers.DateField(required=False, allow_null=True, default=None)
    url = serializers.URLField(required=False, allow_blank=True, default="", max_length=200)
    upload = serializers.FileField(required=False, allow_null=True, default=None)


class SignatureSerializer(serializers.Serializer[Any]):
    """Who signed the report in the house, and when."""

    signed_by = serializers.CharField(max_length=40)
    signed_on = serializers.DateField()
    is_cleared = serializers.BooleanField(
        required=False, help_text="Somebody looked at what is marked 内部 and lets it out"
    )


class ContributionInputSerializer(serializers.Serializer[Any]):
    """What a supporting department adds to the report of another."""

    department = serializers.IntegerField(source="department_id")
    text = serializers.CharField(max_length=LONGEST_NARRATIVE)


class AskExtensionSerializer(serializers.Serializer[Any]):
    """What a department asks: a later day, why, and how far the work is."""

    new_due_on = serializers.DateField()
    reason = serializers.CharField(max_length=2000)
    progress = serializers.CharField(max_length=2000)


class CallSerializer(serializers.Serializer[Any]):
    """Whom somebody spoke to."""

    person = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class ExtendSerializer(serializers.Serializer[Any]):
    """A later day that was granted on paper: who asked when and why, who agreed when."""

    asked_on = serializers.DateField()
    reason = serializers.CharField(max_length=2000)
    new_due_on = serializers.DateField()
    approved_by = serializers.CharField(max_length=40)
    approved_on = serializers.DateField()


class PaperSerializer(serializers.Serializer[Any]):
    """A paper of supervision that was sent outside of the service."""

    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField(max_length=60)
    issued_on = serializers.DateField()
    answer_by = serializers.DateField()


class DecidedDaySerializer(serializers.Serializer[Any]):
    """What is decided about a day that had passed before the work was handed out."""

    choice = serializers.ChoiceField(choices=PastChoice.choices)
    due_on = serializers.DateField(required=False)
    approved_by = serializers.CharField(required=False, allow_blank=True, max_length=40)
    approved_on = serializers.DateField(required=False)


class CloseSerializer(serializers.Serializer[Any]):
    """A task to strike off, with the version that was read."""

    assignment = IdField()
    expected_version = VersionField()


class AcceptSerializer(serializers.Serializer[Any]):
    """What an acceptance decides: done finishes the milestone, noted leaves it open."""

    decision = serializers.ChoiceField(
        choices=[(value.value, value.label) for value in (Decision.DONE, Decision.NOTED)]
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    stands = serializers.BooleanField(
        required=False, help_text="The measure goes on (长期坚持) when its last date is done"
    )


class ReturnSerializer(serializers.Serializer[Any]):
    """Why a report goes back, and by when it is to be mended."""

    note = serializers.CharField(max_length=2000)
    redo_by = serializers.DateField()

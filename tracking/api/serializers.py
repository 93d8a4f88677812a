"""The work as the API shows it."""

from typing import Any

import rules
from rest_framework import serializers

from accounts import clock
from accounts.api.serializers import DepartmentRefSerializer, StoredFileSerializer
from plans.api.serializers import MeasureRefSerializer, source_url
from plans.models import Deadline
from tracking.choices import OVERDUE_STATES, MilestoneState, WorkStatus
from tracking.models import Assignment, Contribution, Evidence, Milestone, Review, Submission
from tracking.selectors import past_day
from tracking.transitions import SUBMISSION


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A measure as one department has to carry it out."""

    plan = serializers.IntegerField(source="measure.edition.plan_id", read_only=True)
    reference = serializers.CharField(source="measure.reference", read_only=True)
    measure = MeasureRefSerializer(read_only=True)
    department = DepartmentRefSerializer(read_only=True)
    reporting_department = serializers.SerializerMethodField()
    issued_on = serializers.DateField(source="dispatch.issued_on", read_only=True)
    acknowledged_at = serializers.DateTimeField(
        source="dispatch.acknowledged_at", read_only=True, allow_null=True
    )

    class Meta:
        model = Assignment
        fields = (
            "id",
            "plan",
            "reference",
            "measure",
            "department",
            "role",
            "status",
            "is_standing",
            "reports_through",
            "reporting_department",
            "issued_on",
            "acknowledged_at",
            "done_at",
            "version",
        )

    def get_reporting_department(self, assignment: Assignment) -> DepartmentRefSerializer:
        """Return the unit that reports, for itself or for others too."""
        owner = assignment.reports_through or assignment
        return DepartmentRefSerializer(owner.department).data  # type: ignore[return-value]


class DeadlineRefSerializer(serializers.ModelSerializer[Deadline]):
    """The words of the plan that set a day."""

    class Meta:
        model = Deadline
        fields = ("text", "start", "end")


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """One dated thing that is owed, and how it stands today."""

    reference = serializers.SerializerMethodField(help_text="As printed: 第26项②")
    measure = MeasureRefSerializer(source="assignment.measure", read_only=True)
    department = DepartmentRefSerializer(read_only=True)
    co_departments = serializers.SerializerMethodField()
    deadline = DeadlineRefSerializer(read_only=True, allow_null=True)
    source_url = serializers.SerializerMethodField(help_text="The sentence on the plan's page")
    state = serializers.ChoiceField(choices=MilestoneState.choices, read_only=True)
    days_overdue = serializers.SerializerMethodField(help_text="Calendar days; 0 unless overdue")
    last_sent_on = serializers.DateField(read_only=True, allow_null=True)
    last_work_status = serializers.ChoiceField(
        choices=WorkStatus.choices, read_only=True, allow_null=True
    )
    redo_by = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Milestone
        fields = (
            "id",
            "plan",
            "assignment",
            "kind",
            "period",
            "gathered_by",
            "sheet",
            "reference",
            "what",
            "measure",
            "department",
            "co_departments",
            "deadline",
            "source_url",
            "due_on",
            "original_due_on",
            "report_by",
            "status",
            "state",
            "days_overdue",
            "completed_on",
            "done_at",
            "last_sent_on",
            "last_work_status",
            "redo_by",
            "version",
        )

    def get_reference(self, milestone: Milestone) -> str:
        """Return the measure as printed and the mark of the date."""
        return milestone.reference

    def get_co_departments(self, milestone: Milestone) -> list[str]:
        """Name the units that report through this one."""
        return [row.department.name for row in milestone.assignment.co_assignments]  # type: ignore[attr-defined]

    def get_source_url(self, milestone: Milestone) -> str:
        """Return the address of the words that set the day."""
        return source_url(milestone.assignment.measure.edition_id, milestone.source)

    def get_days_overdue(self, milestone: Milestone) -> int:
        """Count from the due day to today, or to the past day that was asked about."""
        if milestone.state not in OVERDUE_STATES:  # type: ignore[attr-defined]
            return 0
        today = clock.today()
        asked = self.context["request"].query_params.get("as_of", "")
        return milestone.days_overdue(past_day(asked, today=today) or today)

    def to_representation(self, milestone: Milestone) -> Any:
        """Show the day that held on the past day that was asked about."""
        milestone.due_on = getattr(milestone, "due_then", milestone.due_on)
        return super().to_representation(milestone)


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A document that proves a report."""

    file = StoredFileSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Evidence
        fields = ("id", "name", "document_number", "issued_on", "url", "file")


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """The decision on a report."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Review
        fields = ("decision", "note", "redo_by", "by", "at")


class ContributionSerializer(serializers.ModelSerializer[Contribution]):
    """What a supporting department adds; ``taken_into`` is the report that took it over."""

    department = DepartmentRefSerializer(read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = Contribution
        fields = ("id", "milestone", "department", "text", "author", "at", "taken_into", "version")


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    """The n-th report on a milestone; ``steps`` are those open to the person who asks."""

    reference = serializers.SerializerMethodField(help_text="As printed: 第26项②")
    measure = MeasureRefSerializer(source="milestone.assignment.measure", read_only=True)
    department = DepartmentRefSerializer(source="milestone.department", read_only=True)
    due_on = serializers.DateField(source="milestone.due_on", read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    review = ReviewSerializer(read_only=True, allow_null=True, default=None)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = (
            "id",
            "milestone",
            "reference",
            "measure",
            "department",
            "due_on",
            "number",
            "status",
            "work_status",
            "completed_on",
            "is_unchanged",
            "narrative",
            "times",
            "problems",
            "next_steps",
            "help_wanted",
            "expected_on",
            "evidence",
            "author",
            "created_at",
            "updated_at",
            "signed_by",
            "signed_on",
            "submitted_at",
            "review",
            "steps",
            "version",
        )

    def get_reference(self, submission: Submission) -> str:
        """Return the measure as printed and the mark of the date."""
        return submission.milestone.reference

    def get_steps(self, submission: Submission) -> list[str]:
        """Name the steps that the table and the person's rights allow now."""
        user = self.context["request"].user
        return [
            step
            for step in submission.open_steps
            if rules.has_perm(SUBMISSION[step].permission, user, submission)
        ]

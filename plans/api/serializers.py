"""The plan as the API shows it: every row with the span that it was read from."""

from rest_framework import serializers

from accounts.api.external_ids import ExternalRefSerializer
from accounts.api.fields import NameField
from accounts.api.serializers import DepartmentRefSerializer
from accounts.links import absolute
from plans.models import (
    Deadline,
    Edition,
    Measure,
    Metric,
    Part,
    Plan,
    Recurrence,
    Responsibility,
    Spanned,
)

REF_FIELDS = ("id", "lineage", "code", "reference", "title", "part", "start", "end", "source_url")
ROW_FIELDS = (
    *REF_FIELDS,
    "plan",
    "edition",
    "ordinal",
    "path",
    "number",
    "sub_number",
    "parent",
    "is_leaf",
    "text",
    "bracket",
    "external_ids",
)
SPAN = "the stretch [start, end) of the edition's text, in Unicode characters"


def source_url(edition_id: int, row: Spanned) -> str:
    """Return the address of the page that shows the sentence a row was read from."""
    return f"{absolute('plans:text', edition_id)}#c{row.start}"


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """One document of a plan; ``text_url`` shows it as it was laid out."""

    text_url = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = (
            "id",
            "number",
            "status",
            "stage",
            "title",
            "issuer",
            "document_number",
            "issued_on",
            "period_start",
            "period_end",
            "dispatched_at",
            "text_url",
        )

    def get_text_url(self, edition: Edition) -> str:
        """Return the address of the text."""
        return absolute("plans:text", edition.pk)


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A plan with the editions that the person may read, newest first."""

    editions = EditionSerializer(many=True, read_only=True)
    external_ids = ExternalRefSerializer(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = ("id", "code", "title", "soon_days", "external_ids", "editions")


class PartRefSerializer(serializers.ModelSerializer[Part]):
    """The part in which a measure stands; its printed number may repeat in a document."""

    class Meta:
        model = Part
        fields = ("id", "ordinal", "number", "title")


class MeasureRefSerializer(serializers.ModelSerializer[Measure]):
    """A measure inside another row."""

    reference = serializers.CharField(read_only=True, help_text="As printed: 第1项（5）")
    part = PartRefSerializer(read_only=True, allow_null=True)
    source_url = serializers.SerializerMethodField(help_text="The sentence on the plan's page")

    class Meta:
        model = Measure
        fields = REF_FIELDS
        extra_kwargs = {"start": {"help_text": SPAN}}

    def get_source_url(self, measure: Measure) -> str:
        """Return the address of the measure in the text."""
        return source_url(measure.edition_id, measure)


class MeasureRowSerializer(MeasureRefSerializer):
    """A measure in a list."""

    plan = serializers.IntegerField(source="edition.plan_id", read_only=True)
    external_ids = ExternalRefSerializer(many=True, read_only=True)

    class Meta:
        model = Measure
        fields = ROW_FIELDS


class ResponsibilitySerializer(serializers.ModelSerializer[Responsibility]):
    """A name in the bracket; ``department`` is null for groups, persons and the unknown."""

    department = DepartmentRefSerializer(read_only=True, allow_null=True)
    group = NameField("group.name")

    class Meta:
        model = Responsibility
        fields = (
            "ordinal",
            "name",
            "canonical",
            "role",
            "sort",
            "department",
            "group",
            "is_inherited",
            "start",
            "end",
        )


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    """What the text says of a last day, and the clause that it binds."""

    source_url = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = (
            "id",
            "ordinal",
            "text",
            "kind",
            "due_on",
            "precision",
            "what",
            "start",
            "end",
            "source_url",
        )

    def get_source_url(self, deadline: Deadline) -> str:
        """Return the address of the words in the text."""
        return source_url(deadline.measure.edition_id, deadline)


class RecurrenceSerializer(serializers.ModelSerializer[Recurrence]):
    """A duty that comes again."""

    class Meta:
        model = Recurrence
        fields = ("ordinal", "text", "frequency", "times", "due_in_period", "what", "start", "end")


class MetricSerializer(serializers.ModelSerializer[Metric]):
    """A target; a value that the text does not give is null, never zero."""

    class Meta:
        model = Metric
        fields = (
            "lineage",
            "ordinal",
            "name",
            "operator",
            "value",
            "high",
            "unit",
            "baseline",
            "change",
            "start",
            "end",
        )


class MeasureSerializer(MeasureRowSerializer):
    """A measure with all that was read from it."""

    responsibilities = ResponsibilitySerializer(many=True, read_only=True)
    deadlines = DeadlineSerializer(many=True, read_only=True)
    recurrences = RecurrenceSerializer(many=True, read_only=True)
    metrics = MetricSerializer(many=True, read_only=True)

    class Meta:
        model = Measure
        fields = (*ROW_FIELDS, "responsibilities", "deadlines", "recurrences", "metrics")

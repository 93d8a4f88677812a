"""The figures of metrics inside the form of a report."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from plans.models import Metric
from plans.typography import full_width
from tracking.forms.metrics import ReadingForm
from tracking.models import Milestone, Reading, Submission, TrackedMetric
from tracking.selectors.metrics import plain
from tracking.usecases import NewReading

HUNDRED = Decimal(100)


def reading_forms(
    milestone: Milestone, basis: Submission | None, *, year: int, data: Any = None
) -> list[ReadingForm]:
    """Return a form for each metric that the measure feeds, filled with what is stored."""
    measure = milestone.assignment.measure
    tracked = {
        row.lineage: row
        for row in TrackedMetric.objects.filter(
            plan=milestone.plan_id, feeds__measure_lineage=measure.lineage
        )
    }
    metrics = Metric.objects.filter(
        indicator__part__edition=measure.edition_id, lineage__in=tracked
    ).order_by("indicator__part__ordinal", "indicator__ordinal", "ordinal", "id")
    stored = {row.metric_id: row for row in basis.readings.all()} if basis else {}
    forms = []
    for metric in metrics:
        row = tracked[metric.lineage]
        form = ReadingForm(data, metric=row, name=full_width(metric.name), year=year)
        if row.pk in stored:
            form.fill(stored[row.pk])
        forms.append(form)
    return forms


def typed_readings(
    request: HttpRequest, milestone: Milestone, *, year: int
) -> tuple[list[ReadingForm], list[NewReading] | None]:
    """Return the forms as typed, and their figures; None, which keeps what is stored, where a form
    was not sent or one of them has to be mended."""
    if "readings" not in request.POST:
        return [], None
    forms = reading_forms(milestone, None, year=year, data=request.POST)
    found = [form.reading() for form in forms]
    if any(form.errors for form in forms):
        return forms, None
    return forms, [reading for reading in found if reading is not None]


def figure_remarks(submission: Submission) -> list[str]:
    """Return what a reader will ask about the figures; none of it stops the report."""
    said = []
    for row in submission.readings.select_related("metric"):
        if row.numerator is not None and row.value is not None and row.value > HUNDRED:
            said.append(f"{row.year}年有一项指标的完成率为{plain(row.value)}%，超过100%，请核对。")
        before = (
            Reading.objects.filter(
                metric=row.metric_id,
                year__lte=row.year,
                submission__status="accepted",
                submission__milestone__department=submission.milestone.department_id,
            )
            .order_by("-year", "-submission__review__at")
            .first()
        )
        if before and None not in (before.value, row.value) and row.value < before.value:  # type: ignore[operator]
            said.append(
                f"{row.year}年有一项指标为{plain(row.value)}，低于{before.year}年的"
                f"{plain(before.value)}，请核对或说明原因。"
            )
    return said

"""The figures of metrics inside the form of a report."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from plans.models import Metric
from plans.typography import full_width
from tracking.choices import SubmissionStatus
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
        if row.pk in stored and stored[row.pk].surveyed_on:
            continue  # recorded on the page of the metric
        if data is not None and f"reading-{row.pk}-year" not in data:
            continue  # was not asked
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
    """Return what a reader will ask about the figures; none of it stops the report. Three queries
    for any number of figures."""
    rows = list(submission.readings.select_related("metric"))
    if not rows:
        return []
    milestone = submission.milestone
    named = Metric.objects.filter(
        indicator__part__edition=milestone.assignment.measure.edition_id,
        lineage__in=[row.metric.lineage for row in rows],
    )
    names = dict(named.values_list("lineage", "name"))
    accepted: dict[int, list[Reading]] = {}
    for earlier in Reading.objects.filter(
        metric__in=[row.metric_id for row in rows],
        submission__status=SubmissionStatus.ACCEPTED,
        submission__milestone__department=milestone.department_id,
    ).order_by("-year", "-submission__review__at", "-id"):
        accepted.setdefault(earlier.metric_id, []).append(earlier)
    said = []
    for row in rows:
        name = f"{row.year}年“{full_width(names.get(row.metric.lineage, '指标'))}”"
        if row.numerator is not None and row.value is not None and row.value > HUNDRED:
            said.append(f"{name}的完成率为{plain(row.value)}%，超过100%，请核对。")
        before = next(
            (old for old in accepted.get(row.metric_id, []) if old.year <= row.year), None
        )
        if before is None or before.value is None or row.value is None:
            continue
        if row.value < before.value:
            said.append(
                f"{name}为{plain(row.value)}，低于{before.year}年的{plain(before.value)}，"
                "请核对或说明原因。"
            )
    return said

"""效果指标: who answers for a metric, and the figures that come with a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, User
from accounts.usecase import lock, usecase
from plans.models import Edition, Measure, Metric
from tracking.models import MetricFeed, Reading, Submission, TrackedMetric

FOUR_PLACES = Decimal("0.0001")
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """What the coordinator confirms of one metric: ids of measures of the edition, and who asks
    and when where it is a survey."""

    measures: frozenset[int]
    owner: int | None = None
    survey_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewReading:
    """A figure as typed: a part and a whole, a value, or the declaration that nothing occurred."""

    metric: int
    year: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    none_occurred: bool = False


@usecase
def confirm_metrics(
    *, edition_id: int, choices: Mapping[int, MetricChoice], by: User, at: datetime
) -> Edition:
    """Confirm, by metric id, which measures feed a metric and which unit owns it."""
    edition = lock(Edition, edition_id)
    authorize(by, "tracking.confirm_metrics", edition)
    metrics = {row.pk: row for row in Metric.objects.filter(indicator__part__edition=edition)}
    measures = dict(
        Measure.objects.filter(edition=edition, is_leaf=True).values_list("pk", "lineage")
    )
    units = set(
        Department.objects.filter(district=edition.plan.district_id).values_list("pk", flat=True)
    )
    for pk, choice in choices.items():
        if pk not in metrics or not choice.measures <= measures.keys():
            raise InvalidError("指标或措施不属于这个方案，请刷新页面后重新选择。")
        if choice.owner is not None and choice.owner not in units:
            raise InvalidError("责任单位不在本行政区的单位名录里。")
        tracked, _ = TrackedMetric.objects.update_or_create(
            plan=edition.plan,
            lineage=metrics[pk].lineage,
            defaults={
                "owner_id": choice.owner,
                "survey_on": choice.survey_on,
                "confirmed_by": by,
                "confirmed_at": at,
            },
        )
        chosen = {measures[measure] for measure in choice.measures}
        tracked.feeds.exclude(measure_lineage__in=chosen).delete()
        known = set(tracked.feeds.values_list("measure_lineage", flat=True))
        MetricFeed.objects.bulk_create(
            MetricFeed(metric=tracked, measure_lineage=lineage) for lineage in chosen - known
        )
        record(tracked, "confirm", by=by, at=at, district=edition.plan.district_id)
    return edition


def keep_readings(draft: Submission, readings: Sequence[NewReading]) -> None:
    """Put the figures of a draft in place of those it had, but for the results of surveys; only
    metrics its measure feeds."""
    milestone = draft.milestone
    allowed = set(
        TrackedMetric.objects.filter(
            plan=milestone.plan_id, feeds__measure_lineage=milestone.assignment.measure.lineage
        ).values_list("pk", flat=True)
    )
    if any(reading.metric not in allowed for reading in readings):
        raise InvalidError("这项指标不由本措施填报，请刷新页面。", code="not_fed")
    draft.readings.filter(surveyed_on=None).delete()
    surveyed = set(draft.readings.values_list("metric", "year"))
    if any((reading.metric, reading.year) in surveyed for reading in readings):
        raise InvalidError("这项指标已登记测评结果，请在指标页上重新登记。", code="surveyed")
    Reading.objects.bulk_create(_reading(draft, reading) for reading in readings)


def copy_readings(source: Submission, draft: Submission) -> None:
    """Take the figures of a returned report along into the next."""
    for row in source.readings.all():
        row.pk = None
        row.submission = draft
        row.save(force_insert=True)


def _reading(draft: Submission, new: NewReading) -> Reading:
    value = new.value
    if (new.numerator is None) != (new.denominator is None):
        raise InvalidError("分子、分母要一起填写。", code="half_a_rate")
    if new.numerator is not None and new.denominator is not None:
        if new.numerator < 0 or new.denominator <= 0:
            raise InvalidError("分子不能小于0，分母要大于0。", code="bad_rate")
        value = 100 * new.numerator / new.denominator
    if new.none_occurred == (value is not None):
        raise InvalidError("请填写完成值，或勾选“没有发生”，二者选一。", code="no_value")
    if value is not None and abs(value) >= LARGEST:
        raise InvalidError("数值太大，请检查。", code="too_large")
    return Reading(
        submission=draft,
        metric_id=new.metric,
        year=new.year,
        numerator=new.numerator,
        denominator=new.denominator,
        value=value.quantize(FOUR_PLACES, ROUND_HALF_UP) if value is not None else None,
        none_occurred=new.none_occurred,
    )

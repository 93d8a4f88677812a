"""效果指标 on a day: targets of the plan beside the values of accepted reports."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.models import User
from plans.choices import EditionStatus, MetricOperator
from plans.models import Edition, Measure, Metric, Part
from tracking.choices import SubmissionStatus
from tracking.models import Milestone, Reading, Submission, TrackedMetric

SATISFACTION = "满意"
PROPOSED = 3
LINE_WIDTH, LINE_HEIGHT, MARGIN = 600, 220, 40


class Standing(StrEnum):
    """How a metric stands; asked of its newest value, never stored."""

    MET = "已达到"
    NOT_MET = "未达到"
    NO_FIGURE = "尚无数据"
    TO_JUDGE = "需人工判断"


@dataclass(frozen=True, slots=True)
class YearValue:
    """What accepted reports say of one year; several units' rates are added up, part and whole.

    ``value`` is None where nothing occurred, and where units gave values that cannot be added.
    """

    year: int
    readings: tuple[Reading, ...]
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    none_occurred: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A value on the drawn line."""

    x: int
    y: int
    year: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class MetricView:
    """One metric of an edition: its target, who answers for it, and its values by year."""

    metric: Metric
    part: Part
    tracked: TrackedMetric | None
    measures: tuple[Measure, ...]
    years: tuple[YearValue, ...]
    units: tuple[str, ...] = field(default=())

    @property
    def is_satisfaction(self) -> bool:
        """Whether it is asked of people, by a survey."""
        return SATISFACTION in self.metric.name

    @property
    def newest(self) -> YearValue | None:
        """The last year with figures."""
        return self.years[-1] if self.years else None

    @property
    def target(self) -> str:
        """The target in words: 不低于90%."""
        metric = self.metric
        word = MetricOperator(metric.operator).label
        if metric.value is None:
            return str(word)
        high = f"至{plain(metric.high)}" if metric.high is not None else ""
        return f"{metric.baseline}{metric.change}{word}{plain(metric.value)}{high}{metric.unit}"

    @property
    def gap(self) -> Decimal | None:
        """What is missing to the target; None where it is met or cannot be counted."""
        newest, target = self.newest, self.metric.value
        if self.standing != Standing.NOT_MET or not newest or target is None:
            return None
        return abs(target - newest.value) if newest.value is not None else None

    @property
    def standing(self) -> Standing:
        """How the newest value compares with the target."""
        newest = self.newest
        if newest is None:
            return Standing.NO_FIGURE
        return _compare(self.metric, newest)

    @property
    def points(self) -> list[Point]:
        """The values as points of a drawing, and nothing where there is no value."""
        shown = [(row.year, row.value) for row in self.years if row.value is not None]
        if not shown:
            return []
        values = [value for _, value in shown]
        if self.metric.value is not None and not self.metric.baseline:
            values.append(self.metric.value)
        low, high = min(values), max(values)
        first, last = shown[0][0], shown[-1][0]
        return [
            Point(_x(year, first, last), _y(value, low, high), year, value) for year, value in shown
        ]

    @property
    def line(self) -> str:
        """The points as an SVG polyline takes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def target_y(self) -> int | None:
        """The height of the target on the drawing."""
        target = self.metric.value
        values = [row.value for row in self.years if row.value is not None]
        if target is None or self.metric.baseline or not values:
            return None
        return _y(target, min(*values, target), max(*values, target))


def plain(value: Decimal | None) -> str:
    """Write a number without trailing zeros; empty without one."""
    if value is None:
        return ""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _x(year: int, first: int, last: int) -> int:
    room = LINE_WIDTH - 2 * MARGIN
    return MARGIN + room * (year - first) // (last - first) if last > first else LINE_WIDTH // 2


def _y(value: Decimal, low: Decimal, high: Decimal) -> int:
    room = LINE_HEIGHT - 2 * MARGIN
    share = (value - low) / (high - low) if high > low else Decimal("0.5")
    return MARGIN + int(room * (1 - share))


def _compare(metric: Metric, year: YearValue) -> Standing:
    value, target = year.value, metric.value
    if metric.operator == MetricOperator.NONE_OCCUR:
        if year.none_occurred:
            return Standing.MET
        return Standing.NOT_MET if value else Standing.TO_JUDGE
    if value is None or target is None or metric.baseline or metric.change:
        return Standing.TO_JUDGE
    holds = {
        MetricOperator.AT_LEAST: value >= target,
        MetricOperator.AT_MOST: value <= target,
        MetricOperator.MORE: value > target,
        MetricOperator.LESS: value < target,
        MetricOperator.EQUAL: value >= target if metric.unit == "%" else value == target,
    }
    if metric.operator not in holds:
        return Standing.TO_JUDGE
    return Standing.MET if holds[MetricOperator(metric.operator)] else Standing.NOT_MET


def figures_in(submission: Submission) -> list[tuple[str, Reading]]:
    """Return the figures that come with a report, each with the name of its metric: two queries."""
    rows = list(submission.readings.select_related("metric"))
    names = dict(
        Metric.objects.filter(
            indicator__part__edition=submission.milestone.assignment.measure.edition_id,
            lineage__in=[row.metric.lineage for row in rows],
        ).values_list("lineage", "name")
    )
    return [(names.get(row.metric.lineage, "指标"), row) for row in rows]


def basis_of(views: Iterable[MetricView]) -> str:
    """Say of how many targets there are figures, and of these how many are met."""
    counts = Counter(view.standing for view in views)
    total, met = counts.total(), counts[Standing.MET]
    known = total - counts[Standing.NO_FIGURE]
    share = f"（占有数据的{100 * met / known:.1f}%）" if known else ""
    return (
        f"口径：方案目标值{total}个，有审核通过数据的{known}个，其中已达到{met}个{share}、"
        f"未达到{counts[Standing.NOT_MET]}个、需人工判断{counts[Standing.TO_JUDGE]}个；"
        f"尚无数据{counts[Standing.NO_FIGURE]}个。按最近一年的数据计，空着不等于0。"
    )


def edition_at_work(user: User, plan: int | None = None) -> Edition | None:
    """Return the text that is tracked: the newest issued one that the person may read."""
    rows = Edition.objects.visible_to(user).filter(status=EditionStatus.ISSUED)
    if plan is not None:
        rows = rows.filter(plan=plan)
    return rows.select_related("plan").defer("text", "places").order_by("-id").first()


def metrics_of(
    edition: Edition, *, user: User, until: date, only: Collection[int] | None = None
) -> list[MetricView]:
    """Return the metrics of the indicators in the order of the text, with what the person may
    read of the values accepted up to the day: six queries."""
    rows = (
        Metric.objects.filter(indicator__part__edition=edition)
        .select_related("indicator__part")
        .order_by("indicator__part__ordinal", "indicator__ordinal", "ordinal", "id")
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    metrics = list(rows)
    tracked = {
        row.lineage: row
        for row in TrackedMetric.objects.filter(
            plan=edition.plan_id, lineage__in=[metric.lineage for metric in metrics]
        )
        .select_related("owner")
        .prefetch_related("feeds")
    }
    fed = {feed.measure_lineage for row in tracked.values() for feed in row.feeds.all()}
    measures = {
        row.lineage: row
        for row in Measure.objects.filter(edition=edition, lineage__in=fed).order_by("ordinal")
    }
    units: dict[Any, list[str]] = defaultdict(list)
    owed = Milestone.objects.filter(assignment__measure__in=measures.values()).order_by(
        "department__ordinal", "department_id"
    )
    for lineage, name in owed.values_list(
        "assignment__measure__lineage", "department__name"
    ).distinct():
        units[lineage].append(name)
    readings: dict[int, list[Reading]] = defaultdict(list)
    for reading in accepted_readings(tracked.values(), user=user, until=until):
        readings[reading.metric_id].append(reading)
    return [
        _view(metric, tracked.get(metric.lineage), measures, units, readings) for metric in metrics
    ]


def accepted_readings(
    tracked: Iterable[TrackedMetric], *, user: User, until: date
) -> list[Reading]:
    """Return what counts: figures of reports accepted by the end of the day, oldest first."""
    accepted = Submission.objects.visible_to(user).filter(
        status=SubmissionStatus.ACCEPTED, review__at__date__lte=until
    )
    return list(
        Reading.objects.filter(metric__in=list(tracked), submission__in=accepted)
        .select_related("submission__milestone__department", "submission__review")
        .order_by("year", "submission__review__at", "id")
    )


def _view(
    metric: Metric,
    tracked: TrackedMetric | None,
    measures: dict[Any, Measure],
    units: dict[Any, list[str]],
    readings: dict[int, list[Reading]],
) -> MetricView:
    assert metric.indicator is not None
    fed = [feed.measure_lineage for feed in tracked.feeds.all()] if tracked else []
    found = sorted(
        (measures[lineage] for lineage in fed if lineage in measures),
        key=lambda measure: measure.ordinal,
    )
    names = dict.fromkeys(name for measure in found for name in units[measure.lineage])
    return MetricView(
        metric=metric,
        part=metric.indicator.part,
        tracked=tracked,
        measures=tuple(found),
        years=_years(readings[tracked.pk], tracked) if tracked else (),
        units=tuple(names),
    )


def _years(readings: list[Reading], tracked: TrackedMetric) -> tuple[YearValue, ...]:
    """Of each unit the newest of a year; the owner's word stands where it has given one."""
    by_year: dict[int, dict[int, Reading]] = defaultdict(dict)
    for row in readings:
        by_year[row.year][row.submission.milestone.department_id] = row
    found = []
    for year, of_units in sorted(by_year.items()):
        own = of_units.get(tracked.owner_id or 0)
        rows = [own] if own else list(of_units.values())
        rates = [row for row in rows if row.numerator is not None and row.denominator is not None]
        numerator = denominator = value = None
        if len(rates) == len(rows):
            numerator = sum((row.numerator or Decimal(0) for row in rates), Decimal(0))
            denominator = sum((row.denominator or Decimal(0) for row in rates), Decimal(0))
            value = 100 * numerator / denominator
        elif len(rows) == 1:
            value = rows[0].value
        found.append(
            YearValue(
                year=year,
                readings=tuple(of_units.values()),
                value=value.quantize(Decimal("0.01")) if value is not None else None,
                numerator=numerator,
                denominator=denominator,
                none_occurred=all(row.none_occurred for row in rows),
            )
        )
    return tuple(found)


def proposed_measures(metric: Metric, measures: Iterable[Measure]) -> list[Measure]:
    """Return the measures with most words in common with the metric, best first: pairs of
    characters of its name count twice, those of its sentence once."""
    assert metric.indicator is not None
    name, sentence = _pairs(metric.name), _pairs(metric.indicator.text)
    scored = []
    for measure in measures:
        words = _pairs(measure.text)
        score = 2 * len(name & words) + len(sentence & words)
        scored.append((score, -measure.ordinal, measure))
    best = max((score for score, _, _ in scored), default=0)
    scored.sort(key=lambda row: row[:2], reverse=True)
    return [row for score, _, row in scored[:PROPOSED] if score and 2 * score >= best]


def _pairs(text: str) -> set[str]:
    return {
        text[at : at + 2]
        for at in range(len(text) - 1)
        if all("\u4e00" <= character <= "\u9fff" for character in text[at : at + 2])
    }

"""The lineage of targets: it goes with the measure or the indicator that they belong to."""

import uuid
from collections import defaultdict

from plans.matching import Item, match
from plans.models import Edition, Indicator, Measure, Metric

Metrics = dict[int, Metric]


def keep_metrics(source: Edition, edition: Edition, measures: dict[int, int]) -> None:
    """Give the targets of matched measures and of matched indicators their lineage of before."""
    old, new = _metrics(source), _metrics(edition)
    indicators = {
        row.before: row.after for row in match(_indicator_items(source), _indicator_items(edition))
    }
    kept: list[Metric] = []
    owners = [(("measure", a), ("measure", b)) for a, b in measures.items()]
    owners += [(("indicator", a), ("indicator", b)) for a, b in indicators.items()]
    for before, after in owners:
        kept += _go_on(old.get(before, {}), new.get(after, {}))
    Metric.objects.bulk_update(kept, ["lineage"])


def _metrics(edition: Edition) -> dict[tuple[str, int], Metrics]:
    found: dict[tuple[str, int], Metrics] = defaultdict(dict)
    for row in Metric.objects.filter(measure__edition=edition):
        found["measure", row.measure_id or 0][row.pk] = row
    for row in Metric.objects.filter(indicator__part__edition=edition):
        found["indicator", row.indicator_id or 0][row.pk] = row
    return found


def _indicator_items(edition: Edition) -> list[Item]:
    rows = Indicator.objects.filter(part__edition=edition).select_related("part")
    return [
        Item(row.pk, row.number, row.part.title, row.text, row.part.title)
        for row in rows.order_by("part__ordinal", "ordinal")
    ]


def _items(metrics: Metrics) -> list[Item]:
    return [Item(row.pk, str(row.ordinal), row.name, row.name) for row in metrics.values()]


def follow_measure(edition: Edition, measure: Measure) -> None:
    """Let the targets of a measure go on from those of the former measure that it goes on from.

    What has no counterpart there any more is new.
    """
    former = Metric.objects.filter(measure__edition=edition.former_id)
    olds = {row.pk: row for row in former.filter(measure__lineage=measure.lineage)}
    news = {row.pk: row for row in measure.metrics.all()}
    kept = {row.pk for row in _go_on(olds, news)}
    taken = set(former.values_list("lineage", flat=True))
    for key, row in news.items():
        if key not in kept and row.lineage in taken:
            row.lineage = uuid.uuid4()
    Metric.objects.bulk_update(news.values(), ["lineage"])


def _go_on(olds: Metrics, news: Metrics) -> list[Metric]:
    """Give the targets that are the same as before their lineage; return those."""
    pairs = match(_items(olds), _items(news))
    for pair in pairs:
        news[pair.after].lineage = olds[pair.before].lineage
    return [news[pair.after] for pair in pairs]

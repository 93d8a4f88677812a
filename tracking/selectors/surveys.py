"""满意度测评 that units have to make: of what, by when, and whether it stands in a report."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.scope import scope_of
from plans.choices import EditionStatus
from plans.models import Edition, Metric
from tracking.models import Reading, TrackedMetric
from tracking.selectors.metrics import SATISFACTION


@dataclass(frozen=True, slots=True)
class SurveyToMake:
    """A metric of satisfaction that a unit of the person owns."""

    metric: Metric
    tracked: TrackedMetric
    is_recorded: bool

    @property
    def survey_on(self) -> date | None:
        """The day that was set for it."""
        return self.tracked.survey_on


def surveys_to_make(user: User, *, today: date) -> list[SurveyToMake]:
    """Return the surveys of the person's own units, each as the newest text names it, and whether
    one of this year stands in a report: three queries."""
    tracked = TrackedMetric.objects.filter(owner__in=scope_of(user).departments)
    owned = {(row.plan_id, row.lineage): row for row in tracked}
    if not owned:
        return []
    editions = Edition.objects.visible_to(user).filter(status=EditionStatus.ISSUED)
    rows = (
        Metric.objects.filter(
            indicator__part__edition__in=editions,
            lineage__in=[lineage for _, lineage in owned],
            name__contains=SATISFACTION,
        )
        .select_related("indicator__part__edition")
        .defer("indicator__part__edition__text", "indicator__part__edition__places")
        .order_by("indicator__part__edition_id", "indicator__part__ordinal", "ordinal", "id")
    )
    newest: dict[int, Metric] = {}
    for metric in rows:
        assert metric.indicator is not None
        key = (metric.indicator.part.edition.plan_id, metric.lineage)
        if key in owned:
            newest[owned[key].pk] = metric
    recorded = set(
        Reading.objects.filter(metric__in=newest, surveyed_on__year=today.year).values_list(
            "metric", flat=True
        )
    )
    by_key = {row.pk: row for row in owned.values()}
    return [SurveyToMake(metric, by_key[pk], pk in recorded) for pk, metric in newest.items()]

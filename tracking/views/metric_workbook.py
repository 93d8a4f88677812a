"""The metrics of the plan as a workbook, a row a year."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.actor import actor
from accounts.files import MEDIA_TYPES
from accounts.scope import scope_of
from plans.typography import full_width
from tracking.selectors import past_day
from tracking.selectors.history import chinese_day
from tracking.selectors.metrics import (
    MetricView,
    YearValue,
    basis_of,
    edition_at_work,
    metrics_of,
    plain,
)
from tracking.workbook import table_of

HEADS = (
    "部分",
    "指标",
    "目标值",
    "完成情况",
    "差距",
    "年度",
    "完成值",
    "分子",
    "分母",
    "报送单位",
    "责任单位",
    "测评日期",
    "方案原文",
)


@require_GET
def metrics_workbook(request: HttpRequest) -> HttpResponse:
    """Give all metrics with what the person may read of their values; with ``as_of`` with what had
    been accepted by the end of that day."""
    user, today = actor(request), clock.today()
    day = past_day(request.GET.get("as_of", ""), today=today) or today
    edition = edition_at_work(user)
    if edition is None:
        raise Http404
    views = metrics_of(edition, user=user, until=day)
    note = f"《{full_width(edition.plan.title)}》，截至{chinese_day(str(day))}。{basis_of(views)}"
    if edition.plan.district_id not in scope_of(user).overseen:
        note += "完成值仅为本单位报送并审核通过的数据。"
    rows = [row for view in views for row in _rows(view)]
    response = HttpResponse(
        table_of("效果指标完成情况", note, HEADS, rows), content_type=MEDIA_TYPES[".xlsx"]
    )
    name = f"效果指标完成情况{day:%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(view: MetricView) -> Iterator[list[str]]:
    """Yield a row for each year with figures, one without a year where there are none."""
    tracked, metric = view.tracked, view.metric
    assert metric.indicator is not None
    for year in view.years or (None,):
        is_newest = year is None or year is view.newest
        survey = tracked.survey_on if tracked and view.is_satisfaction else None
        yield [
            full_width(f"{view.part.number}{view.part.title}"),
            full_width(metric.name),
            full_width(view.target),
            view.standing if is_newest else "",
            f"{plain(view.gap)}{metric.unit}" if is_newest and view.gap is not None else "",
            *(_of_year(year) if year else [""] * 5),
            str(tracked.owner or "") if tracked else "",
            chinese_day(str(survey or "")),
            full_width(metric.indicator.text),
        ]


def _of_year(year: YearValue) -> list[str]:
    if year.none_occurred:
        value = "没有发生"
    elif year.value is None:
        value = "各单位分别报送"
    else:
        value = plain(year.value)
    units = dict.fromkeys(row.submission.milestone.department.name for row in year.readings)
    return [
        f"{year.year}年",
        value,
        plain(year.numerator),
        plain(year.denominator),
        "、".join(units),
    ]

"""Figures of metrics: who reports them, when they count, and what is made of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, User
from plans.models import Edition, Indicator, Metric
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory, member
from tests.tracking.reporting import typed, url
from tracking.choices import Decision
from tracking.models import Milestone, Reading, TrackedMetric
from tracking.selectors.metrics import Standing, metrics_of, proposed_measures
from tracking.usecases import (
    MetricChoice,
    NewReading,
    Report,
    accept_submission,
    confirm_metrics,
    return_submission,
    save_draft,
    submit,
)

pytestmark = pytest.mark.usefixtures("demonstration_day")


def metric_of(milestone: Milestone, name: str = "权责清单公布率", **target: Any) -> Metric:
    part = milestone.assignment.measure.part
    assert part is not None
    ordinal = Indicator.objects.filter(part=part).count()
    indicator = Indicator.objects.create(
        part=part, ordinal=ordinal, number="1", text=f"{name}达到90%。", start=0, end=2
    )
    fields = {"operator": ">=", "value": Decimal(90), "unit": "%"} | target
    return Metric.objects.create(
        indicator=indicator, ordinal=0, name=name, start=0, end=2, **fields
    )


def edition_of(milestone: Milestone) -> Edition:
    return milestone.assignment.measure.edition


@pytest.fixture
def metric(milestone: Milestone) -> Metric:
    return metric_of(milestone)


@pytest.fixture
def tracked(milestone: Milestone, metric: Metric, coordinator: User) -> TrackedMetric:
    confirm_metrics(
        edition_id=edition_of(milestone).pk,
        choices={metric.pk: MetricChoice(frozenset({milestone.assignment.measure_id}))},
        by=coordinator,
        at=NOON,
    )
    return TrackedMetric.objects.get()


def report(milestone: Milestone, by: User, *readings: NewReading) -> int:
    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(work_status="in_progress", narrative="正文"),
        readings=readings,
        by=by,
        at=NOON,
    )
    submit(submission_id=draft.pk, signed_by="李", signed_on=TODAY, by=by, at=NOON, today=TODAY)
    return draft.pk


def rate(tracked: TrackedMetric, part: int, whole: int, year: int = 2017) -> NewReading:
    return NewReading(tracked.pk, year, Decimal(part), Decimal(whole))


def standing(milestone: Milestone, user: User, until: date = TODAY) -> Standing:
    return metrics_of(edition_of(milestone), user=user, until=until)[0].standing


def test_a_figure_counts_from_the_day_its_report_is_accepted(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    pk = report(milestone, liaison, rate(tracked, 19, 20))
    assert standing(milestone, supervisor) == Standing.NO_FIGURE

    accept_submission(submission_id=pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    assert standing(milestone, supervisor) == Standing.MET
    assert standing(milestone, supervisor, date(2017, 11, 19)) == Standing.NO_FIGURE


def test_zero_is_a_figure_and_nothing_is_none(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    pk = report(milestone, liaison, rate(tracked, 0, 20))
    accept_submission(submission_id=pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    (view,) = metrics_of(edition_of(milestone), user=supervisor, until=TODAY)

    assert (view.standing, view.gap) == (Standing.NOT_MET, Decimal(90))


def test_rates_of_several_units_are_added_part_and_whole(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    town = member(_unit(milestone), Role.LIAISON)
    other = MilestoneFactory.create(
        department=town.memberships.get().department,
        assignment__measure=milestone.assignment.measure,
    )
    for row, by, part in ((milestone, liaison, 10), (other, town, 20)):
        pk = report(row, by, rate(tracked, part, 20))
        accept_submission(submission_id=pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    (view,) = metrics_of(edition_of(milestone), user=supervisor, until=TODAY)
    (own,) = metrics_of(edition_of(milestone), user=town, until=TODAY)

    assert view.newest is not None
    assert own.newest is not None
    assert view.newest.value == Decimal(75)
    assert own.newest.value == Decimal(100)


def _unit(milestone: Milestone) -> Department:
    return Department.objects.create(
        district=milestone.department.district, name="某镇", kind="township"
    )


def test_that_nothing_occurred_is_declared_not_left_empty(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    Metric.objects.update(operator="none_occur", value=None)
    pk = report(milestone, liaison, NewReading(tracked.pk, 2017, none_occurred=True))
    assert standing(milestone, supervisor) == Standing.NO_FIGURE

    accept_submission(submission_id=pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    assert standing(milestone, supervisor) == Standing.MET


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"numerator": Decimal(1)}, "half_a_rate"),
        ({"numerator": Decimal(1), "denominator": Decimal(0)}, "bad_rate"),
        ({}, "no_value"),
        ({"value": Decimal(1), "none_occurred": True}, "no_value"),
    ],
)
def test_a_figure_that_says_no_one_thing_is_refused(
    milestone: Milestone,
    tracked: TrackedMetric,
    liaison: User,
    figures: dict[str, Any],
    code: str,
) -> None:
    with pytest.raises(InvalidError) as refused:
        report(milestone, liaison, NewReading(tracked.pk, 2017, **figures))

    assert refused.value.code == code


def test_a_measure_that_does_not_feed_a_metric_cannot_report_it(
    bureau: Department, tracked: TrackedMetric, liaison: User
) -> None:
    elsewhere = MilestoneFactory.create(department=bureau)

    with pytest.raises(InvalidError):
        report(elsewhere, liaison, rate(tracked, 1, 2))


def test_a_returned_report_takes_its_figures_into_the_next(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    pk = report(milestone, liaison, rate(tracked, 1, 2))
    return_submission(
        submission_id=pk, note="缺文号", redo_by=TODAY, by=supervisor, at=NOON, today=TODAY
    )

    draft = save_draft(milestone_id=milestone.pk, report=Report(), by=liaison, at=NOON)

    assert draft.readings.get().value == Decimal(50)


def test_only_the_coordinator_confirms(
    milestone: Milestone, metric: Metric, liaison: User, supervisor: User
) -> None:
    for person in (liaison, supervisor):
        with pytest.raises(ForbiddenError):
            confirm_metrics(
                edition_id=edition_of(milestone).pk,
                choices={metric.pk: MetricChoice(frozenset())},
                by=person,
                at=NOON,
            )


def test_the_measure_with_words_in_common_is_proposed(milestone: Milestone, metric: Metric) -> None:
    fitting = milestone.assignment.measure
    fitting.text = "公布权责清单，公布率逐年提高。"
    other = MilestoneFactory.create().assignment.measure
    other.text = "加强环境保护。"

    assert proposed_measures(metric, [other, fitting]) == [fitting]


def test_the_form_keeps_a_figure_and_remarks_on_one_above_a_hundred(
    page: Client, milestone: Milestone, tracked: TrackedMetric
) -> None:
    name = f"reading-{tracked.pk}"
    answer = page.post(
        url(milestone),
        typed(readings="1")
        | {f"{name}-year": "2017", f"{name}-numerator": "21", f"{name}-denominator": "20"},
        follow=True,
    )

    assert Reading.objects.get().value == Decimal(105)
    assert "2017年“权责清单公布率”的完成率为105%，超过100%" in answer.content.decode()
    assert 'value="21"' in answer.content.decode()


def test_a_mistyped_figure_stays_on_the_page_and_the_words_are_kept(
    page: Client, milestone: Milestone, tracked: TrackedMetric
) -> None:
    name = f"reading-{tracked.pk}"
    answer = page.post(
        url(milestone),
        typed(readings="1") | {f"{name}-year": "2017", f"{name}-numerator": "二十"},
    )

    assert answer.status_code == 400
    assert "二十" in answer.content.decode()
    assert milestone.submissions.get().narrative == "清单正在征求意见"


def test_pages_of_metrics_ask_the_same_number_of_questions_at_any_length(
    client: Client, milestone: Milestone, tracked: TrackedMetric, coordinator: User
) -> None:
    client.force_login(coordinator)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/metrics/").status_code == 200
        return len(asked)

    few = questions()
    for number in range(6):
        metric_of(milestone, f"指标{number}")

    assert questions() == few


def test_the_coordinator_confirms_a_part_on_its_page(
    client: Client, milestone: Milestone, metric: Metric, coordinator: User
) -> None:
    client.force_login(coordinator)
    address = f"/editions/{edition_of(milestone).pk}/metrics/"
    assert "公布率" in client.get(address).content.decode()

    answer = client.post(
        address,
        {f"metric-{metric.pk}-measures": [str(milestone.assignment.measure_id)]},
        follow=True,
    )

    assert "已确认" in answer.content.decode()
    assert TrackedMetric.objects.get().feeds.count() == 1


def test_the_page_of_a_metric_draws_its_line_and_is_closed_to_strangers(
    client: Client,
    milestone: Milestone,
    metric: Metric,
    tracked: TrackedMetric,
    liaison: User,
    supervisor: User,
    outsider: User,
) -> None:
    pk = report(milestone, liaison, rate(tracked, 9, 20, 2016), rate(tracked, 12, 20))
    accept_submission(submission_id=pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    client.force_login(supervisor)
    shown = client.get(f"/metrics/{metric.pk}/").content.decode()
    client.force_login(outsider)

    assert "<polyline" in shown
    assert "2016年45%，2017年60%" in shown
    assert client.get(f"/metrics/{metric.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/metrics/", "/metrics/1/", "/metrics.xlsx"])
def test_strangers_are_led_to_the_sign_in_page(db: None, client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")

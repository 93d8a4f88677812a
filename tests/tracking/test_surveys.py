"""Surveys of satisfaction: the owner's result and file go into a report, and count with it."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, User
from plans.models import Metric
from tests.conftest import NOON, TODAY
from tests.tracking.test_metrics import edition_of, metric_of
from tracking.choices import Decision
from tracking.models import Milestone, Reading, Submission, TrackedMetric
from tracking.selectors.metrics import Standing, metrics_of
from tracking.selectors.surveys import surveys_to_make
from tracking.usecases import (
    MetricChoice,
    NewReading,
    Report,
    SurveyResult,
    accept_submission,
    confirm_metrics,
    record_survey,
    save_draft,
    submit,
)

pytestmark = pytest.mark.usefixtures("demonstration_day")

NAME = "公众满意度"
RESULT = SurveyResult(Decimal("92.5"), 500, date(2017, 11, 10), "某调查队")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def metric(milestone: Milestone) -> Metric:
    return metric_of(milestone, NAME)


@pytest.fixture
def tracked(
    milestone: Milestone, metric: Metric, bureau: Department, coordinator: User
) -> TrackedMetric:
    choice = MetricChoice(frozenset({milestone.assignment.measure_id}), owner=bureau.pk)
    confirm_metrics(
        edition_id=edition_of(milestone).pk, choices={metric.pk: choice}, by=coordinator, at=NOON
    )
    return TrackedMetric.objects.get()


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("测评报告.pdf", b"%PDF-1.4 survey", "application/pdf")


def record(tracked: TrackedMetric, by: User, result: SurveyResult = RESULT) -> Submission:
    return record_survey(
        metric_id=tracked.pk, name=NAME, result=result, upload=scan(), by=by, at=NOON, today=TODAY
    )


def send(draft: Submission, by: User) -> None:
    submit(submission_id=draft.pk, signed_by="李", signed_on=TODAY, by=by, at=NOON, today=TODAY)


def standing(milestone: Milestone, by: User) -> Standing:
    return metrics_of(edition_of(milestone), user=by, until=TODAY)[0].standing


def test_a_survey_counts_when_the_report_that_carries_it_is_accepted(
    milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    draft = record(tracked, liaison)
    assert draft.milestone == milestone
    assert draft.narrative == (
        "2017年公众满意度测评结果为92.5%，有效样本500份，某调查队于2017年11月10日测评。"
    )
    file = draft.evidence.get().file
    assert file is not None
    assert (file.name, file.department) == ("测评报告.pdf", milestone.department)

    send(draft, liaison)
    assert standing(milestone, supervisor) == Standing.NO_FIGURE
    accept_submission(submission_id=draft.pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    assert standing(milestone, supervisor) == Standing.MET


def test_a_survey_leaves_what_was_written_and_stays_when_more_is_written(
    milestone: Milestone, tracked: TrackedMetric, liaison: User
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(narrative="正文"), by=liaison, at=NOON)
    record(tracked, liaison)
    again = SurveyResult(Decimal(93), 600, date(2017, 11, 15), "某调查队")
    record(tracked, liaison, again)

    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(narrative="改过的正文"),
        readings=[],
        by=liaison,
        at=NOON,
    )

    assert draft.readings.get().value == Decimal(93)
    assert draft.narrative == "改过的正文"
    with pytest.raises(InvalidError, match="已登记测评结果"):
        save_draft(
            milestone_id=milestone.pk,
            report=Report(),
            readings=[NewReading(tracked.pk, 2017, value=Decimal(99))],
            by=liaison,
            at=NOON,
        )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": Decimal(101)}, "bad_value"),
        ({"sample_size": 0}, "no_sample"),
        ({"surveyed_by": " "}, "no_surveyor"),
        ({"surveyed_on": date(2017, 11, 21)}, "surveyed_in_the_future"),
        ({"surveyed_by": "机密★"}, "marked_secret"),
    ],
)
def test_a_survey_that_says_nothing_is_refused(
    tracked: TrackedMetric, liaison: User, changed: dict[str, Any], code: str
) -> None:
    values = {name: getattr(RESULT, name) for name in SurveyResult.__slots__} | changed

    with pytest.raises(InvalidError) as refused:
        record(tracked, liaison, SurveyResult(**values))

    assert refused.value.code == code
    assert not Submission.objects.exists()


def test_only_the_owner_records_a_survey(
    tracked: TrackedMetric, coordinator: User, supervisor: User, outsider: User
) -> None:
    for person in (coordinator, supervisor, outsider):
        with pytest.raises(ForbiddenError):
            record(tracked, person)


def test_a_survey_waits_while_the_report_is_with_others(
    tracked: TrackedMetric, liaison: User
) -> None:
    send(record(tracked, liaison), liaison)

    with pytest.raises(ConflictError, match="正在审签或审核"):
        record(tracked, liaison)


def test_an_owner_without_a_measure_is_told_what_to_do(
    milestone: Milestone, tracked: TrackedMetric, liaison: User
) -> None:
    tracked.feeds.all().delete()

    with pytest.raises(ConflictError, match="指标责任确认"):
        record(tracked, liaison)


@pytest.fixture
def desk(client: Client, liaison: User) -> Client:
    client.force_login(liaison)
    return client


def test_the_owner_finds_its_surveys_among_what_it_has_to_do(
    desk: Client, metric: Metric, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    TrackedMetric.objects.update(survey_on=date(2017, 11, 30))
    before = desk.get("/my-work/").content.decode()
    record(tracked, liaison)
    after = desk.get("/my-work/").content.decode()

    assert "2017年11月30日测评，今年尚未登记" in before
    assert f'href="/metrics/{metric.pk}/survey/"' in before
    assert "今年已登记" in after
    assert surveys_to_make(supervisor, today=TODAY) == []


def test_the_page_keeps_what_was_typed_until_all_is_there(
    desk: Client, metric: Metric, tracked: TrackedMetric
) -> None:
    address = f"/metrics/{metric.pk}/survey/"
    assert address in desk.get(f"/metrics/{metric.pk}/").content.decode()

    refused = desk.post(address, {"value": "92.5", "file": scan()})
    typed = {"value": "92.5", "sample_size": "500", "surveyed_on": "2017-11-10"}
    kept = desk.post(address, typed | {"surveyed_by": "某调查队", "file": scan()}, follow=True)

    assert refused.status_code == 400
    assert 'value="92.5"' in refused.content.decode()
    assert "请填写测评单位，或上传填好的测评登记表。" in refused.content.decode()
    assert "核对后报送，审核通过后计入指标" in kept.content.decode()
    assert Reading.objects.get().sample_size == 500


def test_a_filled_in_sheet_says_all_of_it(
    desk: Client, metric: Metric, tracked: TrackedMetric
) -> None:
    answer = desk.get(f"/metrics/{metric.pk}/survey/blank.xlsx")
    book = load_workbook(BytesIO(answer.content))
    page = book.active
    assert page is not None
    said = {"满意度（%）": "91", "有效样本（份）": "300", "测评日期": "2017年11月1日"}
    said["测评单位"] = "某调查队"
    for number in range(5, 9):
        page.cell(number, 2).value = said[str(page.cell(number, 1).value)]
    out = BytesIO()
    book.save(out)

    upload = SimpleUploadedFile("登记表.xlsx", out.getvalue(), XLSX)
    desk.post(f"/metrics/{metric.pk}/survey/", {"file": upload})

    row = Reading.objects.get()
    assert (row.value, row.sample_size) == (Decimal(91), 300)
    assert (row.surveyed_on, row.surveyed_by) == (date(2017, 11, 1), "某调查队")


def test_the_reviewer_reads_the_figures_beside_the_report(
    client: Client, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    draft = record(tracked, liaison)
    send(draft, liaison)
    client.force_login(supervisor)

    shown = client.get(f"/submissions/{draft.pk}/review/").content.decode()

    assert f"{NAME}：2017年92.5" in shown
    assert "某调查队2017年11月10日测评，有效样本500份" in shown


def test_all_metrics_stand_in_a_workbook_without_formulas(
    client: Client, milestone: Milestone, tracked: TrackedMetric, liaison: User, supervisor: User
) -> None:
    draft = record(tracked, liaison)
    send(draft, liaison)
    accept_submission(submission_id=draft.pk, decision=Decision.NOTED, by=supervisor, at=NOON)
    metric_of(milestone, "=1+1率")
    client.force_login(supervisor)

    page = load_workbook(BytesIO(client.get("/metrics.xlsx").content)).active
    before = load_workbook(BytesIO(client.get("/metrics.xlsx?as_of=2017-11-19").content)).active

    assert page is not None
    assert before is not None
    rows = [
        [str(cell or "") for cell in row] for row in page.iter_rows(min_row=4, values_only=True)
    ]
    assert rows[0][1:7] == [NAME, "不低于90%", "已达到", "", "2017年", "92.5"]
    assert rows[1][3] == "尚无数据"
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert "方案目标值2个，有审核通过数据的1个，其中已达到1个（占有数据的100.0%）" in str(
        page["A2"].value
    )
    assert before["D4"].value == "尚无数据"

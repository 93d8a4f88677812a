"""满意度测评: the result of a survey, put into the owner's report and reviewed with it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError
from accounts.files import Upload
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import IN_HANDS, SubmissionStatus, WorkStatus
from tracking.models import Milestone, Reading, Submission, TrackedMetric
from tracking.usecases.submissions import (
    NewEvidence,
    Report,
    add_evidence,
    keep_draft,
    refuse_secrets,
    said,
)

MOST = Decimal(100)


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What a survey found: the content in percent, of how many people, when, and who asked."""

    value: Decimal
    sample_size: int
    surveyed_on: date
    surveyed_by: str


@usecase
def record_survey(
    *,
    metric_id: int,
    name: str,
    result: SurveyResult,
    upload: Upload,
    by: User,
    at: datetime,
    today: date,
) -> Submission:
    """Put the result of a survey, with its file, into the draft of the owner's next report on a
    measure that feeds the metric; it counts when that report is accepted.

    A second result of the year takes the place of the first while that is a draft. ``name`` is what
    the text calls the metric.
    """
    metric = lock(TrackedMetric, metric_id)
    authorize(by, "tracking.record_survey", metric)
    _refuse_unfit(result, today)
    milestone = _milestone(metric)
    draft = milestone.submissions.filter(status=SubmissionStatus.DRAFT).first()
    year = result.surveyed_on.year
    report = (
        said(draft) if draft else Report(WorkStatus.IN_PROGRESS, narrative=_words(name, result))
    )
    draft = keep_draft(milestone, report, by=by, at=at)
    Reading.objects.update_or_create(
        submission=draft,
        metric=metric,
        year=year,
        defaults={
            "value": result.value,
            "numerator": None,
            "denominator": None,
            "none_occurred": False,
            "sample_size": result.sample_size,
            "surveyed_on": result.surveyed_on,
            "surveyed_by": result.surveyed_by.strip(),
        },
    )
    document = NewEvidence(f"{year}年{name}测评结果"[:200], "", result.surveyed_on, upload=upload)
    add_evidence(draft, document, by=by, at=at)
    return draft


def _refuse_unfit(result: SurveyResult, today: date) -> None:
    if result.surveyed_on > today:
        raise InvalidError("测评日期不能晚于今天。", code="surveyed_in_the_future")
    if not 0 <= result.value <= MOST:
        raise InvalidError("满意度按百分数填写，在0到100之间。", code="bad_value")
    if result.sample_size <= 0:
        raise InvalidError("请填写样本量（有效问卷份数）。", code="no_sample")
    if not result.surveyed_by.strip():
        raise InvalidError("请填写由谁测评。", code="no_surveyor")
    refuse_secrets(result.surveyed_by)


def _milestone(metric: TrackedMetric) -> Milestone:
    """Return what the owner reports next on a measure that feeds the metric."""
    owed = Milestone.objects.open().filter(
        plan=metric.plan_id,
        department=metric.owner_id,
        assignment__measure__lineage__in=metric.feeds.values("measure_lineage"),
    )
    refuse_unless(
        owed.exists(),
        "责任单位没有承办这项指标关联的措施，结果没有地方反馈。"
        "请方案管理员在“指标责任确认”里把责任单位填报的措施关联到这项指标。",
    )
    free = owed.exclude(submissions__status__in=IN_HANDS).order_by("due_on", "id").first()
    if free is None:
        raise ConflictError("这项指标的反馈正在审签或审核，请先收回，或等审核后再登记。")
    return lock(Milestone, free.pk)


def _words(name: str, result: SurveyResult) -> str:
    day, value = result.surveyed_on, f"{result.value:f}"
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return (
        f"{day.year}年{name}测评结果为{value}%，有效样本{result.sample_size}份，"
        f"{result.surveyed_by.strip()}于{day.year}年{day.month}月{day.day}日测评。"
    )

"""What is measured: which measures feed a metric, and the values that units report."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from accounts.models import Department, User
from plans.models import Plan
from tracking.models.reports import Submission
from tracking.querysets import ReportedQuerySet


class TrackedMetric(models.Model):
    """A metric of a plan as it is followed through all editions: who owns it and when its survey
    is due. A person has confirmed which measures feed it."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="tracked_metrics", verbose_name="实施方案"
    )
    lineage = models.UUIDField("谱系")
    owner = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="责任单位"
    )
    survey_on = models.DateField("测评日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "指标责任"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["plan", "lineage"], name="tracking_trackedmetric_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.lineage}"


class MetricFeed(models.Model):
    """A measure, in whatever edition, whose reports carry figures of a metric."""

    metric = models.ForeignKey(
        TrackedMetric, models.CASCADE, related_name="feeds", verbose_name="指标"
    )
    measure_lineage = models.UUIDField("措施谱系", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标来源"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["metric", "measure_lineage"], name="tracking_metricfeed_once")
        ]

    def __str__(self) -> str:
        return f"{self.metric} ← {self.measure_lineage}"


class Reading(models.Model):
    """完成值 of a metric for a year, entered with a report; counts while that is accepted.

    Empty is not zero: a row says something. 没有发生 is a declaration of its own. The result of a
    survey says of whom it was asked, when and by whom; its file is evidence of the report.
    """

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="readings", verbose_name="进展反馈"
    )
    metric = models.ForeignKey(
        TrackedMetric, models.PROTECT, related_name="readings", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年度")
    numerator = models.DecimalField("分子", max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=16, decimal_places=4, null=True, blank=True
    )
    value = models.DecimalField("完成值", max_digits=16, decimal_places=4, null=True, blank=True)
    none_occurred = models.BooleanField("没有发生", default=False)
    sample_size = models.PositiveIntegerField("样本量", null=True, blank=True)
    surveyed_on = models.DateField("测评日期", null=True, blank=True)
    surveyed_by = models.CharField("测评单位", max_length=60, blank=True)

    objects = ReportedQuerySet["Reading"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标完成值"
        ordering = ["year", "id"]
        constraints = [
            UniqueConstraint(fields=["submission", "metric", "year"], name="tracking_reading_once"),
            CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__gte=0, denominator__gt=0),
                name="tracking_reading_rate",
            ),
            CheckConstraint(
                condition=Q(none_occurred=True, value=None, numerator=None)
                | Q(none_occurred=False, value__isnull=False),
                name="tracking_reading_says_one_thing",
            ),
            CheckConstraint(
                condition=Q(sample_size=None, surveyed_on=None, surveyed_by="")
                | (Q(sample_size__gt=0, surveyed_on__isnull=False) & ~Q(surveyed_by="")),
                name="tracking_reading_survey_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.year}年 {'没有发生' if self.none_occurred else self.value}"

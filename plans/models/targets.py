"""What is to be reached: indicators at the end of parts, and the figures in them."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from plans.models.editions import Part, Spanned
from plans.models.measures import Measure
from plans.querysets import ReadQuerySet


class Indicator(Spanned):
    """A sentence of the 效果指标 at the end of a part."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="indicators", verbose_name="部分")
    ordinal = models.PositiveSmallIntegerField("次序")
    number = models.CharField("编号", max_length=20)
    text = models.TextField("原文")

    objects = ReadQuerySet["Indicator"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "效果指标"
        ordering = ["part_id", "ordinal"]
        constraints = [UniqueConstraint(fields=["part", "ordinal"], name="plans_indicator_ordinal")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Metric(Spanned):
    """A target read from an indicator or from a measure: exactly one of the two."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, related_name="metrics", verbose_name="效果指标"
    )
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, related_name="metrics", verbose_name="措施"
    )
    lineage = models.UUIDField("谱系", default=uuid.uuid4)
    ordinal = models.PositiveSmallIntegerField("次序")
    name = models.TextField("名称")
    operator = models.CharField("关系", max_length=12)
    value = models.DecimalField("目标值", max_digits=16, decimal_places=4, null=True, blank=True)
    high = models.DecimalField("上限", max_digits=16, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    baseline = models.TextField("基准", blank=True)
    change = models.CharField("方向", max_length=4, blank=True)

    objects = ReadQuerySet["Metric"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标值"
        ordering = ["indicator_id", "measure_id", "ordinal"]
        constraints = [
            CheckConstraint(
                condition=Q(indicator__isnull=True) ^ Q(measure__isnull=True),
                name="plans_metric_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.value or ''}{self.unit}"

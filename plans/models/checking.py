"""What the checking of an edition goes through: its passages, doubts and corrections."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import User
from plans.choices import PassageKind, Severity
from plans.models.editions import Edition, Part, Spanned
from plans.models.measures import Measure
from plans.models.targets import Indicator
from plans.querysets import CorrectionQuerySet, DoubtQuerySet


class Passage(Spanned):
    """A stretch of the text and what it belongs to; together they are the whole text, once."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="passages", verbose_name="文本"
    )
    ordinal = models.PositiveIntegerField("次序")
    kind = models.CharField("类别", max_length=12, choices=PassageKind)
    level = models.PositiveSmallIntegerField("层级", default=0)
    part = models.ForeignKey(Part, models.CASCADE, null=True, verbose_name="部分")
    measure = models.ForeignKey(Measure, models.CASCADE, null=True, verbose_name="措施")
    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, verbose_name="效果指标")

    class Meta:
        verbose_name = verbose_name_plural = "段落"
        ordering = ["edition_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["edition", "ordinal"], name="plans_passage_ordinal"),
            CheckConstraint(condition=Q(kind__in=PassageKind.values), name="plans_passage_kind"),
            CheckConstraint(condition=Q(start__lte=F("end")), name="plans_passage_span"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}–{self.end}"


class Doubt(Spanned):
    """What the parser was unsure of, or (a note) what it repaired while reading."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="doubts", verbose_name="文本")
    ordinal = models.PositiveIntegerField("次序")
    measure = models.ForeignKey(Measure, models.CASCADE, null=True, verbose_name="措施")
    part = models.ForeignKey(Part, models.CASCADE, null=True, verbose_name="部分")
    code = models.CharField("代码", max_length=40)
    severity = models.CharField("程度", max_length=8, choices=Severity)
    message = models.TextField("说明")
    suggestion = models.TextField("建议", blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="处理人"
    )
    answer = models.TextField("处理结果", blank=True)

    objects = DoubtQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待核实"
        ordering = ["edition_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["edition", "ordinal"], name="plans_doubt_ordinal"),
            CheckConstraint(condition=Q(severity__in=Severity.values), name="plans_doubt_severity"),
            CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_by__isnull=False),
                name="plans_doubt_settled_by",
            ),
        ]

    def __str__(self) -> str:
        return self.message


class Correction(models.Model):
    """What a person changed in the reading of a measure, or of two where text went over.

    One that follows from the answer to a doubt is undone with that answer.
    """

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="corrections", verbose_name="措施"
    )
    other = models.ForeignKey(Measure, models.SET_NULL, null=True, related_name="+")
    field = models.CharField("字段", max_length=40)
    before = models.JSONField("更正前")
    after = models.JSONField("更正后")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="更正人")
    at = models.DateTimeField("更正时间")
    doubt = models.ForeignKey(
        Doubt, models.CASCADE, null=True, related_name="corrections", verbose_name="待核实"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.field}"

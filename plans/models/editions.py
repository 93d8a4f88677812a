"""A plan, its editions with their text, and the parts of these."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import District, StoredFile, User
from plans.choices import EditionStatus, Stage
from plans.querysets import EditionQuerySet, PlanQuerySet, ReadQuerySet

SOON_DAYS = 30


class Spanned(models.Model):
    """A stretch [start, end) of the edition's text, in Unicode characters."""

    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")

    class Meta:
        abstract = True


class Plan(models.Model):
    """The undertaking that is tracked; ``code`` is the number of the document by which it was first
    handed out."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    code = models.CharField("编码", max_length=60, blank=True, editable=False)
    title = models.CharField("名称", max_length=200)
    soon_days = models.PositiveSmallIntegerField("即将到期（工作日）", default=SOON_DAYS)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "实施方案"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One document of a plan with its file and its full text."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="editions", verbose_name="实施方案")
    number = models.PositiveSmallIntegerField("文本序号", default=1)
    former = models.ForeignKey("self", models.PROTECT, null=True, verbose_name="前一文本")
    status = models.CharField("状态", max_length=8, choices=EditionStatus, default="draft")
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="原件")
    text = models.TextField("全文")
    places = models.JSONField("出处", default=list, blank=True)
    title = models.TextField("标题")
    stage = models.CharField("文稿", max_length=8, choices=Stage, blank=True)
    issuer = models.CharField("发文机关", max_length=100, blank=True)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    period_start = models.PositiveSmallIntegerField("起始年", null=True, blank=True)
    period_end = models.PositiveSmallIntegerField("终止年", null=True, blank=True)
    imported_by = models.ForeignKey(User, models.PROTECT, verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间")
    dispatched_at = models.DateTimeField("交办时间", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文本"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["plan", "number"], name="plans_edition_number"),
            CheckConstraint(
                condition=Q(status__in=EditionStatus.values), name="plans_edition_status"
            ),
            UniqueConstraint(
                fields=["plan"], condition=Q(status="issued"), name="plans_edition_in_force"
            ),
            CheckConstraint(
                condition=~Q(status=EditionStatus.ISSUED)
                | (~Q(document_number="") & Q(issued_on__isnull=False)),
                name="plans_edition_issued_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Part(Spanned):
    """The heading that directly holds measures; printed numbers repeat, the ordinal is the key."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="parts", verbose_name="文本")
    ordinal = models.PositiveSmallIntegerField("次序")
    number = models.CharField("编号", max_length=20)
    title = models.TextField("标题")
    goal = models.TextField("目标", blank=True)

    objects = ReadQuerySet["Part"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部分"
        ordering = ["edition_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["edition", "ordinal"], name="plans_part_ordinal"),
            CheckConstraint(condition=Q(start__lte=F("end")), name="plans_part_span"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"

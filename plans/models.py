"""The plan as written: every row keeps the span of characters it was read from."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Department, District, Group, StoredFile, User
from plans.choices import (
    DeadlineKind,
    EditionStatus,
    Frequency,
    NameSort,
    PassageKind,
    ResponsibilityRole,
    Severity,
    Stage,
)
from plans.import_jobs import ImportJob as ImportJob
from plans.querysets import (
    CorrectionQuerySet,
    DoubtQuerySet,
    EditionQuerySet,
    MeasureQuerySet,
    PlanQuerySet,
)

SOON_DAYS = 30


class Spanned(models.Model):
    """A stretch [start, end) of the edition's text, in Unicode characters."""

    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")

    class Meta:
        abstract = True


class Plan(models.Model):
    """The undertaking that is tracked."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
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

    class Meta:
        verbose_name = verbose_name_plural = "部分"
        ordering = ["edition_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["edition", "ordinal"], name="plans_part_ordinal"),
            CheckConstraint(condition=Q(start__lte=F("end")), name="plans_part_span"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class Measure(Spanned):
    """A numbered thing to do; the leaf carries the responsibility."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="measures", verbose_name="文本"
    )
    part = models.ForeignKey(
        Part, models.CASCADE, null=True, related_name="measures", verbose_name="部分"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="children", verbose_name="上级措施"
    )
    lineage = models.UUIDField("谱系", default=uuid.uuid4)
    ordinal = models.PositiveSmallIntegerField("次序")
    path = models.CharField("编号路径", max_length=80)
    number = models.CharField("措施编号", max_length=20)
    sub_number = models.CharField("分项编号", max_length=20, blank=True)
    is_leaf = models.BooleanField("承担责任", default=True)
    title = models.TextField("标题")
    text = models.TextField("原文")
    bracket = models.TextField("责任表述", blank=True)
    set_aside = models.CharField("不是任务的理由", max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入"
    )
    checked_at = models.DateTimeField("核对时间", null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="核对人")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "具体措施"
        ordering = ["edition_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["edition", "path"], name="plans_measure_path"),
            UniqueConstraint(fields=["edition", "lineage"], name="plans_measure_lineage"),
            UniqueConstraint(fields=["edition", "ordinal"], name="plans_measure_ordinal"),
            CheckConstraint(condition=Q(start__lte=F("end")), name="plans_measure_span"),
            CheckConstraint(
                condition=Q(set_aside="", merged_into=None) | Q(is_leaf=False),
                name="plans_measure_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """The way the document prints it: 第1项（5）."""
        return f"第{self.number}项" + (f"（{self.sub_number}）" if self.sub_number else "")


class Responsibility(Spanned):
    """A name in the bracket of a measure; unknown until the register has it."""

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="responsibilities", verbose_name="措施"
    )
    ordinal = models.PositiveSmallIntegerField("次序")
    name = models.TextField("原文名称")
    canonical = models.TextField("规范名称")
    role = models.CharField("分工", max_length=8, choices=ResponsibilityRole)
    sort = models.CharField("性质", max_length=12, choices=NameSort)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="责任单位"
    )
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, verbose_name="统称")
    is_inherited = models.BooleanField("承前", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ["measure_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["measure", "ordinal"], name="plans_responsibility_ordinal"),
            UniqueConstraint(fields=["measure", "department"], name="plans_responsibility_once"),
            CheckConstraint(
                condition=Q(role__in=ResponsibilityRole.values), name="plans_responsibility_role"
            ),
            CheckConstraint(
                condition=Q(sort__in=NameSort.values), name="plans_responsibility_sort"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_role_display()}）"


class Deadline(Spanned):
    """What the text says about a last day, and the clause it binds."""

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="deadlines", verbose_name="措施"
    )
    ordinal = models.PositiveSmallIntegerField("次序")
    text = models.TextField("原文")
    kind = models.CharField("类别", max_length=8, choices=DeadlineKind)
    due_on = models.DateField("完成时限", null=True, blank=True)
    precision = models.CharField("精度", max_length=12, blank=True)
    what = models.TextField("所约束的内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "完成时限"
        ordering = ["measure_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["measure", "ordinal"], name="plans_deadline_ordinal"),
            CheckConstraint(condition=Q(kind__in=DeadlineKind.values), name="plans_deadline_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.what}"


class Recurrence(Spanned):
    """A duty that comes again."""

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="recurrences", verbose_name="措施"
    )
    ordinal = models.PositiveSmallIntegerField("次序")
    text = models.TextField("原文")
    frequency = models.CharField("周期", max_length=12, choices=Frequency)
    times = models.PositiveSmallIntegerField("次数", null=True, blank=True)
    due_in_period = models.CharField("期内时限", max_length=20, blank=True)
    what = models.TextField("所约束的内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "周期要求"
        ordering = ["measure_id", "ordinal"]
        constraints = [
            UniqueConstraint(fields=["measure", "ordinal"], name="plans_recurrence_ordinal"),
            CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="plans_recurrence_frequency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.what}"


class Indicator(Spanned):
    """A sentence of the 效果指标 at the end of a part."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="indicators", verbose_name="部分")
    ordinal = models.PositiveSmallIntegerField("次序")
    number = models.CharField("编号", max_length=20)
    text = models.TextField("原文")

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

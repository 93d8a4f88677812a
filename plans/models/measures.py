"""What is to be done, by whom and when."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Department, Group, User
from plans.choices import DeadlineKind, Frequency, NameSort, ResponsibilityRole
from plans.models.editions import Edition, Part, Spanned
from plans.querysets import MeasureQuerySet


def reference_of(number: str, sub_number: str) -> str:
    """Return a measure's numbers as the document prints them: 第1项（5）."""
    return f"第{number}项" + (f"（{sub_number}）" if sub_number else "")


class Measure(Spanned):
    """A numbered thing to do; the leaf carries the responsibility.

    ``code`` is the number under which it was first handed out; later editions keep it.
    """

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
    code = models.CharField("编码", max_length=90, blank=True, editable=False)
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
            UniqueConstraint(
                fields=["edition", "code"], condition=~Q(code=""), name="plans_measure_code"
            ),
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
        return reference_of(self.number, self.sub_number)


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

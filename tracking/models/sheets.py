"""The days of a year, and the sheet a department answers it with."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.timezone import localdate

from accounts.models import Department
from plans.models import Plan
from tracking.querysets import SheetQuerySet


class ReportingYear(models.Model):
    """年度日程: when the yearly sheet is open, and the days of the reports written from it."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="reporting_years", verbose_name="实施方案"
    )
    year = models.PositiveSmallIntegerField("年度")
    opens_on = models.DateField("集中填报开始")
    closes_on = models.DateField("集中填报截止")
    reports_on = models.DateField("部门年度报告")
    draft_on = models.DateField("年度报告初稿")
    sent_on = models.DateField("报区委、区人大常委会")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "年度日程"
        ordering = ["plan_id", "year"]
        constraints = [
            UniqueConstraint(fields=["plan", "year"], name="tracking_reportingyear_once"),
            CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on"))
                & Q(closes_on__lt=F("reports_on"))
                & Q(reports_on__lt=F("draft_on"))
                & Q(draft_on__lt=F("sent_on")),
                name="tracking_reportingyear_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.year}年度"


class Sheet(models.Model):
    """集中填报表: what a department owes once a year, a milestone a row, signed and sent once."""

    year = models.ForeignKey(
        ReportingYear, models.PROTECT, related_name="sheets", verbose_name="年度"
    )
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="填报单位")
    signed_by = models.CharField("审签人", max_length=40, blank=True)
    signed_on = models.DateField("审签日期", null=True, blank=True)
    submitted_at = models.DateTimeField("首次报送时间", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "集中填报表"
        ordering = ["year_id", "department_id"]
        constraints = [UniqueConstraint(fields=["year", "department"], name="tracking_sheet_once")]

    def __str__(self) -> str:
        return f"{self.department} {self.year.year}年度集中填报表"

    @property
    def is_late(self) -> bool:
        """Whether it was first sent after its last day; needs the year."""
        return bool(self.submitted_at and localdate(self.submitted_at) > self.year.closes_on)

"""The work on a plan, from the paper that hands it out to the review of the last report."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.timezone import localdate

from accounts.models import Department, StoredFile, User
from plans.choices import ResponsibilityRole
from plans.models import Deadline, Edition, Measure, Plan, Recurrence, Spanned
from tracking.choices import (
    AssignmentStatus,
    Decision,
    MilestoneKind,
    MilestoneStatus,
    SubmissionStatus,
    WorkStatus,
)
from tracking.querysets import (
    AssignmentQuerySet,
    DispatchQuerySet,
    MilestoneQuerySet,
    SheetQuerySet,
    SubmissionQuerySet,
)
from tracking.transitions import open_steps


class Dispatch(models.Model):
    """What one department receives at one issue of an edition; acknowledged once. A unit that
    takes over from another receives a further one, with the next serial."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="dispatches", verbose_name="文本"
    )
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="承办单位")
    issued_on = models.DateField("交办日期")
    number = models.CharField("编号", max_length=60, blank=True)
    serial = models.PositiveSmallIntegerField("次序", default=1)
    taken_over_from = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承接自"
    )
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="签收人"
    )

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交办单"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(
                fields=["edition", "department", "serial"], name="tracking_dispatch_serial"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.issued_on}"

    @property
    def title(self) -> str:
        """任务交办单, or what a later text added to it; needs the edition's former one."""
        former = self.edition.former
        return "补充任务交办单" if former and former.dispatched_at else "任务交办单"


class Assignment(models.Model):
    """A leaf measure as one department has to carry it out."""

    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, related_name="assignments", verbose_name="交办单"
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="assignments", verbose_name="措施"
    )
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="承办单位")
    role = models.CharField("分工", max_length=8, choices=ResponsibilityRole)
    reports_through = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reporters",
        verbose_name="由其填报",
    )
    gathered_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gathered",
        verbose_name="由其汇总",
    )
    status = models.CharField(
        "状态", max_length=12, choices=AssignmentStatus, default=AssignmentStatus.IN_PROGRESS
    )
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    continued_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continues",
        verbose_name="并入",
    )
    version = models.PositiveIntegerField(default=1)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交办事项"
        ordering = ["measure_id", "id"]
        constraints = [
            UniqueConstraint(
                fields=["measure", "department"],
                condition=~Q(status__in=[AssignmentStatus.MERGED, AssignmentStatus.TERMINATED]),
                name="tracking_assignment_once_live",
            ),
            CheckConstraint(
                condition=Q(status__in=AssignmentStatus.values), name="tracking_assignment_status"
            ),
            CheckConstraint(
                condition=Q(role__in=ResponsibilityRole.values), name="tracking_assignment_role"
            ),
            CheckConstraint(
                condition=Q(reports_through=None) | Q(gathered_by=None),
                name="tracking_assignment_reports_or_is_gathered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.reference} {self.department}"


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


class Milestone(models.Model):
    """One dated thing that an assignment owes; copies plan and department for its lists.

    What stands on a sheet is reported and reminded of with the sheet. ``gathered_by`` is the
    milestone of the unit that sums a common duty up; such rows are not counted a second time.
    """

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="milestones", verbose_name="交办事项"
    )
    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name="实施方案")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="填报单位")
    kind = models.CharField(
        "类别", max_length=12, choices=MilestoneKind, default=MilestoneKind.DEADLINE
    )
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, null=True, blank=True, verbose_name="完成时限（原文）"
    )
    recurrence = models.ForeignKey(
        Recurrence, models.PROTECT, null=True, blank=True, verbose_name="周期要求（原文）"
    )
    period = models.CharField("期间", max_length=8, blank=True)
    sheet = models.ForeignKey(
        Sheet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name="集中填报表",
    )
    gathered_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gathered",
        verbose_name="由其汇总",
    )
    mark = models.CharField("序号", max_length=2, blank=True)
    what = models.TextField("内容")
    due_on = models.DateField("完成时限")
    original_due_on = models.DateField("原定时限")
    report_by = models.DateField("反馈截止日")
    status = models.CharField(
        "状态", max_length=12, choices=MilestoneStatus, default=MilestoneStatus.OPEN
    )
    completed_on = models.DateField("实际完成日期", null=True, blank=True)
    done_at = models.DateTimeField("认定时间", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "时间节点"
        ordering = ["due_on", "id"]
        constraints = [
            UniqueConstraint(fields=["assignment", "deadline"], name="tracking_milestone_once"),
            UniqueConstraint(
                fields=["assignment", "recurrence", "period"], name="tracking_milestone_occurs_once"
            ),
            UniqueConstraint(
                fields=["assignment", "period"],
                condition=Q(kind="cycle"),
                name="tracking_milestone_cycle_once",
            ),
            CheckConstraint(
                condition=Q(kind="deadline", deadline__isnull=False, recurrence=None, period="")
                | (Q(kind="occurrence", deadline=None, recurrence__isnull=False) & ~Q(period=""))
                | (Q(kind="cycle", deadline=None, recurrence=None) & ~Q(period="")),
                name="tracking_milestone_kind",
            ),
            CheckConstraint(
                condition=Q(status__in=MilestoneStatus.values), name="tracking_milestone_status"
            ),
            CheckConstraint(
                condition=~Q(status=MilestoneStatus.DONE) | Q(completed_on__isnull=False),
                name="tracking_milestone_done_on",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status="open"),
                name="tracking_milestone_open",
            ),
            models.Index(
                fields=["department", "due_on", "id"],
                condition=Q(status="open"),
                name="tracking_milestone_open_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}{self.mark} {self.due_on}"

    @property
    def reference(self) -> str:
        """The way the document prints it: 第26项②; needs the assignment's measure."""
        return f"{self.assignment.measure.reference}{self.mark}"

    @property
    def source(self) -> Spanned:
        """The words of the plan it was read from; the whole measure where none set a day."""
        return self.deadline or self.recurrence or self.assignment.measure

    @property
    def asks_for_times(self) -> bool:
        """Whether the plan asks how often it was done; needs the recurrence."""
        return bool(self.recurrence and self.recurrence.times)

    @property
    def is_extended(self) -> bool:
        """Whether the day was moved by an extension."""
        return self.due_on != self.original_due_on

    def days_overdue(self, on: date) -> int:
        """Count the calendar days from the due day to the day ``on``; 0 when not past."""
        return max((on - self.due_on).days, 0)


class Submission(models.Model):
    """The n-th report on a milestone; a returned one stays, the next starts as its copy."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="submissions", verbose_name="时间节点"
    )
    number = models.PositiveSmallIntegerField("次数")
    status = models.CharField(
        "状态", max_length=12, choices=SubmissionStatus, default=SubmissionStatus.DRAFT
    )
    work_status = models.CharField("办理状态", max_length=12, choices=WorkStatus, blank=True)
    completed_on = models.DateField("实际完成日期", null=True, blank=True)
    is_unchanged = models.BooleanField("无变化", default=False)
    narrative = models.TextField("进展情况", blank=True)
    times = models.PositiveSmallIntegerField("本年次数", null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, verbose_name="填报人")
    created_at = models.DateTimeField("建立时间")
    updated_at = models.DateTimeField("保存时间")
    signed_by = models.CharField("审签人", max_length=40, blank=True)
    signed_on = models.DateField("审签日期", null=True, blank=True)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展反馈"
        ordering = ["milestone_id", "-number"]
        constraints = [
            UniqueConstraint(fields=["milestone", "number"], name="tracking_submission_number"),
            UniqueConstraint(
                fields=["milestone"],
                condition=Q(status__in=["draft", "sign_off", "submitted"]),
                name="tracking_submission_one_open",
            ),
            CheckConstraint(
                condition=Q(status__in=SubmissionStatus.values), name="tracking_submission_status"
            ),
            CheckConstraint(
                condition=Q(work_status__in=["", *WorkStatus.values]),
                name="tracking_submission_work_status",
            ),
            CheckConstraint(
                condition=Q(status__in=["draft", "sign_off"]) | Q(submitted_at__isnull=False),
                name="tracking_submission_sent_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(status="submitted"),
                name="tracking_submission_queue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone} 第{self.number}次反馈"

    @property
    def open_steps(self) -> list[str]:
        """The steps the table allows now."""
        return open_steps(self)


class Evidence(models.Model):
    """A document that proves a report: its name and number, and the file where there is one."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="evidence", verbose_name="进展反馈"
    )
    name = models.CharField("文件名称", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    url = models.URLField("公开网址", blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="附件")

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """The decision on one submission."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="review", verbose_name="进展反馈"
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name="审核人")
    at = models.DateTimeField("审核时间")
    decision = models.CharField("结论", max_length=10, choices=Decision)
    note = models.TextField("理由", blank=True)
    redo_by = models.DateField("补正期限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审核"
        ordering = ["id"]
        constraints = [
            CheckConstraint(
                condition=Q(decision__in=Decision.values), name="tracking_review_decision"
            ),
            CheckConstraint(
                condition=~Q(decision=Decision.RETURNED) | (~Q(note="") & Q(redo_by__isnull=False)),
                name="tracking_review_return_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.get_decision_display()}"


class Extension(models.Model):
    """A day moved with a leader's consent; the milestone keeps its original day."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="extensions", verbose_name="时间节点"
    )
    asked_on = models.DateField("申请日期")
    reason = models.TextField("理由")
    old_due_on = models.DateField("原时限")
    new_due_on = models.DateField("延至")
    approved_by = models.CharField("批准领导", max_length=40)
    approved_on = models.DateField("批准日期")
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        ordering = ["id"]
        constraints = [
            CheckConstraint(
                condition=Q(new_due_on__gt=F("old_due_on")),
                name="tracking_extension_forward",
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone} → {self.new_due_on}"

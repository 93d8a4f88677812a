"""What is handed out to a department, and the dated things it owes for it."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from accounts.models import Department, User
from plans.choices import Frequency, ResponsibilityRole
from plans.models import Deadline, Edition, Measure, Plan, Recurrence, Spanned
from tracking.choices import AssignmentStatus, MilestoneKind, MilestoneStatus, PastChoice
from tracking.models.sheets import Sheet
from tracking.periods import MONTHS, which_of
from tracking.querysets import AssignmentQuerySet, DispatchQuerySet, MilestoneQuerySet


class Dispatch(models.Model):
    """What one department receives at one issue of an edition; acknowledged once. What is handed
    to it later, or taken over from another, comes with a further one, with the next serial."""

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
    is_standing = models.BooleanField("长期坚持", default=False)
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
        indexes = [
            models.Index(
                fields=["department", "reports_through"],
                condition=Q(reports_through__isnull=False),
                name="tracking_assignment_through",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.reference} {self.department}"


def last_day_of(due_on: date, report_by: date, past_choice: str) -> date:
    """Return the day after which a milestone with these is late."""
    return max(due_on, report_by) if past_choice == PastChoice.MAKE_UP else due_on


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
    past_choice = models.CharField("交办时已过时限的", max_length=8, choices=PastChoice, blank=True)
    past_chosen_at = models.DateTimeField("确定时间", null=True, blank=True)
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
            CheckConstraint(
                condition=Q(past_choice__in=["", *PastChoice.values]),
                name="tracking_milestone_past_choice",
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
            models.Index(
                fields=["report_by", "id"],
                condition=Q(status="open", past_choice="make_up"),
                name="tracking_milestone_made_up",
            ),
            models.Index(
                fields=["gathered_by"],
                condition=Q(gathered_by__isnull=False),
                name="tracking_milestone_gathered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}{self.which} {self.due_on}"

    @property
    def reference(self) -> str:
        """The way the document prints it: 第26项②, and of what recurs 第8项（2017年5月）; needs the
        assignment's measure."""
        return f"{self.assignment.measure.reference}{self.which}"

    @property
    def which(self) -> str:
        """Which of a measure's dated things it is."""
        return which_of(self.period, self.mark)

    @property
    def source(self) -> Spanned:
        """The words of the plan it was read from; the whole measure where none set a day."""
        return self.deadline or self.recurrence or self.assignment.measure

    @property
    def is_dated(self) -> bool:
        """Whether it has a day of its own: one of the plan, or that of a period that recurs."""
        recurs = self.kind == MilestoneKind.OCCURRENCE and self.sheet_id is None
        return recurs or self.kind == MilestoneKind.DEADLINE

    @property
    def times_asked(self) -> int:
        """How often a year the plan asks for it at least; 0 where it does not count, or asks for
        it period by period."""
        recurrence = self.recurrence
        if recurrence is None or not recurrence.times or self.is_dated:
            return 0
        return recurrence.times * 12 // MONTHS.get(Frequency(recurrence.frequency), 12)

    @property
    def is_extended(self) -> bool:
        """Whether the day was moved by an extension."""
        return self.due_on != self.original_due_on

    @property
    def last_day(self) -> date:
        """The day after which it is late: the due day, or the day by which what was due before the
        work was handed out is made up."""
        return last_day_of(self.due_on, self.report_by, self.past_choice)

    def days_overdue(self, on: date) -> int:
        """Count the calendar days from the last day to the day ``on``; 0 when not past."""
        return max((on - self.last_day).days, 0)

"""What is reported on a milestone, and what is decided about it."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Department, StoredFile, User
from tracking.choices import Decision, SubmissionStatus, WorkStatus
from tracking.models.work import Milestone
from tracking.querysets import (
    ContributionQuerySet,
    ReportedQuerySet,
    RequestQuerySet,
    SubmissionQuerySet,
)
from tracking.transitions import open_steps

LONGEST_PHRASE = 200


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
    problems = models.TextField("存在问题及原因", blank=True)
    next_steps = models.TextField("下一步安排", blank=True)
    help_wanted = models.TextField("需区政府协调解决的事项", blank=True)
    expected_on = models.DateField("预计完成日期", null=True, blank=True)
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


class Contribution(models.Model):
    """What a supporting unit adds to a report; ``taken_into`` is the one that took it over."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="contributions", verbose_name="时间节点"
    )
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="配合单位")
    text = models.TextField("配合情况")
    author = models.ForeignKey(User, models.PROTECT, verbose_name="填写人")
    at = models.DateTimeField("填写时间")
    taken_into = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name="采用于",
    )
    version = models.PositiveIntegerField(default=1)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "配合情况"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["milestone", "department"],
                condition=Q(taken_into=None),
                name="tracking_contribution_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.milestone}"


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

    objects = ReportedQuerySet["Evidence"].as_manager()

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

    objects = ReportedQuerySet["Review"].as_manager()

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


class Phrase(models.Model):
    """A sentence that a reviewer writes often and keeps for a click."""

    user = models.ForeignKey(User, models.CASCADE, related_name="phrases", verbose_name="审核人")
    text = models.CharField("常用语", max_length=LONGEST_PHRASE)

    class Meta:
        verbose_name = verbose_name_plural = "常用语"
        ordering = ["id"]
        constraints = [UniqueConstraint(fields=["user", "text"], name="tracking_phrase_once")]

    def __str__(self) -> str:
        return self.text


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

    objects = RequestQuerySet["Extension"].as_manager()

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

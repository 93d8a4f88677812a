"""When to remind whom, what is to be sent, and what became of it."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from accounts.models import Department, Membership, User
from notifications.choices import (
    Channel,
    OutboxStatus,
    Phase,
    ReminderStatus,
    RobotKind,
    RuleKind,
    Subject,
)
from notifications.querysets import (
    CalendarFeedQuerySet,
    NoticeQuerySet,
    OutboxQuerySet,
    ReminderQuerySet,
    RobotQuerySet,
)
from notifications.wording import rule_words
from plans.models import Plan
from tracking.models import Milestone


class ReminderRule(models.Model):
    """When to remind: ``offset`` working days before the day it counts from, or after it; the
    weekly one names what is overdue on the first working day of a week. A plan can differ."""

    kind = models.CharField("类别", max_length=12, choices=RuleKind)
    offset = models.PositiveSmallIntegerField("工作日", default=0)
    to_head = models.BooleanField("同时发单位负责人", default=False)
    to_coordinator = models.BooleanField("同时告知方案管理员", default=False)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["kind", "offset"], name="notifications_rule_once"),
            CheckConstraint(condition=Q(kind__in=RuleKind.values), name="notifications_rule_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.offset}"

    @property
    def words(self) -> str:
        """When it reminds, in words: 到期前30个工作日."""
        return rule_words(self.kind, self.offset)


class PlanRule(models.Model):
    """How one plan differs from a rule that holds for all."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="reminder_rules", verbose_name="实施方案"
    )
    rule = models.ForeignKey(ReminderRule, models.PROTECT, verbose_name="规则")
    offset = models.PositiveSmallIntegerField("工作日")
    to_head = models.BooleanField("同时发单位负责人")
    is_active = models.BooleanField("启用")

    class Meta:
        verbose_name = verbose_name_plural = "方案提醒规则"
        ordering = ["plan_id", "rule_id"]
        constraints = [
            UniqueConstraint(fields=["plan", "rule"], name="notifications_planrule_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.rule}"


class Urge(models.Model):
    """催办 in writing: a word about one milestone to the people of its unit, once a day."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="urges", verbose_name="时间节点"
    )
    day = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="催办人")
    at = models.DateTimeField("时间")
    note = models.CharField("催办说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "书面催办"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["milestone", "day"], name="notifications_urge_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.milestone}"


class Robot(models.Model):
    """群机器人: where the digests of a unit, or of one person of it, go besides the mail; address
    and signing key are secrets, deleted when it is stopped."""

    kind = models.CharField("种类", max_length=8, choices=RobotKind)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="单位")
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="只发给"
    )
    url = models.CharField("地址", max_length=500)
    signing = models.CharField("加签密钥", max_length=120, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "群机器人"
        ordering = ["id"]
        constraints = [
            CheckConstraint(condition=Q(kind__in=RobotKind.values), name="notifications_robot_kind")
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_kind_display()}"


class Outbox(models.Model):
    """One message to one person over one channel: a digest of its reminders, or the handover sheet
    for the liaison who begins, where it names a membership, or the words of an urge."""

    dedupe_key = models.CharField("去重键", max_length=120, unique=True)
    recipient = models.ForeignKey(User, models.PROTECT, verbose_name="收件人")
    channel = models.CharField("渠道", max_length=8, choices=Channel, default=Channel.MAIL)
    day = models.DateField("所属日期")
    hands_over_to = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, verbose_name="移交给"
    )
    urge = models.ForeignKey(
        Urge,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="书面催办",
    )
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, blank=True, verbose_name="群机器人")
    status = models.CharField(
        "状态", max_length=12, choices=OutboxStatus, default=OutboxStatus.QUEUED
    )
    phase = models.CharField("阶段", max_length=8, choices=Phase, blank=True)
    address = models.CharField("地址", max_length=254, blank=True)
    subject = models.CharField("主题", max_length=200, blank=True)
    body = models.TextField("正文", blank=True)
    html = models.TextField("网页正文", blank=True)
    message_id = models.CharField("邮件标识", max_length=120, blank=True)
    created_at = models.DateTimeField("建立时间")
    next_at = models.DateTimeField("下次发送")
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    losses = models.PositiveSmallIntegerField("交付中断次数", default=0)
    lease_by = models.CharField("领取者", max_length=60, blank=True)
    lease_until = models.DateTimeField("领取至", null=True, blank=True)
    reason = models.CharField("原因", max_length=300, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发件"
        ordering = ["-id"]
        constraints = [
            CheckConstraint(
                condition=Q(status__in=OutboxStatus.values), name="notifications_outbox_status"
            ),
            CheckConstraint(
                condition=Q(phase__in=["", *Phase.values]), name="notifications_outbox_phase"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(status__in=["queued", "retry_wait", "sending", "uncertain"]),
                name="notifications_outbox_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dedupe_key} {self.get_status_display()}"

    @property
    def is_digest(self) -> bool:
        """Whether it is a digest by mail."""
        return not (self.hands_over_to_id or self.urge_id or self.robot_id)


class Reminder(models.Model):
    """The intent to remind one person of one thing on one day by one rule.

    ``offset`` is the distance by which the rule spoke: a plan may change its own later. ``due_on``
    is the day that was counted from, so that a moved day ends the reminder.
    """

    subject_kind = models.CharField("对象类别", max_length=12, choices=Subject)
    subject_id = models.PositiveBigIntegerField("对象")
    rule = models.ForeignKey(ReminderRule, models.PROTECT, verbose_name="规则")
    offset = models.PositiveSmallIntegerField("工作日", default=0)
    day = models.DateField("日期")
    channel = models.CharField("渠道", max_length=8, choices=Channel)
    recipient = models.ForeignKey(User, models.PROTECT, verbose_name="收件人")
    due_on = models.DateField("当时的日期")
    status = models.CharField(
        "状态", max_length=12, choices=ReminderStatus, default=ReminderStatus.PLANNED
    )
    reason = models.CharField("原因", max_length=200, blank=True)
    outbox = models.ForeignKey(
        Outbox, models.PROTECT, null=True, blank=True, related_name="reminders"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-day", "id"]
        constraints = [
            UniqueConstraint(
                fields=["subject_kind", "subject_id", "rule", "day", "channel", "recipient"],
                name="notifications_reminder_once",
            ),
            CheckConstraint(
                condition=Q(subject_kind__in=Subject.values),
                name="notifications_reminder_subject",
            ),
            CheckConstraint(
                condition=Q(status__in=ReminderStatus.values),
                name="notifications_reminder_status",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "day"],
                condition=Q(status="planned"),
                name="notifications_reminder_planned",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.rule} {self.recipient}"

    @property
    def words(self) -> str:
        """By which rule it spoke, in words."""
        return rule_words(self.rule.kind, self.offset)


class Notice(models.Model):
    """A word in the page that something happened, made from one event for one person."""

    recipient = models.ForeignKey(User, models.CASCADE, verbose_name="收件人")
    event_seq = models.PositiveBigIntegerField("记录序号")
    text = models.CharField("内容", max_length=300)
    path = models.CharField("页面", max_length=200)
    is_urgent = models.BooleanField("待处理", default=False)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["recipient", "event_seq"], name="notifications_notice_once")
        ]

    def __str__(self) -> str:
        return self.text


class CalendarFeed(models.Model):
    """A secret address under which a calendar reads one person's days; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="人员")
    digest = models.CharField("校验值", max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_on = models.DateField("最近读取", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()
    secret = ""

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="notifications_feed_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at}"


class SweepState(models.Model):
    """Where the sweep has got to: one row."""

    planned_until = models.DateField("已计划至", null=True, blank=True)
    last_tick_at = models.DateTimeField("最近一次", null=True, blank=True)
    last_event_seq = models.PositiveBigIntegerField("已处理记录", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "扫描状态"

    def __str__(self) -> str:
        return f"{self.planned_until} {self.last_event_seq}"

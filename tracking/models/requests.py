"""What units ask of the coordinator, and what leaders ask of units; each is answered once."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import Department, StoredFile, User
from tracking.choices import RequestStatus
from tracking.models.reports import Extension
from tracking.models.work import Assignment, Milestone
from tracking.querysets import InstructionQuerySet, RequestQuerySet


class Request(models.Model):
    """Something a unit asks for with its reason; a person decides and is named."""

    reason = models.TextField("理由")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    asked_on = models.DateField("申请日期")
    status = models.CharField(
        "状态", max_length=10, choices=RequestStatus, default=RequestStatus.ASKED
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class ExtensionRequest(Request):
    """延期申请: a unit asks for a later day; ``extension`` is what was granted."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="extension_requests", verbose_name="时间节点"
    )
    progress = models.TextField("目前进展")
    old_due_on = models.DateField("申请时的时限")
    new_due_on = models.DateField("申请延至")
    extension = models.OneToOneField(
        Extension,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="request",
        verbose_name="延期",
    )

    objects = RequestQuerySet["ExtensionRequest"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["milestone"],
                condition=Q(status="asked"),
                name="tracking_extensionrequest_one_open",
            ),
            CheckConstraint(
                condition=Q(status__in=RequestStatus.values),
                name="tracking_extensionrequest_status",
            ),
            CheckConstraint(
                condition=Q(new_due_on__gt=F("old_due_on")),
                name="tracking_extensionrequest_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} → {self.new_due_on}"

    @property
    def is_late(self) -> bool:
        """Whether it was asked for after the day had passed."""
        return self.asked_on > self.old_due_on

    @property
    def about(self) -> Milestone:
        """What it is about."""
        return self.milestone


class HandBack(Request):
    """申请退办: a unit says that a task is not its own; ``handed_to`` is who got it instead."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="hand_backs", verbose_name="交办事项"
    )
    handed_to = models.ForeignKey(
        Assignment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handed_from",
        verbose_name="改交",
    )
    expected_by = models.DateField("应提出日期")

    objects = RequestQuerySet["HandBack"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "退办申请"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["assignment"],
                condition=Q(status="asked"),
                name="tracking_handback_one_open",
            ),
            CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="tracking_handback_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} 申请退办"

    @property
    def is_late(self) -> bool:
        """Whether it came later than the third working day after the paper."""
        return self.asked_on > self.expected_by

    @property
    def about(self) -> Assignment:
        """What it is about."""
        return self.assignment


class Instruction(models.Model):
    """领导批示 on an assignment: words, to whom, by when; it stands on top until answered."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="instructions", verbose_name="交办事项"
    )
    leader = models.CharField("批示领导", max_length=40)
    given_on = models.DateField("批示日期")
    words = models.TextField("批示内容")
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, verbose_name="批示件"
    )
    addressed_to = models.ForeignKey(
        Department, models.PROTECT, related_name="instructions", verbose_name="办理单位"
    )
    answer_by = models.DateField("回复期限", null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")
    answer = models.TextField("办理情况", blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回复人"
    )
    answered_at = models.DateTimeField("回复时间", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导批示"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.leader} {self.given_on} {self.assignment}"

    def is_overdue(self, on: date) -> bool:
        """Whether its day has passed without an answer."""
        return self.answered_at is None and self.answer_by is not None and self.answer_by < on

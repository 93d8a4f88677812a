"""A file that takes long to read: who brought it, how far the reading is, what came of it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, QuerySet, TextChoices

from accounts.models import District, StoredFile, User


class ImportStatus(TextChoices):
    """How far a file has come."""

    WAITING = "waiting", "等待识别"
    READING = "reading", "正在识别"
    DONE = "done", "已导入"
    FAILED = "failed", "没有导入"
    CANCELLED = "cancelled", "已取消"


OPEN = (ImportStatus.WAITING, ImportStatus.READING)


class ImportJobQuerySet(QuerySet["ImportJob"]):
    """Files that take long to read."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own."""
        return self.filter(by=user)

    def open(self) -> Self:
        """Leave those of which nothing has come yet."""
        return self.filter(status__in=OPEN)

    def due(self, now: datetime) -> Self:
        """Leave what may be claimed: waiting, or let go by a dead worker."""
        return self.filter(
            Q(status=ImportStatus.WAITING) | Q(status=ImportStatus.READING, lease_until__lt=now)
        )

    def claim(self, *, worker: str, now: datetime, lease: timedelta) -> "ImportJob | None":
        """Take the next due file for the worker: one conditional update, None when none is."""
        while True:
            pk = self.due(now).order_by("attempts", "id").values_list("pk", flat=True).first()
            if pk is None:
                return None
            if (
                self.due(now)
                .filter(pk=pk)
                .update(
                    status=ImportStatus.READING,
                    done=0,
                    attempts=F("attempts") + 1,
                    lease_by=worker,
                    lease_until=now + lease,
                )
            ):
                return self.select_related("file", "by", "district", "plan").get(pk=pk)

    def held_by(self, worker: str) -> Self:
        """Leave what the worker reads and nobody has cancelled or claimed since."""
        return self.filter(status=ImportStatus.READING, lease_by=worker)


class ImportJob(models.Model):
    """A file on its way to become an edition; the file is gone where nothing came of it."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, verbose_name="实施方案")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, verbose_name="原件")
    name = models.CharField("文件名", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="导入人")
    at = models.DateTimeField("导入时间")
    status = models.CharField(
        "状态", max_length=10, choices=ImportStatus, default=ImportStatus.WAITING
    )
    done = models.PositiveIntegerField("已读页数", default=0)
    total = models.PositiveIntegerField("总页数", default=0)
    refusal = models.TextField("没有导入的原因", blank=True)
    edition = models.OneToOneField(
        "plans.Edition", models.CASCADE, null=True, verbose_name="导入的文本"
    )
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    lease_by = models.CharField("由谁识别", max_length=32, blank=True)
    lease_until = models.DateTimeField("识别期限", null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        ordering = ["-id"]
        constraints = [
            CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="plans_importjob_status"
            ),
            CheckConstraint(
                condition=~Q(status=ImportStatus.DONE) | Q(edition__isnull=False),
                name="plans_importjob_done_has_edition",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether nothing has come of it yet."""
        return self.status in OPEN

    @property
    def percent(self) -> int:
        """How much of the pages is read."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def pages(self) -> str:
        """The pages read, of all."""
        return f"已读 {self.done}/{self.total} 页"

"""A file that takes long to read: who brought it, how far the reading is, what came of it."""

from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import District, StoredFile, User
from plans.choices import ImportStatus
from plans.models.editions import Edition, Plan
from plans.querysets import UNREAD, ImportJobQuerySet


class ImportJob(models.Model):
    """A file on its way to become an edition; the file is gone where nothing came of it."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, verbose_name="实施方案")
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
    edition = models.OneToOneField(Edition, models.CASCADE, null=True, verbose_name="导入的文本")
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
        return self.status in UNREAD

    @property
    def percent(self) -> int:
        """How much of the pages is read."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def pages(self) -> str:
        """The pages read, of all."""
        return f"已读 {self.done}/{self.total} 页"

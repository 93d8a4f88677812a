"""Papers of supervision that an office has sent outside of the service, by number and day."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import User
from tracking.choices import PaperKind
from tracking.models.work import Milestone


class SentPaper(models.Model):
    """催办单 or 督办通知单 on a milestone: what was sent when, and the day by which to answer."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="papers", verbose_name="时间节点"
    )
    kind = models.CharField("文书", max_length=8, choices=PaperKind)
    number = models.CharField("编号", max_length=60)
    issued_on = models.DateField("发出日期")
    answer_by = models.DateField("反馈期限")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "已发文书"
        ordering = ["issued_on", "id"]
        constraints = [
            UniqueConstraint(fields=["milestone", "kind", "number"], name="tracking_paper_once"),
            CheckConstraint(condition=Q(kind__in=PaperKind.values), name="tracking_paper_kind"),
            CheckConstraint(condition=Q(answer_by__gte=F("issued_on")), name="tracking_paper_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

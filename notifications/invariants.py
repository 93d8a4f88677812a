"""What must always hold, asked of the rows; each breach is a sentence."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Q

from accounts.files import path_of
from accounts.models import StoredFile
from notifications.choices import OutboxStatus, Phase, ReminderStatus
from notifications.models import Outbox, Reminder
from tracking.choices import Decision, MilestoneStatus, SubmissionStatus
from tracking.models import Milestone, Review, Submission

MENDS_ITSELF = timedelta(hours=24)
KEY = ("subject_kind", "subject_id", "rule", "day", "channel", "recipient")


def breaches(*, today: date, now: datetime) -> list[str]:
    """Return a sentence for each kind of breach that was found; none means that all is whole."""
    found = [
        *_intents(today),
        *_keys(),
        *_copies(now),
        *_decisions(),
        *_files(now),
    ]
    return [f"{rule} {words}：{count}" for rule, words, count in found if count]


def _intents(today: date) -> list[tuple[str, str, int]]:
    """I1: every intent ends, and says why."""
    past = today - timedelta(days=8)
    unexplained = Q(status=ReminderStatus.SUPPRESSED) | Q(status=ReminderStatus.COALESCED)
    ended = Q(status__in=(OutboxStatus.DEAD, OutboxStatus.CANCELLED, OutboxStatus.UNCERTAIN))
    waiting = Q(status__in=(OutboxStatus.QUEUED, OutboxStatus.RETRY_WAIT), day__lt=past)
    return [
        (
            "I1",
            "超过8天仍未处理的提醒",
            Reminder.objects.planned().filter(day__lt=past).count(),
        ),
        (
            "I1",
            "已并入汇总但没有汇总的提醒",
            Reminder.objects.filter(status=ReminderStatus.ENQUEUED, outbox=None).count(),
        ),
        (
            "I1",
            "不再发出但没有写明原因的提醒",
            Reminder.objects.filter(unexplained, reason="").count(),
        ),
        ("I1", "没有发出但没有写明原因的发件", Outbox.objects.filter(ended, reason="").count()),
        ("I1", "超过8天仍在等待的发件", Outbox.objects.filter(waiting).count()),
    ]


def _keys() -> list[tuple[str, str, int]]:
    """I2: one row a key."""
    twice = Reminder.objects.values(*KEY).annotate(n=Count("pk")).filter(n__gt=1).order_by()
    same = Outbox.objects.values("dedupe_key").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    return [("I2", "重复登记的提醒", twice.count()), ("I2", "重复登记的发件", same.count())]


def _copies(now: datetime) -> list[tuple[str, str, int]]:
    """I3: a message leaves once, and once more for each break of the line, twice at most."""
    stuck = Outbox.objects.filter(
        status=OutboxStatus.SENDING, phase=Phase.DATA, lease_until__lt=now - MENDS_ITSELF
    )
    return [
        ("I3", "交付中断两次以上的发件", Outbox.objects.filter(losses__gt=2).count()),
        ("I3", "交付中断超过一天没有处理的发件", stuck.count()),
        (
            "I3",
            "标为已发送但没有发送时间的发件",
            Outbox.objects.filter(status=OutboxStatus.SENT, sent_at=None).count(),
        ),
    ]


def _decisions() -> list[tuple[str, str, int]]:
    """I5: one final decision on each report, and it is the one that the report shows."""
    decided = (SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED)
    contradicted = Q(decision=Decision.RETURNED) & ~Q(submission__status=SubmissionStatus.RETURNED)
    contradicted |= ~Q(decision=Decision.RETURNED) & ~Q(
        submission__status=SubmissionStatus.ACCEPTED
    )
    return [
        (
            "I5",
            "已有结论但没有审核记录的反馈",
            Submission.objects.filter(status__in=decided, review=None).count(),
        ),
        ("I5", "审核结论与反馈状态不一致的审核", Review.objects.filter(contradicted).count()),
        (
            "I5",
            "自己审核自己的反馈",
            Review.objects.filter(by=F("submission__author")).count(),
        ),
        (
            "I5",
            "已办结但没有认定时间的时间节点",
            Milestone.objects.filter(status=MilestoneStatus.DONE, done_at=None).count(),
        ),
    ]


def _files(now: datetime) -> list[tuple[str, str, int]]:
    """I8: rows and files agree; a file without a row is left alone for a day."""
    stored = list(StoredFile.objects.all())
    there = [file for file in stored if path_of(file).is_file()]
    sizes = sum(path_of(file).stat().st_size != file.size for file in there)
    known = {file.stored_as for file in stored}
    root = Path(settings.MEDIA_ROOT)
    before = (now - MENDS_ITSELF).timestamp()
    orphans = sum(
        path.is_file() and path.name not in known and path.stat().st_mtime < before
        for path in (root.rglob("*") if root.is_dir() else ())
    )
    return [
        ("I8", "有记录而磁盘上没有的文件", len(stored) - len(there)),
        ("I8", "大小与记录不符的文件", sizes),
        ("I8", "磁盘上有而没有记录的文件", orphans),
    ]

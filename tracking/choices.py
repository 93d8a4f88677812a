"""The states and words of the work on a plan."""

from django.db.models import TextChoices


class AssignmentStatus(TextChoices):
    """How an assignment stands."""

    IN_PROGRESS = "in_progress", "办理中"
    SUSPENDED = "suspended", "暂缓办理"
    DONE = "done", "已办结"
    CLOSED = "closed", "已销号"
    TERMINATED = "terminated", "终止办理"
    MERGED = "merged", "并入"


class ReportMode(TextChoices):
    """Who answers for a measure."""

    UNIFIED = "unified", "由牵头单位统一反馈"
    COMMON = "common", "共性任务，各单位分别反馈"
    WITHHELD = "withheld", "不交办"


class MilestoneKind(TextChoices):
    """Where a dated thing comes from: a day of the plan, a duty that recurs, the yearly sheet."""

    DEADLINE = "deadline", "完成时限"
    OCCURRENCE = "occurrence", "周期要求"
    CYCLE = "cycle", "年度反馈"


class MilestoneStatus(TextChoices):
    """Whether a dated thing is still owed."""

    OPEN = "open", "未办结"
    UNDECIDED = "undecided", "时限待定"
    SUSPENDED = "suspended", "暂缓办理"
    DONE = "done", "已办结"
    CANCELLED = "cancelled", "已取消"


STILL_OWED = (MilestoneStatus.OPEN, MilestoneStatus.UNDECIDED, MilestoneStatus.SUSPENDED)


class PastChoice(TextChoices):
    """What is decided about a day that had passed before the work was handed out."""

    MAKE_UP = "make_up", "补报完成情况"
    NEW_DAY = "new_day", "另定时限"
    SLIP = "slip", "属笔误"


class SubmissionStatus(TextChoices):
    """How far a report has come."""

    DRAFT = "draft", "草稿"
    SIGN_OFF = "sign_off", "待审签"
    SUBMITTED = "submitted", "已报送待审核"
    ACCEPTED = "accepted", "审核通过"
    RETURNED = "returned", "退回补正"


IN_HANDS = (SubmissionStatus.SIGN_OFF, SubmissionStatus.SUBMITTED)
"""With whoever signs or reviews, so that nothing can be written meanwhile."""


class RequestStatus(TextChoices):
    """What became of something a unit asked for."""

    ASKED = "asked", "待批"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class PaperKind(TextChoices):
    """A paper of supervision on what is overdue, in the order in which they follow."""

    URGE = "urge", "催办单"
    NOTICE = "notice", "督办通知单"


class WorkStatus(TextChoices):
    """What the unit says of the work itself."""

    COMPLETED = "completed", "已完成"
    IN_PROGRESS = "in_progress", "正在推进"
    NOT_STARTED = "not_started", "尚未启动"
    DIFFICULT = "difficult", "确有困难"


class Decision(TextChoices):
    """What a reviewer decides on one submission."""

    DONE = "done", "认定办结"
    NOTED = "noted", "继续推进"
    RETURNED = "returned", "退回"


class MilestoneState(TextChoices):
    """What follows from a milestone's dates and reports on a day; asked, never stored."""

    CANCELLED = "cancelled", "已取消"
    SUSPENDED = "suspended", "暂缓办理"
    UNDECIDED = "undecided", "时限待定"
    DONE = "done", "按期办结"
    DONE_REPORTED_LATE = "done_reported_late", "按期完成迟报"
    DONE_LATE = "done_late", "逾期办结"
    WAITING = "waiting", "已报送待审核"
    REDOING = "redoing", "退回补正中"
    OVERDUE_UNREPORTED = "overdue_unreported", "逾期未反馈"
    OVERDUE_UNFINISHED = "overdue_unfinished", "逾期未完成"
    OVERDUE_REDOING = "overdue_redoing", "退回补正中（已逾期）"
    SOON = "soon", "即将到期"
    PROGRESSING = "progressing", "正常推进"
    SILENT = "silent", "尚无反馈"


DONE_STATES = frozenset(
    {MilestoneState.DONE, MilestoneState.DONE_REPORTED_LATE, MilestoneState.DONE_LATE}
)
OVERDUE_STATES = frozenset(
    {
        MilestoneState.OVERDUE_UNREPORTED,
        MilestoneState.OVERDUE_UNFINISHED,
        MilestoneState.OVERDUE_REDOING,
    }
)

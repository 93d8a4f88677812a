"""The words of reminders and of what is sent."""

from django.db.models import TextChoices


class RuleKind(TextChoices):
    """What a reminder is about."""

    BEFORE_DUE = "before_due", "到期提醒"
    ON_DAY = "on_day", "截止当日"
    OVERDUE = "overdue", "逾期提醒"
    RETURNED = "returned", "退回补正"
    NOT_REDONE = "not_redone", "逾期未补正"
    WEEKLY = "weekly", "每周汇总"
    SHEET_OPEN = "sheet_open", "集中填报开放"
    SHEET_CLOSING = "sheet_close", "集中填报截止"
    SHEET_LATE = "sheet_late", "集中填报逾期"
    UNSIGNED = "unsigned", "交办单未签收"
    SIGN_OFF = "sign_off", "待审签"
    REVIEW = "review", "待审核"


class Subject(TextChoices):
    """What a reminder points at."""

    MILESTONE = "milestone", "时间节点"
    SHEET = "sheet", "集中填报表"
    DISPATCH = "dispatch", "交办单"


class Channel(TextChoices):
    """The way to a person."""

    MAIL = "mail", "电子邮件"
    ROBOT = "robot", "群机器人"


class RobotKind(TextChoices):
    """Whose robot takes the message, and in which words."""

    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"
    PLAIN = "plain", "其他系统"


class ReminderStatus(TextChoices):
    """What became of an intent to remind."""

    PLANNED = "planned", "待发"
    ENQUEUED = "enqueued", "已并入汇总"
    COALESCED = "coalesced", "并入较新的提醒"
    SUPPRESSED = "suppressed", "不再需要"


class OutboxStatus(TextChoices):
    """How far a message has come."""

    QUEUED = "queued", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    RETRY_WAIT = "retry_wait", "等待重试"
    UNCERTAIN = "uncertain", "是否送达不明"
    DEAD = "dead", "发送失败（已停止重试）"
    CANCELLED = "cancelled", "不再需要"


class Phase(TextChoices):
    """Whether the server may already have the message."""

    CLAIMED = "claimed", "已领取"
    DATA = "data", "正在交付"

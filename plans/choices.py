"""The fixed words of plans, in the values that plan-parse/1 uses."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """What kind of text an edition is."""

    CONSULTATION = "征求意见稿", "征求意见稿"
    ISSUED = "印发稿", "印发稿"


class EditionStatus(TextChoices):
    """How far an edition has come here."""

    DRAFT = "draft", "核对中"
    ISSUED = "issued", "已交办"


class ResponsibilityRole(TextChoices):
    """What a named body has to do with a measure."""

    LEAD = "lead", "牵头"
    SHARE = "share", "负责"
    SUPPORT = "support", "配合"


class NameSort(TextChoices):
    """What a name in a bracket stands for."""

    DEPARTMENT = "department", "单位"
    GROUP = "group", "统称"
    PERSON = "person", "责任领导"


class DeadlineKind(TextChoices):
    """What sort of time a clause gives."""

    DATE = "date", "日期"
    RELATIVE = "relative", "相对时限"
    ONGOING = "ongoing", "长期坚持"


class Frequency(TextChoices):
    """How often a duty recurs."""

    YEARLY = "yearly", "每年"
    HALF_YEARLY = "half-yearly", "每半年"
    QUARTERLY = "quarterly", "每季度"
    MONTHLY = "monthly", "每月"
    WEEKLY = "weekly", "每周"
    UNSPECIFIED = "unspecified", "定期"


class PassageKind(TextChoices):
    """What a stretch of the text is."""

    FRONT = "front", "文前"
    HEADING = "heading", "标题"
    INTRO = "intro", "说明"
    GOAL = "goal", "目标"
    TASK = "task", "措施"
    INDICATOR = "indicator", "效果指标"
    BACK = "back", "文后"


class Severity(TextChoices):
    """How much a doubt matters: an error stops the issue."""

    ERROR = "error", "必须处理"
    CHECK = "check", "建议核对"
    NOTE = "note", "已更正"


STRENGTH: dict[str, int] = {
    ResponsibilityRole.LEAD: 0,
    ResponsibilityRole.SHARE: 1,
    ResponsibilityRole.SUPPORT: 2,
}

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
    REPLACED = "replaced", "已被取代"


class ImportStatus(TextChoices):
    """How far a file has come."""

    WAITING = "waiting", "等待识别"
    READING = "reading", "正在识别"
    DONE = "done", "已导入"
    FAILED = "failed", "没有导入"
    CANCELLED = "cancelled", "已取消"


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


class MetricOperator(TextChoices):
    """How a figure bounds what is measured."""

    AT_LEAST = ">=", "不低于"
    AT_MOST = "<=", "不超过"
    MORE = ">", "高于"
    LESS = "<", "低于"
    EQUAL = "=", "达到"
    ABOUT = "~", "约"
    NONE_OCCUR = "none_occur", "不发生"
    QUALITATIVE = "qualitative", "无数值"

    @classmethod
    def with_value(cls) -> frozenset[str]:
        """Return those that need a figure."""
        return frozenset(cls.values) - {cls.NONE_OCCUR, cls.QUALITATIVE}


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


class ChangeKind(TextChoices):
    """What became of a measure from one edition to the next."""

    CHANGED = "changed", "有修改"
    NEW = "new", "新增"
    DROPPED = "dropped", "删去"
    MOVED = "moved", "移动"
    SPLIT = "split", "拆分"
    MERGED = "merged", "合并"
    RENUMBERED = "renumbered", "仅编号变化"
    SAME = "same", "未变"


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


class DoubtCode(TextChoices):
    """What a doubt is about, as the heads of its list say it; the parser may know more codes."""

    DRAFT = "draft", "没有文号和印发日期"
    NO_LEAD = "no_lead", "没有写明责任单位"
    UNKNOWN_DEPARTMENT = "unknown_department", "名录里没有的单位"
    UNCLOSED_BRACKET = "unclosed_bracket", "责任括号不完整"
    UNCOVERED = "uncovered", "没有归入任何部分的文字"
    NO_YEAR = "no_year", "时限没有写明年份"
    SEVERAL_LEADS = "several_leads", "两个以上牵头单位"
    EACH_UNIT = "each_unit", "按文意应由各单位分别落实"
    NAME_VARIANTS = "name_variants", "单位名称不一"
    BEFORE_PLAN = "before_plan", "时限早于本通知日期"
    LIMITED_DEADLINE = "limited_deadline", "时限只约束一部分"
    MISSING_VERB = "missing_verb", "疑漏动词"
    STRAY_MARK = "stray_mark", "责任括号内有多余标点"
    LEAD_FROM_TEXT = "lead_from_text", "责任单位取自正文"
    INHERITED = "inherited", "责任单位或时限取自别处"
    ROW_ALONE = "row_alone", "只见于附表的任务"
    TABLE_DIFFERS = "table_differs", "附表与正文不一致"
    UNREAD_CELL = "unread_cell", "表格中没有识别的文字"
    UNREAD_COLUMN = "unread_column", "表格中没有识别的栏"
    NAMED_TWICE = "named_twice", "同一单位出现两次"
    MAYBE_RESPONSIBILITY = "maybe_responsibility", "疑似责任表述"
    VAGUE_DATE = "vague_date", "时限没有写明具体日期"
    UNSURE_DAY = "unsure_day", "时限的含义不能确定"
    UNSURE_PERIOD = "unsure_period", "周期不能确定"
    UNSURE_TARGET = "unsure_target", "指标的含义不能确定"
    YEAR_FROM_CONTEXT = "year_from_context", "年份取自上下文"
    OVER_100 = "over_100", "目标值超过100%"
    NUMBER_GAP = "number_gap", "序号不连续"
    REPAIR = "repair", "文稿更正"
    CONFLICTING_DAYS = "conflicting_days", "同类事项时限不一致"
    OTHER_SUBJECT = "other_subject", "牵头单位与正文主体不一致"
    UNSURE_MATCH = "unsure_match", "与前一文本的对应不能确定"
    PIECE = "piece", "由前一文本拆分、合并"
    CORRECTION_LEFT = "correction_left", "原来的更正未能沿用"
    OTHER = "other", "其他"


CONFIRMED_TOGETHER = frozenset({DoubtCode.LEAD_FROM_TEXT, DoubtCode.BEFORE_PLAN})
"""What stops the issue until a person has seen it, and may be confirmed for all its places."""
AS_COMMON = "作为共性任务，由各单位分别落实"
"""The answer to a measure without a lead by which the issue proposes it as a common duty."""


def doubt_label(code: str) -> str:
    """Return the head under which doubts of a code are listed."""
    return str(DoubtCode(code if code in DoubtCode.values else DoubtCode.OTHER).label)

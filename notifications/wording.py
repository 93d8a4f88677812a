"""Small words of letters: how a unit is addressed, a day is written, a plan is called."""

import re
from datetime import date

from accounts.calendar import ONE_DAY
from accounts.models import Department
from notifications.choices import RuleKind
from plans.models import Plan

BRACKETED = re.compile(r"[（(〔\[【].*?[）)〕\]】]|[《》]")
KIND_OF_PAPER = re.compile(
    r"(?:工作)?(?:实施方案|工作方案|行动方案|行动计划|实施意见|方案|规划|计划)$"
)
WEEKDAYS = "一二三四五六日"
ADDRESSED = "局委院部镇乡"
SHORTEST_PLACE = 3
RULE_WORDS: dict[str, str] = {
    RuleKind.BEFORE_DUE: "到期前{}个工作日",
    RuleKind.OVERDUE: "逾期第{}个工作日",
    RuleKind.RETURNED: "补正期限当日",
    RuleKind.NOT_REDONE: "补正期限过后第{}个工作日",
    RuleKind.SHEET_OPEN: "集中填报开放当日",
    RuleKind.SHEET_CLOSING: "集中填报截止前{}个工作日",
    RuleKind.SHEET_LATE: "集中填报截止后第{}个工作日",
    RuleKind.UNSIGNED: "交办后{}个工作日未签收",
    RuleKind.SIGN_OFF: "送审签后{}个工作日",
    RuleKind.REVIEW: "报送后{}个工作日未审核",
}


def rule_words(kind: str, offset: int) -> str:
    """Say when a rule reminds: 到期前30个工作日."""
    if kind == RuleKind.SHEET_CLOSING and not offset:
        return "集中填报截止当日"
    return RULE_WORDS.get(kind, str(RuleKind(kind).label)).format(offset)


def addressed(department: Department) -> str:
    """Return how a letter addresses the unit: 贵局, 贵部, 贵镇, else 贵单位."""
    name = department.name
    if name.endswith(("办公室", "办")):
        return "贵办"
    return f"贵{name[-1]}" if name[-1:] in ADDRESSED else "贵单位"


def short_title(plan: Plan) -> str:
    """Return what a plan is about, for the head of a mail: without place, years and 实施方案."""
    title = KIND_OF_PAPER.sub("", BRACKETED.sub("", plan.title).strip())
    place = plan.district.name
    for start in range(max(len(place) - SHORTEST_PLACE + 1, 1)):
        before, found, after = title.partition(place[start:])
        if found and after and len(before) <= len(place):
            return after
    return title or plan.title


def on(day: date, today: date) -> str:
    """Write a day, with its year where that is not this year: 6月26日, 2016年12月31日."""
    return f"{day:%-m月%-d日}" if day.year == today.year else f"{day:%Y年%-m月%-d日}"


def weekday(day: date) -> str:
    """Write the weekday: 星期五."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def until(due_on: date, today: date) -> str:
    """Write up to when: 年底前, 6月底前, 11月15日前."""
    if (due_on.month, due_on.day, due_on.year) == (12, 31, today.year):
        return "年底前"
    if due_on.year == today.year and _is_end_of_month(due_on):
        return f"{due_on.month}月底前"
    return f"{on(due_on, today)}前"


def _is_end_of_month(day: date) -> bool:
    return (day + ONE_DAY).day == 1

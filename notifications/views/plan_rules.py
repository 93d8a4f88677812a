"""提醒规则 of one plan, and who would get what in a month."""

from datetime import date
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import unknown_years
from accounts.errors import InvalidError
from accounts.models import Event
from notifications.models import ReminderRule
from notifications.planning import Rules
from notifications.preview import preview_of
from notifications.usecases import RuleChoice, change_plan_rules
from notifications.usecases.plan_rules import FARTHEST, WITHOUT_HEAD, WITHOUT_OFFSET
from notifications.wording import rule_words
from plans.models import Plan

LONGEST_NUMBER = 4


@require_http_methods(["GET", "POST"])
def plan_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rules of a plan and change them; what cannot be stays on the page as typed."""
    user = actor(request)
    plan = get_object_or_404(Plan.objects.visible_to(user), pk=pk)
    authorize(user, "notifications.change_rules", plan)
    rules = Rules().of_plan(plan.pk)
    shown = {row.rule.pk: (str(row.offset), row.to_head, row.is_active) for row in rules}
    error = ""
    if request.method == "POST":
        post = request.POST
        for row in rules:
            number = row.rule.pk
            offset = post.get(f"offset-{number}", str(row.offset)).strip()
            shown[number] = (offset, f"head-{number}" in post, f"on-{number}" in post)
        try:
            choices = {number: _choice(*typed) for number, typed in shown.items()}
            change_plan_rules(plan_id=plan.pk, choices=choices, by=user, at=clock.now())
            return redirect("notifications:plan-rules", plan.pk)
        except InvalidError as refused:
            error = refused.message
    context = {
        "title": "提醒规则",
        "plan": plan,
        "rows": [
            {
                "rule": row.rule,
                "words": rule_words(row.rule.kind, row.offset),
                "offset": shown[row.rule.pk][0],
                "to_head": shown[row.rule.pk][1],
                "is_active": shown[row.rule.pk][2],
                "is_own": not row.is_default,
                "has_offset": row.rule.kind not in WITHOUT_OFFSET,
                "has_head": row.rule.kind not in WITHOUT_HEAD,
            }
            for row in rules
        ],
        "farthest": FARTHEST,
        "error": error,
        "history": _history(plan),
        "request_key": uuid4(),
        "crumbs": [(reverse("plans:plans"), "实施方案"), (None, "提醒规则")],
    }
    return render(request, "notifications/plan_rules.html", context, status=422 if error else 200)


def _choice(offset: str, to_head: bool, is_active: bool) -> RuleChoice:
    if not (offset.isascii() and offset.isdigit() and len(offset) <= LONGEST_NUMBER):
        raise InvalidError("工作日数请填数字。")
    return RuleChoice(int(offset), to_head, is_active)


def _history(plan: Plan) -> list[tuple[Event, list[str]]]:
    """Return the changes, newest first, each rule's from and to in words."""
    kinds = dict(ReminderRule.objects.values_list("pk", "kind"))

    def words(pk: str, state: list[int]) -> str:
        offset, to_head, is_active = state
        said = rule_words(kinds[int(pk)], offset) if is_active else "停用"
        return said + ("，同时发单位负责人" if to_head and is_active else "")

    events = Event.objects.filter(
        object_kind="plans.plan", object_id=plan.pk, action="change_rules"
    ).order_by("-seq")[:50]
    return [
        (
            event,
            [
                f"{rule_words(kinds[int(pk)], change['from'][0])}："
                f"由“{words(pk, change['from'])}”改为“{words(pk, change['to'])}”"
                for pk, change in event.data["rules"].items()
            ],
        )
        for event in events
    ]


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which mails a month would bring to which unit."""
    user = actor(request)
    plan = get_object_or_404(Plan.objects.visible_to(user), pk=pk)
    authorize(user, "notifications.change_rules", plan)
    today = clock.today()
    month = _month(request.GET.get("month", ""), today)
    number = month.year * 12 + month.month
    context = {
        "title": f"{month:%Y年%-m月}提醒预览",
        "plan": plan,
        "month": month,
        "before": date((number - 2) // 12, (number - 2) % 12 + 1, 1),
        "after": date(number // 12, number % 12 + 1, 1),
        "units": preview_of(plan, month, today=today),
        "unknown_years": unknown_years([month]),
        "today": today,
        "crumbs": [
            (reverse("notifications:plan-rules", args=[plan.pk]), "提醒规则"),
            (None, "预览"),
        ],
    }
    return render(request, "notifications/preview.html", context)


def _month(text: str, today: date) -> date:
    """Read 2017-12; what is no month, or more than ten years away, is this month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if abs(month.year - today.year) <= 10 else today.replace(day=1)

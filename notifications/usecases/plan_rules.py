"""How a plan differs from the rules that hold for all; every change stays in the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, usecase
from notifications.choices import RuleKind
from notifications.models import PlanRule
from notifications.planning import Rules, Spoken
from plans.models import Plan

FARTHEST = 60
NEAREST: dict[str, int] = {RuleKind.SHEET_CLOSING: 0}
WITHOUT_OFFSET = (RuleKind.ON_DAY, RuleKind.RETURNED, RuleKind.WEEKLY, RuleKind.SHEET_OPEN)
WITHOUT_HEAD = (RuleKind.SIGN_OFF, RuleKind.REVIEW)


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """What one rule is to be for a plan."""

    offset: int
    to_head: bool
    is_active: bool


@usecase
def change_plan_rules(
    *, plan_id: int, choices: Mapping[int, RuleChoice], by: User, at: datetime
) -> Plan:
    """Set rules (by the id of the rule that holds for all) for one plan; what equals the rule for
    all follows it again. One event names what changed, from what to what."""
    plan = lock(Plan, plan_id)
    authorize(by, "notifications.change_rules", plan)
    changed = {}
    for spoken in Rules().of_plan(plan.pk):
        choice = choices.get(spoken.rule.pk)
        if choice is None or choice == _as_it_is(spoken):
            continue
        _refuse_bad(spoken, choice)
        _set(plan, spoken, choice)
        changed[spoken.rule.pk] = {"from": _written(_as_it_is(spoken)), "to": _written(choice)}
    if changed:
        data = {"rules": {str(pk): change for pk, change in changed.items()}}
        record(plan, "change_rules", by=by, at=at, district=plan.district_id, data=data)
    return plan


def _as_it_is(spoken: Spoken) -> RuleChoice:
    return RuleChoice(spoken.offset, spoken.to_head, spoken.is_active)


def _written(choice: RuleChoice) -> list[int]:
    return [choice.offset, int(choice.to_head), int(choice.is_active)]


def _refuse_bad(spoken: Spoken, choice: RuleChoice) -> None:
    kind = spoken.rule.kind
    if kind in WITHOUT_OFFSET and choice.offset != spoken.rule.offset:
        raise InvalidError(f"“{spoken.rule.words}”没有工作日数，只能启用或停用。")
    nearest = 0 if kind in WITHOUT_OFFSET else NEAREST.get(kind, 1)
    if not nearest <= choice.offset <= FARTHEST:
        raise InvalidError(f"“{spoken.rule.words}”的工作日数请填{nearest}至{FARTHEST}。")
    if kind in WITHOUT_HEAD and choice.to_head != spoken.rule.to_head:
        raise InvalidError(f"“{spoken.rule.words}”的提醒对象不能改。")


def _set(plan: Plan, spoken: Spoken, choice: RuleChoice) -> None:
    rule = spoken.rule
    if choice == RuleChoice(rule.offset, rule.to_head, rule.is_active):
        PlanRule.objects.filter(plan=plan, rule=rule).delete()
        return
    PlanRule.objects.update_or_create(
        plan=plan,
        rule=rule,
        defaults={
            "offset": choice.offset,
            "to_head": choice.to_head,
            "is_active": choice.is_active,
        },
    )

"""Who may hand out, report, sign and review."""

from typing import Any

import rules

from accounts.choices import Role
from accounts.models import Department
from accounts.scope import scope_of
from plans.models import Edition
from tracking.models import ReportingYear


@rules.predicate
def is_of_its_department(user: Any, thing: Any) -> bool:
    """The person reports or signs for the department that the object names."""
    return _department(thing) in scope_of(user).departments


@rules.predicate
def signs(user: Any, thing: Any) -> bool:
    """The person signs for the object's department, where it signs online; on paper, whoever
    reports for it enters who signed."""
    if thing is None or not _owner(thing).department.signs_online:
        return bool(is_of_its_department(user, thing))
    return _department(thing) in scope_of(user).signs_for


@rules.predicate
def is_asked(user: Any, instruction: Any) -> bool:
    """The person reports or signs for the unit to which a leader's words went."""
    return instruction is not None and instruction.addressed_to_id in scope_of(user).departments


@rules.predicate
def owns_metric(user: Any, metric: Any) -> bool:
    """The person reports or signs for the unit that owns the metric."""
    return metric is not None and metric.owner_id in scope_of(user).departments


@rules.predicate
def coordinates(user: Any, thing: Any) -> bool:
    """The person coordinates in the object's district, or, asked of nothing, anywhere."""
    if thing is None:
        return scope_of(user).has(Role.COORDINATOR)
    return scope_of(user).has_in(_district(thing), Role.COORDINATOR)


@rules.predicate
def is_reviewer(user: Any, thing: Any) -> bool:
    """The person supervises or coordinates in the object's district."""
    if thing is None:
        return scope_of(user).has(Role.SUPERVISOR, Role.COORDINATOR)
    return scope_of(user).has_in(_district(thing), Role.SUPERVISOR, Role.COORDINATOR)


@rules.predicate
def is_of_the_reporting_office(user: Any, thing: Any) -> bool:
    """The person belongs to the office that reports, or to one that it hosts."""
    return thing is not None and _department(thing) in scope_of(user).offices


def _department(thing: Any) -> int | None:
    return None if thing is None else int(_owner(thing).department_id)


def _district(thing: Any) -> int:
    if isinstance(thing, Edition | ReportingYear):
        return thing.plan.district_id
    if isinstance(thing, Department):
        return thing.district_id
    return int(_owner(thing).department.district_id)


def _owner(thing: Any) -> Any:
    """Return what names the department: the object itself, else what it is about."""
    if hasattr(thing, "department_id"):
        return thing
    return thing.milestone if hasattr(thing, "milestone_id") else thing.assignment


rules.add_perm("tracking.issue_plan", coordinates)
rules.add_perm("tracking.adopt_edition", coordinates)
rules.add_perm("tracking.record_extension", coordinates)
rules.add_perm("tracking.decide_past_day", coordinates)
rules.add_perm("tracking.set_reporting_year", coordinates)
rules.add_perm("tracking.decide_request", coordinates)
rules.add_perm("tracking.change_assignment", coordinates)
rules.add_perm("tracking.close_assignment", is_reviewer)
rules.add_perm("tracking.record_instruction", is_reviewer)
rules.add_perm("tracking.answer_instruction", is_asked | coordinates)
rules.add_perm("tracking.record_call", is_reviewer)
rules.add_perm("tracking.record_paper", is_reviewer)
rules.add_perm("tracking.ask", is_of_its_department)
rules.add_perm("tracking.acknowledge_dispatch", is_of_its_department)
rules.add_perm("tracking.edit_submission", is_of_its_department)
rules.add_perm("tracking.contribute", is_of_its_department)
rules.add_perm("tracking.sign_submission", signs)
rules.add_perm("tracking.see_queue", is_reviewer)
rules.add_perm("tracking.review_submission", is_reviewer & ~is_of_the_reporting_office)
rules.add_perm("tracking.reorganise", coordinates)
rules.add_perm("tracking.confirm_metrics", coordinates)
rules.add_perm("tracking.record_survey", owns_metric)

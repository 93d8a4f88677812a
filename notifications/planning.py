"""Which milestones a rule speaks of on a working day."""

from collections.abc import Iterable
from datetime import date, timedelta

from accounts.calendar import ONE_DAY, WorkCalendar
from notifications.choices import RuleKind
from notifications.models import Reminder, ReminderRule
from notifications.people import People
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import Milestone
from tracking.querysets import MilestoneQuerySet

WINDOW = timedelta(days=7)


def days_to_plan(planned_until: date | None, today: date, calendar: WorkCalendar) -> list[date]:
    """Return the working days from the watermark, at most seven days back, up to today."""
    first = today if planned_until is None else min(max(planned_until, today - WINDOW), today)
    days = (first + timedelta(days=n) for n in range((today - first).days + 1))
    return [day for day in days if calendar.is_working(day)]


def is_first_of_week(day: date, calendar: WorkCalendar) -> bool:
    """Say whether a working day is the first one since the last Sunday."""
    return calendar.before(day, 1) < day - day.weekday() * ONE_DAY


def owed(rule: ReminderRule, day: date, calendar: WorkCalendar) -> MilestoneQuerySet:
    """Return the milestones that the rule reminds of on the working day; not those of a sheet."""
    milestones = Milestone.objects.by_themselves()
    match rule.kind:
        case RuleKind.BEFORE_DUE:
            first = calendar.after(day, rule.offset - 1) + ONE_DAY
            return milestones.unanswered().due_between(first, calendar.after(day, rule.offset))
        case RuleKind.ON_DAY:
            return milestones.unanswered().due_between(day, calendar.after(day, 1) - ONE_DAY)
        case RuleKind.OVERDUE:
            last = calendar.before(day, rule.offset - 1) - ONE_DAY
            passed = (calendar.before(day, rule.offset), last)
            return milestones.overdue(today=day).filter(due_on__range=passed)
        case RuleKind.RETURNED:
            return milestones.to_redo_between(day, calendar.after(day, 1) - ONE_DAY)
        case RuleKind.WEEKLY if is_first_of_week(day, calendar):
            return milestones.overdue(today=day)
        case _:
            return milestones.none()


def no_longer_true(reminders: Iterable[Reminder], *, people: People, today: date) -> dict[int, str]:
    """Return, by the id of a reminder, why it no longer holds; what holds is left out."""
    reminders = list(reminders)
    ids = {reminder.milestone_id for reminder in reminders}
    milestones = {row.pk: row for row in Milestone.objects.filter(pk__in=ids).with_reports()}
    late = set(
        Milestone.objects.filter(pk__in=ids).overdue(today=today).values_list("pk", flat=True)
    )
    reasons = {
        reminder.pk: _why_not(reminder, milestones[reminder.milestone_id], people, late)
        for reminder in reminders
    }
    return {pk: reason for pk, reason in reasons.items() if reason}


def _why_not(reminder: Reminder, milestone: Milestone, people: People, late: set[int]) -> str:
    rule = reminder.rule
    last_status: str | None = milestone.last_status  # type: ignore[attr-defined]
    if reminder.recipient_id not in people.reminded(milestone.department_id, to_head=rule.to_head):
        return "已不是该单位的提醒对象"
    if milestone.status != MilestoneStatus.OPEN:
        return MilestoneStatus(milestone.status).label
    if milestone.due_on != reminder.due_on:
        return f"完成时限已改为{milestone.due_on:%Y年%-m月%-d日}"
    if last_status == SubmissionStatus.SUBMITTED:
        return "已报送待审核"
    if rule.kind == RuleKind.RETURNED and last_status != SubmissionStatus.RETURNED:
        return "已重新报送"
    if rule.kind in (RuleKind.OVERDUE, RuleKind.WEEKLY) and milestone.pk not in late:
        return "已不逾期"
    return ""

"""Why a reminder no longer holds, asked when it is queued and again when it leaves."""

from datetime import date
from typing import NamedTuple

from notifications.choices import RuleKind, Subject
from notifications.intents import Told, not_found_again
from notifications.models import Reminder
from notifications.people import People
from notifications.planning import Rules
from notifications.querysets import ReminderQuerySet
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import Dispatch, Milestone, Sheet, Submission


def no_longer_true(reminders: ReminderQuerySet, *, people: People, today: date) -> dict[int, str]:
    """Return, by the id of a reminder, why it no longer holds; what holds is left out, and is not
    read either."""
    rules, told = Rules(), Told(people)
    doubtful = not_found_again(reminders, rules, told, today=today)
    rows = _Rows(list(doubtful.select_related("rule")), today)
    reasons = {row.pk: _why_not(row, rows, rules, told) for row in rows.reminders}
    return {pk: reason for pk, reason in reasons.items() if reason}


class _Owner(NamedTuple):
    """Whose a thing is."""

    department: int
    district: int
    plan: int


class _Rows:
    """What the reminders point at: a few queries, however many there are."""

    def __init__(self, reminders: list[Reminder], today: date) -> None:
        self.reminders = reminders
        self.today = today
        milestones = Milestone.objects.filter(pk__in=self._ids(Subject.MILESTONE))
        self.milestones = {
            row.pk: row for row in milestones.with_reports().select_related("department")
        }
        self.late = set(milestones.overdue(today=today).values_list("pk", flat=True))
        self.signing = set(
            Submission.objects.filter(
                milestone__in=self.milestones, status=SubmissionStatus.SIGN_OFF
            ).values_list("milestone_id", flat=True)
        )
        sheets = Sheet.objects.filter(pk__in=self._ids(Subject.SHEET))
        self.sheets = {row.pk: row for row in sheets.select_related("year", "department")}
        self.of_sheets: dict[int, set[str]] = {}
        on_sheets = Milestone.objects.filter(sheet__in=self.sheets).open().with_reports()
        for row in on_sheets:
            assert row.sheet_id is not None
            last_status: str | None = row.last_status  # type: ignore[attr-defined]
            self.of_sheets.setdefault(row.sheet_id, set()).add(last_status or "")
        signing = Submission.objects.filter(
            milestone__sheet__in=self.sheets, status=SubmissionStatus.SIGN_OFF
        )
        for sheet in signing.values_list("milestone__sheet_id", flat=True):
            self.of_sheets.setdefault(sheet, set()).add(SubmissionStatus.SIGN_OFF)
        dispatches = Dispatch.objects.filter(pk__in=self._ids(Subject.DISPATCH))
        self.dispatches = {
            row.pk: row
            for row in dispatches.select_related("edition", "department").defer("edition__text")
        }

    def _ids(self, subject: Subject) -> set[int]:
        return {row.subject_id for row in self.reminders if row.subject_kind == subject}

    def owner(self, reminder: Reminder) -> _Owner | None:
        """Return whose the thing is now; None where it is gone."""
        pk = reminder.subject_id
        if reminder.subject_kind == Subject.MILESTONE and pk in self.milestones:
            row = self.milestones[pk]
            return _Owner(row.department_id, row.department.district_id, row.plan_id)
        if reminder.subject_kind == Subject.SHEET and pk in self.sheets:
            sheet = self.sheets[pk]
            return _Owner(sheet.department_id, sheet.department.district_id, sheet.year.plan_id)
        if reminder.subject_kind == Subject.DISPATCH and pk in self.dispatches:
            paper = self.dispatches[pk]
            return _Owner(paper.department_id, paper.department.district_id, paper.edition.plan_id)
        return None


def _why_not(reminder: Reminder, rows: _Rows, rules: Rules, told: Told) -> str:
    owner = rows.owner(reminder)
    if owner is None:
        return "事项已不存在"
    spoken = rules.of(reminder.rule_id, owner.plan)
    if not spoken.is_active:
        return "该方案已停用这条提醒规则"
    if reminder.recipient_id not in told.of(spoken, owner.department, owner.district):
        return "已不是该单位的提醒对象"
    pk = reminder.subject_id
    match reminder.subject_kind:
        case Subject.DISPATCH:
            return _dispatch_why_not(rows.dispatches[pk])
        case Subject.SHEET:
            return _sheet_why_not(reminder, rows.sheets[pk], rows.of_sheets.get(pk))
        case _:
            return _milestone_why_not(reminder, rows.milestones[pk], rows)


def _dispatch_why_not(dispatch: Dispatch) -> str:
    if dispatch.acknowledged_at is not None:
        return "已签收"
    return "单位已撤销" if dispatch.department.ended_on else ""


def _sheet_why_not(reminder: Reminder, sheet: Sheet, statuses: set[str] | None) -> str:
    kind = reminder.rule.kind
    if kind == RuleKind.SIGN_OFF:
        return "" if SubmissionStatus.SIGN_OFF in (statuses or ()) else "已不在审签"
    if kind == RuleKind.REVIEW:
        return "" if SubmissionStatus.SUBMITTED in (statuses or ()) else "已审核"
    if not statuses:
        return "已办结"
    if sheet.year.closes_on != reminder.due_on:
        return f"填报截止日已改为{sheet.year.closes_on:%Y年%-m月%-d日}"
    if kind in (RuleKind.RETURNED, RuleKind.NOT_REDONE):
        return "" if SubmissionStatus.RETURNED in statuses else "已重新报送"
    return "已报送" if sheet.submitted_at is not None else ""


def _milestone_why_not(reminder: Reminder, milestone: Milestone, rows: _Rows) -> str:
    kind = reminder.rule.kind
    last_status: str | None = milestone.last_status  # type: ignore[attr-defined]
    if milestone.status != MilestoneStatus.OPEN:
        return str(MilestoneStatus(milestone.status).label)
    if milestone.due_on != reminder.due_on:
        return f"完成时限已改为{milestone.due_on:%Y年%-m月%-d日}"
    if kind == RuleKind.REVIEW:
        return "" if last_status == SubmissionStatus.SUBMITTED else "已审核"
    if last_status == SubmissionStatus.SUBMITTED:
        return "已报送待审核"
    if kind == RuleKind.SIGN_OFF:
        return "" if milestone.pk in rows.signing else "已不在审签"
    is_back = last_status == SubmissionStatus.RETURNED
    if kind in (RuleKind.RETURNED, RuleKind.NOT_REDONE) and not is_back:
        return "已重新报送"
    if kind in (RuleKind.OVERDUE, RuleKind.WEEKLY) and milestone.pk not in rows.late:
        return "已不逾期"
    return ""

"""What a rule speaks of on a working day, and whom it tells; nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.calendar import ONE_DAY, WorkCalendar
from accounts.models import Event
from notifications.choices import RuleKind, Subject
from notifications.models import PlanRule, ReminderRule
from notifications.people import People
from tracking.choices import SubmissionStatus
from tracking.lateness import last_day_in
from tracking.models import Dispatch, Milestone, Sheet, Submission

WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule as it speaks for some plans: those named, or all but those named."""

    rule: ReminderRule
    offset: int
    to_head: bool
    is_active: bool
    plans: frozenset[int]
    is_default: bool

    def among(self, path: str) -> Q:
        """Match the rows of its plans; ``path`` leads from a row to the id of its plan."""
        chosen = Q(**{f"{path}__in": self.plans})
        return ~chosen if self.is_default else chosen

    def only_for(self, plan: int) -> "Spoken":
        """Return the rule as it speaks for one plan alone."""
        return replace(self, plans=frozenset({plan}), is_default=False)


class Owed(NamedTuple):
    """One thing to remind of: what it is, whose, and the day that was counted from."""

    subject: Subject
    pk: int
    department: int
    district: int
    plan: int
    due_on: date


class Planned(NamedTuple):
    """One person to be reminded of one thing."""

    owed: Owed
    spoken: Spoken
    day: date
    recipient: int


class Rules:
    """Every rule, with what plans have of their own: two queries."""

    def __init__(self) -> None:
        own: dict[int, dict[int, PlanRule]] = {}
        for row in PlanRule.objects.all():
            own.setdefault(row.rule_id, {})[row.plan_id] = row
        self._default: dict[int, Spoken] = {}
        self._own: dict[tuple[int, int], Spoken] = {}
        for rule in ReminderRule.objects.order_by("id"):
            rows = own.get(rule.pk, {})
            self._default[rule.pk] = Spoken(
                rule, rule.offset, rule.to_head, rule.is_active, frozenset(rows), True
            )
            for plan, row in rows.items():
                self._own[rule.pk, plan] = Spoken(
                    rule, row.offset, row.to_head, row.is_active, frozenset({plan}), False
                )

    def active(self) -> list[Spoken]:
        """Return what speaks, the rules for all first."""
        return [row for row in (*self._default.values(), *self._own.values()) if row.is_active]

    def of(self, rule: int, plan: int) -> Spoken:
        """Return how the rule speaks for the plan."""
        return self._own.get((rule, plan)) or self._default[rule]

    def of_plan(self, plan: int) -> list[Spoken]:
        """Return all rules as they speak for the plan, switched off ones too."""
        return [self.of(rule, plan) for rule in self._default]


def days_to_plan(planned_until: date | None, today: date, calendar: WorkCalendar) -> list[date]:
    """Return the working days from the watermark, at most seven days back, up to today."""
    first = today if planned_until is None else min(max(planned_until, today - WINDOW), today)
    return working_days(first, today, calendar)


def working_days(first: date, last: date, calendar: WorkCalendar) -> list[date]:
    """Return the working days in [first, last]."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if calendar.is_working(day)]


def is_first_of_week(day: date, calendar: WorkCalendar) -> bool:
    """Say whether a working day is the first one since the last Sunday."""
    return calendar.before(day, 1) < day - day.weekday() * ONE_DAY


def planned_on(
    day: date, rules: list[Spoken], calendar: WorkCalendar, people: People
) -> Iterator[Planned]:
    """Yield who is to be reminded of what on a working day: one or two queries a rule."""
    for spoken in rules:
        for owed in owed_on(spoken, day, calendar):
            for recipient in told(spoken, owed, people):
                yield Planned(owed, spoken, day, recipient)


def told(spoken: Spoken, owed: Owed, people: People) -> list[int]:
    """Return whom the rule tells of it."""
    match spoken.rule.kind:
        case RuleKind.SIGN_OFF:
            return people.signers(owed.department)
        case RuleKind.REVIEW:
            return people.reviewers(owed.district, owed.department)
        case _:
            found = people.reminded(owed.department, to_head=spoken.to_head)
            if spoken.rule.to_coordinator:
                found = list(dict.fromkeys([*found, *people.coordinators(owed.district)]))
            return found


def owed_on(spoken: Spoken, day: date, calendar: WorkCalendar) -> list[Owed]:
    """Return what the rule speaks of on the working day."""
    found: list[Owed] = []
    if (papers := _dispatches(spoken, day, calendar)) is not None:
        papers = papers.filter(spoken.among("edition__plan")).order_by("id")
        found += _rows(Subject.DISPATCH, papers, "edition__plan", "issued_on")
    if (milestones := _milestones(spoken, day, calendar)) is not None:
        milestones = milestones.filter(spoken.among("plan")).order_by("id").distinct()
        found += _rows(Subject.MILESTONE, milestones, "plan", "due_on")
    if (sheets := _sheets(spoken, day, calendar)) is not None:
        sheets = sheets.filter(spoken.among("year__plan")).order_by("id").distinct()
        found += _rows(Subject.SHEET, sheets, "year__plan", "year__closes_on")
    return found


def _rows(subject: Subject, rows: "QuerySet[Any]", plan: str, day: str) -> list[Owed]:
    values = rows.values_list("pk", "department", "department__district", plan, day)
    return [Owed(subject, *row) for row in values]


def _ahead(day: date, count: int, calendar: WorkCalendar) -> tuple[date, date]:
    """Return the first and last of the days whose count-th working day before is ``day``; for 0
    those whose last working day is."""
    if not count:
        return day, calendar.after(day, 1) - ONE_DAY
    return calendar.after(day, count - 1) + ONE_DAY, calendar.after(day, count)


def _behind(day: date, count: int, calendar: WorkCalendar) -> tuple[date, date]:
    """Return the first and last of the days whose count-th working day after is ``day``."""
    return calendar.before(day, count), calendar.before(day, count - 1) - ONE_DAY


def _dispatches(spoken: Spoken, day: date, calendar: WorkCalendar) -> "QuerySet[Dispatch] | None":
    if spoken.rule.kind != RuleKind.UNSIGNED:
        return None
    passed = _behind(day, spoken.offset, calendar)
    return Dispatch.objects.waiting().filter(issued_on__range=passed)


def _milestones(spoken: Spoken, day: date, calendar: WorkCalendar) -> "QuerySet[Milestone] | None":
    """Answer for what is reported one by one; what stands on a sheet is reminded of with it."""
    milestones = Milestone.objects.by_themselves()
    match spoken.rule.kind:
        case RuleKind.BEFORE_DUE:
            return milestones.unanswered().due_between(*_ahead(day, spoken.offset, calendar))
        case RuleKind.ON_DAY:
            return milestones.unanswered().due_between(*_ahead(day, 0, calendar))
        case RuleKind.OVERDUE:
            passed = _behind(day, spoken.offset, calendar)
            return milestones.overdue(today=day).filter(last_day_in(*passed))
        case RuleKind.RETURNED:
            return milestones.to_redo_between(*_ahead(day, 0, calendar))
        case RuleKind.NOT_REDONE:
            return milestones.to_redo_between(*_behind(day, spoken.offset, calendar))
        case RuleKind.WEEKLY if is_first_of_week(day, calendar):
            return milestones.overdue(today=day)
        case RuleKind.SIGN_OFF:
            reports = _waiting_for_signature(_behind(day, spoken.offset, calendar))
            return milestones.open().filter(submissions__in=reports)
        case RuleKind.REVIEW:
            return milestones.open().filter(
                submissions__in=_waiting_for_review(_behind(day, spoken.offset, calendar))
            )
        case _:
            return None


def _sheets(spoken: Spoken, day: date, calendar: WorkCalendar) -> "QuerySet[Sheet] | None":
    unsent = Sheet.objects.filter(submitted_at=None, milestones__status="open")
    match spoken.rule.kind:
        case RuleKind.SHEET_OPEN:
            opened = (calendar.before(day, 1) + ONE_DAY, day)
            return unsent.filter(year__opens_on__range=opened)
        case RuleKind.SHEET_CLOSING:
            closing = _ahead(day, spoken.offset, calendar)
            return unsent.filter(year__closes_on__range=closing, year__opens_on__lte=day)
        case RuleKind.SHEET_LATE:
            return unsent.filter(year__closes_on__range=_behind(day, spoken.offset, calendar))
        case RuleKind.WEEKLY if is_first_of_week(day, calendar):
            return unsent.filter(year__closes_on__lt=day)
        case RuleKind.RETURNED:
            back = Milestone.objects.to_redo_between(*_ahead(day, 0, calendar))
            return Sheet.objects.filter(milestones__in=back)
        case RuleKind.NOT_REDONE:
            back = Milestone.objects.to_redo_between(*_behind(day, spoken.offset, calendar))
            return Sheet.objects.filter(milestones__in=back)
        case RuleKind.SIGN_OFF:
            reports = _waiting_for_signature(_behind(day, spoken.offset, calendar))
            return Sheet.objects.filter(milestones__submissions__in=reports)
        case RuleKind.REVIEW:
            reports = _waiting_for_review(_behind(day, spoken.offset, calendar))
            return Sheet.objects.filter(milestones__submissions__in=reports)
        case _:
            return None


def _waiting_for_signature(days: tuple[date, date]) -> "QuerySet[Submission]":
    """Return the reports put before the head on one of the days and still there."""
    sent = Event.objects.filter(
        object_kind="tracking.submission", action="send_for_sign_off", at__date__range=days
    )
    return Submission.objects.filter(
        status=SubmissionStatus.SIGN_OFF, pk__in=sent.values("object_id")
    )


def _waiting_for_review(days: tuple[date, date]) -> "QuerySet[Submission]":
    return Submission.objects.waiting().filter(submitted_at__date__range=days)

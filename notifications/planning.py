"""What a rule speaks of on a working day, as questions to the work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, TruncDate

from accounts.calendar import ONE_DAY, WorkCalendar
from accounts.models import Event
from notifications.choices import RuleKind, Subject
from notifications.models import PlanRule, ReminderRule
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.lateness import LAST_DAY, in_time, last_day_in
from tracking.models import Dispatch, Milestone, Sheet
from tracking.querysets import MilestoneQuerySet

WINDOW = timedelta(days=7)
NEVER = Cast(Value(None), DateField())


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


def span_of(spoken: Spoken, day: date, calendar: WorkCalendar) -> tuple[date, date] | None:
    """Return the first and last of the days that a thing is counted from, if the rule is to speak
    of it on the working day; None where it does not speak."""
    match spoken.rule.kind:
        case RuleKind.BEFORE_DUE | RuleKind.SHEET_CLOSING:
            return _ahead(day, spoken.offset, calendar)
        case RuleKind.ON_DAY | RuleKind.RETURNED:
            return _ahead(day, 0, calendar)
        case RuleKind.SHEET_OPEN:
            return calendar.before(day, 1) + ONE_DAY, day
        case RuleKind.WEEKLY:
            return (date.min, day - ONE_DAY) if is_first_of_week(day, calendar) else None
        case _:
            return _behind(day, spoken.offset, calendar)


def _ahead(day: date, count: int, calendar: WorkCalendar) -> tuple[date, date]:
    """Return the first and last of the days whose count-th working day before is ``day``; for 0
    those whose last working day is."""
    if not count:
        return day, calendar.after(day, 1) - ONE_DAY
    return calendar.after(day, count - 1) + ONE_DAY, calendar.after(day, count)


def _behind(day: date, count: int, calendar: WorkCalendar) -> tuple[date, date]:
    """Return the first and last of the days whose count-th working day after is ``day``."""
    return calendar.before(day, count), calendar.before(day, count - 1) - ONE_DAY


class Source(NamedTuple):
    """Where a rule finds things of one kind: rows with ``counted``, the day that they are counted
    from, the paths from a row to the thing, its plan and its day, and the question that leaves what
    is counted from a stretch of days."""

    subject: Subject
    rows: "QuerySet[Any]"
    plan: str
    pk: str
    due_on: str
    within: Callable[[date, date], Q]

    @property
    def columns(self) -> tuple[str, ...]:
        """The thing, whose it is, its day, and the days that say when to speak of it."""
        return (self.pk, "department", self.due_on, "counted", "barrier")


def sources_of(kind: str, latest: date) -> Iterator[Source]:
    """Yield where the rule looks, up to the latest day that it is asked for. What is reported one
    by one is found as such; what stands on a sheet is reminded of with the sheet."""
    alone = Milestone.objects.by_themselves()
    together = Milestone.objects.exclude(sheet=None)
    unsent = Sheet.objects.filter(submitted_at=None, milestones__status=MilestoneStatus.OPEN)
    match kind:
        case RuleKind.UNSIGNED:
            papers = _counted(Dispatch.objects.waiting(), "issued_on")
            yield Source(Subject.DISPATCH, papers, "edition__plan", "pk", "issued_on", _counted_in)
        case RuleKind.BEFORE_DUE | RuleKind.ON_DAY:
            yield _one_by_one(_counted(alone.unanswered(), LAST_DAY), last_day_in)
        case RuleKind.OVERDUE:
            yield _one_by_one(_overdue(alone, latest), last_day_in)
        case RuleKind.WEEKLY:
            yield _one_by_one(_overdue(alone, latest), last_day_in)
            yield _sheet_by_sheet(_counted(unsent, "year__closes_on"))
        case RuleKind.SHEET_OPEN:
            yield _sheet_by_sheet(_counted(unsent, "year__opens_on"))
        case RuleKind.SHEET_CLOSING:
            yield _sheet_by_sheet(_counted(unsent, "year__closes_on", "year__opens_on"))
        case RuleKind.SHEET_LATE:
            yield _sheet_by_sheet(_counted(unsent, "year__closes_on"))
        case _:
            yield _one_by_one(_reports(kind, alone))
            rows = _reports(kind, together)
            closes_on = "sheet__year__closes_on"
            yield Source(Subject.SHEET, rows, "plan", "sheet", closes_on, _counted_in)


def _counted_in(first: date, last: date) -> Q:
    return Q(counted__range=(first, last))


def _one_by_one(rows: "QuerySet[Any]", within: Callable[[date, date], Q] = _counted_in) -> Source:
    return Source(Subject.MILESTONE, rows, "plan", "pk", "due_on", within)


def _sheet_by_sheet(rows: "QuerySet[Any]") -> Source:
    return Source(Subject.SHEET, rows, "year__plan", "pk", "year__closes_on", _counted_in)


def _counted(rows: "QuerySet[Any]", counted: Any, barrier: Any = NEVER) -> "QuerySet[Any]":
    """Name the day from which each row is counted, and the day that may bar it."""
    day = F(counted) if isinstance(counted, str) else counted
    bar = F(barrier) if isinstance(barrier, str) else barrier
    named: QuerySet[Any] = rows.annotate(counted=day, barrier=bar)
    return named


def _overdue(milestones: MilestoneQuerySet, latest: date) -> "QuerySet[Any]":
    """What is overdue on the latest day; what was in time and could still be mended on an earlier
    one is barred there."""
    mended = Q(last_status=SubmissionStatus.RETURNED) & in_time("last_sent_on", "due_on")
    return _counted(
        milestones.overdue(today=latest), LAST_DAY, Case(When(mended, then=F("redo_by")))
    )


def _reports(kind: str, milestones: MilestoneQuerySet) -> "QuerySet[Any]":
    """Reports that came back, lie with the head or wait for a reviewer."""
    opened = milestones.filter(status=MilestoneStatus.OPEN)
    match kind:
        case RuleKind.SIGN_OFF:
            sent = Event.objects.filter(
                object_kind="tracking.submission",
                object_id=OuterRef("submissions__pk"),
                action="send_for_sign_off",
            )
            day = TruncDate(Subquery(sent.order_by("-seq").values("at")[:1]))
            return _counted(opened.filter(submissions__status=SubmissionStatus.SIGN_OFF), day)
        case RuleKind.REVIEW:
            waiting = opened.filter(submissions__status=SubmissionStatus.SUBMITTED)
            return _counted(waiting, TruncDate("submissions__submitted_at"))
        case _:
            return _counted(milestones.to_redo(), "redo_by")

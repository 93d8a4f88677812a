"""What stands in the database at a moment, as plain rows: what the model looks at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import CalendarDay, Department, Event, Membership
from notifications.models import PlanRule, ReminderRule
from tracking.choices import PastChoice
from tracking.models import Dispatch, Milestone, Sheet, Submission

DAY = timedelta(days=1)


class Rule(NamedTuple):
    """A rule as it holds for one plan."""

    pk: int
    kind: str
    distance: int
    heads: bool
    coordinators: bool
    speaks: bool


class Report(NamedTuple):
    """A report that exists: how it stands and the days that matter."""

    pk: int
    number: int
    status: str
    sent_on: date | None
    redo_by: date | None


class Thing(NamedTuple):
    """What somebody may be reminded of, with its reports (a milestone) or rows (a sheet)."""

    kind: str
    pk: int
    unit: int
    plan: int
    counted_from: date
    is_open: bool
    reports: tuple[Report, ...] = ()
    rows: tuple["Thing", ...] = ()
    opens_on: date | None = None


@dataclass(frozen=True)
class World:
    """Everything, read anew at each moment."""

    days: dict[date, bool]
    rules: dict[int, list[Rule]]
    seats: dict[tuple[int, str], list[int]]
    reviewers: list[tuple[int, set[int]]]
    things: dict[tuple[str, int], Thing]
    signing: dict[int, list[date]]
    walked: dict[tuple[date, int], date] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices are open."""
        return self.days.get(day, day.weekday() < 5)

    def walk(self, day: date, count: int) -> date:
        """Go that many working days on from a day, or back where negative; the day itself is not
        counted."""
        if (day, count) not in self.walked:
            self.walked[day, count] = self._walk(day, count)
        return self.walked[day, count]

    def _walk(self, day: date, count: int) -> date:
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def eve(self, day: date) -> date:
        """The day itself where offices are open, else the last working day before."""
        return day if self.is_working(day) else self.walk(day, -1)


def read_world() -> World:
    """Read all rows; no question of ours is asked of the database."""
    plans = set(Milestone.objects.order_by().values_list("plan_id", flat=True).distinct())
    coordinators = [seat for seat in _seats() if seat[1] == "coordinator"]
    seats: dict[tuple[int, str], list[int]] = {}
    offices: dict[int, set[int]] = {}
    for unit, role, person, host in _seats():
        seats.setdefault((unit, role), []).append(person)
        offices.setdefault(person, set()).update({unit} if host is None else {unit, host})
    seats[0, "coordinator"] = [person for _, _, person, _ in coordinators]
    deciding = [person for _, role, person, _ in _seats() if role in ("supervisor", "coordinator")]
    return World(
        days=dict(CalendarDay.objects.values_list("date", "is_workday")),
        rules={plan: list(_rules(plan)) for plan in plans},
        seats=seats,
        reviewers=[(person, offices[person]) for person in dict.fromkeys(deciding)],
        things={(thing.kind, thing.pk): thing for thing in _things()},
        signing=_signing(),
    )


def _seats() -> list[tuple[int, str, int, int | None]]:
    return [
        (unit, role, person, host)
        for unit, role, person, host, until, can_enter in Membership.objects.order_by(
            "pk"
        ).values_list(
            "department_id",
            "role",
            "user_id",
            "department__host_id",
            "until_on",
            "user__is_active",
        )
        if until is None and can_enter
    ]


def _rules(plan: int) -> Iterable[Rule]:
    own = {row.rule_id: row for row in PlanRule.objects.filter(plan=plan)}
    for rule in ReminderRule.objects.order_by("pk"):
        row = own.get(rule.pk, rule)
        yield Rule(rule.pk, rule.kind, row.offset, row.to_head, rule.to_coordinator, row.is_active)


def _things() -> Iterable[Thing]:
    reports: dict[int, list[Report]] = {}
    for pk, milestone, number, status, sent_at, redo_by in Submission.objects.order_by(
        "milestone_id", "number"
    ).values_list("pk", "milestone_id", "number", "status", "submitted_at", "review__redo_by"):
        sent_on = timezone.localdate(sent_at) if sent_at else None
        row = Report(pk, number, status, sent_on, redo_by)
        reports.setdefault(milestone, []).append(row)
    rows: dict[int, list[Thing]] = {}
    for pk, unit, plan, due_on, report_by, past, status, sheet in Milestone.objects.order_by(
        "pk"
    ).values_list(
        "pk",
        "department_id",
        "plan_id",
        "due_on",
        "report_by",
        "past_choice",
        "status",
        "sheet_id",
    ):
        said = tuple(reports.get(pk, ()))
        last_day = report_by if past == PastChoice.MAKE_UP else due_on
        thing = Thing("milestone", pk, unit, plan, last_day, status == "open", said)
        if sheet is None:
            yield thing
        else:
            rows.setdefault(sheet, []).append(thing)
    for pk, unit, plan, opens_on, closes_on, sent_at in Sheet.objects.order_by("pk").values_list(
        "pk",
        "department_id",
        "year__plan_id",
        "year__opens_on",
        "year__closes_on",
        "submitted_at",
    ):
        on_it = tuple(rows.get(pk, ()))
        yield Thing(
            "sheet", pk, unit, plan, closes_on, sent_at is None, rows=on_it, opens_on=opens_on
        )
    ended = set(Department.objects.exclude(ended_on=None).values_list("pk", flat=True))
    for pk, unit, plan, issued_on, signed_at in Dispatch.objects.order_by("pk").values_list(
        "pk", "department_id", "edition__plan_id", "issued_on", "acknowledged_at"
    ):
        is_waiting = signed_at is None and unit not in ended
        yield Thing("dispatch", pk, unit, plan, issued_on, is_waiting)


def _signing() -> dict[int, list[date]]:
    """The days on which a report was put before the head, by report."""
    found: dict[int, list[date]] = {}
    for report, at in Event.objects.filter(
        object_kind="tracking.submission", action="send_for_sign_off"
    ).values_list("object_id", "at"):
        found.setdefault(report, []).append(timezone.localdate(at))
    return found

"""Which mails are right: the rules of the operator guide and decisions 0008, 0010 and 0023 in plain
Python over plain rows. Nothing of the sweep is used here, so that both cannot err alike."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import Event, Membership
from tests.year.world import DAY, Report, Rule, Thing, World, read_world

OFFICE_HOURS = (time(8, 30), time(18))
FARTHEST_BACK = timedelta(days=7)
WEEKLY_MAILS = 4
LEFT_THE_HOUSE = ("submitted", "accepted", "returned")


class Line(NamedTuple):
    """One thing that one person is to be reminded of, by the newest rule that spoke."""

    day: date
    rule: int
    kind: str
    counted_from: date


class Mail(NamedTuple):
    """A mail: to whom, what kind, and what stands in it, by kind, id and rule."""

    person: int
    what: str
    lines: frozenset[tuple[str, int, int]]


@dataclass
class Model:
    """What was planned, is waiting, and was sent."""

    planned: set[tuple[str, int, int, date, int]] = field(default_factory=set)
    waiting: dict[tuple[str, int, int], Line] = field(default_factory=dict)
    said: Counter[tuple[int, str, int, date]] = field(default_factory=Counter)
    mailed: set[tuple[int, date]] = field(default_factory=set)
    planned_until: date | None = None
    last_event: int = 0

    def mails_at(self, at: datetime) -> list[Mail]:
        """Return the mails that leave when the engine runs at the moment."""
        world, today = read_world(), timezone.localdate(at)
        for day in self._days(world, today):
            self._plan(world, day)
        self.planned_until = today
        mails = list(self._handovers())
        opens, closes = OFFICE_HOURS
        if world.is_working(today) and opens <= timezone.localtime(at).time() < closes:
            mails += self._digests(world, today)
        return mails

    def _days(self, world: World, today: date) -> Iterable[date]:
        first = today if self.planned_until is None else self.planned_until
        first = min(max(first, today - FARTHEST_BACK), today)
        while first <= today:
            if world.is_working(first):
                yield first
            first += DAY

    def _plan(self, world: World, day: date) -> None:
        for thing in world.things.values():
            for rule in world.rules[thing.plan]:
                if not rule.speaks or not speaks(world, rule, thing, day):
                    continue
                for person in told(world, rule, thing):
                    key = (thing.kind, thing.pk, rule.pk, day, person)
                    if key not in self.planned:
                        self.planned.add(key)
                        self._wait(thing, person, Line(day, rule.pk, rule.kind, thing.counted_from))

    def _wait(self, thing: Thing, person: int, line: Line) -> None:
        before = self.waiting.get((thing.kind, thing.pk, person))
        if before is None or (before.day, before.rule) < (line.day, line.rule):
            self.waiting[thing.kind, thing.pk, person] = line

    def _digests(self, world: World, today: date) -> list[Mail]:
        for key, line in list(self.waiting.items()):
            thing = world.things.get(key[:2])
            if thing is None or not holds(world, line, thing, key[2], today):
                del self.waiting[key]
        self._drop_what_was_said_often()
        due: dict[int, list[tuple[str, int, Line]]] = {}
        for (kind, pk, person), line in self.waiting.items():
            if (person, today) not in self.mailed:
                due.setdefault(person, []).append((kind, pk, line))
        for person, lines in due.items():
            self.mailed.add((person, today))
            for kind, pk, line in lines:
                del self.waiting[kind, pk, person]
                if line.kind == "weekly":
                    self.said[person, kind, pk, line.counted_from] += 1
        return [
            Mail(person, "digest", frozenset((kind, pk, line.rule) for kind, pk, line in lines))
            for person, lines in due.items()
        ]

    def _drop_what_was_said_often(self) -> None:
        often = {
            key
            for key, line in self.waiting.items()
            if line.kind == "weekly"
            and self.said[key[2], key[0], key[1], line.counted_from] >= WEEKLY_MAILS
        }
        awake = {person for kind, pk, person in self.waiting if (kind, pk, person) not in often}
        for key in often:
            if key[2] not in awake:
                del self.waiting[key]

    def _handovers(self) -> Iterable[Mail]:
        named = Event.objects.filter(seq__gt=self.last_event).order_by("seq")
        for seq, action, seat in named.values_list("seq", "action", "object_id"):
            self.last_event = seq
            if action != "name_liaison":
                continue
            row = Membership.objects.select_related("user").get(pk=seat)
            if row.until_on is None and row.user.is_active:
                yield Mail(row.user_id, "handover", frozenset())


def last_sent(thing: Thing) -> Report | None:
    """The newest report that left the house."""
    sent = [report for report in thing.reports if report.status in LEFT_THE_HOUSE]
    return sent[-1] if sent else None


def is_back(thing: Thing) -> bool:
    """Whether the newest report came back."""
    last = last_sent(thing)
    return thing.is_open and last is not None and last.status == "returned"


def awaits_review(thing: Thing) -> bool:
    """Whether the newest report waits for a decision."""
    last = last_sent(thing)
    return last is not None and last.status == "submitted"


def is_late(thing: Thing, day: date) -> bool:
    """Past its day, but neither waiting for review nor being mended in time after a timely one."""
    if not thing.is_open or thing.counted_from >= day or awaits_review(thing):
        return False
    last = last_sent(thing)
    if last is None or last.status != "returned":
        return True
    assert last.sent_on is not None
    assert last.redo_by is not None
    return not (last.sent_on <= thing.counted_from and last.redo_by >= day)


def is_unsent(sheet: Thing) -> bool:
    """Whether a sheet with something owed on it was never sent."""
    return sheet.is_open and any(row.is_open for row in sheet.rows)


def first_of_week(world: World, day: date) -> bool:
    """Whether no day of this week before was a working day."""
    monday = day - DAY * day.weekday()
    return not any(world.is_working(monday + DAY * n) for n in range(day.weekday()))


def speaks(world: World, rule: Rule, thing: Thing, day: date) -> bool:
    """Whether the rule speaks of the thing on the working day."""
    if thing.kind == "dispatch":
        is_due = world.walk(thing.counted_from, rule.distance) == day
        return rule.kind == "unsigned" and thing.is_open and is_due
    rows = thing.rows if thing.kind == "sheet" else (thing,)
    match rule.kind:
        case "returned":
            return any(_redo(row) and world.eve(_redo(row) or day) == day for row in rows)
        case "not_redone":
            return any(
                _redo(row) and world.walk(_redo(row) or day, rule.distance) == day for row in rows
            )
        case "sign_off":
            return any(
                report.status == "sign_off"
                and (thing.kind == "sheet" or row.is_open)
                and any(
                    world.walk(sent, rule.distance) == day
                    for sent in world.signing.get(report.pk, ())
                )
                for row in rows
                for report in row.reports
            )
        case "review":
            return any(
                report.status == "submitted"
                and (thing.kind == "sheet" or row.is_open)
                and report.sent_on is not None
                and world.walk(report.sent_on, rule.distance) == day
                for row in rows
                for report in row.reports
            )
    return (_of_sheet if thing.kind == "sheet" else _of_milestone)(world, rule, thing, day)


def _redo(row: Thing) -> date | None:
    last = last_sent(row)
    return last.redo_by if last is not None and is_back(row) else None


def _of_milestone(world: World, rule: Rule, thing: Thing, day: date) -> bool:
    is_asked = thing.is_open and not awaits_review(thing)
    due = thing.counted_from
    match rule.kind:
        case "before_due":
            return is_asked and world.walk(due, -rule.distance) == day
        case "on_day":
            return is_asked and world.eve(due) == day
        case "overdue":
            return is_late(thing, day) and world.walk(due, rule.distance) == day
        case "weekly":
            return is_late(thing, day) and first_of_week(world, day)
    return False


def _of_sheet(world: World, rule: Rule, sheet: Thing, day: date) -> bool:
    if not is_unsent(sheet):
        return False
    assert sheet.opens_on is not None
    closes = sheet.counted_from
    match rule.kind:
        case "sheet_open":
            opens = sheet.opens_on
            return (opens if world.is_working(opens) else world.walk(opens, 1)) == day
        case "sheet_close":
            n = rule.distance
            counted = world.walk(closes, -n) if n else world.eve(closes)
            return sheet.opens_on <= day and counted == day
        case "sheet_late":
            return world.walk(closes, rule.distance) == day
        case "weekly":
            return closes < day and first_of_week(world, day)
    return False


def told(world: World, rule: Rule, thing: Thing) -> list[int]:
    """Whom the rule tells: the unit's liaisons, or its heads; who signs; who may decide."""
    heads = world.seats.get((thing.unit, "head"), [])
    if rule.kind == "sign_off":
        return list(dict.fromkeys(heads))
    if rule.kind == "review":
        return [person for person, offices in world.reviewers if thing.unit not in offices]
    liaisons = world.seats.get((thing.unit, "liaison"), [])
    found = [*liaisons, *heads] if rule.heads or not liaisons else list(liaisons)
    if rule.coordinators:
        found += world.seats[0, "coordinator"]
    return list(dict.fromkeys(found))


def holds(world: World, line: Line, thing: Thing, person: int, today: date) -> bool:
    """Whether what was planned is still to be said."""
    (rule,) = (rule for rule in world.rules[thing.plan] if rule.pk == line.rule)
    if not rule.speaks or person not in told(world, rule, thing):
        return False
    if thing.kind == "dispatch":
        return thing.is_open
    if thing.kind == "sheet":
        return _sheet_holds(line, thing)
    if not thing.is_open or thing.counted_from != line.counted_from:
        return False
    match line.kind:
        case "review":
            return awaits_review(thing)
        case "sign_off":
            in_house = any(report.status == "sign_off" for report in thing.reports)
            return in_house and not awaits_review(thing)
        case "returned" | "not_redone":
            return is_back(thing)
        case "overdue" | "weekly":
            return is_late(thing, today)
    return not awaits_review(thing)


def _sheet_holds(line: Line, sheet: Thing) -> bool:
    open_rows = [row for row in sheet.rows if row.is_open]
    match line.kind:
        case "sign_off":
            return any(report.status == "sign_off" for row in sheet.rows for report in row.reports)
        case "review":
            return any(awaits_review(row) for row in open_rows)
    if not open_rows or sheet.counted_from != line.counted_from:
        return False
    if line.kind in ("returned", "not_redone"):
        return any(is_back(row) for row in open_rows)
    return sheet.is_open

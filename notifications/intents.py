"""Intents to remind, found, inserted and held against the work by one statement a question each.

The statements are put together from compiled querysets, constants and numbers; values are params.
"""
# ruff: noqa: S608, S611

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.calendar import WorkCalendar
from accounts.models import Department
from notifications.choices import Channel, ReminderStatus, RuleKind, Subject
from notifications.models import Reminder
from notifications.people import People
from notifications.planning import Rules, Source, Spoken, sources_of, span_of
from notifications.querysets import ReminderQuerySet


class Planned(NamedTuple):
    """One person to be reminded of one thing."""

    subject: str
    pk: int
    department: int
    spoken: Spoken
    day: date
    recipient: int


class _Sql(NamedTuple):
    text: str
    params: tuple[Any, ...]


class Told:
    """Whom each rule tells of what a unit owes."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._units = list(Department.objects.order_by("id").values_list("pk", "district_id"))
        self._values: dict[tuple[bool | str, ...], str] = {}

    def of(self, spoken: Spoken, department: int, district: int) -> list[int]:
        """Return the people."""
        people = self._people
        match spoken.rule.kind:
            case RuleKind.SIGN_OFF:
                return people.signers(department)
            case RuleKind.REVIEW:
                return people.reviewers(district, department)
            case _:
                found = people.reminded(department, to_head=spoken.to_head)
                if spoken.rule.to_coordinator:
                    found = list(dict.fromkeys([*found, *people.coordinators(district)]))
                return found

    def values(self, spoken: Spoken) -> str:
        """Return all pairs of unit and person as a list for VALUES; "" where nobody is told."""
        own = (RuleKind.SIGN_OFF, RuleKind.REVIEW)
        kind = spoken.rule.kind if spoken.rule.kind in own else ""
        key = (kind, spoken.to_head, spoken.rule.to_coordinator)
        if key not in self._values:
            pairs = (
                f"({unit:d}, {person:d})"
                for unit, district in self._units
                for person in self.of(spoken, unit, district)
            )
            self._values[key] = ", ".join(pairs)
        return self._values[key]


def planned_in(
    days: list[date], rules: list[Spoken], calendar: WorkCalendar, people: People
) -> Iterator[Planned]:
    """Yield who is to be reminded of what on working days: one or two queries a rule, however many
    days there are."""
    told = Told(people)
    named = {str(day): day for day in days}
    with connection.cursor() as cursor:
        for spoken in rules:
            for sql in _planned(spoken, days, calendar, told):
                cursor.execute(f"{sql.text} ORDER BY 5, 1, 2, 6", sql.params)
                for subject, pk, _, department, day, person in cursor.fetchall():
                    yield Planned(subject, pk, department, spoken, named[str(day)], person)


def insert_planned(
    days: list[date], rules: list[Spoken], calendar: WorkCalendar, people: People
) -> int:
    """Insert the intents of these days that are not there yet; return how many."""
    told = Told(people)
    count = 0
    with connection.cursor() as cursor:
        for spoken in rules:
            for sql in _planned(spoken, days, calendar, told):
                rule = (spoken.rule.pk, spoken.offset, Channel.MAIL, ReminderStatus.PLANNED, "")
                cursor.execute(
                    f"""INSERT INTO notifications_reminder (subject_kind, subject_id, due_on, day,
                    recipient_id, rule_id, "offset", channel, status, reason)
                    SELECT subject_kind, subject_id, due_on, day, recipient_id, %s, %s, %s, %s, %s
                    FROM ({sql.text}) AS planned WHERE NOT EXISTS (
                        SELECT 1 FROM notifications_reminder AS known
                        WHERE known.subject_kind = planned.subject_kind
                        AND known.subject_id = planned.subject_id AND known.rule_id = %s
                        AND known.day = planned.day AND known.channel = %s
                        AND known.recipient_id = planned.recipient_id)
                    ON CONFLICT DO NOTHING""",
                    (*rule, *sql.params, spoken.rule.pk, Channel.MAIL),
                )
                count += cursor.rowcount
    return count


def not_found_again(
    reminders: ReminderQuerySet, rules: Rules, told: Told, *, today: date
) -> "QuerySet[Reminder]":
    """Leave those of which the rules, as they are today, would not speak to their person: one
    statement, in which most of them are never read."""
    present = set(reminders.order_by().values_list("rule_id", flat=True).distinct())
    active = [spoken for spoken in rules.active() if spoken.rule.pk in present]
    found = [sql for spoken in active for sql in _found_again(spoken, reminders, told, today)]
    if not found:
        return reminders
    text = " UNION ALL ".join(f"SELECT id FROM ({sql.text}) AS found" for sql in found)
    return reminders.exclude(pk__in=RawSQL(text, [p for sql in found for p in sql.params]))


def _planned(
    spoken: Spoken, days: Sequence[date], calendar: WorkCalendar, told: Told
) -> Iterator[_Sql]:
    """Yield what selects kind and id of a thing, its day, its unit, the day to speak, the person.

    A thing counts from a day; ``barrier`` keeps the rule from speaking of it for a time: a sheet
    that is not open yet, a report that was in time and may still be mended."""
    spans = {day: span for day in days if (span := span_of(spoken, day, calendar))}
    if not spans or not told.values(spoken):
        return
    first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    as_date = connection.ops.adapt_datefield_value
    marks = ", ".join(["(%s, %s, %s)"] * len(spans))
    bounds = [as_date(bound) for day, span in spans.items() for bound in (day, *span)]
    before = "<=" if spoken.rule.kind == RuleKind.SHEET_CLOSING else "<"
    for source in sources_of(spoken.rule.kind, max(spans)):
        rows = source.rows.filter(spoken.among(source.plan), source.within(first, last))
        owed = _owed(source, rows)
        yield _Sql(
            f"""WITH owed (subject_id, department_id, due_on, counted, barrier) AS ({owed.text}),
            days (day, from_on, to_on) AS (VALUES {marks}),
            told (department_id, recipient_id) AS (VALUES {told.values(spoken)})
            SELECT '{source.subject:s}' AS subject_kind, owed.subject_id, owed.due_on,
            owed.department_id, days.day, told.recipient_id
            FROM owed JOIN days ON owed.counted BETWEEN days.from_on AND days.to_on
            AND (owed.barrier IS NULL OR owed.barrier {before} days.day)
            JOIN told ON told.department_id = owed.department_id""",
            (*owed.params, *bounds),
        )


def _found_again(
    spoken: Spoken, reminders: ReminderQuerySet, told: Told, today: date
) -> Iterator[_Sql]:
    """Yield what selects the ids of those of which the rule would speak to their person."""
    if not told.values(spoken):
        return
    for source in sources_of(spoken.rule.kind, today):
        mine = reminders.order_by().filter(rule=spoken.rule, subject_kind=source.subject)
        things = {f"{source.pk}__in": mine.values("subject_id")}
        owed = _owed(source, source.rows.filter(spoken.among(source.plan), **things))
        kept = _sql(mine.values_list("pk", "subject_id", "due_on", "recipient_id"))
        yield _Sql(
            f"""WITH owed (subject_id, department_id, due_on, counted, barrier) AS ({owed.text}),
            kept (id, subject_id, due_on, recipient_id) AS ({kept.text}),
            told (department_id, recipient_id) AS (VALUES {told.values(spoken)})
            SELECT kept.id FROM kept
            JOIN owed ON owed.subject_id = kept.subject_id AND owed.due_on = kept.due_on
            JOIN told ON told.department_id = owed.department_id
            AND told.recipient_id = kept.recipient_id""",
            (*owed.params, *kept.params),
        )


def _owed(source: Source, rows: "QuerySet[Any]") -> _Sql:
    rows = rows.order_by().values_list(*source.columns)
    # A sheet comes once for each of its rows, everything else once.
    return _sql(rows.distinct() if source.subject == Subject.SHEET else rows)


def _sql(rows: "QuerySet[Any, Any]") -> _Sql:
    text, params = rows.query.sql_with_params()
    return _Sql(text, tuple(params))

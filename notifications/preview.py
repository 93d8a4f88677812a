"""Who would get what in a month, by the functions of the sweep; nothing is written."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from accounts.calendar import WorkCalendar
from accounts.models import Department, User
from notifications.intents import planned_in
from notifications.people import People
from notifications.planning import Rules, working_days
from notifications.wording import rule_words
from plans.models import Plan


@dataclass(frozen=True, slots=True)
class MailToCome:
    """One digest that would leave: the day, to whom, and for which rules how many things."""

    day: date
    recipient: User
    why: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """What one unit would get in the month."""

    unit: Department
    mails: list[MailToCome]


def preview_of(plan: Plan, month: date, *, today: date) -> list[UnitMonth]:
    """Return the mails of a month by unit, as if nothing were reported from today on; days that
    are past are left out. Some thirty queries, however large the plan."""
    calendar, people = WorkCalendar.load(), People.load()
    first = max(month.replace(day=1), today)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    rules = [row for row in Rules().of_plan(plan.pk) if row.is_active]
    mine = [row.only_for(plan.pk) for row in rules]
    found: dict[tuple[int, date, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    days = working_days(first, last, calendar)
    for row in planned_in(days, mine, calendar, people):
        words = rule_words(row.spoken.rule.kind, row.spoken.offset)
        found[row.department, row.day, row.recipient][words] += 1
    users = User.objects.in_bulk({recipient for _, _, recipient in found})
    units = Department.objects.in_bulk({unit for unit, _, _ in found})
    mails: dict[int, list[MailToCome]] = defaultdict(list)
    for (unit, day, recipient), why in sorted(found.items(), key=lambda row: row[0]):
        mails[unit].append(MailToCome(day, users[recipient], list(why.items())))
    order = sorted(mails, key=lambda pk: (units[pk].ordinal, pk))
    return [UnitMonth(units[pk], mails[pk]) for pk in order]

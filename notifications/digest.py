"""The digests of a morning: what each person has to know today, worst first, in words, before any
layout."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from accounts.calendar import WorkCalendar
from accounts.links import absolute
from accounts.models import Department, Membership, User
from accounts.scope import keep_scopes
from notifications.errands import Errands, OpeningSheets
from notifications.items import Reader, back_item, late_item, near_item, report_by
from notifications.matters import Group, Matters, Section
from notifications.moved_days import MovedDays
from notifications.people import People
from notifications.wording import addressed, short_title, until
from plans.models import Plan
from tracking.choices import OVERDUE_STATES, MilestoneState
from tracking.models import Milestone

MOST_ITEMS = 10
AT_ONCE = 5_000
USUALLY_SOON = 30
NUMBERS = "一二三四五六七"
UNANSWERED = OVERDUE_STATES | {
    MilestoneState.REDOING,
    MilestoneState.SOON,
    MilestoneState.PROGRESSING,
    MilestoneState.SILENT,
}


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says, in its order."""

    subject: str
    greeting: str
    opening: str
    news: str
    sections: list[Section]
    left_out: int
    rest: str
    contact: str
    reason: str
    home_url: str
    district: str
    is_demo: bool


class _Due(NamedTuple):
    """A milestone as far as it is counted; more is read of those alone that are shown."""

    pk: int
    due_on: date
    department: int
    plan: int
    sheet: int | None
    state: str
    redo_by: date | None


class _Pile(NamedTuple):
    """What one person is reminded of, worst first."""

    late: list[_Due]
    back: list[_Due]
    near: list[_Due]

    @classmethod
    def of(cls, rows: Iterable[_Due]) -> "_Pile":
        """Sort: overdue ones, those to be mended, those whose day is near."""
        pile = cls([], [], [])
        for row in rows:
            if row.state in OVERDUE_STATES:
                pile.late.append(row)
            elif row.state == MilestoneState.REDOING:
                pile.back.append(row)
            else:
                pile.near.append(row)
        pile.late.sort(key=lambda row: (row.due_on, row.pk))
        pile.back.sort(key=lambda row: (row.redo_by or row.due_on, row.pk))
        pile.near.sort(key=lambda row: (row.due_on, row.pk))
        return pile

    @property
    def rows(self) -> list[_Due]:
        """All, worst first."""
        return [*self.late, *self.back, *self.near]


class Morning:
    """All that some digests say, each under a key of the caller, read at once: the number of
    queries does not depend on how many they are or how much is due."""

    def __init__(self, wanted: Mapping[int, tuple[User, Matters]], *, at: datetime) -> None:
        self.at, self.today = timezone.localtime(at), timezone.localdate(at)
        self.wanted = wanted
        people = [person for person, _ in wanted.values()]
        matters = [row for _, row in wanted.values()]
        calendar = WorkCalendar.load()
        keep_scopes(people)
        due = _due({pk for row in matters for pk in row.milestones}, self.today, calendar)
        self.piles = {
            key: _Pile.of(due[pk] for pk in set(row.milestones) if pk in due)
            for key, (_, row) in wanted.items()
        }
        shown = {row.pk for pile in self.piles.values() for row in pile.rows[:MOST_ITEMS]}
        self.reader = Reader.load(shown, today=self.today, calendar=calendar)
        self.errands = Errands(matters, today=self.today)
        self.seats: defaultdict[int, list[Membership]] = defaultdict(list)
        seats = Membership.objects.active().filter(user__in=people).order_by("id")
        for seat in seats.select_related("department__district"):
            self.seats[seat.user_id].append(seat)
        units = {row.department for row in due.values()} | self.errands.units
        self.units = Department.objects.select_related("district").in_bulk(units)
        self.plans = Plan.objects.select_related("district").in_bulk(
            {row.plan for row in due.values()}
        )
        self.moved = MovedDays(people, units, at=self.at)
        self.opening = OpeningSheets(units, today=self.today)
        self.others = _Others(
            units, max((p.soon_days for p in self.plans.values()), default=0), self.reader
        )
        self.contacts: dict[int, str] = {}

    def digest_of(self, key: int) -> Digest:
        """Say how each thing stands, worst first."""
        pile, (person, matters) = self.piles[key], self.wanted[key]
        errands = self.errands.of(person, matters)
        groups = [*_groups(pile, self.reader), *errands.groups]
        groups = [group for group in groups if group.count]
        owners = [row.department for row in pile.rows]
        owners += [unit.pk for group in errands.groups for unit in group.units]
        units = [self.units[pk] for pk in dict.fromkeys(owners)]
        plans = {row.plan: self.plans[row.plan] for row in pile.rows}
        plans |= {plan.pk: plan for plan in errands.plans}
        # Who answers for no unit, reviews or coordinates, is addressed by their own.
        own = None if units else self.seats[person.pk][0].department
        name = own.name if own else units[0].name + _and_others(units)
        about = short_title(next(iter(plans.values()))) if len(plans) == 1 else "任务督办"
        counts = "，".join(group.heading for group in groups)
        total = sum(group.count for group in groups)
        return Digest(
            subject=f"【{about}】{name}：{counts}（{self.today:%-m月%-d日}）",
            greeting=f"{person.name}同志：",
            opening=f"截至今天{self.at:%-H:%M}，"
            f"{'您' if own else _you(units)}有{total}项需要办理。",
            news=self.moved.news(person, units),
            sections=_sections(groups),
            left_out=max(total - MOST_ITEMS, 0),
            rest="" if own else self._rest(pile, units) + self.opening.words(units),
            contact=self._contact(own or units[0]),
            reason=_reason(self.seats[person.pk], [own] if own else units),
            home_url=absolute("home"),
            district=(own or units[0]).district.name,
            is_demo=settings.DEMO,
        )

    def _rest(self, pile: _Pile, units: list[Department]) -> str:
        """Say whether something else is near or late, so that what is not named is not
        forgotten."""
        soon = max((self.plans[row.plan].soon_days for row in pile.rows), default=USUALLY_SOON)
        last = self.reader.calendar.after(self.today, soon)
        named = sum(
            row.sheet is None and row.state in UNANSWERED and row.due_on <= last
            for row in pile.rows
        )
        others = self.others.count(units, last) - named
        return f"另有{others}项也在近期，登录后查看。" if others else "其余任务近期不用填。"

    def _contact(self, unit: Department) -> str:
        if unit.district_id not in self.contacts:
            self.contacts[unit.district_id] = contact_line(unit)
        return self.contacts[unit.district_id]


def make_digest(person: User, matters: Matters, *, at: datetime) -> Digest:
    """Return the digest of one person."""
    return Morning({0: (person, matters)}, at=at).digest_of(0)


def _due(ids: set[int], today: date, calendar: WorkCalendar) -> dict[int, _Due]:
    columns = ("pk", "due_on", "department_id", "plan_id", "sheet_id", "state", "redo_by")
    numbers = sorted(ids)
    found: dict[int, _Due] = {}
    for first in range(0, len(numbers), AT_ONCE):
        rows = Milestone.objects.filter(pk__in=numbers[first : first + AT_ONCE]).order_by()
        rows = rows.with_state(today=today, soon_until=calendar.after(today, 1))
        found |= {row[0]: _Due(*row) for row in rows.values_list(*columns)}
    return found


class _Others:
    """How much of some units is late or near and reported one by one: one query."""

    def __init__(self, units: set[int], soon: int, reader: Reader) -> None:
        last = reader.calendar.after(reader.today, max(soon, USUALLY_SOON))
        rows = Milestone.objects.by_themselves().unanswered().filter(due_on__lte=last)
        counted = rows.filter(department__in=units).order_by().values("department_id", "due_on")
        self._counts: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
        for row in counted.annotate(count=Count("pk")):
            self._counts[row["department_id"]].append((row["due_on"], row["count"]))

    def count(self, units: Sequence[Department], last: date) -> int:
        """Count what these units owe up to the day."""
        return sum(n for unit in units for day, n in self._counts[unit.pk] if day <= last)


def _groups(pile: _Pile, reader: Reader) -> list[Group]:
    """Give each kind its heading and count; its items, as far as they are among the ten worst."""
    room = MOST_ITEMS
    shown = []
    for rows in pile:
        shown.append([reader.rows[row.pk] for row in rows[:room]])
        room = max(room - len(rows), 0)
    late, back, near = shown
    days = {row.due_on for row in pile.near}
    day = days.pop() if len(days) == 1 else None
    when = until(day, reader.today) if day else "近期"
    near_items = [near_item(row, reader, says_day=not day) for row in near]
    return [
        Group(f"逾期{len(pile.late)}项", len(pile.late), [late_item(row, reader) for row in late]),
        Group(
            f"退回待补正{len(pile.back)}项",
            len(pile.back),
            [back_item(row, reader) for row in back],
        ),
        Group(
            f"{when}到期{len(pile.near)}项",
            len(pile.near),
            near_items,
            lead=report_by(day, reader) if day else "",
        ),
    ]


def _sections(groups: list[Group]) -> list[Section]:
    """Give the groups their numbers and let the tenth item be the last."""
    sections: list[Section] = []
    room = MOST_ITEMS
    for group in groups:
        if room > 0:
            heading = f"已{group.heading}" if group.heading.startswith("逾期") else group.heading
            number = NUMBERS[len(sections)]
            sections.append(Section(f"{number}、{heading}", group.lead, group.items[:room]))
            room -= group.count
    return sections


def _and_others(units: list[Department]) -> str:
    return f"等{len(units)}个单位" if len(units) > 1 else ""


def _you(units: list[Department]) -> str:
    return addressed(units[0]) if len(units) == 1 else f"您负责的{len(units)}个单位"


def contact_line(unit: Department) -> str:
    """Say whom to call about the work of a unit: one line, empty where nobody is registered."""
    if settings.CONTACT_LINE:
        return f"联系人：{settings.CONTACT_LINE}"
    coordinators = People.load().coordinators(unit.district_id)
    seat = (
        Membership.objects.active()
        .filter(user__in=coordinators[:1], department__district=unit.district_id)
        .select_related("user", "department")
        .first()
    )
    if seat is None:
        return ""
    return f"联系人：{seat.department} {seat.user} {seat.user.phone}".rstrip()


def _reason(seats: Iterable[Membership], units: list[Department]) -> str:
    seat = next((seat for seat in seats if seat.department in units), None)
    if seat is None:
        return ""
    return f"收到原因：您是{seat.department}{seat.get_role_display()}。人员有变动请来电更正。"

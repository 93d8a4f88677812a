"""电话催办名单: whom to call about what, and the same in words for a work group."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.choices import GOVERNMENT_SIDE, EventResult, Role
from accounts.models import Event, Membership, User
from plans.typography import full_width
from tracking.choices import OVERDUE_STATES, MilestoneState
from tracking.models import Milestone, Sheet
from tracking.selectors.days import soon_until
from tracking.selectors.sheet_agenda import SheetState, states_of

TO_CALL = (*OVERDUE_STATES, MilestoneState.SOON)
MENDING = (MilestoneState.REDOING, MilestoneState.OVERDUE_REDOING)


@dataclass(frozen=True, slots=True)
class Call:
    """A milestone to telephone about, with the people of its unit and the calls before."""

    milestone: Milestone
    state: MilestoneState
    days: int
    people: tuple[str, ...]
    phones: tuple[str, ...]
    calls: int
    last_call: datetime | None

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.state in OVERDUE_STATES

    @property
    def is_for_the_group(self) -> bool:
        """Whether it may be named in a work group: no Party organ, court or procuratorate, and
        nobody who is mending a report."""
        return self.milestone.department.kind in GOVERNMENT_SIDE and self.state not in MENDING


@dataclass(frozen=True, slots=True)
class SheetCall:
    """A yearly sheet to telephone about, as one, however many rows it lacks."""

    state: SheetState
    days: int
    people: tuple[str, ...]
    phones: tuple[str, ...]
    calls: int
    last_call: datetime | None

    @property
    def sheet(self) -> Sheet:
        """The sheet."""
        return self.state.sheet

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed."""
        return self.days < 0

    @property
    def lacks(self) -> str:
        """What is missing, in words: 10行未报（已填3行），退回待补正1行."""
        state = self.state
        told = []
        if state.unsent:
            written = f"（已填{state.written}行）" if state.written else ""
            told.append(f"{state.unsent}行未报{written}")
        if state.returned:
            told.append(f"退回待补正{state.returned}行")
        return "，".join(told)

    @property
    def is_for_the_group(self) -> bool:
        """Whether it may be named in a work group: what a unit has never sent."""
        return bool(self.state.unsent) and self.sheet.department.kind in GOVERNMENT_SIDE


def sheet_calls_of(user: User, *, today: date) -> list[SheetCall]:
    """Return the sheets that are open and lack something, the oldest first: four queries."""
    open_now = Sheet.objects.visible_to(user).open_on(today).filter(department__ended_on=None)
    states = [state for state in states_of(open_now) if state.to_do]
    people = _people({state.sheet.department_id for state in states})
    calls = _calls("tracking.sheet", {state.sheet.pk for state in states})
    found = []
    for state in states:
        reached = people.get(state.sheet.department_id, [])
        called = calls.get(state.sheet.pk, [])
        found.append(
            SheetCall(
                state=state,
                days=(state.sheet.year.closes_on - today).days,
                people=tuple(name for name, _ in reached),
                phones=tuple(phone for _, phone in reached if phone),
                calls=len(called),
                last_call=max(called, default=None),
            )
        )
    return found


def calls_of(user: User, *, today: date) -> list[Call]:
    """Return what is overdue or due soon without a report that waits, oldest first: four
    queries."""
    dated: Any = (
        Milestone.objects.visible_to(user)
        .by_themselves()
        .open()
        .with_assignment()
        .with_state(today=today, soon_until=soon_until(today))
    )
    rows = list(dated.filter(state__in=TO_CALL).in_order())
    people = _people({row.department_id for row in rows})
    calls = _calls("tracking.milestone", {row.pk for row in rows})
    return [
        _call(row, people.get(row.department_id, []), calls.get(row.pk, []), today) for row in rows
    ]


def _call(
    row: Milestone, people: list[tuple[str, str]], calls: list[datetime], today: date
) -> Call:
    return Call(
        milestone=row,
        state=MilestoneState(row.state),  # type: ignore[attr-defined]
        days=(row.last_day - today).days,
        people=tuple(name for name, _ in people),
        phones=tuple(phone for _, phone in people if phone),
        calls=len(calls),
        last_call=max(calls, default=None),
    )


def _people(departments: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return the liaisons of units, the heads of those that have none."""
    found: dict[str, dict[int, list[tuple[str, str]]]] = {Role.LIAISON: {}, Role.HEAD: {}}
    rows = (
        Membership.objects.active()
        .of_role(Role.LIAISON, Role.HEAD)
        .filter(department__in=departments)
        .order_by("id")
        .values_list("role", "department_id", "user__name", "user__phone")
    )
    for role, department, name, phone in rows:
        found[role].setdefault(department, []).append((name, phone))
    return found[Role.HEAD] | found[Role.LIAISON]


def _calls(kind: str, things: Collection[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    rows = Event.objects.filter(
        object_kind=kind,
        object_id__in=things,
        action="call",
        result=EventResult.DONE,
    )
    for thing, at in rows.values_list("object_id", "at"):
        found.setdefault(thing, []).append(at)
    return found


def group_words(calls: Collection[Call], sheets: Collection[SheetCall] = (), *, today: date) -> str:
    """Return the text to paste into a work group: overdue first, then what is due, then the
    yearly sheets that were not sent."""
    named = [call for call in calls if call.is_for_the_group]
    overdue = [call for call in named if call.is_overdue]
    soon = [call for call in named if not call.is_overdue]
    lines = [f"【法治政府建设任务提醒】截至{today.month}月{today.day}日："]
    unsent = [call for call in sheets if call.is_for_the_group]
    numbers = iter("一二三")
    if overdue:
        lines.append(f"{next(numbers)}、已过完成时限、尚未办结的：")
        lines += [f"{_line(call)}，已逾期{-call.days}天" for call in overdue]
    if soon:
        lines.append(f"{next(numbers)}、即将到期、尚待报送的：")
        lines += [f"{_line(call)}，请于{_day(call.milestone.report_by)}前报送" for call in soon]
    if unsent:
        lines.append(f"{next(numbers)}、年度集中填报表尚未报送的：")
        lines += [_sheet_line(call) for call in unsent]
    if not named and not unsent:
        return ""
    lines.append("请各单位联络员登录系统填报，确有困难的请说明原因和预计完成日期。")
    return "\n".join(lines)


def _line(call: Call) -> str:
    milestone = call.milestone
    title = full_width(milestone.assignment.measure.title)
    return f"{milestone.department}：{milestone.reference}{title}"


def _sheet_line(call: SheetCall) -> str:
    year = call.sheet.year
    asked = "已过填报截止日，请尽快报送" if call.is_late else f"请于{_day(year.closes_on)}前报送"
    return f"{call.sheet.department}：{year.year}年度集中填报表，{asked}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"

"""工作日历: a year drawn by months, and the ways to fill it in."""

import calendar as months
import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import WorkCalendar, published_days
from accounts.errors import DomainError, InvalidError
from accounts.forms import CalendarDayForm, NoticeForm
from accounts.holiday_notice import Notice, read_notice
from accounts.models import CalendarDay, Event, User
from accounts.usecases import enter_notice, fill_calendar, set_calendar_day
from accounts.usecases.calendar import BY_HAND, FARTHEST_YEAR, NEAREST_YEAR

CHANGES = ("fill_calendar", "enter_notice", "set_calendar_day")
CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A day as the calendar draws it; None of them before the first and after the last."""

    day: date
    is_working: bool
    mark: str
    name: str
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday, and how many working days it has."""

    first: date
    weeks: list[list[Cell | None]]
    working: int


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the working days of a year."""
    return _show(request, _year(request.GET.get("year", "")))


def _year(text: str) -> int:
    """Read a year; what is none, or too far, is this year."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return number if NEAREST_YEAR <= number <= FARTHEST_YEAR else clock.today().year


@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Fill a year in from the library."""
    year = _year(request.POST.get("year", ""))
    counts = fill_calendar(from_year=year, to_year=year, by=actor(request), at=clock.now())
    if counts[year]:
        messages.success(request, f"已录入{year}年的放假和调休安排，人工录入的日子没有改。")
    else:
        messages.warning(request, f"所装软件里还没有{year}年的安排，请粘贴通知全文。")
    return _back(year)


@require_POST
def one_day(request: HttpRequest) -> HttpResponse:
    """Set one day."""
    user = actor(request)
    authorize(user, "accounts.manage_register")
    form = CalendarDayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            set_calendar_day(
                day=data["day"],
                is_workday={"work": True, "off": False}.get(data["kind"]),
                name=data["name"],
                by=user,
                at=clock.now(),
            )
        except InvalidError as error:
            form.add_error("day", error.message)
        else:
            messages.success(request, f"已改：{data['day']:%Y年%-m月%-d日}。")
            return _back(data["day"].year)
    return _show(request, _year(request.POST.get("year", "")), day_form=form, status=400)


@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Read a pasted notice and show what was read; take it over once that is confirmed."""
    user = actor(request)
    authorize(user, "accounts.manage_register")
    year = _year(request.POST.get("year", ""))
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _show(request, year, notice_form=form, status=400)
    text = form.cleaned_data["text"]
    found = read_notice(text, year)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if not found.problems and request.POST.get("checked") == digest:
        try:
            count = enter_notice(year=year, text=text, by=user, at=clock.now())
        except DomainError as error:
            form.add_error("text", error.message)
            return _show(request, year, notice_form=form, status=error.status)
        messages.success(request, f"已录入{year}年的放假和调休安排，共{count}天。")
        return _back(year)
    for problem in found.problems:
        form.add_error("text", problem)
    status = 400 if found.problems else 200
    return _show(request, year, notice_form=form, found=found, checked=digest, status=status)


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('accounts:calendar')}?year={year}")


def _show(
    request: HttpRequest,
    year: int,
    *,
    day_form: CalendarDayForm | None = None,
    notice_form: NoticeForm | None = None,
    found: Notice | None = None,
    checked: str = "",
    status: int = 200,
) -> HttpResponse:
    user = actor(request)
    working = WorkCalendar.load()
    named = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    context = {
        "title": f"{year}年工作日历",
        "year": year,
        "is_known": working.is_known(year),
        "may_edit": user.has_perm("accounts.manage_register"),
        "months": [_month(year, number, working, named) for number in range(1, 13)],
        "is_published": bool(published_days(year)),
        "day_form": day_form or CalendarDayForm(),
        "notice_form": notice_form or NoticeForm(),
        "found": found,
        "checked": checked,
        "entries": _changes(user),
        "fill_key": uuid4(),
        "today": clock.today(),
    }
    return render(request, "accounts/calendar.html", context, status=status)


def _month(year: int, number: int, working: WorkCalendar, named: dict[date, CalendarDay]) -> Month:
    def cell(day: date) -> Cell | None:
        if day.month != number:
            return None
        row = named.get(day)
        mark = "" if row is None else ("班" if row.is_workday else "休")
        by_hand = row is not None and row.source == BY_HAND
        return Cell(day, working.is_working(day), mark, row.name if row else "", by_hand)

    weeks = [
        [cell(day) for day in week] for week in months.Calendar().monthdatescalendar(year, number)
    ]
    days = [day for week in weeks for day in week if day]
    return Month(date(year, number, 1), weeks, sum(day.is_working for day in days))


def _changes(user: User) -> list[dict[str, Any]]:
    """Return who filled the calendar in, newest first."""
    events = Event.objects.filter(object_kind="accounts.district", action__in=CHANGES)
    mine = events.filter(district__in=user.memberships.active().values("department__district"))
    return [
        {"at": event.at, "who": event.actor_name or "命令行", "what": _words(event)}
        for event in mine.distinct().newest_first()[:CHANGES_SHOWN]
    ]


def _words(event: Event) -> str:
    data = event.data
    if event.action == "fill_calendar":
        first, last = data["years"]
        return f"录入{first}年" + (f"至{last}年" if last != first else "") + "的安排"
    if event.action == "enter_notice":
        return f"按通知录入{data['year']}年的安排，共{data['count']}天"
    day = date.fromisoformat(data["day"])
    kind = {True: "上班", False: "休息", None: "按星期计算"}[data["is_workday"]]
    return f"{day:%Y年%-m月%-d日}改为{kind}"

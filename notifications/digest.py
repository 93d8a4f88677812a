"""The digest: what one person has to know today, worst first, in words, before any layout."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from accounts.calendar import WorkCalendar
from accounts.links import absolute
from accounts.models import Department, Event, Membership, User
from notifications.errands import errands_of, opening_sheets
from notifications.matters import Group, Item, Matters, Section
from notifications.moved_days import moved_days
from notifications.people import People
from notifications.wording import addressed, on, short_title, until, weekday
from plans.choices import ResponsibilityRole
from plans.typography import full_width
from tracking.choices import (
    OVERDUE_STATES,
    MilestoneState,
    SubmissionStatus,
    WorkStatus,
)
from tracking.models import Milestone, Submission
from tracking.querysets import SENT
from tracking.selectors.papers import is_unanswered

MOST_ITEMS = 10
LONGEST_TITLE = 60
USUALLY_SOON = 30
NUMBERS = "一二三四五六七"


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


@dataclass(slots=True)
class _Reader:
    """Whom the digest is for and when."""

    person: User
    at: datetime
    today: date
    calendar: WorkCalendar
    signed_off: dict[int, date] = field(default_factory=dict)


def make_digest(person: User, matters: Matters, *, at: datetime) -> Digest:
    """Read what is to be done as it is now and say how each thing stands, worst first."""
    today = timezone.localdate(at)
    reader = _Reader(person, at, today, WorkCalendar.load())
    rows = _load(matters.milestones, today, reader.calendar)
    reader.signed_off = _sign_off_days(rows)
    late = sorted(
        (row for row in rows if _state(row) in OVERDUE_STATES), key=lambda row: (row.due_on, row.pk)
    )
    back = sorted(
        (row for row in rows if _state(row) == MilestoneState.REDOING),
        key=lambda row: (_redo_by(row), row.pk),
    )
    near = sorted(
        (row for row in rows if row not in late and row not in back),
        key=lambda row: (row.due_on, row.pk),
    )
    errands = errands_of(person, matters, today=today)
    groups = [*_groups(late, back, near, reader), *errands.groups]
    groups = [group for group in groups if group.items]
    owners = [row.department for row in [*late, *back, *near]]
    owners += [unit for group in errands.groups for unit in group.units]
    units = list({unit.pk: unit for unit in owners}.values())
    plans = {plan.pk: plan for plan in [*(row.plan for row in rows), *errands.plans]}
    own = None if units else _own_unit(person)
    name = own.name if own else units[0].name + _and_others(units)
    about = short_title(next(iter(plans.values()))) if len(plans) == 1 else "任务督办"
    counts = "，".join(group.heading for group in groups)
    total = sum(len(group.items) for group in groups)
    return Digest(
        subject=f"【{about}】{name}：{counts}（{today:%-m月%-d日}）",
        greeting=f"{person.name}同志：",
        opening=f"截至今天{timezone.localtime(at):%-H:%M}，"
        f"{'您' if own else _you(units)}有{total}项需要办理。",
        news=moved_days(person, units, at=timezone.localtime(at)),
        sections=_sections(groups),
        left_out=max(total - MOST_ITEMS, 0),
        rest="" if own else _rest(rows, units, reader) + opening_sheets(units, today=today),
        contact=contact_line(own or units[0]),
        reason=_reason(person, [own] if own else units),
        home_url=absolute("home"),
        district=(own or units[0]).district.name,
        is_demo=settings.DEMO,
    )


def _own_unit(person: User) -> Department:
    """Return the unit of one who answers for no unit: who reviews, coordinates."""
    seats = Membership.objects.active().filter(user=person).order_by("id")
    return seats.select_related("department__district")[0].department


def _and_others(units: list[Department]) -> str:
    return f"等{len(units)}个单位" if len(units) > 1 else ""


def _load(ids: Collection[int], today: date, calendar: WorkCalendar) -> list[Milestone]:
    reports = Submission.objects.select_related("review").order_by("number")
    milestones = (
        Milestone.objects.filter(pk__in=ids)
        .with_assignment()
        .select_related("department__district", "plan__district")
        .with_state(today=today, soon_until=calendar.after(today, 1))
        .prefetch_related("extensions", "papers", Prefetch("submissions", reports))
        .in_order()
    )
    return list(milestones)


def _state(row: Milestone) -> str:
    state: str = row.state  # type: ignore[attr-defined]
    return state


def _redo_by(row: Milestone) -> date:
    day: date = row.redo_by  # type: ignore[attr-defined]
    return day


def _sign_off_days(rows: Iterable[Milestone]) -> dict[int, date]:
    drafts = [
        report.pk
        for row in rows
        for report in row.submissions.all()
        if report.status == SubmissionStatus.SIGN_OFF
    ]
    events = Event.objects.filter(
        object_kind="tracking.submission", object_id__in=drafts, action="send_for_sign_off"
    ).order_by("seq")
    return {event.object_id: timezone.localdate(event.at) for event in events}


def _groups(
    late: list[Milestone], back: list[Milestone], near: list[Milestone], reader: _Reader
) -> list[Group]:
    days = {row.due_on for row in near}
    shared = _report_by(days.pop(), reader) if len(days) == 1 else ""
    near_items = [_near_item(row, reader, says_day=not shared) for row in near]
    return [
        Group(f"逾期{len(late)}项", [_late_item(row, reader) for row in late]),
        Group(f"退回待补正{len(back)}项", [_back_item(row, reader) for row in back]),
        Group(f"{_when(near, reader.today)}到期{len(near)}项", near_items, lead=shared),
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
            room -= len(group.items)
    return sections


def _late_item(row: Milestone, reader: _Reader) -> Item:
    days = f"已逾期{row.days_overdue(reader.today)}天。"
    moved = len(row.extensions.all())
    due = f"{row.due_on:%Y年%-m月%-d日}"
    if moved:
        days = f"原时限{row.original_due_on:%Y年%-m月%-d日}，延期{moved}次至{due}，{days}"
    else:
        days = f"完成时限{due}，{days}"
    lines = [days, _last_word(row, "最近一次反馈：", reader) + _who_reports(row)]
    lines += _paper_line(row, reader)
    came_back = _return_line(row, reader)
    ask = "请尽快报送；尚不能完成的，请说明原因和预计完成日期。"
    return _item(row, [*lines, *_draft_line(row, reader), *(came_back or [ask])])


def _paper_line(row: Milestone, reader: _Reader) -> list[str]:
    """Quote the last paper of supervision and its day."""
    paper = max(row.papers.all(), key=lambda paper: (paper.issued_on, paper.pk), default=None)
    if paper is None:
        return []
    line = (
        f"{on(paper.issued_on, reader.today)}已发{paper.get_kind_display()}（编号{paper.number}）"
    )
    return [line + ("，未复。" if is_unanswered(row, paper) else "。")]


def _back_item(row: Milestone, reader: _Reader) -> Item:
    due = f"完成时限{on(row.due_on, reader.today)}。"
    return _item(row, [*_return_line(row, reader), *_draft_line(row, reader), due])


def _near_item(row: Milestone, reader: _Reader, *, says_day: bool) -> Item:
    lines = [_report_by(row.due_on, reader)] if says_day else []
    draft = _draft_line(row, reader)
    state = draft or [_last_word(row, "上次反馈", reader)]
    lines += [state[0] + _who_reports(row), *_return_line(row, reader)]
    return _item(row, lines)


def _item(row: Milestone, lines: list[str]) -> Item:
    draft = _draft(row)
    is_signed_off = draft is not None and draft.status == SubmissionStatus.SIGN_OFF
    title = full_width(row.what).strip("，。；、")
    return Item(
        reference=row.reference,
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 2]}……",
        lines=lines,
        action="查看" if is_signed_off else "填报",
        url=absolute("tracking:submission", draft.pk)
        if is_signed_off and draft is not None
        else absolute("tracking:milestone", row.pk),
    )


def _draft(row: Milestone) -> Submission | None:
    inside = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF)
    return next((report for report in row.submissions.all() if report.status in inside), None)


def _draft_line(row: Milestone, reader: _Reader) -> list[str]:
    draft = _draft(row)
    if draft is None:
        return []
    if draft.status == SubmissionStatus.SIGN_OFF:
        day = reader.signed_off.get(draft.pk, timezone.localdate(draft.updated_at))
        you = addressed(row.department)
        return [f"反馈稿{on(day, reader.today)}已送{you}领导审签，尚未报送。"]
    day = timezone.localdate(draft.updated_at)
    return [f"反馈稿{on(day, reader.today)}已保存，尚未报送。"]


def _last_word(row: Milestone, words: str, reader: _Reader) -> str:
    sent = [report for report in row.submissions.all() if report.status in SENT]
    if not sent or sent[-1].submitted_at is None:
        return "尚无反馈。"
    day = on(timezone.localdate(sent[-1].submitted_at), reader.today)
    said = sent[-1].work_status
    return f"{words}{day}" + (f"，{WorkStatus(said).label}。" if said else "。")


def _return_line(row: Milestone, reader: _Reader) -> list[str]:
    """Say how often and by when, while the last report is one that came back."""
    sent = [report for report in row.submissions.all() if report.status in SENT]
    if not sent or sent[-1].status != SubmissionStatus.RETURNED:
        return []
    review = sent[-1].review
    times = sum(report.status == SubmissionStatus.RETURNED for report in sent)
    assert review.redo_by is not None
    day = on(timezone.localdate(review.at), reader.today)
    redo_by = f"{on(review.redo_by, reader.today)}（{weekday(review.redo_by)}）"
    return [f"{day}第{times}次退回，请于{redo_by}前补正。理由：{full_width(review.note)}"]


def _who_reports(row: Milestone) -> str:
    leads = [
        other.department.name
        for other in row.assignment.co_assignments  # type: ignore[attr-defined]
        if other.role == ResponsibilityRole.LEAD
    ]
    return f"{addressed(row.department)}填报，{'、'.join(leads)}共同牵头。" if leads else ""


def _when(rows: list[Milestone], today: date) -> str:
    days = {row.due_on for row in rows}
    return until(days.pop(), today) if len(days) == 1 else "近期"


def _report_by(due_on: date, reader: _Reader) -> str:
    day = on(due_on, reader.today)
    if reader.calendar.is_working(due_on):
        return f"完成时限{day}（{weekday(due_on)}），请按时报送。"
    last = reader.calendar.last_on_or_before(due_on)
    rest = weekday(due_on) if due_on.weekday() >= 5 else "节假日"
    return f"完成时限{day}为{rest}，请于{on(last, reader.today)}（{weekday(last)}）前报送。"


def _you(units: list[Department]) -> str:
    return addressed(units[0]) if len(units) == 1 else f"您负责的{len(units)}个单位"


def _rest(rows: list[Milestone], units: list[Department], reader: _Reader) -> str:
    """Say whether something else is near or late, so that what is not named is not forgotten."""
    soon = max((row.plan.soon_days for row in rows), default=USUALLY_SOON)
    last = reader.calendar.after(reader.today, soon)
    others = (
        Milestone.objects.by_themselves()
        .unanswered()
        .filter(department__in=units, due_on__lte=last)
        .exclude(pk__in=[row.pk for row in rows])
        .count()
    )
    return f"另有{others}项也在近期，登录后查看。" if others else "其余任务近期不用填。"


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


def _reason(person: User, units: list[Department]) -> str:
    seats = Membership.objects.active().filter(user=person, department__in=units).order_by("id")
    seat = seats.select_related("department").first()
    if seat is None:
        return ""
    return f"收到原因：您是{seat.department}{seat.get_role_display()}。人员有变动请来电更正。"

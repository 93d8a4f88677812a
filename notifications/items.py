"""One milestone in the words of a digest, and those that it shows as they are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from accounts.calendar import WorkCalendar
from accounts.links import absolute
from accounts.models import Event
from notifications.matters import Item
from notifications.wording import addressed, on, weekday
from plans.choices import ResponsibilityRole
from plans.typography import full_width
from tracking.choices import SubmissionStatus, WorkStatus
from tracking.models import Assignment, Milestone, SentPaper, Submission
from tracking.querysets import SENT
from tracking.selectors.papers import is_unanswered

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Reader:
    """The milestones that are shown, and on which day."""

    today: date
    calendar: WorkCalendar
    rows: dict[int, Milestone]
    signed_off: dict[int, date]

    @classmethod
    def load(cls, ids: Collection[int], *, today: date, calendar: WorkCalendar) -> "Reader":
        """Read the milestones with all that is said of them."""
        followers = Assignment.objects.live().select_related("department").order_by("id")
        reports = Submission.objects.select_related("review").order_by("number")
        rows = (
            Milestone.objects.filter(pk__in=ids)
            .with_reports()
            .select_related("assignment__measure", "department")
            .prefetch_related(
                Prefetch("assignment__reporters", followers, to_attr="co_assignments"),
                Prefetch("extensions", to_attr="moves"),
                Prefetch("papers", to_attr="sent_papers"),
                Prefetch("submissions", reports, to_attr="reports"),
            )
            .in_bulk()
        )
        return cls(today, calendar, rows, _sign_off_days(rows.values()))


def _reports(row: Milestone) -> list[Submission]:
    found: list[Submission] = row.reports  # type: ignore[attr-defined]
    return found


def _sign_off_days(rows: Iterable[Milestone]) -> dict[int, date]:
    drafts = [
        report.pk
        for row in rows
        for report in _reports(row)
        if report.status == SubmissionStatus.SIGN_OFF
    ]
    events = Event.objects.filter(
        object_kind="tracking.submission", object_id__in=drafts, action="send_for_sign_off"
    ).order_by("seq")
    return {event.object_id: timezone.localdate(event.at) for event in events}


def late_item(row: Milestone, reader: Reader) -> Item:
    """Say how late a milestone is, and what was last heard of it."""
    days = f"已逾期{row.days_overdue(reader.today)}天。"
    moved = len(row.moves)  # type: ignore[attr-defined]
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


def _paper_line(row: Milestone, reader: Reader) -> list[str]:
    """Quote the last paper of supervision and its day."""
    papers: list[SentPaper] = row.sent_papers  # type: ignore[attr-defined]
    paper = max(papers, key=lambda paper: (paper.issued_on, paper.pk), default=None)
    if paper is None:
        return []
    line = (
        f"{on(paper.issued_on, reader.today)}已发{paper.get_kind_display()}（编号{paper.number}）"
    )
    return [line + ("，未复。" if is_unanswered(row, paper) else "。")]


def back_item(row: Milestone, reader: Reader) -> Item:
    """Say by when and why a report has to be mended."""
    due = f"完成时限{on(row.due_on, reader.today)}。"
    return _item(row, [*_return_line(row, reader), *_draft_line(row, reader), due])


def near_item(row: Milestone, reader: Reader, *, says_day: bool) -> Item:
    """Say how a milestone stands whose day is near, and the day unless all have the same."""
    lines = [report_by(row.due_on, reader)] if says_day else []
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
    return next((report for report in _reports(row) if report.status in inside), None)


def _draft_line(row: Milestone, reader: Reader) -> list[str]:
    draft = _draft(row)
    if draft is None:
        return []
    if draft.status == SubmissionStatus.SIGN_OFF:
        day = reader.signed_off.get(draft.pk, timezone.localdate(draft.updated_at))
        you = addressed(row.department)
        return [f"反馈稿{on(day, reader.today)}已送{you}领导审签，尚未报送。"]
    day = timezone.localdate(draft.updated_at)
    return [f"反馈稿{on(day, reader.today)}已保存，尚未报送。"]


def _last_word(row: Milestone, words: str, reader: Reader) -> str:
    sent = [report for report in _reports(row) if report.status in SENT]
    if not sent or sent[-1].submitted_at is None:
        return "尚无反馈。"
    day = on(timezone.localdate(sent[-1].submitted_at), reader.today)
    said = sent[-1].work_status
    return f"{words}{day}" + (f"，{WorkStatus(said).label}。" if said else "。")


def _return_line(row: Milestone, reader: Reader) -> list[str]:
    """Say how often and by when, while the last report is one that came back."""
    sent = [report for report in _reports(row) if report.status in SENT]
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


def report_by(due_on: date, reader: Reader) -> str:
    """Say until when to report what is due on the day."""
    day = on(due_on, reader.today)
    if reader.calendar.is_working(due_on):
        return f"完成时限{day}（{weekday(due_on)}），请按时报送。"
    last = reader.calendar.last_on_or_before(due_on)
    rest = weekday(due_on) if due_on.weekday() >= 5 else "节假日"
    return f"完成时限{day}为{rest}，请于{on(last, reader.today)}（{weekday(last)}）前报送。"

"""Days that had passed before the work was handed out: a person decides, and it is on record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import DoubtCode, Severity
from plans.models import Doubt
from tracking.choices import MilestoneStatus, PastChoice
from tracking.models import Extension, Milestone
from tracking.selectors.history import chinese_day
from tracking.selectors.past import PastDay, put_past
from tracking.transitions import MILESTONE, move
from tracking.usecases.history import record_work

DECIDED = (
    "status",
    "past_choice",
    "past_chosen_at",
    "due_on",
    "original_due_on",
    "report_by",
    "version",
)
REASON = "交办时已过原定时限，另定时限"


@usecase
def decide_past_day(
    *,
    milestone_id: int,
    decided: PastDay,
    by: User,
    at: datetime,
    today: date,
    expected_version: int | None = None,
) -> Milestone:
    """Decide about a day that had passed at the issue and was left open there, also for the units
    whose answers are gathered into it; from now on it is owed."""
    milestone = lock(Milestone, milestone_id, expected_version)
    authorize(by, MILESTONE["decide"].permission, milestone)
    refuse_unless(milestone.gathered_by_id is None, "请在汇总单位的时间节点上确定。")
    check_past({milestone.deadline_id or 0: decided}, today=today)
    gathered = milestone.gathered.select_for_update(of=("self",)).order_by("id")
    rows = [milestone, *gathered.filter(status=MilestoneStatus.UNDECIDED)]
    calendar = WorkCalendar.load()
    for row in rows:
        move(row, "decide")
        put_past(row, {row.deadline_id or 0: decided}, today=today, calendar=calendar)
        row.version += 1
    record_past(rows, {milestone.deadline_id or 0: decided}, by=by, at=at)
    Milestone.objects.bulk_update(rows, DECIDED)
    return milestone


def check_past(decided: Mapping[int, PastDay], *, today: date) -> None:
    """Refuse another day that has passed too, or that nobody is named to have decided."""
    for past in decided.values():
        if past.choice == PastChoice.MAKE_UP:
            continue
        if past.due_on is None or past.due_on < today:
            raise InvalidError(
                f"选“{past.choice.label}”的，请填写今天以后的时限；仍早于今天的，请选“补报完成情况”。",
                code="no_new_day",
            )
        is_named = past.approved_by.strip() and past.approved_on
        if past.choice == PastChoice.NEW_DAY and not is_named:
            raise InvalidError("另定时限的，请填写由谁确定、哪一天确定。", code="no_consent")
        if past.approved_on and past.approved_on > today:
            raise InvalidError("确定日期不能晚于今天。", code="approved_in_the_future")


def record_past(
    milestones: Sequence[Milestone], decided: Mapping[int, PastDay], *, by: User, at: datetime
) -> None:
    """Put on record what was decided about the saved milestones; sets the moment on each.

    Another day is an extension with who decided it; a slip stands among the slips of the text.
    """
    moved = []
    slips: dict[int, tuple[Milestone, PastDay]] = {}
    for milestone in milestones:
        if not milestone.past_choice:
            continue
        past = decided[milestone.deadline_id or 0]
        milestone.past_chosen_at = at
        if past.choice == PastChoice.NEW_DAY:
            moved.append(_extension(milestone, past, by=by, at=at))
        if past.choice == PastChoice.SLIP:
            slips.setdefault(milestone.deadline_id or 0, (milestone, past))
        if milestone.gathered_by_id is None:
            record_work(
                milestone,
                "decide",
                by=by,
                at=at,
                note=_note(past),
                data={
                    "choice": past.choice,
                    "old_due_on": _printed_day(milestone).isoformat(),
                    "due_on": milestone.due_on.isoformat(),
                    "report_by": milestone.report_by.isoformat(),
                },
            )
    Extension.objects.bulk_create(moved)
    _note_slips(slips.values(), by=by, at=at)


def _printed_day(milestone: Milestone) -> date:
    """Return the day that the text gives; needs the deadline."""
    assert milestone.deadline is not None
    assert milestone.deadline.due_on is not None
    return milestone.deadline.due_on


def _note(past: PastDay) -> str:
    if past.choice != PastChoice.NEW_DAY:
        return ""
    assert past.approved_on is not None
    return f"{past.approved_by.strip()}{chinese_day(past.approved_on.isoformat())}确定"


def _extension(milestone: Milestone, past: PastDay, *, by: User, at: datetime) -> Extension:
    assert past.approved_on is not None
    return Extension(
        milestone=milestone,
        asked_on=localdate(at),
        reason=REASON,
        old_due_on=_printed_day(milestone),
        new_due_on=milestone.due_on,
        approved_by=past.approved_by.strip(),
        approved_on=past.approved_on,
        recorded_by=by,
        recorded_at=at,
    )


def _note_slips(slips: Iterable[tuple[Milestone, PastDay]], *, by: User, at: datetime) -> None:
    for milestone, past in slips:
        deadline = milestone.deadline
        assert deadline is not None
        assert past.due_on is not None
        edition = milestone.assignment.measure.edition_id
        last = Doubt.objects.filter(edition=edition).aggregate(last=Max("ordinal"))["last"]
        Doubt.objects.create(
            edition_id=edition,
            ordinal=(last or 0) + 1,
            measure_id=deadline.measure_id,
            code=DoubtCode.BEFORE_PLAN,
            severity=Severity.NOTE,
            message="完成时限早于交办日期，经确认属笔误",
            suggestion=f"应为{chinese_day(past.due_on.isoformat())}",
            start=deadline.start,
            end=deadline.end,
            settled_by=by,
            settled_at=at,
            answer=PastChoice.SLIP.label,
        )

"""催办 in writing: which milestones may be urged today, whom that tells, and when it leaves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from accounts.calendar import WorkCalendar
from accounts.choices import GOVERNMENT_SIDE
from accounts.models import User
from notifications.models import Urge
from notifications.people import People
from notifications.wording import on
from tracking.choices import MilestoneState
from tracking.models import Milestone
from tracking.selectors.calls import TO_CALL
from tracking.selectors.days import soon_until

MENDING = (MilestoneState.REDOING, MilestoneState.OVERDUE_REDOING)


@dataclass(frozen=True, slots=True)
class ToUrge:
    """A milestone that somebody wants to urge: its state, whom it tells, why it may not be."""

    milestone: Milestone
    state: MilestoneState
    recipients: list[int]
    why_not: str


def to_urge(user: User, ids: Collection[int], *, today: date) -> list[ToUrge]:
    """Look at the milestones among those that the person sees, in order of their days."""
    rows = (
        Milestone.objects.filter(pk__in=Milestone.objects.visible_to(user).values("pk"))
        .filter(pk__in=ids)
        .with_assignment()
        .with_state(today=today, soon_until=soon_until(today))
        .in_order()
    )
    people = People.load()
    urged = set(
        Urge.objects.filter(milestone__in=ids, day=today).values_list("milestone_id", flat=True)
    )
    return [_look(row, people, today, is_urged=row.pk in urged) for row in rows]


def _look(row: Milestone, people: People, today: date, *, is_urged: bool) -> ToUrge:
    state = MilestoneState(row.state)  # type: ignore[attr-defined]
    told = people.reminded(row.department_id, to_head=row.due_on < today)
    why_not = no_more_to_urge(row, today)
    if not why_not and row.department.kind not in GOVERNMENT_SIDE:
        why_not = "不属政府口，不作书面催办，请商请或由区委督查室协调"
    elif not why_not and is_urged:
        why_not = "今天已经催办过，同一事项一天一次"
    elif not why_not and not told:
        why_not = "没有联络员和审签领导，请打电话，并在“人员情况”里指定联络员"
    return ToUrge(row, state, told, why_not)


def no_more_to_urge(row: Milestone, today: date) -> str:
    """Say why a milestone (with its state) is not to be urged now; "" where it is."""
    state = MilestoneState(row.state)  # type: ignore[attr-defined]
    if state in MENDING:
        redo_by: date = row.redo_by  # type: ignore[attr-defined]
        return f"退回补正中，{on(redo_by, today)}前不催"
    if state == MilestoneState.WAITING:
        return "已报送待审核，不用催"
    if state in (MilestoneState.PROGRESSING, MilestoneState.SILENT):
        return "还没有临近完成时限，不用催"
    return "" if state in TO_CALL else f"{state.label}，不用催"


def still_to_urge(urge: Urge, recipient: int, *, today: date) -> tuple[Milestone, str]:
    """Return the milestone as it stands now, and why the urge is no longer to be sent to the
    person; "" where it is."""
    rows = Milestone.objects.filter(pk=urge.milestone_id).with_assignment()
    row = (
        rows.select_related("department__district")
        .with_state(today=today, soon_until=soon_until(today))
        .get()
    )
    why_not = no_more_to_urge(row, today)
    told = People.load().reminded(row.department_id, to_head=True)
    return row, why_not or ("" if recipient in told else "已不是该单位的提醒对象")


def leaves_at(at: datetime, calendar: WorkCalendar) -> datetime:
    """Return the moment, or the next one at which mail goes out: on a working day, by day."""
    local = timezone.localtime(at)
    if calendar.is_working(local.date()) and local.time() < settings.REMIND_UNTIL:
        day = local.date()
    else:
        day = calendar.after(local.date(), 1)
    opens = timezone.make_aware(datetime.combine(day, settings.REMIND_FROM))
    return max(at, opens)

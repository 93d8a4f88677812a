"""Days that had passed before the work was handed out: what a person decides about each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.calendar import WorkCalendar
from plans.choices import DoubtCode
from plans.models import Doubt, Edition
from tracking.choices import MilestoneStatus, PastChoice
from tracking.models import Milestone
from tracking.selectors.distribution import Dated

MAKE_UP_DAYS = 10  # working days in which a unit reports what was due before it was asked


@dataclass(frozen=True, slots=True)
class PastDay:
    """What was decided about one deadline; another day comes with who decided it, and when."""

    choice: PastChoice
    due_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A deadline that has passed, who owes it, and the recommended answer with what was noted."""

    reference: str
    what: str
    unit: str
    dated: Dated
    recommended: PastChoice
    noted: str = ""


def ask_past(
    rows: Iterable[tuple[str, str, str, Dated]], edition: Edition, *, today: date
) -> list[PastQuestion]:
    """Return the question about each deadline that has passed: one query.

    ``rows`` give reference, clause, unit and deadline. What was noted about the day when the text
    was checked is the recommended answer; else the unit reports what it has done.
    """
    noted = {
        doubt.measure_id: doubt.answer
        for doubt in Doubt.objects.filter(edition=edition, code=DoubtCode.BEFORE_PLAN)
    }
    found = []
    for reference, what, unit, dated in rows:
        if dated.due_on < today:
            answer = noted.get(dated.deadline.measure_id, "")
            found.append(PastQuestion(reference, what, unit, dated, _recommended(answer), answer))
    return found


def _recommended(answer: str) -> PastChoice:
    return next(
        (choice for choice in PastChoice if answer.startswith(choice.label)), PastChoice.MAKE_UP
    )


def put_past(
    milestone: Milestone,
    decided: Mapping[int, PastDay],
    *,
    today: date,
    calendar: WorkCalendar,
) -> None:
    """Set on a milestone what follows from its day having passed; it is not saved here.

    Without a decision it waits for one and is not overdue meanwhile. Who reports afterwards has
    ten working days; another day moves the due day, a slip the original one too.
    """
    past = decided.get(milestone.deadline_id or 0)
    if past is None:
        milestone.status = MilestoneStatus.UNDECIDED
        return
    milestone.status = MilestoneStatus.OPEN
    milestone.past_choice = past.choice
    if past.choice == PastChoice.MAKE_UP:
        milestone.report_by = calendar.after(today, MAKE_UP_DAYS)
        return
    assert past.due_on is not None
    if past.choice == PastChoice.SLIP and milestone.original_due_on == milestone.due_on:
        milestone.original_due_on = past.due_on
    milestone.due_on = past.due_on
    milestone.report_by = calendar.last_on_or_before(past.due_on)

"""文书建议: for what is long overdue, which paper of supervision comes next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.calendar import WorkCalendar
from accounts.choices import GOVERNMENT_SIDE
from accounts.models import User
from tracking.choices import OVERDUE_STATES, MilestoneState, PaperKind
from tracking.models import Milestone, SentPaper
from tracking.selectors.days import soon_until

AFTER = 10  # working days overdue


@dataclass(frozen=True, slots=True)
class Proposal:
    """A milestone that is long overdue: the papers sent, and the next one, None while an answer
    is awaited or the last paper has been sent."""

    milestone: Milestone
    state: MilestoneState
    days: int
    papers: tuple[SentPaper, ...]
    kind: PaperKind | None

    @property
    def waits_until(self) -> date | None:
        """The day until which an answer is awaited."""
        return self.papers[-1].answer_by if self.papers and self.kind is None else None


def proposals_of(user: User, *, today: date) -> list[Proposal]:
    """Return what government units owe for ten working days or more, oldest first: five queries.

    What is being mended in time and what waits for review is left out.
    """
    calendar = WorkCalendar.load()
    dated: Any = (
        Milestone.objects.visible_to(user)
        .by_themselves()
        .open()
        .filter(due_on__lte=calendar.before(today, AFTER), department__kind__in=GOVERNMENT_SIDE)
        .with_assignment()
        .with_state(today=today, soon_until=soon_until(today))
        .prefetch_related("papers")
    )
    late = OVERDUE_STATES - {MilestoneState.OVERDUE_REDOING}
    return [_proposal(row, today) for row in dated.filter(state__in=late).in_order()]


def _proposal(row: Milestone, today: date) -> Proposal:
    papers = tuple(row.papers.all())
    return Proposal(
        milestone=row,
        state=MilestoneState(row.state),  # type: ignore[attr-defined]
        days=row.days_overdue(today),
        papers=papers,
        kind=_next(row, papers, today),
    )


def _next(row: Milestone, papers: tuple[SentPaper, ...], today: date) -> PaperKind | None:
    if not papers:
        return PaperKind.URGE
    if any(paper.kind == PaperKind.NOTICE for paper in papers):
        return None
    last = papers[-1]
    return PaperKind.NOTICE if last.answer_by < today and is_unanswered(row, last) else None


def is_unanswered(row: Milestone, paper: SentPaper) -> bool:
    """Say whether nothing was reported since the paper; needs the milestone's reports annotated."""
    sent_on: date | None = row.last_sent_on  # type: ignore[attr-defined]
    return sent_on is None or sent_on < paper.issued_on

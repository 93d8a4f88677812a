"""The tables of states; move() is the only code that assigns a status."""

from typing import NamedTuple

from django.db.models import Model

from accounts.errors import IllegalTransitionError, InvalidError
from tracking.choices import AssignmentStatus, MilestoneStatus, SubmissionStatus

S = SubmissionStatus


class Transition(NamedTuple):
    """One step: from where, to where, who may, and whether a reason is due."""

    sources: frozenset[str]
    target: str
    permission: str
    needs_note: bool = False


SUBMISSION = {
    "send_for_sign_off": Transition(frozenset({S.DRAFT}), S.SIGN_OFF, "tracking.edit_submission"),
    "take_back": Transition(
        frozenset({S.SIGN_OFF, S.SUBMITTED}), S.DRAFT, "tracking.edit_submission"
    ),
    "submit": Transition(frozenset({S.DRAFT, S.SIGN_OFF}), S.SUBMITTED, "tracking.sign_submission"),
    "accept": Transition(frozenset({S.SUBMITTED}), S.ACCEPTED, "tracking.review_submission"),
    "return": Transition(
        frozenset({S.SUBMITTED}), S.RETURNED, "tracking.review_submission", needs_note=True
    ),
}
MILESTONE = {
    "finish": Transition(
        frozenset({MilestoneStatus.OPEN}), MilestoneStatus.DONE, "tracking.review_submission"
    ),
    "drop": Transition(
        frozenset({MilestoneStatus.OPEN}), MilestoneStatus.CANCELLED, "tracking.reorganise"
    ),
    "cancel": Transition(
        frozenset({MilestoneStatus.OPEN}),
        MilestoneStatus.CANCELLED,
        "tracking.adopt_edition",
        needs_note=True,
    ),
}
ASSIGNMENT = {
    "finish": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS}),
        AssignmentStatus.DONE,
        "tracking.review_submission",
    ),
    "merge": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS, AssignmentStatus.DONE, AssignmentStatus.CLOSED}),
        AssignmentStatus.MERGED,
        "tracking.reorganise",
    ),
    "reopen": Transition(
        frozenset({AssignmentStatus.DONE}),
        AssignmentStatus.IN_PROGRESS,
        "tracking.adopt_edition",
    ),
    "terminate": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS}),
        AssignmentStatus.TERMINATED,
        "tracking.adopt_edition",
        needs_note=True,
    ),
}
TABLES = {
    "tracking.submission": SUBMISSION,
    "tracking.milestone": MILESTONE,
    "tracking.assignment": ASSIGNMENT,
}


def open_steps(thing: Model) -> list[str]:
    """Return the steps that the table allows from the object's present state."""
    table = TABLES[thing._meta.label_lower]
    return [step for step, row in table.items() if thing.status in row.sources]  # type: ignore[attr-defined]


def move(thing: Model, step: str, *, note: str = "") -> None:
    """Put the object into the step's target state; the caller authorizes before and saves after.

    IllegalTransitionError from a state that is none of the sources, InvalidError without the reason
    that the step asks for.
    """
    row = TABLES[thing._meta.label_lower][step]
    if thing.status not in row.sources:  # type: ignore[attr-defined]
        raise IllegalTransitionError(
            f"现在的状态是“{thing.get_status_display()}”，不能做这一步，请刷新后再看。"  # type: ignore[attr-defined]
        )
    if row.needs_note and not note.strip():
        raise InvalidError("请写明理由。")
    thing.status = row.target  # type: ignore[attr-defined]

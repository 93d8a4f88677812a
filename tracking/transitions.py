"""The tables of states; move() is the only code that assigns a status."""

from typing import NamedTuple

from django.db.models import Model

from accounts.errors import IllegalTransitionError, InvalidError
from tracking.choices import (
    STILL_OWED,
    AssignmentStatus,
    MilestoneStatus,
    RequestStatus,
    SubmissionStatus,
)

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
    "decide": Transition(
        frozenset({MilestoneStatus.UNDECIDED}), MilestoneStatus.OPEN, "tracking.decide_past_day"
    ),
    "finish": Transition(
        frozenset({MilestoneStatus.OPEN}), MilestoneStatus.DONE, "tracking.review_submission"
    ),
    "drop": Transition(
        frozenset(STILL_OWED),
        MilestoneStatus.CANCELLED,
        "tracking.reorganise",
    ),
    "suspend": Transition(
        frozenset({MilestoneStatus.OPEN}),
        MilestoneStatus.SUSPENDED,
        "tracking.change_assignment",
    ),
    "resume": Transition(
        frozenset({MilestoneStatus.SUSPENDED}),
        MilestoneStatus.OPEN,
        "tracking.change_assignment",
    ),
    "cancel": Transition(
        frozenset(STILL_OWED),
        MilestoneStatus.CANCELLED,
        "tracking.change_assignment",
    ),
    "reopen": Transition(
        frozenset({MilestoneStatus.DONE}), MilestoneStatus.OPEN, "tracking.close_assignment"
    ),
}
MERGEABLE = frozenset(
    {
        AssignmentStatus.IN_PROGRESS,
        AssignmentStatus.SUSPENDED,
        AssignmentStatus.DONE,
        AssignmentStatus.CLOSED,
    }
)
ASSIGNMENT = {
    "finish": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS}),
        AssignmentStatus.DONE,
        "tracking.review_submission",
    ),
    "merge": Transition(
        MERGEABLE,
        AssignmentStatus.MERGED,
        "tracking.reorganise",
    ),
    "suspend": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS}),
        AssignmentStatus.SUSPENDED,
        "tracking.change_assignment",
        needs_note=True,
    ),
    "resume": Transition(
        frozenset({AssignmentStatus.SUSPENDED}),
        AssignmentStatus.IN_PROGRESS,
        "tracking.change_assignment",
        needs_note=True,
    ),
    "terminate": Transition(
        frozenset({AssignmentStatus.IN_PROGRESS, AssignmentStatus.SUSPENDED}),
        AssignmentStatus.TERMINATED,
        "tracking.change_assignment",
        needs_note=True,
    ),
    "close": Transition(
        frozenset({AssignmentStatus.DONE}), AssignmentStatus.CLOSED, "tracking.close_assignment"
    ),
    "reopen": Transition(
        frozenset({AssignmentStatus.DONE, AssignmentStatus.CLOSED}),
        AssignmentStatus.IN_PROGRESS,
        "tracking.close_assignment",
        needs_note=True,
    ),
}
REQUEST = {
    "grant": Transition(
        frozenset({RequestStatus.ASKED}), RequestStatus.GRANTED, "tracking.decide_request"
    ),
    "refuse": Transition(
        frozenset({RequestStatus.ASKED}),
        RequestStatus.REFUSED,
        "tracking.decide_request",
        needs_note=True,
    ),
    "withdraw": Transition(
        frozenset({RequestStatus.ASKED}), RequestStatus.WITHDRAWN, "tracking.ask"
    ),
}
TABLES = {
    "tracking.submission": SUBMISSION,
    "tracking.milestone": MILESTONE,
    "tracking.assignment": ASSIGNMENT,
    "tracking.extensionrequest": REQUEST,
    "tracking.handback": REQUEST,
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

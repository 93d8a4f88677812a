"""The tables of states, every status with every step."""

from itertools import product

import pytest

from accounts.errors import IllegalTransitionError, InvalidError
from tracking.choices import AssignmentStatus, MilestoneStatus, RequestStatus, SubmissionStatus
from tracking.models import Assignment, ExtensionRequest, HandBack, Milestone, Submission
from tracking.transitions import TABLES, move, open_steps

SUBMISSION = {
    ("draft", "send_for_sign_off"): "sign_off",
    ("draft", "submit"): "submitted",
    ("sign_off", "submit"): "submitted",
    ("sign_off", "take_back"): "draft",
    ("submitted", "take_back"): "draft",
    ("submitted", "accept"): "accepted",
    ("submitted", "return"): "returned",
}
MILESTONE = {
    ("open", "finish"): "done",
    ("open", "suspend"): "suspended",
    ("suspended", "resume"): "open",
    ("open", "cancel"): "cancelled",
    ("suspended", "cancel"): "cancelled",
    ("done", "reopen"): "open",
    ("open", "drop"): "cancelled",
    ("suspended", "drop"): "cancelled",
    ("undecided", "decide"): "open",
    ("undecided", "cancel"): "cancelled",
    ("undecided", "drop"): "cancelled",
}
ASSIGNMENT = {
    ("in_progress", "finish"): "done",
    ("in_progress", "suspend"): "suspended",
    ("suspended", "resume"): "in_progress",
    ("in_progress", "terminate"): "terminated",
    ("suspended", "terminate"): "terminated",
    ("done", "close"): "closed",
    ("done", "reopen"): "in_progress",
    ("closed", "reopen"): "in_progress",
    ("in_progress", "merge"): "merged",
    ("suspended", "merge"): "merged",
    ("done", "merge"): "merged",
    ("closed", "merge"): "merged",
}
REQUEST = {
    ("asked", "grant"): "granted",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "withdrawn",
}
MACHINES = [
    (Submission, SubmissionStatus, SUBMISSION),
    (Milestone, MilestoneStatus, MILESTONE),
    (Assignment, AssignmentStatus, ASSIGNMENT),
    (ExtensionRequest, RequestStatus, REQUEST),
    (HandBack, RequestStatus, REQUEST),
]
CASES = [
    (model, status, step, allowed.get((status, step)))
    for model, statuses, allowed in MACHINES
    for status, step in product(statuses.values, TABLES[model._meta.label_lower])
]


@pytest.mark.parametrize(("model", "status", "step", "target"), [case for case in CASES if case[3]])
def test_a_step_of_the_table_leads_to_its_state(
    model: type[Submission], status: str, step: str, target: str
) -> None:
    thing = model(status=status)

    move(thing, step, note="缺文号")

    assert thing.status == target


@pytest.mark.parametrize(
    ("model", "status", "step"), [case[:3] for case in CASES if case[3] is None]
)
def test_every_other_step_is_refused_and_changes_nothing(
    model: type[Submission], status: str, step: str
) -> None:
    thing = model(status=status)

    with pytest.raises(IllegalTransitionError):
        move(thing, step, note="缺文号")

    assert thing.status == status


@pytest.mark.parametrize("note", ["", "  \n"])
@pytest.mark.parametrize(
    ("model", "status", "step"),
    [
        (Submission, "submitted", "return"),
        (ExtensionRequest, "asked", "refuse"),
        (HandBack, "asked", "refuse"),
        (Assignment, "in_progress", "suspend"),
        (Assignment, "suspended", "resume"),
        (Assignment, "in_progress", "terminate"),
        (Assignment, "closed", "reopen"),
    ],
)
def test_a_step_that_needs_its_reason_is_refused_without(
    model: type[Submission], status: str, step: str, note: str
) -> None:
    thing = model(status=status)

    with pytest.raises(InvalidError):
        move(thing, step, note=note)

    assert thing.status == status


def test_the_open_steps_are_those_of_the_table() -> None:
    submission = Submission(status=SubmissionStatus.SUBMITTED)

    assert open_steps(submission) == ["take_back", "accept", "return"]

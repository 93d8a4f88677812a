"""States in words."""

from django import template

from tracking.choices import MilestoneState
from tracking.selectors.words import return_word

register = template.Library()
register.filter("return_word", return_word)

TONES = {
    MilestoneState.CANCELLED: "",
    MilestoneState.SUSPENDED: "",
    MilestoneState.UNDECIDED: "",
    MilestoneState.DONE: "done",
    MilestoneState.DONE_REPORTED_LATE: "soon",
    MilestoneState.DONE_LATE: "soon",
    MilestoneState.WAITING: "waiting",
    MilestoneState.REDOING: "back",
    MilestoneState.OVERDUE_UNREPORTED: "silent",
    MilestoneState.OVERDUE_UNFINISHED: "late",
    MilestoneState.OVERDUE_REDOING: "late",
    MilestoneState.SOON: "soon",
    MilestoneState.PROGRESSING: "going",
    MilestoneState.SILENT: "",
}


@register.filter
def state_label(state: str) -> str:
    """Name a milestone's state."""
    return str(MilestoneState(state).label)


@register.filter
def state_tone(state: str) -> str:
    """Give the tone in which a milestone's state is shown."""
    return TONES[MilestoneState(state)]

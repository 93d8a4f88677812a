"""What pages show of several tables at once, as frozen values."""

from tracking.selectors.agenda import Agenda, AgendaRow, AgendaSection, agenda_of
from tracking.selectors.days import past_day, soon_until
from tracking.selectors.history import TimelineEntry, timeline_of
from tracking.selectors.paper import Paper, PaperDay, PaperRow, paper_of
from tracking.selectors.sentences import Quote, quote_of

__all__ = [
    "Agenda",
    "AgendaRow",
    "AgendaSection",
    "Paper",
    "PaperDay",
    "PaperRow",
    "Quote",
    "TimelineEntry",
    "agenda_of",
    "paper_of",
    "past_day",
    "quote_of",
    "soon_until",
    "timeline_of",
]

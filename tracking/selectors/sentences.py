"""The plan's own sentence, with the words that were read from it."""

from dataclasses import dataclass

from plans.models import Deadline, Measure, Recurrence, Spanned
from plans.parsing import Span
from plans.parsing.lasting import lasting_words
from tracking.choices import MilestoneKind
from tracking.models import Milestone

ENDS = "。；;\n"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the plan, parted so that those that set the day can be lit; none may be."""

    before: str
    lit: str
    after: str
    start: int


def quote_of(source: Spanned) -> Quote:
    """Return the sentence in which a date or recurrence stands, as written; of a measure all."""
    if not isinstance(source, Deadline | Recurrence):
        assert isinstance(source, Measure)
        whole = source.edition.text[source.start : source.end].strip()
        return Quote(before=whole, lit="", after="", start=source.start)
    measure = source.measure
    text = measure.edition.text
    first = max((text.rfind(end, measure.start, source.start) for end in ENDS), default=-1) + 1
    stops = [text.find(end, source.end, measure.end) for end in ENDS]
    last = min((stop + 1 for stop in stops if stop >= 0), default=measure.end)
    return Quote(
        before=text[max(first, measure.start) : source.start].lstrip(),
        lit=text[source.start : source.end],
        after=text[source.end : last].rstrip(),
        start=source.start,
    )


def lasting_of(milestone: Milestone) -> str:
    """Return the words by which a dated measure goes on after its day; empty where it ends."""
    if milestone.kind != MilestoneKind.DEADLINE:
        return ""
    measure = milestone.assignment.measure
    dates = [Span(day.start, day.end) for day in measure.deadlines.all()]
    text = measure.edition.text
    found = lasting_words(text, Span(measure.start, measure.end), dates)
    return found.of(text) if found else ""

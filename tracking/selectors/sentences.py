"""The plan's own sentence, with the words that were read from it."""

from dataclasses import dataclass

from plans.models import Deadline

ENDS = "。；;\n"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the plan, parted so that the words of the deadline can be lit."""

    before: str
    lit: str
    after: str
    start: int


def quote_of(deadline: Deadline) -> Quote:
    """Return the sentence of the measure in which the deadline stands, as written."""
    measure = deadline.measure
    text = measure.edition.text
    first = max((text.rfind(end, measure.start, deadline.start) for end in ENDS), default=-1) + 1
    stops = [text.find(end, deadline.end, measure.end) for end in ENDS]
    last = min((stop + 1 for stop in stops if stop >= 0), default=measure.end)
    return Quote(
        before=text[max(first, measure.start) : deadline.start].lstrip(),
        lit=text[deadline.start : deadline.end],
        after=text[deadline.end : last].rstrip(),
        start=deadline.start,
    )

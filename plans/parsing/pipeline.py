"""The order in which a text is read."""

from plans.parsing.plan import Block, ParsedPlan
from plans.parsing.spans import Span


def parse_plan(text: str) -> ParsedPlan:
    """Return the plan that stands in the text; any text is accepted."""
    blocks = (Block("front", 0, None, None, Span(0, len(text))),) if text else ()
    return ParsedPlan(
        text=text,
        title=None,
        stage=None,
        issuer=None,
        number=None,
        issued_on=None,
        period=None,
        consultation=None,
        parts=(),
        tasks=(),
        doubts=(),
        repairs=(),
        blocks=blocks,
        uncovered=(),
    )

"""What a parsed plan is: frozen values that mirror plan-parse/1 field for field.

They are named tuples, of which a plan holds many hundreds: these are made fastest.

Every `span` counts characters of the source text; every `text` stands there as written.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plans.parsing.spans import Span

Stage = Literal["征求意见稿", "印发稿"]
Verb = Literal["负责", "配合"]
Role = Literal["lead", "share", "support"]
NameKind = Literal["department", "group", "person"]
DeadlineKind = Literal["date", "relative", "ongoing"]
Precision = Literal["day", "month", "quarter", "half-year", "year"]
Frequency = Literal["yearly", "half-yearly", "quarterly", "monthly", "weekly", "unspecified"]
Operator = Literal[">=", "<=", ">", "<", "=", "~", "none_occur", "qualitative"]
Change = Literal["up", "down"]
Severity = Literal["error", "check", "note"]
BlockKind = Literal["front", "heading", "intro", "goal", "task", "indicator", "back"]


class ParsedPeriod(NamedTuple):
    """The years that the title gives the plan, both included."""

    start: int
    end: int


class ParsedConsultation(NamedTuple):
    """The day by which comments on a draft are asked for; null where it cannot be a day."""

    due: date | None
    text: str
    span: Span


class ParsedGoal(NamedTuple):
    """The goal of a part, without its label."""

    text: str
    span: Span


class ParsedMetric(NamedTuple):
    """A target: name, operator and figure; the unit keeps its multiplier (3 and 万户)."""

    name: str
    op: Operator
    value: Decimal | None
    high: Decimal | None
    unit: str | None
    baseline: Decimal | None
    change: Change | None
    span: Span


class ParsedIndicator(NamedTuple):
    """A sentence of the expected effects of a part, with its targets."""

    number: str
    text: str
    span: Span
    metrics: tuple[ParsedMetric, ...]


class ParsedPart(NamedTuple):
    """A heading that holds measures; numbers repeat in a document, `ordinal` (from 1) does not."""

    ordinal: int
    number: str
    title: str
    span: Span
    goal: ParsedGoal | None
    indicators: tuple[ParsedIndicator, ...]


class ParsedName(NamedTuple):
    """A name as written, the canonical name completed from the document, and its role."""

    text: str
    department: str
    role: Role
    kind: NameKind
    inherited: bool
    span: Span


class ParsedResponsibility(NamedTuple):
    """The words that assign a measure, without their bracket; `verb` is that of the helpers."""

    text: str
    verb: Verb | None
    span: Span


class ParsedDeadline(NamedTuple):
    """A last day, the words it was read from and the clause that it binds."""

    text: str
    kind: DeadlineKind
    due: date | None
    precision: Precision | None
    what: str
    span: Span


class ParsedRecurrence(NamedTuple):
    """A duty that comes again; `times` is the number asked for in one period."""

    text: str
    freq: Frequency
    times: int | None
    due_in_period: str | None
    rrule: str | None
    what: str
    span: Span


class ParsedTask(NamedTuple):
    """A leaf measure; `part_ordinal` is the key of its part, `part` the number printed there."""

    id: str
    part: str | None
    part_ordinal: int | None
    measure: str
    sub: str | None
    measure_title: str
    title: str
    text: str
    span: Span
    responsibility: ParsedResponsibility | None
    lead: tuple[ParsedName, ...]
    support: tuple[ParsedName, ...]
    deadlines: tuple[ParsedDeadline, ...]
    recurrences: tuple[ParsedRecurrence, ...]
    metrics: tuple[ParsedMetric, ...]


class ParsedDoubt(NamedTuple):
    """Something the parser was unsure of, said in Chinese to the person who settles it."""

    code: str
    severity: Severity
    message: str
    span: Span
    task: str | None = None
    part: str | None = None
    part_ordinal: int | None = None
    suggestion: str | None = None


class Repair(NamedTuple):
    """A slip of the pen that was read as what is meant; the source stays as it is."""

    span: Span
    before: str
    after: str
    reason: str


class Block(NamedTuple):
    """A stretch of the page and what it belongs to; all blocks cut the text once, in order.

    A parent measure is a heading with `measure` set; a leaf is a task block with `task` set.
    """

    kind: BlockKind
    level: int
    number: str | None
    title: str | None
    span: Span
    part_ordinal: int | None = None
    measure: str | None = None
    task: str | None = None
    indicator: str | None = None


class ParsedPlan(NamedTuple):
    """A plan as read from its text."""

    text: str
    title: str | None
    stage: Stage | None
    issuer: str | None
    number: str | None
    issued_on: date | None
    period: ParsedPeriod | None
    consultation: ParsedConsultation | None
    parts: tuple[ParsedPart, ...]
    tasks: tuple[ParsedTask, ...]
    doubts: tuple[ParsedDoubt, ...]
    repairs: tuple[Repair, ...]
    blocks: tuple[Block, ...]
    uncovered: tuple[Span, ...]

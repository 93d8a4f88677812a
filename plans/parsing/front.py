"""What stands before the first measure: title, stage, issuer, number, days, years."""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from plans.parsing.lexicon.outline import (
    ASSIGNING_LINE,
    CRAMMED_PERIOD,
    DATE_LINE,
    DOCUMENT_NUMBER,
    DRAFT_NOTES,
    FREE_TITLE,
    HALF_TITLE,
    ISSUER_OF_TITLE,
    ORGAN_LINE,
    OTHER_TITLE,
    PERIOD,
    QUOTED_TITLE,
    STAGE_NOTE,
    STATED_NUMBER,
    TITLE_LINE,
    TITLE_TAIL,
)
from plans.parsing.lexicon.time import CRAMMED_DATE, DATE, DATE_START, FEEDBACK, TITLE_YEAR
from plans.parsing.lines import Line, lines_of
from plans.parsing.numbers import whole
from plans.parsing.plan import ParsedConsultation, ParsedPeriod, Repair, Stage
from plans.parsing.spans import Span, clean, line_spans, view_of

LONGEST_TITLE = 90
BODY_ITEMS = 3


@dataclass(frozen=True, slots=True)
class Front:
    """The head of a document; the outline is read from `end` on."""

    title: str | None
    title_span: Span | None
    is_plan: bool
    end: int
    stage: Stage | None
    issuer: str | None
    number: str | None
    dated_on: date | None
    period: ParsedPeriod | None
    consultation: ParsedConsultation | None
    repairs: tuple[Repair, ...]

    @property
    def issued_on(self) -> date | None:
        """Return the day of issue; the day on the notice of a draft is none."""
        return None if self.stage == "征求意见稿" else self.dated_on


def read_front(source: str, plain: str) -> Front:
    """Read the head of a document from its text as written and in plain signs."""
    every = lines_of(plain, line_spans(plain, Span(0, len(plain))))
    lines = list(takewhile(lambda line: not ASSIGNING_LINE.search(plain, *line.span), every))
    plan_title = _title_span(plain, lines)
    place = plan_title or _other_title(plain, lines) or _first_heading(plain, lines)
    end = place.end if place else 0
    head = Span(0, end if plan_title else _first_mark(lines, len(plain)))
    title = None
    quoted = None if plan_title else QUOTED_TITLE.search(plain, *head)
    if quoted:
        title = clean(source, Span(*quoted.span(1)))
    elif place:
        stretch = clean(source, place)
        note = STAGE_NOTE.search(clean(plain, place))
        title = stretch[: note.start()] + stretch[note.end() :] if note else stretch
    issuer, dated_on = _signature(source, plain, head, end)
    return Front(
        title=title,
        title_span=place,
        is_plan=plan_title is not None,
        end=end,
        stage=_stage(plain, head),
        issuer=issuer or _issuer_of_title(source, plain, lines),
        number=_number(source, plain, head),
        dated_on=dated_on,
        period=_period(title, plain, head),
        consultation=_consultation(source, plain, head),
        repairs=_repairs(source, plain),
    )


def _first_mark(lines: list[Line], default: int) -> int:
    return next((line.span.start for line in lines if line.mark), default)


def _title_span(plain: str, lines: list[Line]) -> Span | None:
    """Return the last line before the first assignment that can be the title of a plan.

    One that follows numbered items is the title of an attachment.
    """
    found: int | None = None
    numbered = 0
    for index, line in enumerate(lines):
        if line.mark is not None:
            numbered += 1
        elif _can_be_title(plain, lines, index):
            if found is not None and numbered >= BODY_ITEMS:
                break
            found, numbered = index, 0
    if found is None:
        return None
    start, end = _title_start(plain, lines, found), lines[found].span.end
    while found + 1 < len(lines) and TITLE_TAIL.match(lines[found + 1].span.of(plain)):
        found += 1
        end = lines[found].span.end
    return Span(start, end)


def _title_start(plain: str, lines: list[Line], found: int) -> int:
    """Return where a title begins that stands on two or three lines.

    The lines above belong to it if the notice names them in one, or if little stands on the last.
    """
    start, end = lines[found].span
    said = clean(plain, Span(0, lines[max(found - 2, 0)].span.start))
    for before in reversed(lines[max(found - 2, 0) : found]):
        stretch = before.span.of(plain)
        if before.mark is not None or len(stretch) > 40 or any(c in stretch for c in "。;,:号日"):
            break
        is_named = clean(plain, Span(before.span.start, end)) in said
        opens = HALF_TITLE.match(stretch) and not HALF_TITLE.match(plain, start, end)
        if not is_named and not opens and end - start > 6:
            break
        start = before.span.start
    return start


def _can_be_title(plain: str, lines: list[Line], index: int) -> bool:
    """Tell whether a line ends as the title of a plan does, and no notice goes on below it."""
    stretch = lines[index].span.of(plain)
    if len(stretch) > LONGEST_TITLE or "\t" in stretch or not TITLE_LINE.search(stretch):
        return False
    below = lines[index + 1].span.of(plain) if index + 1 < len(lines) else ""
    is_notice = stretch.endswith("的通知") or below.startswith("的通知")
    return not is_notice and not any(c in stretch for c in "。;,:")


def _other_title(plain: str, lines: list[Line]) -> Span | None:
    """Return the first line that can be the title of a notice or report."""
    for line in lines[:12]:
        stretch = line.span.of(plain)
        if line.mark is not None:
            return None
        if len(stretch) <= LONGEST_TITLE and not any(c in stretch for c in "。;,:>"):
            return line.span if OTHER_TITLE.search(stretch) else None
    return None


def _first_heading(plain: str, lines: list[Line]) -> Span | None:
    """Return the first line above all numbers that is no sentence, number of a paper or label."""
    for line in takewhile(lambda line: line.mark is None, lines[:8]):
        if FREE_TITLE.fullmatch(plain, *line.span) and not DOCUMENT_NUMBER.match(plain, *line.span):
            return line.span
    return None


def _stage(plain: str, head: Span) -> Stage | None:
    notes = {match[1] for match in STAGE_NOTE.finditer(plain, *head)}
    if notes & DRAFT_NOTES:
        return "征求意见稿"
    numbered = DOCUMENT_NUMBER.search(plain, *head) or STATED_NUMBER.search(plain, *head)
    if "印发稿" in notes or numbered or "印发" in head.of(plain):
        return "印发稿"
    return None


def _number(source: str, plain: str, head: Span) -> str | None:
    match = DOCUMENT_NUMBER.search(plain, *head) or STATED_NUMBER.search(plain, *head)
    return clean(source, Span(*match.span(1))) if match else None


def _signature(
    source: str, plain: str, head: Span, body_start: int
) -> tuple[str | None, date | None]:
    """Return the organ that signs and the day under it, from the head or else from the end."""
    for region in (head, Span(body_start, len(plain))):
        for match in DATE_LINE.finditer(plain, *region):
            year, month, day = (whole(group) or 0 for group in match.groups())
            before = plain[max(region.start, match.start() - 200) : match.start()].rstrip()
            line = before[before.rfind("\n") + 1 :].strip()
            organ = line if ORGAN_LINE.match(line) else None
            if organ:
                place = plain.rfind(organ, 0, match.start())
                organ = clean(source, Span(place, place + len(organ)))
            try:
                return organ, date(year, month, day)
            except ValueError:
                continue
    return None, None


def _issuer_of_title(source: str, plain: str, lines: list[Line]) -> str | None:
    for line in lines[:12]:
        match = ISSUER_OF_TITLE.match(plain, *line.span)
        if match:
            return clean(source, Span(*match.span(1)))
    return None


def _period(title: str | None, plain: str, head: Span) -> ParsedPeriod | None:
    titled = TITLE_YEAR.search(title or "")
    for stretch in (title or "", "" if titled else head.of(plain)):
        for pattern in (PERIOD, CRAMMED_PERIOD):
            match = pattern.search(stretch.translate(DASHES))
            if match and int(match[1]) <= int(match[2]):
                return ParsedPeriod(int(match[1]), int(match[2]))
    return None


DASHES = {ord(sign): "-" for sign in "—–―－～"}


def _consultation(source: str, plain: str, head: Span) -> ParsedConsultation | None:
    """Return the day by which the notice of a draft asks for comments."""
    view = view_of(plain, head)
    text = view.text
    for match in CRAMMED_DATE.finditer(text):
        if FEEDBACK.match(text, match.end()):
            stop = match.end() + (1 if text.startswith("前", match.end()) else 0)
            span = view.span(match.start(), stop)
            return ParsedConsultation(split_date(match[1], match[2]), clean(source, span), span)
    for start in DATE_START.finditer(text):
        found = DATE.match(text, start.start())
        if not (found and found["day"] and found["before"] and FEEDBACK.match(text, found.end())):
            continue
        year, month, day = (whole(found[part] or "") for part in ("year", "month", "day"))
        try:
            due = date(year, month, day) if year and month and day else None
        except ValueError:
            due = None
        span = view.span(*found.span())
        return ParsedConsultation(due, clean(source, span), span)
    return None


def split_date(year: str, rest: str) -> date | None:
    """Return the one day that digits run together (2016, 825) can mean, or null."""
    days = []
    for cut in (1, 2):
        try:
            days.append(date(int(year), int(rest[:cut]), int(rest[cut:])))
        except ValueError:
            continue
    return days[0] if len(days) == 1 else None


def _repairs(source: str, plain: str) -> tuple[Repair, ...]:
    found = []
    for match in CRAMMED_PERIOD.finditer(plain):
        if 0 < int(match[2]) - int(match[1]) <= 30:
            span = Span(*match.span())
            found.append(
                Repair(span, span.of(source), f"{match[1]}—{match[2]}年", "起止年份之间缺连接号")
            )
    for match in CRAMMED_DATE.finditer(plain):
        day = split_date(match[1], match[2])
        if day:
            span = Span(*match.span())
            after = f"{day.year}年{day.month}月{day.day}日"
            found.append(Repair(span, span.of(source), after, "日期缺“年”“月”"))
    return tuple(found)

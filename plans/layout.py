"""The plan as a person reads it: passages into paragraphs with what was found lit in the text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from django.db.models import F, Max, Min, Q
from django.utils.safestring import SafeString

from plans.choices import DeadlineKind, Frequency, PassageKind, ResponsibilityRole, Severity
from plans.models import (
    Deadline,
    Doubt,
    Edition,
    Measure,
    Metric,
    Passage,
    Recurrence,
    Responsibility,
    Spanned,
)
from plans.typography import full_width

WIDEST_DOUBT = 40
TAGS = {0: "h2", 1: "h2", 2: "h3"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found in the text: what it is called in the stylesheet, and what a touch tells."""

    start: int
    end: int
    css: str
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One printed paragraph, its marks rendered."""

    tag: str
    html: SafeString
    start: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage as printed; ``anchor`` is the place that links to it name."""

    kind: str
    level: int
    start: int
    words: str
    anchor: int
    paragraphs: tuple[Paragraph, ...]
    measure_id: int | None
    reference: str
    is_leaf: bool

    @property
    def may_be_measure(self) -> bool:
        """Whether it is text that may have been meant as a measure, or as part of one."""
        return self.kind in (PassageKind.INTRO, PassageKind.BACK, PassageKind.HEADING) and bool(
            self.level or self.kind == PassageKind.BACK
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents with the measures below it."""

    level: int
    anchor: int
    title: str
    measures: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The whole text and its table of contents."""

    stretches: tuple[Stretch, ...]
    contents: tuple[Entry, ...]


def lay_out(edition: Edition, doubts_url: str = "") -> PlanPage:
    """Return the text of the edition as laid out: every character once, in order.

    Five queries for any length. With ``doubts_url`` open doubts are lit and lead there.
    """
    passages = list(
        Passage.objects.filter(edition=edition)
        .select_related("measure", "indicator")
        .defer("measure__text")
        .order_by("ordinal")
    )
    marks = sorted(_marks(edition, doubts_url), key=lambda mark: (mark.start, -mark.end))
    printer = _Printer(full_width(edition.text), marks)
    stretches = tuple(printer.stretch(passage) for passage in passages)
    return PlanPage(stretches, tuple(_contents(passages, stretches, printer.text)))


def lay_out_around(edition: Edition, own: Spanned, doubts_url: str = "") -> tuple[Stretch, ...]:
    """Return a measure or passage as laid out, with the passage before it and the one after it."""
    passages = Passage.objects.filter(edition=edition)
    near = passages.filter(end__gt=own.start, start__lt=own.end).aggregate(
        first=Min("ordinal"), last=Max("ordinal")
    )
    shown = list(
        passages.filter(ordinal__range=(near["first"] - 1, near["last"] + 1))
        .select_related("measure", "indicator")
        .order_by("ordinal")
    )
    found = _marks(edition, doubts_url, (shown[0].start, shown[-1].end))
    marks = sorted(found, key=lambda mark: (mark.start, -mark.end))
    printer = _Printer(full_width(edition.text), marks)
    return tuple(printer.stretch(passage) for passage in shown)


def _marks(
    edition: Edition, doubts_url: str, within: tuple[int, int] | None = None
) -> Iterator[Mark]:
    first, last = within or (0, len(edition.text))
    near = Q(start__lt=last, end__gt=first)
    standing = edition.measures.filter(merged_into=None)
    names = (
        Responsibility.objects.filter(near, measure__in=standing)
        .exclude(start=F("measure__start"), end=F("measure__end"))
        .values_list("start", "end", "role", "canonical", "department__name")
    )
    for start, end, role, canonical, unit in names:
        yield Mark(start, end, role, f"{ResponsibilityRole(role).label}：{unit or canonical}")
    deadlines = Deadline.objects.filter(near, measure__in=standing).exclude(
        start=F("measure__start"), end=F("measure__end")
    )
    for start, end, due, kind in deadlines.values_list("start", "end", "due_on", "kind"):
        day = f"{due.year}年{due.month}月{due.day}日" if due else DeadlineKind(kind).label
        yield Mark(start, end, "date", f"完成时限：{day}")
    again = Recurrence.objects.filter(near, measure__in=standing).exclude(
        start=F("measure__start"), end=F("measure__end")
    )
    for start, end, frequency in again.values_list("start", "end", "frequency"):
        yield Mark(start, end, "again", f"周期要求：{Frequency(frequency).label}")
    metrics = Metric.objects.filter(
        near, Q(measure__in=standing) | Q(indicator__part__edition=edition)
    )
    for start, end, name in metrics.values_list("start", "end", "name"):
        yield Mark(start, end, "target", f"目标值：{name}")
    for doubt in Doubt.objects.filter(near, edition=edition):
        if doubt.severity == Severity.NOTE:
            yield Mark(doubt.start, doubt.end, "", f"读作“{doubt.suggestion}”")
        elif doubt.settled_at is None and doubts_url:
            href = f"{doubts_url}#doubt-{doubt.pk}"
            is_wide = doubt.end - doubt.start > WIDEST_DOUBT
            end = doubt.start if is_wide else doubt.end
            yield Mark(doubt.start, end, "doubt", f"待核实：{doubt.message}", href)


class _Printer:
    """Cuts stretches of the text at the borders of marks; each place is anchored once.

    Every piece of text and every attribute is escaped here: a thousand calls of format_html take
    longer than the rest of the page.
    """

    def __init__(self, text: str, marks: list[Mark]) -> None:
        self.text = text
        self.marks = marks
        self.next = 0
        self.active: list[Mark] = []
        self.anchored: set[int] = set()

    def stretch(self, passage: Passage) -> Stretch:
        """Return the passage as printed; passages must come in order."""
        measure, indicator = passage.measure, passage.indicator
        owner: Measure | Passage = measure if measure and measure.is_leaf else passage
        anchor = indicator.start if indicator else owner.start
        self.anchored.add(anchor)
        lines = _lines(self.text, passage.start, passage.end)
        is_heading = passage.kind == PassageKind.HEADING
        return Stretch(
            kind=passage.kind,
            level=passage.level,
            start=passage.start,
            words=self.text[passage.start : passage.end].strip()[:WIDEST_DOUBT],
            anchor=anchor,
            paragraphs=tuple(
                Paragraph(
                    TAGS.get(passage.level, "h4") if is_heading and index == 0 else "p",
                    self._line(start, end),
                    start,
                )
                for index, (start, end) in enumerate(lines)
            ),
            measure_id=measure.pk if measure else None,
            reference=measure.reference if measure else "",
            is_leaf=bool(measure and measure.is_leaf),
        )

    def _line(self, start: int, end: int) -> SafeString:
        while self.next < len(self.marks) and self.marks[self.next].start < end:
            self.active.append(self.marks[self.next])
            self.next += 1
        self.active = [mark for mark in self.active if mark.end > start or mark.start >= start]
        borders = {start, end}
        for mark in self.active:
            borders |= {at for at in (mark.start, mark.end) if start < at < end}
        return SafeString("".join(self._segment(a, b) for a, b in pairwise(sorted(borders))))

    def _segment(self, start: int, end: int) -> str:
        found = [mark for mark in self.active if mark.start <= start < mark.end]
        flags = [mark for mark in self.active if mark.start == mark.end == start]
        text = escape(self.text[start:end])
        flag = "".join(
            f'<a class="flag" href="{escape(mark.href)}" title="{escape(mark.title)}">待核实</a>'
            for mark in flags
        )
        if not found:
            return flag + text
        anchor = ""
        if start not in self.anchored and any(mark.start == start for mark in found):
            self.anchored.add(start)
            anchor = f' id="c{start}"'
        title = escape("；".join(dict.fromkeys(mark.title for mark in found)))
        css = " ".join(dict.fromkeys(mark.css for mark in found if mark.css))
        href = next((mark.href for mark in found if mark.href), "")
        if href:
            text = f'<a href="{escape(href)}">{text}</a>'
        if not css:
            return f'{flag}<span{anchor} title="{title}">{text}</span>'
        return f'{flag}<mark class="{css}"{anchor} title="{title}">{text}</mark>'


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines with visible text, without the white space at their ends."""
    at = start
    for line in text[start:end].split("\n"):
        if shown := line.strip():
            first = at + line.index(shown[0])
            yield first, first + len(shown)
        at += len(line) + 1


def _contents(
    passages: Iterable[Passage], stretches: Iterable[Stretch], text: str
) -> Iterator[Entry]:
    entry: Entry | None = None
    for passage, stretch in zip(passages, stretches, strict=True):
        measure = passage.measure
        if measure is not None:
            if entry is not None and not measure.sub_number:
                entry.measures.append((stretch.anchor, measure.number))
        elif passage.kind == PassageKind.HEADING and 0 < passage.level <= 2:
            if entry is not None:
                yield entry
            title = text[passage.start : passage.end].strip().partition("\n")[0]
            entry = Entry(passage.level, stretch.anchor, title, [])
    if entry is not None:
        yield entry

"""The plan as a person reads it: passages into paragraphs with what was found lit in the text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plans.choices import PassageKind, Severity
from plans.models import Deadline, Doubt, Edition, Measure, Metric, Passage, Responsibility
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage as printed; ``anchor`` is the place that links to it name."""

    kind: str
    level: int
    anchor: int
    paragraphs: tuple[Paragraph, ...]
    measure_id: int | None
    reference: str
    is_leaf: bool


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

    Seven queries for any length. With ``doubts_url`` open doubts are lit and lead there.
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


def _marks(edition: Edition, doubts_url: str) -> Iterator[Mark]:
    for row in Responsibility.objects.filter(measure__edition=edition).select_related("department"):
        unit = row.department.name if row.department else row.canonical
        yield Mark(row.start, row.end, row.role, f"{row.get_role_display()}：{unit}")
    for deadline in Deadline.objects.filter(measure__edition=edition):
        due = deadline.due_on
        day = f"{due.year}年{due.month}月{due.day}日" if due else deadline.get_kind_display()
        yield Mark(deadline.start, deadline.end, "date", f"完成时限：{day}")
    of_measures = Metric.objects.filter(measure__edition=edition)
    of_parts = Metric.objects.filter(indicator__part__edition=edition)
    for metric in (*of_measures, *of_parts):
        yield Mark(metric.start, metric.end, "target", f"目标值：{metric.name}")
    for doubt in Doubt.objects.filter(edition=edition):
        if doubt.severity == Severity.NOTE:
            yield Mark(doubt.start, doubt.end, "", f"读作“{doubt.suggestion}”")
        elif doubt.settled_at is None and doubts_url:
            href = f"{doubts_url}#doubt-{doubt.pk}"
            is_wide = doubt.end - doubt.start > WIDEST_DOUBT
            end = doubt.start if is_wide else doubt.end
            yield Mark(doubt.start, end, "doubt", f"待核实：{doubt.message}", href)


class _Printer:
    """Cuts stretches of the text at the borders of marks; each place is anchored once."""

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
            anchor=anchor,
            paragraphs=tuple(
                Paragraph(
                    TAGS.get(passage.level, "h4") if is_heading and index == 0 else "p",
                    self._line(start, end),
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
        return format_html_join(
            "", "{}", ((self._segment(a, b),) for a, b in pairwise(sorted(borders)))
        )

    def _segment(self, start: int, end: int) -> SafeString:
        found = [mark for mark in self.active if mark.start <= start < mark.end]
        flags = [mark for mark in self.active if mark.start == mark.end == start]
        text = format_html("{}", self.text[start:end])
        flag = format_html_join(
            "",
            '<a class="flag" href="{}" title="{}">待核实</a>',
            ((mark.href, mark.title) for mark in flags),
        )
        if not found:
            return flag + text if flag else text
        anchor = SafeString("")
        if any(mark.start == start for mark in found) and start not in self.anchored:
            self.anchored.add(start)
            anchor = format_html(' id="c{}"', start)
        title = "；".join(dict.fromkeys(mark.title for mark in found))
        css = " ".join(dict.fromkeys(mark.css for mark in found if mark.css))
        href = next((mark.href for mark in found if mark.href), "")
        if href:
            text = format_html('<a href="{}">{}</a>', href, text)
        if not css:
            return format_html('{}<span{} title="{}">{}</span>', flag, anchor, title, text)
        return format_html(
            '{}<mark class="{}"{} title="{}">{}</mark>', flag, css, anchor, title, text
        )


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

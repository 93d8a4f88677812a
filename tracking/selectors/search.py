"""One search over everything a person may read: what contains the words, grouped by what it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.choices import EventResult
from accounts.models import Department, Event, User
from accounts.paging import rows_between
from accounts.scope import scope_of
from plans.models import Measure
from plans.typography import full_width, half_width
from tracking.models import Assignment, Evidence, Submission

PER_GROUP = 5
PER_PAGE = 50
AROUND = 40
LONGEST, MOST_WORDS = 50, 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``is_found`` where it is what was searched for."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the words stand: where it leads, what it is, and the words in their text."""

    url: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``has_more`` says that they are not all."""

    key: str
    label: str
    hits: list[Hit]
    has_more: bool


def search(text: str, *, user: User, only: str = "") -> list[Group]:
    """Return what contains every word of the text, a group a kind that has any, two queries a kind;
    with ``only`` more of that kind."""
    words = text[:LONGEST].split()[:MOST_WORDS]
    if not words:
        return []
    found = []
    for key, (label, find, show) in KINDS.items():
        if only in KINDS and only != key:
            continue
        limit = PER_PAGE if only == key else PER_GROUP
        rows = rows_between(find(words, user), 0, limit + 1)
        if rows:
            hits = [show(row, words) for row in rows[:limit]]
            found.append(Group(key, label, hits, len(rows) > limit))
    return found


def excerpt(text: str, words: list[str]) -> tuple[Piece, ...]:
    """Return what stands around the first of the words, in pieces; the text's beginning where none
    of them stands in it."""
    text = full_width(" ".join(text.split()))
    spellings = {spelling for word in words for spelling in (word, full_width(word))}
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    wanted = re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
    found = wanted.search(text)
    if found is None:
        return (Piece(text[: 2 * AROUND], is_found=False),)
    first, last = max(found.start() - AROUND, 0), found.end() + AROUND
    shown = ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
    parts = wanted.split(shown)
    return tuple(Piece(part, bool(at % 2)) for at, part in enumerate(parts) if part)


def _containing(rows: QuerySet[Any], words: list[str], *fields: str) -> QuerySet[Any]:
    """Leave rows that have every word in one of the fields, with wide marks or with narrow ones."""
    for word in words:
        has_word = Q()
        for field in fields:
            for spelling in {word, half_width(word)}:
                has_word |= Q(**{f"{field}__icontains": spelling})
        rows = rows.filter(has_word)
    return rows


def _measures(words: list[str], user: User) -> QuerySet[Any]:
    rows = _containing(Measure.objects.visible_to(user).leaves(), words, "title", "text")
    return rows.order_by("-edition_id", "ordinal").distinct()


def _measure(row: Measure, words: list[str]) -> Hit:
    url = reverse("plans:text", args=[row.edition_id]) + f"#c{row.start}"
    title = f"{row.reference} {full_width(row.title)}"
    return Hit(url, title, excerpt(row.text, words))


def _assignments(words: list[str], user: User) -> QuerySet[Any]:
    """Tasks of the person's own units, and of others those that report on a whole measure."""
    own = Q(department__in=scope_of(user).departments)
    rows = Assignment.objects.visible_to(user).live().with_measure()
    measures = _containing(Measure.objects.leaves(), words, "title", "text")
    found = rows.filter(
        own | Q(reports_through=None, gathered_by=None),
        measure__in=measures.order_by().values("pk"),
    )
    return found.order_by("-measure__edition_id", "measure__ordinal", "id")


def _assignment(row: Assignment, words: list[str]) -> Hit:
    title = f"{row.department} {row.measure.reference}（{row.get_role_display()}）"
    url = reverse("tracking:assignment", args=[row.pk])
    return Hit(url, title, excerpt(row.measure.text, words))


def _reports(words: list[str], user: User) -> QuerySet[Any]:
    rows = Submission.objects.visible_to(user).with_milestone()
    return _containing(rows, words, *REPORTED).order_by("-id")


def _report(row: Submission, words: list[str]) -> Hit:
    reference = row.milestone.assignment.measure.reference
    title = f"{row.milestone.department} {reference}第{row.number}次反馈"
    text = " ".join(filter(None, (getattr(row, field) for field in REPORTED)))
    return Hit(reverse("tracking:submission", args=[row.pk]), title, excerpt(text, words))


def _documents(words: list[str], user: User) -> QuerySet[Any]:
    rows = Evidence.objects.filter(submission__in=Submission.objects.visible_to(user))
    return (
        _containing(rows, words, "name", "document_number")
        .select_related(
            "submission__milestone__department", "submission__milestone__assignment__measure"
        )
        .order_by("-id")
    )


def _document(row: Evidence, words: list[str]) -> Hit:
    milestone = row.submission.milestone
    title = f"{milestone.department} {milestone.assignment.measure.reference}"
    url = reverse("tracking:submission", args=[row.submission_id])
    return Hit(url, title, excerpt(f"{row.name} {row.document_number}".strip(), words))


def _departments(words: list[str], user: User) -> QuerySet[Any]:
    rows = Department.objects.visible_to(user)
    named = _containing(rows, words, "name", "full_name", "names__name")
    return named.distinct().order_by("ordinal", "id")


def _department(row: Department, words: list[str]) -> Hit:
    url = reverse("accounts:department", args=[row.pk])
    return Hit(url, row.name, excerpt(row.full_name or row.name, words))


def _notes(words: list[str], user: User) -> QuerySet[Any]:
    """Notes of what happened inside assignments whose timeline shows them to the person."""
    scope = scope_of(user)
    assignments = Assignment.objects.visible_to(user).filter(
        Q(department__in=scope.departments | scope.watched)
        | Q(department__district__in=scope.overseen)
    )
    rows = Event.objects.filter(
        within_kind="tracking.assignment",
        within_id__in=assignments.values("pk"),
        result=EventResult.DONE,
    )
    return _containing(rows, words, "note").order_by("-seq")


def _note(row: Event, words: list[str]) -> Hit:
    url = reverse("tracking:assignment", args=[row.within_id])
    title = f"{timezone.localtime(row.at):%Y-%m-%d} {row.actor_name}".strip()
    return Hit(url, title, excerpt(row.note, words))


REPORTED = ("narrative", "problems", "next_steps", "help_wanted")
Find = Callable[[list[str], User], "QuerySet[Any]"]
KINDS: dict[str, tuple[str, Find, Callable[[Any, list[str]], Hit]]] = {
    "measures": ("方案条文", _measures, _measure),
    "assignments": ("任务", _assignments, _assignment),
    "reports": ("进展反馈", _reports, _report),
    "documents": ("佐证材料", _documents, _document),
    "departments": ("单位", _departments, _department),
    "notes": ("办理记录", _notes, _note),
}

"""One search over everything a person may read: what contains the words, grouped by what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.choices import EventResult
from accounts.models import Department, Event, User
from accounts.scope import scope_of
from plans.models import Measure
from plans.typography import full_width
from tracking.models import Assignment, Evidence, Submission

PER_GROUP = 5
PER_PAGE = 50
AROUND = 40
SHORTEST, LONGEST = 1, 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the words stand: where it leads, what it is, and the words in their text."""

    url: str
    title: str
    before: str
    lit: str
    after: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``has_more`` says that they are not all."""

    key: str
    label: str
    hits: list[Hit]
    has_more: bool


def search(words: str, *, user: User, only: str = "") -> list[Group]:
    """Return what contains the words, a group a kind that has any, a query or two a kind; with
    ``only`` more of that kind."""
    words = " ".join(words.split())[:LONGEST]
    if len(words) < SHORTEST:
        return []
    found = []
    for key, (label, find, show) in KINDS.items():
        if only in KINDS and only != key:
            continue
        limit = PER_PAGE if only == key else PER_GROUP
        rows = list(find(words, user)[: limit + 1])
        if rows:
            hits = [show(row, words) for row in rows[:limit]]
            found.append(Group(key, label, hits, len(rows) > limit))
    return found


def excerpt(text: str, words: str) -> tuple[str, str, str]:
    """Return the words with what stands around them; the text's beginning where they do not."""
    text = full_width(" ".join(text.split()))
    at = text.lower().find(full_width(words).lower())
    if at < 0:
        return text[: 2 * AROUND], "", ""
    first, last = max(at - AROUND, 0), at + len(words)
    before = ("…" if first else "") + text[first:at]
    after = text[last : last + AROUND] + ("…" if last + AROUND < len(text) else "")
    return before, text[at:last], after


def _measures(words: str, user: User) -> QuerySet[Any]:
    rows = Measure.objects.visible_to(user).leaves()
    found = rows.filter(Q(title__icontains=words) | Q(text__icontains=words))
    return found.order_by("-edition_id", "ordinal").distinct()


def _measure(row: Measure, words: str) -> Hit:
    url = reverse("plans:text", args=[row.edition_id]) + f"#c{row.start}"
    title = f"{row.reference} {full_width(row.title)}"
    return Hit(url, title, *excerpt(row.text, words))


def _reports(words: str, user: User) -> QuerySet[Any]:
    return (
        Submission.objects.visible_to(user)
        .filter(narrative__icontains=words)
        .with_milestone()
        .order_by("-id")
    )


def _report(row: Submission, words: str) -> Hit:
    reference = row.milestone.assignment.measure.reference
    title = f"{row.milestone.department} {reference}第{row.number}次反馈"
    return Hit(reverse("tracking:submission", args=[row.pk]), title, *excerpt(row.narrative, words))


def _documents(words: str, user: User) -> QuerySet[Any]:
    return (
        Evidence.objects.filter(submission__in=Submission.objects.visible_to(user))
        .filter(Q(name__icontains=words) | Q(document_number__icontains=words))
        .select_related(
            "submission__milestone__department", "submission__milestone__assignment__measure"
        )
        .order_by("-id")
    )


def _document(row: Evidence, words: str) -> Hit:
    milestone = row.submission.milestone
    title = f"{milestone.department} {milestone.assignment.measure.reference}"
    url = reverse("tracking:submission", args=[row.submission_id])
    return Hit(url, title, *excerpt(f"{row.name} {row.document_number}".strip(), words))


def _departments(words: str, user: User) -> QuerySet[Any]:
    named = (
        Q(name__icontains=words) | Q(full_name__icontains=words) | Q(names__name__icontains=words)
    )
    return Department.objects.visible_to(user).filter(named).distinct().order_by("ordinal", "id")


def _department(row: Department, words: str) -> Hit:
    url = reverse("accounts:department", args=[row.pk])
    return Hit(url, row.name, *excerpt(row.full_name or row.name, words))


def _notes(words: str, user: User) -> QuerySet[Any]:
    """Notes of what happened inside assignments whose timeline shows them to the person."""
    scope = scope_of(user)
    assignments = Assignment.objects.visible_to(user).filter(
        Q(department__in=scope.departments | scope.watched)
        | Q(department__district__in=scope.overseen)
    )
    return Event.objects.filter(
        within_kind="tracking.assignment",
        within_id__in=assignments.values("pk"),
        note__icontains=words,
        result=EventResult.DONE,
    ).order_by("-seq")


def _note(row: Event, words: str) -> Hit:
    url = reverse("tracking:assignment", args=[row.within_id])
    title = f"{row.at:%Y-%m-%d} {row.actor_name}".strip()
    return Hit(url, title, *excerpt(row.note, words))


Find = Callable[[str, User], "QuerySet[Any]"]
KINDS: dict[str, tuple[str, Find, Callable[[Any, str], Hit]]] = {
    "measures": ("方案条文", _measures, _measure),
    "reports": ("进展反馈", _reports, _report),
    "documents": ("佐证材料", _documents, _document),
    "departments": ("单位", _departments, _department),
    "notes": ("办理记录", _notes, _note),
}

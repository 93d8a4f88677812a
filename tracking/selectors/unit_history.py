"""单位办理记录: what happened to a unit, its people and its work, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.urls import reverse

from accounts.choices import EventResult
from accounts.models import Department, Event, User
from accounts.querysets import IN_HOUSE
from accounts.scope import scope_of
from accounts.selectors import SENTENCES as REGISTER_SENTENCES
from accounts.selectors import unit_event
from tracking.models import Assignment
from tracking.selectors.history import TimelineEntry, known_steps, tell
from tracking.selectors.words import return_word

PER_PAGE = 50
DISPATCH = "tracking.dispatch"


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """A page of what happened, newest first; ``older`` is the number before which more follows."""

    entries: list[TimelineEntry]
    older: int | None


def unit_history(unit: Department, *, user: User, before: int | None = None) -> UnitHistory:
    """Return what happened before the event of that number, the newest without one: at most seven
    queries. What a unit does before it reports is told to its own people only."""
    events = Event.objects.filter(result=EventResult.DONE).newest_first()
    if before is not None:
        events = events.filter(seq__lt=before)
    of_register = Q(object_kind__startswith="accounts.", action__in=REGISTER_SENTENCES)
    of_work = events.filter(known_steps() | of_register, department=unit)
    if unit.pk not in scope_of(user).departments:
        of_work = of_work.exclude(action__in=IN_HOUSE)
    entry_itself = events.about(unit).filter(department=None, action__in=REGISTER_SENTENCES)
    # Read apart, each by its own index: as one condition the database would sort all of them.
    found = [*of_work[: PER_PAGE + 1], *entry_itself[: PER_PAGE + 1]]
    found.sort(key=lambda event: -event.seq)
    page = found[:PER_PAGE]
    return UnitHistory(
        entries=_entries(page, unit, user),
        older=page[-1].seq if len(found) > PER_PAGE else None,
    )


def _entries(page: list[Event], unit: Department, user: User) -> list[TimelineEntry]:
    work = [event for event in page if not event.object_kind.startswith("accounts.")]
    keys = {key for event in work if (key := _assignment_of(event))}
    assignments = Assignment.objects.visible_to(user).select_related("measure").in_bulk(keys)
    told: list[tuple[int, TimelineEntry]] = []
    for event, entry in tell(work, asked=return_word(unit)):
        told.append((event.seq, _led(entry, event, assignments.get(_assignment_of(event) or 0))))
    told += _of_register(event for event in page if event.object_kind.startswith("accounts."))
    return [entry for _, entry in sorted(told, key=lambda row: -row[0])]


def _assignment_of(event: Event) -> int | None:
    if event.object_kind == "tracking.assignment":
        return event.object_id
    return event.within_id if event.within_kind == "tracking.assignment" else None


def _led(entry: TimelineEntry, event: Event, assignment: Assignment | None) -> TimelineEntry:
    """Say what it was about, with the way there."""
    if event.object_kind == DISPATCH:
        url = reverse("tracking:dispatch", args=[event.object_id])
        return replace(entry, about="交办单", url=url)
    if assignment is None:
        return entry
    url = reverse("tracking:assignment", args=[assignment.pk])
    return replace(entry, about=assignment.measure.reference, url=url)


def _of_register(events: Iterable[Event]) -> list[tuple[int, TimelineEntry]]:
    told = ((event.seq, unit_event(event)) for event in events)
    return [(seq, TimelineEntry(row.at, row.who, row.what, row.note, tone="")) for seq, row in told]

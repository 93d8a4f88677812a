"""Drives the engine through the years: people act, the engine runs, the model is asked."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from django.conf import settings

from accounts.models import Event
from config.demo import play, story
from notifications.models import Outbox, Reminder
from notifications.tick import tick
from quickstart import say
from tests.year.model import Mail, Model
from tests.year.people import People

LAST_DAY = date(2020, 12, 31)
LONGEST_STOP = 7
ONE_DAY = timedelta(days=1)
TICKS = (time(7, 40), time(8, 35), time(16, 45))
Step = tuple[datetime, Callable[[], object]]


class WrongMailError(AssertionError):
    """The engine and the model disagree."""


@dataclass
class Figures:
    """What was seen."""

    days: int = 0
    ticks: int = 0
    stops: int = 0
    days_stopped: int = 0
    mails: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    done: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return (
            f"{self.days} days, {self.ticks} runs of the engine, stopped {self.stops} times for "
            f"{self.days_stopped} days; {self.done} steps of people ({self.refused} refused); "
            f"{self.mails['digest']} digests with {self.lines} lines and "
            f"{self.mails['handover']} handover sheets sent, each as the model says: "
            "0 missing, 0 twice, 0 too many"
        )


def run(
    seed: int,
    last: date,
    *,
    says: Callable[[str], object] = say,
    told_until: date = story.UNTIL,
) -> Figures:
    """Play from the issue of the home plan to a day; WrongMailError at the first wrong mail.

    People act as the story tells until ``told_until``, then by a rule with the seed.
    """
    years = Years(seed, told_until)
    for day in years.days(last):
        if day.day == 1 and day.month in (1, 7):
            says(f"{day:%Y-%m}: {sum(years.figures.mails.values())} mails")
    years.compare_mailboxes()
    return years.figures


class Years:
    """The state of a run."""

    def __init__(self, seed: int, told_until: date) -> None:
        self.told_until = told_until
        steps = play.steps(play.prepare())
        self.steps = [step for step in steps if step[0].date() <= told_until]
        self.people = People(seed)
        self.chance = Random(f"stops {seed}")
        self.stopped_until = story.ISSUED_ON
        self.newest = 0
        self.model = Model(last_event=Event.objects.order_by("seq")[0].seq)
        self.figures = Figures()

    def days(self, last: date) -> Iterator[date]:
        """Live through the days from the issue on, one by one."""
        day = story.ISSUED_ON
        while day <= last:
            self.live(day)
            yield day
            day += ONE_DAY

    def live(self, day: date) -> None:
        """Let people act and the engine run on one day, each at its hour."""
        acts: list[Step] = [step for step in self.steps if step[0].date() == day]
        if day > self.told_until:
            acts = list(self.people.on(day))
        ticks: list[Step] = []
        if not self._is_stopped(day):
            ticks = [(play.at(day, at.hour, at.minute), self._tick_at(day, at)) for at in TICKS]
        for _, step in sorted([*acts, *ticks], key=lambda step: step[0]):
            step()
        self.figures.days += 1
        self.figures.done = self.people.done + sum(step[0].date() <= day for step in self.steps)
        self.figures.refused = self.people.refused

    def _is_stopped(self, day: date) -> bool:
        if day < self.stopped_until:
            self.figures.days_stopped += 1
            return True
        if self.chance.random() < 0.03:
            self.stopped_until = day + ONE_DAY * self.chance.randrange(1, LONGEST_STOP + 1)
            self.figures.stops += 1
            self.figures.days_stopped += 1
            return True
        return False

    def _tick_at(self, day: date, at: time) -> Callable[[], None]:
        moment = play.at(day, at.hour, at.minute)
        return lambda: self._run_engine(moment)

    def _run_engine(self, at: datetime) -> None:
        right = Counter(self.model.mails_at(at))
        tick(at)
        if right:
            tick(at)  # a second run at the same moment must send nothing
        sent = Counter(_mails(after=self.newest))
        if sent != right:
            raise WrongMailError(f"{at:%Y-%m-%d %H:%M}\n{_told(right, sent)}")
        self.figures.ticks += 1
        self.newest = max(self.newest, *Outbox.objects.values_list("pk", flat=True)[:1], 0)
        for mail in sent:
            self.figures.mails[mail.what] += 1
            self.figures.lines += len(mail.lines)

    def compare_mailboxes(self) -> None:
        """Raise WrongMailError unless every mail said to be sent lies in its mailbox, once."""
        root = Path(settings.MAILBOX_ROOT)
        there = Counter(path.parent.parent.name for path in root.glob("*/new/*"))
        sent = Outbox.objects.values_list("recipient__email", flat=True)
        said = Counter(address.lower().encode().hex() for address in sent)
        if there != said:
            raise WrongMailError(f"mailboxes differ from the outbox: {there - said}{said - there}")


def _mails(*, after: int) -> list[Mail]:
    """Return what was sent, in the words of the model; what is unsent is of a kind of its own."""
    rows = Reminder.objects.filter(outbox__gt=after).order_by("outbox_id")
    lines = {
        pk: frozenset((row.subject_kind, row.subject_id, row.rule_id) for row in group)
        for pk, group in groupby(rows, key=lambda row: row.outbox_id)
    }
    return [
        Mail(
            row.recipient_id,
            _what(row),
            lines.get(row.pk, frozenset()),
        )
        for row in Outbox.objects.filter(pk__gt=after)
    ]


def _what(row: Outbox) -> str:
    if row.status != "sent":
        return row.status
    return "handover" if row.hands_over_to_id else "digest"


def _told(right: Counter[Mail], sent: Counter[Mail]) -> str:
    missing, wrong = right - sent, sent - right
    return "\n".join(
        [
            *(f"missing: {mail.what} to {mail.person} {sorted(mail.lines)}" for mail in missing),
            *(f"wrong: {mail.what} to {mail.person} {sorted(mail.lines)}" for mail in wrong),
        ]
    )

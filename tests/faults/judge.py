"""What became of every intent, and what may be said of a run."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.faults.stand import Stand

DAY = 24 * 3600
SETTLED = ("sent", "dead", "cancelled", "uncertain")


@dataclass(frozen=True)
class Figures:
    """One line of the report."""

    scenario: str
    stand: str
    kills: int
    intents: int
    sent: int
    dead: int
    copies: int
    lost: int
    longest: float | None


def judge(
    stand: Stand, scenario: str, *, intents: int, dead: int = 0, is_timed: bool = True
) -> Figures:
    """Check what must hold after every fault and give the figures.

    Each intent has ended and says why, what was sent has arrived, no key has more copies than
    crashes inside DATA allow, and ``verify_invariants`` finds nothing.
    """
    rows = stand.rows(
        "SELECT r.status, r.reason, o.status, o.reason, o.message_id, o.losses, o.created_at"
        " FROM notifications_reminder r LEFT JOIN notifications_outbox o ON o.id = r.outbox_id"
    )
    copies = Counter(arrival.message_id for arrival in stand.sink.arrivals)
    lost = sum(_is_lost(row, copies) for row in rows)
    losses = {row[4]: row[5] for row in rows if row[4]}
    too_many = {key: n for key, n in copies.items() if n > 1 + losses.get(key, 0)}
    outbox = Counter(status for (status,) in stand.rows("SELECT status FROM notifications_outbox"))
    figures = Figures(
        scenario,
        stand.kind,
        stand.kills,
        len(rows),
        outbox["sent"],
        outbox["dead"],
        max(copies.values(), default=0),
        lost,
        _longest(stand, rows) if is_timed else None,
    )
    assert len(rows) == intents, figures
    assert lost == 0, figures
    assert not too_many, (figures, too_many)
    assert outbox["dead"] == dead, figures
    stand.run("manage.py", "verify_invariants")
    return figures


def _is_lost(row: tuple[Any, ...], copies: Counter[str]) -> bool:
    status, reason, how, why, message_id, *_ = row
    if status in ("suppressed", "coalesced"):
        return not reason
    if status != "enqueued" or how not in SETTLED:
        return True
    if how == "sent":
        return not copies[message_id]
    return not why


def _longest(stand: Stand, rows: list[tuple[Any, ...]]) -> float:
    """Seconds from the making of a digest to its arrival, by the time of day alone."""
    made = {row[4]: _seconds(row[6]) for row in rows if row[4]}
    first: dict[str, float] = {}
    for arrival in stand.sink.arrivals:
        first.setdefault(arrival.message_id, arrival.at % DAY)
    return max(((at - made[key]) % DAY for key, at in first.items() if key in made), default=0.0)


def _seconds(moment: datetime | str) -> float:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return at.timestamp() % DAY

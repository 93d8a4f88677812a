"""Which item of a document is which of the one before: a globally good one-to-one assignment."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain

from plans.typography import full_width

SURE = 0.6
"""From this likeness on two items are taken for the same without asking a person."""
POSSIBLE = 0.35
"""Below this likeness two items are different; between the two a person is asked."""
CLEAR = 0.05
"""How much better than the next one a match must be to be sure."""
PIECE = 0.6
"""How much of a piece must stand in the whole that it was split from or merged into."""
SHORTEST_PIECE = 5
STEP = 0.005
WEIGHTS = {"text": 0.65, "title": 0.2, "number": 0.1, "part": 0.05}

Pairs = dict[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """Something numbered in a document; the key is the caller's own, the text has no bracket."""

    key: int
    number: str
    title: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Two items that are the same, how alike they are, and whether that is beyond doubt."""

    before: int
    after: int
    likeness: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Pieces:
    """Keys of new items by the old one they were split from, of old ones by the new whole."""

    split: Mapping[int, int]
    merged: Mapping[int, int]


def plain(text: str) -> str:
    """Return the text as it is compared: full-width marks, no white space."""
    return re.sub(r"\s+", "", full_width(text))


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters, marks left out."""
    said = re.sub(r"[^\w%]+", "", plain(text))
    return frozenset(said[index : index + 2] for index in range(len(said) - 1)) or frozenset({said})


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of pairs that two texts have in common, 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other))


def match(before: Sequence[Item], after: Sequence[Item]) -> list[Match]:
    """Pair the items of two documents; what has no counterpart is in no pair.

    The same text is the same item. Of the rest the pairs are those with the greatest sum of
    likeness over the whole document, so one good match is given up for two that are nearly as good.
    """
    found = _same_texts(before, after)
    taken, given = {row.before for row in found}, {row.after for row in found}
    old = [item for item in before if item.key not in taken]
    new = [item for item in after if item.key not in given]
    values = _likenesses(old, new)
    suitors: dict[int, dict[int, float]] = defaultdict(dict)
    for key, row in values.items():
        for other, value in row.items():
            suitors[other][key] = value
    for key, other in _assign(values).items():
        value = values[key][other]
        rivals = [rival for column, rival in values[key].items() if column != other]
        rivals += [rival for this, rival in suitors[other].items() if this != key]
        is_clear = value - max(rivals, default=0) >= CLEAR
        found.append(Match(other, key, value, value >= SURE and is_clear))
    return sorted(found, key=lambda match: match.after)


def _same_texts(before: Sequence[Item], after: Sequence[Item]) -> list[Match]:
    """Pair equal texts; where a text stands several times, first by number, then in order."""
    standing: dict[str, list[Item]] = defaultdict(list)
    for item in before:
        standing[plain(item.text)].append(item)
    found: dict[int, Match] = {}
    for by_number in (True, False):
        for item in after:
            rows = standing[plain(item.text)] if item.key not in found else []
            same = next((row for row in rows if not by_number or row.number == item.number), None)
            if same is not None:
                rows.remove(same)
                found[item.key] = Match(same.key, item.key, 1.0, True)
    return list(found.values())


class _Shelf:
    """Pairs by key, kept so that one text is compared with all in one go."""

    def __init__(self, texts: Mapping[int, frozenset[str]]) -> None:
        self.sizes = {key: len(pairs) for key, pairs in texts.items()}
        self.holders: dict[str, list[int]] = defaultdict(list)
        for key, pairs in texts.items():
            for pair in pairs:
                self.holders[pair].append(key)

    def shared(self, pairs: frozenset[str]) -> Counter[int]:
        """Return how many of the pairs each text holds that holds any."""
        return Counter(chain.from_iterable(self.holders.get(pair, ()) for pair in pairs))

    def likenesses(self, text: str) -> dict[int, float]:
        """Return what ``alike`` gives for each text that shares a pair with this one."""
        pairs = bigrams(text)
        found = self.shared(pairs).items()
        return {key: 2 * n / (len(pairs) + self.sizes[key]) for key, n in found}


class _Items:
    """Items that others are compared with."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.texts = _Shelf({item.key: bigrams(item.text) for item in items})
        self.titles = _Shelf({item.key: bigrams(item.title) for item in items})

    def likenesses(self, to: Item) -> dict[int, float]:
        """Return how alike each of them is to an item, 0 to 1."""
        texts, titles = self.texts.likenesses(to.text), self.titles.likenesses(to.title)
        return {
            item.key: WEIGHTS["text"] * texts.get(item.key, 0)
            + WEIGHTS["title"] * titles.get(item.key, 0)
            + WEIGHTS["number"] * (item.number == to.number)
            + WEIGHTS["part"] * (item.part == to.part)
            for item in self.items
        }


def _likenesses(before: Sequence[Item], after: Sequence[Item]) -> dict[int, dict[int, float]]:
    """Return, for every new item, the old ones that it may be, with their likeness."""
    old = _Items(before)
    return {
        item.key: {key: v for key, v in old.likenesses(item).items() if v >= POSSIBLE}
        for item in after
    }


def likeness_to(item: Item, others: Sequence[Item]) -> dict[int, float]:
    """Return how alike each of the others is to an item, 0 to 1."""
    return _Items(others).likenesses(item)


def _assign(values: Mapping[int, Mapping[int, float]]) -> Pairs:
    """Return pairs of new and old keys whose likenesses add up highest (an auction).

    Every new item bids for the old one that is worth most to it at its price, by as much as the
    second best would leave it; having none is worth POSSIBLE. Ends within STEP a pair of the best.
    """
    prices: dict[int, float] = defaultdict(float)
    owners: dict[int, int] = {}
    bidders = deque(sorted(values))
    while bidders:
        bidder = bidders.popleft()
        offers = nlargest(2, ((v - prices[key], key) for key, v in values[bidder].items()))
        if not offers or offers[0][0] < POSSIBLE:
            continue
        best, key = offers[0]
        second = max(offers[1][0] if len(offers) > 1 else 0.0, POSSIBLE - STEP)
        prices[key] += best - second + STEP
        if key in owners:
            bidders.append(owners[key])
        owners[key] = bidder
    return {bidder: key for key, bidder in owners.items()}


def pieces(before: Sequence[Item], after: Sequence[Item], pairs: Mapping[int, int]) -> Pieces:
    """Return what was split off or merged, given the pairs (old key → new key).

    A new item without counterpart was split from an old one when most of it stands there and not
    in that one's counterpart; merging is the same, seen from the other side.
    """
    back = {new: old for old, new in pairs.items()}
    return Pieces(_torn(after, before, back), _torn(before, after, pairs))


def _torn(
    rest: Sequence[Item], wholes: Sequence[Item], pairs: Mapping[int, int]
) -> Mapping[int, int]:
    """Return the items without counterpart whose words stand in a whole, and there alone.

    ``pairs`` are the counterparts, by item of ``rest``, among the wholes.
    """
    words = {item.key: bigrams(item.text) for item in rest}
    counterpart = {whole: words[item] for item, whole in pairs.items()}
    left = _Shelf(
        {
            whole.key: bigrams(whole.text) - counterpart[whole.key]
            for whole in wholes
            if whole.key in counterpart
        }
    )
    places = {whole.key: place for place, whole in enumerate(wholes)}
    torn = {}
    for item in rest:
        own = words[item.key]
        if item.key in pairs or len(own) < SHORTEST_PIECE:
            continue
        held = left.shared(own)
        best = min(held, key=lambda key: (-held[key], places[key]), default=None)
        if best is not None and held[best] >= PIECE * len(own):
            torn[item.key] = best
    return torn

"""Rows of an appended table that say the measures of the body again, with who and when."""

import re
from collections import Counter, defaultdict

from plans.parsing.items import Item

NOT_WORDS = re.compile(r"[^0-9A-Za-z㐀-鿿]+")
FEWEST_MEASURES = 2
MOST_POSTINGS = 24
LIKE_ENOUGH = 0.6
WHOLE_TITLE = 4
LONGEST_COMPARED = 400


def merge_repeats(measures: list[Item], headings: list[Item], rows: list[Item]) -> set[int]:
    """Give the measures of the body the rows that repeat them; return the nodes of these rows.

    Nothing is merged unless at least half of the rows are found in the body. A row that names a
    heading speaks for all measures below it that nobody else speaks for.
    """
    if len(measures) < FEWEST_MEASURES or not rows:
        return set()
    index = _Index(measures)
    titles = {_words(item.title): item for item in headings}
    found: list[tuple[Item, list[Item], bool]] = []
    for row in rows:
        match, sure = index.find(row)
        if match is not None:
            found.append((row, [match], sure))
        elif heading := titles.get(_words(row.title)):
            below = {id(node) for node in heading.node.leaves()}
            found.append((row, [m for m in measures if id(m.node) in below], True))
    if len(found) * 2 < len(rows):
        return set()
    for row, matched, sure in found:
        for measure in matched:
            measure.repeats.append(row)
            measure.is_repeat_sure &= sure
    return {id(row.node) for row, _, _ in found}


class _Index:
    """Finds the measure that a row repeats: by its title, or the likest words."""

    def __init__(self, measures: list[Item]) -> None:
        self.measures = measures
        self.titles: dict[str, Item] = {}
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.words = [_words(m.view.text[:LONGEST_COMPARED]) for m in measures]
        for at, measure in enumerate(measures):
            self.titles.setdefault(_words(measure.title), measure)
            for pair in _pairs(self.words[at]):
                self.postings[pair].append(at)

    def find(self, row: Item) -> tuple[Item | None, bool]:
        """Return the measure of a row, and whether its title says so in the same words."""
        title = _words(row.title)
        if same := self.titles.get(title):
            return same, True
        counted: Counter[int] = Counter()
        pairs = _pairs(title)
        for pair in pairs:
            places = self.postings.get(pair, ())
            if len(places) <= MOST_POSTINGS:
                counted.update(places)
        for at, shared in counted.most_common(3):
            if len(title) >= WHOLE_TITLE and title in self.words[at]:
                return self.measures[at], True
            if shared >= LIKE_ENOUGH * len(pairs):
                return self.measures[at], False
        return None, False


def _words(text: str) -> str:
    return NOT_WORDS.sub("", text)


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)}

"""Rows of an appended table that say the measures of the body again, with who and when."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from plans.parsing.cells import NUMBER
from plans.parsing.items import Item

NOT_WORDS = re.compile(r"[^0-9A-Za-z㐀-鿿]+")
FIGURE = re.compile(r"\d{1,3}")
FEWEST_MEASURES = 2
MOST_POSTINGS = 24
MOST_LIKE = 4
LIKE_ENOUGH = 0.6
LIKE_OF_SAME_NUMBER = 0.4
WHOLE_TITLE = 4
LONGEST_COMPARED = 400


def merge_repeats(measures: list[Item], headings: list[Item], rows: list[Item]) -> set[int]:
    """Give the measures of the body the rows that repeat them; return the nodes of these rows.

    Nothing is merged unless at least half of the rows are found in the body, or a third in the
    same words. A row that names a heading speaks for all measures below it.
    """
    if len(measures) < FEWEST_MEASURES or not rows:
        return set()
    index = _Index(measures, headings)
    found: list[tuple[Item, Item, bool]] = []
    for row in rows:
        match, sure = index.find(row)
        if match is not None:
            found.append((row, match, sure))
    certain = sum(sure for _, _, sure in found)
    if len(found) * 2 < len(rows) and certain * 3 < len(rows):
        return set()
    for row, match, sure in found:
        for measure in index.below(match):
            measure.repeats.append(row)
            measure.is_repeat_sure &= sure
        if not match.node.children:
            match.restated.append(row)
    return {id(row.node) for row, _, _ in found}


class _Index:
    """Finds what a row repeats: the same title, the likest words, the same number."""

    def __init__(self, measures: list[Item], headings: list[Item]) -> None:
        self.items = [*measures, *headings]
        self.leaves = {id(measure.node): measure for measure in measures}
        self.titles: dict[str, list[int]] = defaultdict(list)
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.words = [_words(m.view.text[:LONGEST_COMPARED]) for m in measures]
        self.words += [_words(heading.title) for heading in headings]
        self.taken: set[int] = set()
        for at, item in enumerate(self.items):
            self.titles[_words(item.title)].append(at)
            for pair in _pairs(self.words[at]):
                self.postings[pair].append(at)

    def find(self, row: Item) -> tuple[Item | None, bool]:
        """Return what a row repeats, and whether its title says so in the same words."""
        title = _words(row.title)
        same = self.titles.get(title, ()) if title else ()
        if same:
            return self._take(same, row), True
        whole, likely, numbered = self._likely(title, row)
        if whole:
            return self._take(whole, row), True
        if likely:
            return self._take(likely, row), False
        return (self._take(numbered, row), False) if numbered else (None, False)

    def below(self, item: Item) -> Iterator[Item]:
        """Yield an item, or the measures below it where it is a heading."""
        return (m for n in item.node.leaves() if (m := self.leaves.get(id(n))) is not None)

    def _likely(self, title: str, row: Item) -> tuple[list[int], list[int], list[int]]:
        """Return those that hold the title, those like it, and those of its number less like it."""
        counted: Counter[int] = Counter()
        rare = 0
        for pair in _pairs(title):
            places = self.postings.get(pair, ())
            if len(places) <= MOST_POSTINGS:
                rare += 1
                counted.update(places)
        likest = counted.most_common(MOST_LIKE)
        long = len(title) >= WHOLE_TITLE
        whole = [at for at, _ in likest if long and title in self.words[at]]
        best = likest[0][1] if likest else 0
        likely = [at for at, n in likest if n == best and n >= LIKE_ENOUGH * rare]
        numbered = [
            at
            for at, n in likest
            if n >= LIKE_OF_SAME_NUMBER * rare and _says_number(self.items[at], row)
        ]
        return whole, likely, numbered

    def _take(self, places: "list[int] | tuple[int, ...]", row: Item) -> Item:
        """Return the one of several with the number of the row, or the first not yet taken."""
        at = min(places, key=lambda p: (not _says_number(self.items[p], row), p in self.taken))
        self.taken.add(at)
        return self.items[at]


def _says_number(item: Item, row: Item) -> bool:
    """Tell whether a row has the number of a measure: its own, or 3(1) with the one above."""
    cells = row.node.row.cells if row.node.row else ()
    cell = next((span for role, span in cells if role == NUMBER), None)
    if cell is None or item.node.mark is None:
        return False
    start = row.view.offsets[0]
    figures = [int(n) for n in FIGURE.findall(row.view.text[: cell.end - start])]
    parent = item.node.parent
    path = [parent.mark.value] if parent and parent.mark and len(figures) > 1 else []
    return figures == [*path, item.node.mark.value]


def _words(text: str) -> str:
    return NOT_WORDS.sub("", text)


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)}

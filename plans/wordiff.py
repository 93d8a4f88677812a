"""Two wordings of one text, word by word: what stayed, what went, what came."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from plans.typography import full_width

Kind = Literal["same", "removed", "added"]
TOKENS = re.compile(r"[0-9A-Za-z.%]+|\s+|.", re.DOTALL)
ISLAND = 1
"""Up to this many characters that stayed between two changes are read as part of the change."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and what became of it."""

    kind: Kind
    text: str


def runs(before: str, after: str) -> list[Run]:
    """Return both texts as one line of runs; marks are shown full-width and compared so."""
    old, new = (TOKENS.findall(full_width(text)) for text in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[Run] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found.append(Run("same", "".join(new[k:m])))
            continue
        found.append(Run("removed", "".join(old[i:j])))
        found.append(Run("added", "".join(new[k:m])))
    return list(_joined(_without_islands(found)))


def _without_islands(found: list[Run]) -> Iterator[Run]:
    """Turn what hardly stayed between two changes into gone and new."""
    for index, run in enumerate(found):
        is_inside = 0 < index < len(found) - 1
        if run.kind == "same" and is_inside and len(run.text.strip()) <= ISLAND:
            yield Run("removed", run.text)
            yield Run("added", run.text)
        else:
            yield run


def _joined(found: Iterable[Run]) -> Iterator[Run]:
    """Join neighbouring changes: all that went before all that came."""
    gone, new = "", ""
    for run in (*found, Run("same", "")):
        if run.kind == "removed":
            gone += run.text
        elif run.kind == "added":
            new += run.text
        else:
            yield from (row for row in (Run("removed", gone), Run("added", new), run) if row.text)
            gone, new = "", ""

"""What changed between two reports, clause by clause."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

CLAUSE = re.compile(r"[^，。；：！？,;\n]*[，。；：！？,;\n]?")


class Change(NamedTuple):
    """A stretch of text that is ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return the later text with what was added, and what was removed in its old place."""
    old, new = _clauses(before), _clauses(after)
    found: list[Change] = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(new[new_start:new_end])))
            continue
        if old_end > old_start:
            found.append(Change("removed", "".join(old[old_start:old_end])))
        if new_end > new_start:
            found.append(Change("added", "".join(new[new_start:new_end])))
    return found


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSE.findall(text) if clause]

"""Lists of words that are tried only at certain signs must miss none of their words."""

import re
from itertools import chain
from types import ModuleType

import pytest

from plans.parsing.lexicon import assigning, names, targets, time
from plans.parsing.normalize import normalize
from tests.plans.parsing.cases import FOLDER

GUARD = re.compile(r"\(\?=\[((?:[^\]\\]|\\.)*)\]\)(?=\(\?:)")
MODULES = (assigning, names, targets, time)


def guarded(module: ModuleType) -> dict[str, "re.Pattern[str]"]:
    found = {n: p for n, p in vars(module).items() if isinstance(p, re.Pattern)}
    return {name: p for name, p in found.items() if GUARD.match(p.pattern)}


PATTERNS = dict(chain.from_iterable(guarded(module).items() for module in MODULES))


@pytest.fixture(scope="module")
def words() -> list[str]:
    """All cases, and every stretch of the lexicon between the signs of its patterns."""
    cases = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md")))
    lists = "\n".join(re.sub(r"[()|?:\[\]\\]+", "\n", p.pattern) for p in PATTERNS.values())
    return [*normalize(cases)[0].splitlines(), *lists.splitlines()]


def test_the_lexicon_guards_its_long_lists() -> None:
    assert {"LABEL", "VERB", "FIGURE", "NOT_A_NAME", "FREQUENCY"} <= set(PATTERNS)


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_guarded_list_finds_what_it_would_find_without(name: str, words: list[str]) -> None:
    pattern = PATTERNS[name]
    plain = re.compile(GUARD.sub("", pattern.pattern, count=1), pattern.flags)
    found = [match.span() for line in words for match in pattern.finditer(line)]
    assert found == [match.span() for line in words for match in plain.finditer(line)]
    assert found

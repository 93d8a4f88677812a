"""One sign for one sign: the text in ASCII punctuation and digits, as long as it was.

Offsets never move; page numbers become blanks. Letters that stand for digits (l00%) become digits
and are told as repairs.
"""

from collections.abc import Iterator

from plans.parsing.lexicon.signs import DIGIT_LETTERS, LETTERED_NUMBER, PAGE_LINE, SIGNS
from plans.parsing.plan import Repair
from plans.parsing.spans import Span


def normalize(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return the text in plain signs, of the same length, and the slips that were read over."""
    plain = PAGE_LINE.sub(lambda found: " " * len(found.group()), text.translate(SIGNS))
    repairs = tuple(_lettered_numbers(plain))
    if not repairs:
        return plain, repairs
    pieces, at = [], 0
    for repair in repairs:
        pieces += [plain[at : repair.span.start], repair.after]
        at = repair.span.end
    return "".join((*pieces, plain[at:])), repairs


def _lettered_numbers(plain: str) -> Iterator[Repair]:
    for match in LETTERED_NUMBER.finditer(plain):
        before = match.group()
        glued = plain[match.start() - 1 : match.start()]
        if not before.rstrip("%").isdecimal() and not (glued.isascii() and glued.isalnum()):
            yield Repair(
                Span(*match.span()), before, before.translate(DIGIT_LETTERS), "字母误作数字"
            )

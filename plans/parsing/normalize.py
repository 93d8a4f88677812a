"""One sign for one sign: ASCII punctuation and digits, simplified characters, the same length.

Offsets never move; page numbers become blanks. Letters that stand for digits (l00%) become digits
and are told as repairs.
"""

import re
from collections.abc import Iterator

from plans.parsing.lexicon.signs import (
    BOXED_LABEL,
    DASHED_NUMBER,
    DIGIT_LETTERS,
    DIGIT_SIGNS,
    MARKDOWN,
    PAGE_LINE,
    PERCENT,
    SIGNS,
    SLIP,
    SLIPS,
    TURNED_BRACKETS,
)
from plans.parsing.lexicon.tables import BAR_LINE, RULE_LINE
from plans.parsing.lexicon.traditional import TRADITIONAL
from plans.parsing.plan import Repair
from plans.parsing.spans import Span

PLAIN = SIGNS | TRADITIONAL
NOT_PLAIN = re.compile("[" + re.escape("".join(map(chr, PLAIN))) + "]+")


def normalize(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return the text in plain signs, of the same length, and the slips that were read over."""
    plain = PAGE_LINE.sub(lambda found: " " * len(found.group()), in_plain_signs(text))
    if "**" in plain or "#" in plain:
        plain = MARKDOWN.sub(lambda found: " " * len(found.group()), plain)
    plain = BOXED_LABEL.sub(lambda found: f" {found[1]}:".ljust(len(found.group())), plain)
    if "|" in plain:
        plain = BAR_LINE.sub(_tabs_for_bars, plain)
    repairs = tuple(
        sorted(
            [*_lettered_numbers(text, plain), *_slips(text, plain)], key=lambda repair: repair.span
        )
    )
    if not repairs:
        return plain, repairs
    pieces, at = [], 0
    for repair in repairs:
        if repair.span.start < at:
            continue
        pieces += [plain[at : repair.span.start], repair.after]
        at = repair.span.end
    return "".join((*pieces, plain[at:])), repairs


def in_plain_signs(words: str) -> str:
    """Return words in plain signs, of the same length."""
    return NOT_PLAIN.sub(_plain, words)


def _plain(signs: "re.Match[str]") -> str:
    return signs.group().translate(PLAIN)


def _lettered_numbers(text: str, plain: str) -> Iterator[Repair]:
    for sign in PERCENT.finditer(plain):
        start = sign.start()
        while sign.start() - start < 6 and plain[start - 1 : start] in DIGIT_SIGNS:
            start -= 1
        before, glued = plain[start : sign.start()], plain[start - 1 : start]
        if before and not before.isdecimal() and not (glued.isascii() and glued.isalnum()):
            span = Span(start, sign.end())
            before += "%"
            yield Repair(span, span.of(text), before.translate(DIGIT_LETTERS), "字母误作数字")


def _slips(text: str, plain: str) -> Iterator[Repair]:
    """Yield signs that a scan took for others that look alike: 责仼, (—) for (一)."""
    for slip in SLIP.finditer(plain):
        span = Span(*slip.span())
        yield Repair(span, span.of(text), SLIPS[slip.group()], "形近字误识")
    for dashed in DASHED_NUMBER.finditer(plain):
        span = Span(*dashed.span(str(dashed.lastgroup)))
        yield Repair(span, span.of(text), "一", "序号“一”误作横线")
    for turned in (m for form in TURNED_BRACKETS for m in form.finditer(f"\n{plain}\n")):
        start, end = (at - 1 for at in turned.span(1))
        after = f"({plain[start + 1 : end - 1]})"
        yield Repair(Span(start, end), text[start:end], after, "责任括号方向写反")


def _tabs_for_bars(line: "re.Match[str]") -> str:
    """Part the cells of a line with bars by tabs; the rule under a header becomes blanks."""
    stretch = line.group()
    if RULE_LINE.fullmatch(stretch):
        return " " * len(stretch)
    first, last = stretch.find("|"), stretch.rfind("|")
    ends = [at for at in (first, last) if not (stretch[:at].strip() and stretch[at + 1 :].strip())]
    cells = "".join(" " if at in ends else char for at, char in enumerate(stretch))
    return cells.replace("\t", " ").replace("|", "\t")

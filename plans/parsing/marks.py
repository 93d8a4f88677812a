"""The numbers of headings and items: their styles, values and ranks."""

from typing import NamedTuple

from plans.parsing.lexicon.outline import MARK, MARK_SIGNS
from plans.parsing.numbers import enclosed, roman, whole
from plans.parsing.spans import Span

ARTICLE, NAMED = "条", "任务一"
SMALL_STYLES = frozenset(("(一)", "一)"))
CHINESE_STYLES = SMALL_STYLES | frozenset(("部分", "篇", "编", "章", "节", "壹、", "一、"))
ITEM_STYLES = frozenset(("(1)", "1)", "①", "•", "段"))
STYLES = {
    "cn_paren": "(一)",
    "cn_sign": "(一)",
    "cn_open": "一)",
    "cn_dot": "一、",
    "capital": "壹、",
    "named": NAMED,
    "roman": "I.",
    "letter": "A.",
    "dot": "1.",
    "dot_sign": "1.",
    "paren": "(1)",
    "paren_sign": "(1)",
    "open": "1)",
    "circled": "①",
}
ROW, SUB_ROW, BAND, PARAGRAPH = "行", "子行", "组", "段"
ROWS = frozenset((ROW, SUB_ROW))
RANKS = {"部分": 0, "篇": 0, "编": 0, "章": 1, "节": 2, "壹、": 2, "一、": 3, BAND: 4}
SIBLING_FORMS = {"(1)": "1)", "1)": "(1)", "(一)": "一)", "一)": "(一)"}


class Mark(NamedTuple):
    """The number before a heading or item: its style, value, and how it is said in ASCII signs."""

    style: str
    value: int
    bare: str
    span: Span


def read_mark(text: str, start: int, end: int) -> Mark | None:
    """Return the number that a line starts with."""
    match = MARK.match(text, start, end) if text[start : start + 1] in MARK_SIGNS else None
    if match is None:
        return None
    kind = str(match.lastgroup)
    raw = match[kind]
    span = Span(*match.span())
    if kind == "unit":
        value = whole(match["big"])
        return Mark(raw, value, f"第{match['big']}{raw}", span) if value else None
    if kind == "bullet":
        at = match.end()
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        inner = read_mark(text, at, end)
        if inner is not None and inner.style != "•":
            return inner._replace(span=Span(start, inner.span.end))
        return Mark("•", 0, "", span)
    if kind == "path":
        return Mark("1." * (raw.count(".") + 1), int(raw.rsplit(".", 1)[1]), raw, span)
    value = _value(kind, raw)
    style = STYLES[kind]
    bare = str(value)
    if style in CHINESE_STYLES:
        bare = (
            raw
            if style in ("一、", "壹、")
            else f"({match.group().strip('()、.:') if kind != 'cn_sign' else raw})"
        )
    return Mark(style, value, bare, span)


def _value(kind: str, raw: str) -> int:
    """Return the number that a mark says."""
    if kind in ("circled", "paren_sign", "dot_sign", "cn_sign"):
        return enclosed(raw)
    if kind == "letter":
        return ord(raw) - ord("A") + 1
    return roman(raw) if kind == "roman" else whole(raw) or 0

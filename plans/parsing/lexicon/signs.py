"""Signs: how they are made plain, and where lines, runs and slips of digits are."""

import re

HAN = r"\u3400-\u9fff\uf900-\ufaff〇"


def starting_with(signs: str, words: str) -> str:
    """Return a pattern that is tried only where one of the signs stands: long lists stay fast.

    Not for words that all begin with a plain character, or with one set of them: there the search
    leaps from one to the next by itself, which this would hinder.
    """
    return f"(?=[{signs}])(?:{words})"


CN_DIGITS = "零〇一二三四五六七八九十百两"

SIGNS: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{
        ord(sign): plain
        for signs, plain in (
            ("【〔［﹝﹙", "("),
            ("】〕］﹞﹚", ")"),
            ("﹐", ","),
            ("﹔", ";"),
            ("﹕∶", ":"),
            ("｡", "。"),
            ("｜│┃", "|"),
            ("﹪", "%"),
            ("—–―─－‐‑−", "-"),
            ("～〜∼", "~"),
            ("○Ｏ", "〇"),
            ("「『", "“"),
            ("」』", "”"),
        )
        for sign in signs
    },
}
SIGNS |= dict.fromkeys((0xA0, 0x3000, 0xFEFF, 0x200B, *range(0x2000, 0x200B)), " ")
SIGNS[ord("[")] = "("
SIGNS[ord("]")] = ")"
SLIPS = {"仼": "任", "単": "单", "亊": "事"}
SLIP = re.compile("[" + "".join(SLIPS) + "]")
DASHED_NUMBER = re.compile(
    rf"^[ \t]*(?:\((?P<inner>-)\)|(?P<bare>-)、)(?=[ \t]?[{HAN}])", re.MULTILINE
)
_ASSIGNED = r"[^()\n]{2,120}(?:牵头|负责|配合|落实)[^()\n]{0,40}"
# Read between newlines; each begins with a sign to which a search can leap.
TURNED_BRACKETS = (
    re.compile(rf"\n[^()\n]*+(\){_ASSIGNED}[()])[。;]?[ \t]*(?=\n)"),
    re.compile(rf"(\({_ASSIGNED}\()[。;]?[ \t]*(?=\n)"),
)
RUN = re.compile(r"\S+")
LINE = re.compile(r"\S(?:[^\n]*\S)?")
BRACKET = re.compile(r"[()\n]")
SENTENCE_MARKS = frozenset("。;:!?)")
PAGE_LINE = re.compile(r"\n[ \t]*-[ ]?\d{1,3}[ ]?-[ \t]*(?=\n)")
PERCENT = re.compile("%")
DIGIT_SIGNS = frozenset("lIO0123456789")
LIST_SIGNS = re.compile(r"[,;、。\n()“”]")
DIGIT_LETTERS = str.maketrans("lIO", "110")
MARKDOWN = re.compile(r"\*\*|^#{1,6}[ \t]+", re.MULTILINE)
BOXED_LABEL = re.compile(
    r"\((?<![^\s。;]\()((?:[一-鿿]{2,8}(?:单位|部门|领导|科室|时限|时间|节点|要求))|责任人)\)"
    r"(?::|(?=[ \t]*[一-鿿\d“]))"
)

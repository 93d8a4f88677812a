"""The plan's text as it is shown: source and search keep the original."""

import re

MARKS = str.maketrans(",:;!?", "，：；！？")
CHINESE = re.compile(r"[㐀-鿿　-〿＀-￯“”‘’—…]")
BRACKETS = {"(": "（", ")": "）"}


def full_width(text: str) -> str:
    """Show half-width marks next to Chinese characters full-width, one for one.

    A bracket goes with its partner, so «(a区)» never closes half-width.
    """
    shown = list(text)
    opened: list[int] = []
    for index, mark in enumerate(text):
        if mark == "(":
            opened.append(index)
        elif mark == ")":
            partner = opened.pop() if opened else index
            if _is_chinese_beside(text, index) or _is_chinese_beside(text, partner):
                shown[partner] = BRACKETS.get(text[partner], text[partner])
                shown[index] = BRACKETS[mark]
        elif mark in ",:;!?" and _is_chinese_beside(text, index):
            shown[index] = mark.translate(MARKS)
    for index in opened:
        if _is_chinese_beside(text, index):
            shown[index] = BRACKETS["("]
    return "".join(shown)


def _is_chinese_beside(text: str, index: int) -> bool:
    neighbours = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return CHINESE.search(neighbours) is not None

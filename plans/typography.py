"""How the plan's text is shown; the source and every offset stay as they are."""

import re

WIDE = str.maketrans(",:;()?!", "，：；（）？！")
NARROW = {wide: narrow for narrow, wide in WIDE.items()}
CHINESE = r"[\u3001-\u303f\u4e00-\u9fff“”‘’—…，：；（）？！]"
BESIDE_CHINESE = re.compile(rf"(?<={CHINESE})[,:;()?!]|[,:;()?!](?={CHINESE})")
YEARS = re.compile(r"(?<=\d{4})-(?=\d{4}年)")


def full_width(text: str) -> str:
    """Return the text, of the same length, with half-width marks beside Chinese characters widened.

    Brackets are widened in pairs; the dash between two years becomes a long one.
    """
    wide = list(BESIDE_CHINESE.sub(lambda mark: mark[0].translate(WIDE), YEARS.sub("—", text)))
    opened: list[int] = []
    for index, character in enumerate(wide):
        if character in "(（":
            opened.append(index)
        elif character in ")）" and opened:
            start = opened.pop()
            if "（" in wide[start] or "）" in character:
                wide[start], wide[index] = "（", "）"
    return "".join(wide)


def half_width(text: str) -> str:
    """Return the text, of the same length, with its wide marks as narrow as plans often have them;
    for searching."""
    return text.translate(NARROW)

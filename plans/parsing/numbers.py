"""Reading numerals, Arabic and Chinese."""

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
DIGITS |= {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
ROMAN = {"I": 1, "V": 5, "X": 10}
SCALES = {"十": 10, "拾": 10, "百": 100, "千": 1000}


def whole(text: str) -> int | None:
    """Return the whole number that a short numeral says (12, 十二, 二〇一六), or null."""
    if text.isdecimal():
        return int(text)
    if not text or not all(char in DIGITS or char in SCALES for char in text):
        return None
    if not any(char in SCALES for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in SCALES:
            total += (1 if digit is None else digit) * SCALES[char]
            digit = None
        else:
            digit = DIGITS[char]
    return total + (digit or 0)


def enclosed(char: str) -> int:
    """Return the number in an enclosed sign such as ①, ⑴, ⒈ or ㈠ (they start at these)."""
    code = ord(char)
    for first, last in ((0x2460, 0x2473), (0x2474, 0x2487), (0x2488, 0x249B), (0x3220, 0x3229)):
        if first <= code <= last:
            return code - first + 1
    raise ValueError(char)


def roman(digits: str) -> int:
    """Return the number that Roman digits up to XXXIX say, or one sign for it (Ⅳ)."""
    if not digits.isascii():
        return ord(digits) - 0x215F
    values = [ROMAN[digit] for digit in digits]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )

"""Numbers in the ways that Word prints them, by the name of the number format."""

from collections.abc import Callable
from itertools import pairwise

DIGITS = "零一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def decimal(number: int) -> str:
    """12."""
    return str(number)


def chinese(number: int, digits: str = DIGITS, units: str = "十百千") -> str:
    """一百二十 for 120, 十二 for 12."""
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else str(number)
    places = [int(digit) for digit in str(number)]
    text = ""
    for height, (before, digit) in zip(
        range(len(places) - 1, -1, -1), pairwise([1, *places]), strict=True
    ):
        if digit:
            text += digits[digit] + (units[height - 1] if height else "")
        elif before and any(places[len(places) - height :]):
            text += digits[0]
    return text[1:] if digits == DIGITS and 10 <= number < 20 else text


def roman(number: int) -> str:
    """The number xii for 12."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for worth, letters in ROMAN:
        text += letters * (number // worth)
        number %= worth
    return text


def letter(number: int) -> str:
    """The letter c for 3, cc for 29."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30) if number else ""


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _row(first: str, count: int) -> Callable[[int], str]:
    return _one_of("".join(chr(ord(first) + offset) for offset in range(count)))


def _circled(number: int) -> str:
    if 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if 20 < number <= 35:
        return chr(ord("㉑") + number - 21)
    return chr(ord("㊱") + number - 36) if 35 < number <= 50 else str(number)


def _by_digit(signs: str) -> Callable[[int], str]:
    return lambda number: "".join(signs[int(digit)] for digit in str(abs(number)))


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": decimal,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _by_digit("０１２３４５６７８９"),
    "decimalFullWidth2": _by_digit("０１２３４５６７８９"),
    "decimalHalfWidth": decimal,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _row("⑴", 20),
    "decimalEnclosedFullstop": _row("⒈", 20),
    "ideographEnclosedCircle": _row("㊀", 10),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "chineseLegalSimplified": lambda number: chinese(number, LEGAL_DIGITS, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographDigital": _by_digit("〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": _by_digit("〇一二三四五六七八九"),
    "taiwaneseDigital": _by_digit("〇一二三四五六七八九"),
    "ideographTraditional": _one_of(STEMS),
    "ideographZodiac": _one_of(BRANCHES),
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerLetter": letter,
}

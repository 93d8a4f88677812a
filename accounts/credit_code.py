"""统一社会信用代码 (GB 32100-2015): eighteen signs, the last one a check on the others."""

import unicodedata

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
BASE = 31


def clean_credit_code(typed: str) -> str:
    """Return a code as it is kept: half-width capitals without blanks."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def is_credit_code(code: str) -> bool:
    """Say whether the signs and the last one, which is computed from them, are right."""
    if len(code) != LENGTH or not set(code) <= set(SIGNS):
        return False
    total = sum(SIGNS.index(sign) * pow(3, place, BASE) for place, sign in enumerate(code[:-1]))
    return SIGNS[-total % BASE] == code[-1]

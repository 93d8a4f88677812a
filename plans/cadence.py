"""How often a duty recurs, in words."""

from plans.choices import Frequency


def cadence_words(frequency: str, within: str) -> str:
    """Return how often a duty recurs and by when it is due each time, as papers say it:
    每季度首月5日前, 每月10日前, 每年第一季度, 每半年末前."""
    each = str(Frequency(frequency).label)
    if frequency in (Frequency.YEARLY, Frequency.WEEKLY, Frequency.UNSPECIFIED):
        return each + _part_of_year(within)
    is_month = frequency == Frequency.MONTHLY
    month, _, day = within.rpartition("-")
    if not day.isdecimal():
        return "每月底前" if is_month else f"{each}末前"
    of = {"first": "首月", "next": "的次月"}.get(month, "" if is_month else "末月")
    return f"{each}{of}{int(day)}日前"


def _part_of_year(within: str) -> str:
    """Return the part of the year in words: Q1, H2, 12, 03-01."""
    month, _, day = within.partition("-")
    if month.isdecimal():
        return f"{int(month)}月{f'{int(day)}日' if day else ''}"
    return {"H1": "上半年", "H2": "下半年"}.get(
        within, f"第{'一二三四'[int(within[1]) - 1]}季度" if within[:1] == "Q" else ""
    )

"""Corrections in words: what a field said before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plans.choices import DeadlineKind, Frequency, MetricOperator, ResponsibilityRole
from plans.models import Correction, Measure
from plans.usecases.readings import CUT, CUT_LABEL, LABELS

ABSENT = "无"
WIDEST = 30
STEPS = {"merge": "合并", "split": "分开", "assign": "归入文字", "make": "单列一条"}


@dataclass(frozen=True, slots=True)
class Told:
    """A correction as the page tells it."""

    correction: Correction
    label: str
    before: str
    after: str
    may_undo: bool


def tell(correction: Correction, units: Mapping[int, str], parts: Mapping[int, str]) -> Told:
    """Return the correction in words; ``units`` are names by key, ``parts`` titles by ordinal."""
    if correction.field == CUT:
        return _told_cut(correction)
    before, after = (
        _said(correction.field, value, units, parts)
        for value in (correction.before, correction.after)
    )
    return Told(
        correction,
        LABELS.get(correction.field, LABELS["responsibilities"]),
        before,
        after,
        correction.undone_at is None and correction.doubt_id is None and correction.field in LABELS,
    )


def _told_cut(correction: Correction) -> Told:
    """Say which measures became which, and by what words."""
    before = [
        Measure(number=told["number"], sub_number=told["sub_number"]).reference
        for told in correction.before["measures"]
    ]
    words = " ".join(correction.after["text"].split())
    words = f"{words[:WIDEST]}……" if len(words) > WIDEST else words
    return Told(
        correction,
        f"{CUT_LABEL}（{STEPS[correction.after['step']]}）",
        "、".join(before) or f"“{words}”不属于任何一条",
        f"{'、'.join(sorted(correction.after['references']))}：“{words}”",
        correction.undone_at is None,
    )


def _said(field: str, value: Any, units: Mapping[int, str], parts: Mapping[int, str]) -> str:
    if field in ("responsibilities", "lead"):
        return "、".join(_name(row, units) for row in value) or ABSENT
    if field == "department":
        return f"{value['name']}：{value['department'] or '未入名录'}"
    if field == "deadlines":
        return "；".join(_deadline(row) for row in value) or ABSENT
    if field == "recurrences":
        return "；".join(_recurrence(row) for row in value) or ABSENT
    if field == "metrics":
        return "；".join(_metric(row) for row in value) or ABSENT
    if field == "part":
        return parts.get(value, ABSENT)
    if field == "lineage":
        return value["reference"] or "没有对应"
    if field == "set_aside":
        return f"不是任务（{value}）" if value else "是任务"
    return str(value)


def _name(row: Mapping[str, Any], units: Mapping[int, str]) -> str:
    unit = row.get("department_id", row.get("department"))
    name = units.get(unit) if unit else row["canonical"]
    return f"{name}（{ResponsibilityRole(row['role']).label}）"


def _deadline(row: Mapping[str, Any]) -> str:
    if not row["due_on"]:
        said = DeadlineKind(row["kind"]).label
    else:
        year, month, day = row["due_on"].split("-")
        said = f"{year}年{int(month)}月{int(day)}日"
    return f"{said} {row['what']}".strip()


def _recurrence(row: Mapping[str, Any]) -> str:
    times = f"{row['times']}次" if row["times"] else ""
    return f"{Frequency(row['frequency']).label}{times} {row['what']}".strip()


def _metric(row: Mapping[str, Any]) -> str:
    figures = "至".join(_plain(row[key]) for key in ("value", "high") if row[key])
    return f"{row['name']}{MetricOperator(row['operator']).label}{figures}{row['unit']}"


def _plain(figure: str) -> str:
    return figure.rstrip("0").rstrip(".") if "." in figure else figure

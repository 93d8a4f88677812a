"""What a person wants a measure to say, turned into the JSON of its fields or refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.errors import InvalidError
from accounts.models import Department, Group
from plans.choices import DeadlineKind, Frequency, MetricOperator, NameSort, ResponsibilityRole
from plans.models import Measure
from plans.usecases.drafts import units_of
from plans.usecases.readings import Rows, read
from plans.usecases.rows import LARGEST

MOST_TIMES = 366


@dataclass(frozen=True, slots=True)
class Named:
    """A body and its role; ``row`` is the ordinal of what was read, None where it is added.

    A row that was read may stay without unit and group; ``text`` is the name as the document
    writes it, for an added one.
    """

    row: int | None
    role: str
    unit: int | None = None
    group: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A last day and the clause it binds; ``text`` is the document's wording of an added one."""

    row: int | None
    kind: str
    due_on: date | None = None
    what: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """A duty that comes again; ``text`` is the document's wording of an added one."""

    row: int | None
    frequency: str
    times: int | None = None
    what: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Targeted:
    """A target with its relation, value and unit; ``name`` "" leaves the name that was read.

    ``text`` is where the document sets it, for an added one.
    """

    row: int | None
    operator: str
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """A measure as it should read; None leaves a field alone, a row that is not given goes.

    ``part`` is the part's ordinal, ``set_aside`` the reason why this is no measure, or "".
    """

    title: str | None = None
    part: int | None = None
    responsibilities: Sequence[Named] | None = None
    deadlines: Sequence[Dated] | None = None
    recurrences: Sequence[Again] | None = None
    metrics: Sequence[Targeted] | None = None
    set_aside: str | None = None


def values_of(measure: Measure, changes: Changes) -> dict[str, Any]:
    """Return the fields that are given, as JSON; InvalidError says what does not hold."""
    return {
        field: compose(measure, asked)
        for field, compose in COMPOSERS.items()
        if (asked := getattr(changes, field)) is not None
    }


def _title(_: Measure, title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise InvalidError("请填写标题。")
    return title


def _part(measure: Measure, ordinal: int) -> int:
    if not measure.edition.parts.filter(ordinal=ordinal).exists():
        raise InvalidError("没有这个部分，请重新选择。")
    return ordinal


def _set_aside(_: Measure, reason: str) -> str:
    return " ".join(reason.split())[:200]


def _responsibilities(measure: Measure, asked: Sequence[Named]) -> Rows:
    standing = read(measure, "responsibilities")
    district = measure.edition.plan.district
    wanted = [named.unit for named in asked if named.unit is not None]
    units = {unit.pk: unit for unit in units_of(district, wanted)}
    groups = {group.pk: group for group in Group.objects.filter(district=district)}
    rows = []
    for named in asked:
        if named.role not in ResponsibilityRole.values:
            raise InvalidError("请选择分工：牵头、负责或配合。")
        if named.group is not None and named.group not in groups:
            raise InvalidError("所选统称不在本区名录里，请重新选择。")
        unit = units[named.unit] if named.unit is not None else None
        group = groups[named.group] if named.group is not None else None
        row = (
            dict(_standing(standing, named.row))
            if named.row is not None
            else _new_name(measure, named, unit, group)
        )
        if unit is not None or group is not None:
            row["sort"] = NameSort.DEPARTMENT.value if unit else NameSort.GROUP.value
        row["role"] = named.role
        row["department_id"] = unit.pk if unit else None
        row["group_id"] = group.pk if group else None
        rows.append(row)
    _refuse_twice([units[pk].name for pk in wanted])
    return rows


def _refuse_twice(names: Sequence[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InvalidError(f"{twice}在这一项里出现了两次，一个单位只能有一种分工，请去掉一处。")


def _new_name(
    measure: Measure, named: Named, unit: Department | None, group: Group | None
) -> dict[str, Any]:
    body = unit or group
    if body is None:
        raise InvalidError("新增的责任单位，请从名录里选择单位或统称。")
    start, end = _place(measure, named.text, body.name)
    return {
        "name": named.text.strip() or body.name,
        "canonical": body.name,
        "is_inherited": False,
        "start": start,
        "end": end,
    }


def _deadlines(measure: Measure, asked: Sequence[Dated]) -> Rows:
    standing = read(measure, "deadlines")
    rows: Rows = []
    for dated in asked:
        if dated.kind not in DeadlineKind.values:
            raise InvalidError("请选择时限的类别。")
        if dated.kind == DeadlineKind.DATE and dated.due_on is None:
            raise InvalidError("类别是“日期”的时限，请填写日期。")
        if dated.kind != DeadlineKind.DATE and dated.due_on is not None:
            raise InvalidError("填写了日期的时限，类别请选“日期”。")
        row = (
            dict(_standing(standing, dated.row))
            if dated.row is not None
            else _new_deadline(measure, dated)
        )
        due_on = dated.due_on.isoformat() if dated.due_on else None
        if row["due_on"] != due_on:
            row["precision"] = "day" if due_on else ""
        row |= {"kind": dated.kind, "due_on": due_on, "what": " ".join(dated.what.split())}
        if any(
            (other["due_on"], other["what"], other["kind"]) == (due_on, row["what"], row["kind"])
            for other in rows
        ):
            raise InvalidError("同一时限出现了两次，请去掉一处，或者写明各自约束的内容。")
        rows.append(row)
    return rows


def _new_deadline(measure: Measure, dated: Dated) -> dict[str, Any]:
    day = dated.due_on
    said = f"{day.year}年{day.month}月{day.day}日" if day else DeadlineKind(dated.kind).label
    start, end = _place(measure, dated.text, said)
    text = dated.text.strip() or said
    return {"text": text, "due_on": None, "precision": "", "start": start, "end": end}


def _recurrences(measure: Measure, asked: Sequence[Again]) -> Rows:
    standing = read(measure, "recurrences")
    rows: Rows = []
    for again in asked:
        if again.frequency not in Frequency.values:
            raise InvalidError("请选择多久一次。")
        if again.times is not None and not 1 <= again.times <= MOST_TIMES:
            raise InvalidError(f"次数请填1到{MOST_TIMES}之间的整数，没有次数的不填。")
        row = (
            dict(_standing(standing, again.row))
            if again.row is not None
            else _new_recurrence(measure, again)
        )
        if row["frequency"] != again.frequency:
            row["due_in_period"] = ""
        what = " ".join(again.what.split())
        row |= {"frequency": again.frequency, "times": again.times, "what": what}
        said = [(other["frequency"], other["what"]) for other in rows]
        if again.row is None and (again.frequency, what) in said:
            raise InvalidError("同一周期要求出现了两次，请去掉一处，或者写明各自要做的事。")
        rows.append(row)
    return rows


def _new_recurrence(measure: Measure, again: Again) -> dict[str, Any]:
    said = str(Frequency(again.frequency).label)
    start, end = _place(measure, again.text, said)
    text = again.text.strip() or said
    return {"text": text, "frequency": "", "due_in_period": "", "start": start, "end": end}


def _metrics(measure: Measure, asked: Sequence[Targeted]) -> Rows:
    standing = read(measure, "metrics")
    rows = []
    for target in asked:
        row = (
            dict(_standing(standing, target.row))
            if target.row is not None
            else _new_metric(measure, target)
        )
        row["name"] = " ".join(target.name.split()) or row["name"]
        if target.operator not in MetricOperator.values:
            raise InvalidError("请选择目标值的关系。")
        if target.value is None and target.operator in MetricOperator.with_value():
            raise InvalidError(f"请填写“{row['name']}”的目标值。")
        if any(abs(figure) >= LARGEST for figure in (target.value, target.high) if figure):
            raise InvalidError(f"“{row['name']}”的目标值太大。")
        if None not in (target.value, target.high) and target.value >= target.high:  # type: ignore[operator]
            raise InvalidError(f"“{row['name']}”的上限应大于目标值。")
        row |= {
            "operator": target.operator,
            "value": _figure(target.value),
            "high": _figure(target.high),
            "unit": target.unit.strip()[:20],
        }
        rows.append(row)
    return rows


def _new_metric(measure: Measure, target: Targeted) -> dict[str, Any]:
    name = " ".join(target.name.split())
    if not name:
        raise InvalidError("新增的目标值，请填写名称。")
    start, end = _place(measure, target.text, name)
    return {
        "lineage": str(uuid4()),
        "name": name,
        "baseline": "",
        "change": "",
        "start": start,
        "end": end,
    }


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.0001")))


def _standing(rows: Rows, ordinal: int) -> dict[str, Any]:
    if not 1 <= ordinal <= len(rows):
        raise InvalidError("这一行已经不在了，请刷新后再改。")
    return rows[ordinal - 1]


def _place(measure: Measure, text: str, otherwise: str) -> tuple[int, int]:
    """Return where the measure says so; what nobody wrote stands for the whole measure."""
    text = text.strip()
    own = measure.edition.text[measure.start : measure.end]
    at = own.find(text or otherwise)
    if at >= 0:
        return at, at + len(text or otherwise)
    if text:
        raise InvalidError(f"原文这一项里没有“{text}”，请照原文填写，或者留空。")
    return 0, measure.end - measure.start


COMPOSERS: dict[str, Callable[[Measure, Any], Any]] = {
    "title": _title,
    "part": _part,
    "responsibilities": _responsibilities,
    "deadlines": _deadlines,
    "recurrences": _recurrences,
    "metrics": _metrics,
    "set_aside": _set_aside,
}

"""Keeping units and collective names right, with what they were before."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from accounts.authorize import authorize
from accounts.choices import DepartmentKind, NameKind
from accounts.credit_code import clean_credit_code, is_credit_code
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, DepartmentName, District, Group, User
from accounts.usecase import lock, refuse_unless, usecase


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What the register says of a unit."""

    name: str
    full_name: str = ""
    kind: str = DepartmentKind.GOVERNMENT
    host_id: int | None = None
    credit_code: str = ""
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    is_confirmed: bool = True


def entry_of(unit: Department) -> UnitEntry:
    """Return what the register says of a unit now."""
    names = list(unit.names.order_by("id").values_list("name", "kind"))
    return UnitEntry(
        name=unit.name,
        full_name=unit.full_name,
        kind=unit.kind,
        host_id=unit.host_id,
        credit_code=unit.credit_code,
        aliases=tuple(name for name, kind in names if kind == NameKind.ALIAS),
        former=tuple(name for name, kind in names if kind == NameKind.FORMER),
        is_confirmed=unit.is_confirmed,
    )


@usecase
def edit_unit(
    *, department_id: int, entry: UnitEntry, by: User, at: datetime, expected_version: int | None
) -> Department:
    """Bring a unit of the register up to date; the event keeps what it said before."""
    unit = lock(Department, department_id, expected_version)
    authorize(by, "accounts.edit_unit", unit)
    before = entry_of(unit)
    _refuse_bad_entry(unit, entry)
    unit.name, unit.full_name = entry.name.strip(), entry.full_name.strip()
    unit.kind, unit.host_id = entry.kind, entry.host_id
    unit.credit_code = clean_credit_code(entry.credit_code)
    unit.is_confirmed = entry.is_confirmed
    unit.version += 1
    unit.save()
    unit.names.all().delete()
    _save_names(unit, entry)
    _record(unit, "edit_unit", _changes(asdict(before), asdict(entry)), by=by, at=at)
    return unit


def _save_names(unit: Department, entry: UnitEntry) -> None:
    kinds = ((NameKind.ALIAS, entry.aliases), (NameKind.FORMER, entry.former))
    DepartmentName.objects.bulk_create(
        DepartmentName(district_id=unit.district_id, department=unit, name=name, kind=kind)
        for kind, names in kinds
        for name in names
    )


def _refuse_bad_entry(unit: Department, entry: UnitEntry) -> None:
    names = [entry.name.strip(), *entry.aliases, *entry.former]
    if not entry.name.strip():
        raise InvalidError("请填写单位简称。")
    if len(set(names)) < len(names):
        raise InvalidError("简称、曾用名里有重复的，请去掉一个。")
    others = Department.objects.filter(district=unit.district_id).exclude(pk=unit.pk)
    taken = others.filter(Q(name__in=names) | Q(names__name__in=names)).first()
    if taken:
        raise InvalidError(f"有一个名称已经是{taken}的名称，同一行政区内名称不能重复。")
    if entry.host_id and not others.filter(pk=entry.host_id).exists():
        raise InvalidError("挂靠单位要在本行政区的名录里选，不能是自己。")
    code = clean_credit_code(entry.credit_code)
    if code and not is_credit_code(code):
        raise InvalidError("统一社会信用代码不对：应为18位，最后一位是校验位，请对照证书再输一次。")


@usecase
def add_unit(*, district_id: int, entry: UnitEntry, by: User, at: datetime) -> Department:
    """Enter a new unit of a district, at the end of its register."""
    district = lock(District, district_id)
    unit = Department(district=district, kind=entry.kind)
    authorize(by, "accounts.edit_unit", unit)
    _refuse_bad_entry(unit, entry)
    unit.name, unit.full_name = entry.name.strip(), entry.full_name.strip()
    unit.host_id, unit.is_confirmed = entry.host_id, entry.is_confirmed
    unit.credit_code = clean_credit_code(entry.credit_code)
    last = Department.objects.filter(district=district).aggregate(last=Max("ordinal"))["last"]
    unit.ordinal = (last or 0) + 1
    unit.save()
    _save_names(unit, entry)
    _record(unit, "add_unit", {}, by=by, at=at)
    return unit


@usecase
def rename_unit(
    *,
    department_id: int,
    name: str,
    full_name: str,
    basis: str,
    effective_on: date,
    by: User,
    at: datetime,
    today: date,
) -> Department:
    """Give a unit its new name; the old one stays known as a former name, and all work with it."""
    unit = lock(Department, department_id)
    authorize(by, "accounts.edit_unit", unit)
    refuse_unless(unit.ended_on is None, f"{unit}已经撤销，不能更名。")
    refuse_future(effective_on, today)
    before = entry_of(unit)
    if name.strip() == unit.name:
        raise InvalidError("新名称与原名称相同。")
    if not basis.strip():
        raise InvalidError("请填写机构改革的依据（文件名称、文号）。")
    known = {name.strip(), unit.name}
    entry = replace(
        before,
        name=name,
        full_name=full_name,
        aliases=tuple(other for other in before.aliases if other not in known),
        former=(*(other for other in before.former if other not in known), unit.name),
    )
    _refuse_bad_entry(unit, entry)
    unit.name, unit.full_name = name.strip(), full_name.strip()
    unit.version += 1
    unit.save()
    unit.names.all().delete()
    _save_names(unit, entry)
    note = f"{before.name}更名为{unit.name}，{effective_on:%Y年%-m月%-d日}起，依据：{basis.strip()}"
    record(unit, "rename_unit", by=by, at=at, district=unit.district_id, note=note)
    return unit


def refuse_future(effective_on: date, today: date) -> None:
    """Refuse a day that has not come: the work is the old unit's until then."""
    if effective_on > today:
        raise InvalidError("生效日期还没有到，请到那一天再办理；在此之前任务仍由原单位承办。")


@usecase
def edit_group(
    *,
    group_id: int,
    kinds: Collection[str],
    member_ids: Collection[int],
    is_open_ended: bool,
    by: User,
    at: datetime,
    expected_version: int | None,
) -> Group:
    """Say whom a collective name means: units of some kinds, units by name, or nobody fixed."""
    group = lock(Group, group_id, expected_version)
    authorize(by, "accounts.edit_unit", group)
    if not is_open_ended and not kinds and not member_ids:
        raise InvalidError("请选择成员类别或者成员单位；说不定是谁的，勾选“成员不定”。")
    members = list(Department.objects.filter(district=group.district_id, pk__in=member_ids))
    before = {"kinds": group.kinds, "members": sorted(group.members.values_list("name", flat=True))}
    group.kinds, group.is_open_ended = sorted(kinds), is_open_ended
    group.version += 1
    group.save()
    group.members.set(members)
    after = {"kinds": group.kinds, "members": sorted(unit.name for unit in members)}
    _record(group, "edit_group", _changes(before, after), by=by, at=at)
    return group


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: [before[key], after[key]] for key in after if before[key] != after[key]}


def _record(
    thing: Department | Group, action: str, data: dict[str, Any], *, by: User, at: datetime
) -> None:
    record(thing, action, by=by, at=at, district=thing.district_id, data=data)

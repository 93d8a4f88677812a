"""Loading the register of a district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.authorize import authorize
from accounts.choices import DepartmentKind
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import (
    Department,
    DepartmentName,
    District,
    Group,
    User,
)
from accounts.usecase import usecase


@dataclass(frozen=True, slots=True)
class LoadedRegister:
    """What loading a register did."""

    district: District
    added: int
    updated: int
    kept: int


@usecase
def load_register(*, data: Mapping[str, Any], by: User | None, at: datetime) -> LoadedRegister:
    """Bring the units, other names and groups of a register file into its district.

    Loading again brings unconfirmed units up to the file and leaves confirmed ones as people have
    them. Names that people added stay. InvalidError when the file is not a register.
    """
    if by is not None:
        authorize(by, "accounts.manage_register")
    _refuse_bad_register(data)
    district, _ = District.objects.update_or_create(
        name=data["district"]["name"], defaults={"code": data["district"].get("code", "")}
    )
    known = {unit.name: unit for unit in Department.objects.filter(district=district)}
    new, changed = [], []
    for ordinal, entry in enumerate(data["departments"], start=1):
        unit = known.get(entry["name"])
        if unit is None:
            unit = Department(district=district, name=entry["name"])
            new.append(unit)
        elif unit.is_confirmed:
            continue
        else:
            changed.append(unit)
        unit.kind = entry["kind"]
        unit.full_name = entry.get("full_name", "")
        unit.ordinal = ordinal
    Department.objects.bulk_create(new)
    units = known | {unit.name: unit for unit in new}
    hosts = {entry["name"]: entry.get("host") for entry in data["departments"]}
    for unit in (*new, *changed):
        unit.host = units.get(hosts[unit.name] or "")
    Department.objects.bulk_update(
        [*new, *changed], ["kind", "full_name", "ordinal", "host"], batch_size=200
    )
    DepartmentName.objects.bulk_create(
        (
            DepartmentName(district=district, department=units[entry["name"]], name=alias)
            for entry in data["departments"]
            if not units[entry["name"]].is_confirmed
            for alias in entry.get("aliases", [])
        ),
        ignore_conflicts=True,
    )
    Group.objects.bulk_create(
        (Group(district=district, **group) for group in data["groups"]), ignore_conflicts=True
    )
    record(district, "load_register", by=by, at=at, district=district, data={"added": len(new)})
    return LoadedRegister(
        district=district,
        added=len(new),
        updated=len(changed),
        kept=len(data["departments"]) - len(new) - len(changed),
    )


def _refuse_bad_register(data: Mapping[str, Any]) -> None:
    try:
        names = [entry["name"] for entry in data["departments"]]
        kinds = {entry["kind"] for entry in data["departments"]}
        groups = [group["name"] for group in data["groups"]]
        named = all([data["district"]["name"], *names, *groups])
    except (KeyError, TypeError) as error:
        raise InvalidError(
            f"单位名录缺少内容：{error}。格式见 seeds/litong-register.json。"
        ) from error
    if not named or len(set(names)) < len(names):
        raise InvalidError("单位名录里有空的或重复的名称，请改正后再导入。")
    if unknown := kinds - set(DepartmentKind.values):
        raise InvalidError(f"单位名录里有未知的类别：{'、'.join(sorted(map(str, unknown)))}。")

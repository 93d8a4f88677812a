"""What the pages of the register show."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import rules

from accounts.choices import EventResult, Role
from accounts.models import Department, Event, Group, User
from accounts.scope import keep_scopes

SENTENCES = {
    "edit_unit": "修改单位信息",
    "name_liaison": "更换联络员",
    "enrol": "登记人员",
    "add_person": "登记人员",
    "issue_code": "打印开通码",
    "change_contact": "更改联系方式",
    "set_sign_off": "审签方式",
    "set_charges": "分管单位",
    "add_unit": "新增单位",
    "rename_unit": "机构改革更名",
    "reorganise": "机构改革承接",
}
FIELDS = {
    "name": "简称",
    "full_name": "全称",
    "kind": "类别",
    "host_id": "挂靠",
    "credit_code": "统一社会信用代码",
    "aliases": "其他简称",
    "former": "曾用名",
    "is_confirmed": "已核对",
}


@dataclass(slots=True)
class Colleague:
    """A person of a unit with the roles there, and what the one who looks may do."""

    person: User
    roles: list[str] = field(default_factory=list)
    leads_as: int | None = None
    charges: list[str] = field(default_factory=list)
    may_change: bool = False
    may_open: bool = False
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """One thing that happened to a unit."""

    at: datetime
    who: str
    what: str
    note: str


def colleagues_of(unit: Department, *, user: User) -> list[Colleague]:
    """Return the people of a unit, each once: three queries."""
    people: dict[int, Colleague] = {}
    for seat in (
        unit.memberships.active()
        .select_related("user")
        .prefetch_related("charges")
        .order_by("role", "id")
    ):
        found = people.setdefault(seat.user_id, Colleague(seat.user))
        found.roles.append(seat.get_role_display())
        if seat.role == Role.VIEWER:
            found.leads_as = seat.pk
            found.charges = [charge.name for charge in seat.charges.all()]
    keep_scopes([colleague.person for colleague in people.values()])
    for colleague in people.values():
        colleague.may_change = rules.has_perm("accounts.change_contact", user, colleague.person)
        colleague.may_open = rules.has_perm("accounts.issue_code", user, colleague.person)
    return list(people.values())


def meant_by_groups(user: User) -> list[tuple[Group, list[Department]]]:
    """Return the collective names with the units that each means: three queries."""
    units = list(Department.objects.visible_to(user).current().order_by("ordinal", "id"))
    groups = Group.objects.visible_to(user).prefetch_related("members").order_by("id")
    return [(group, [unit for unit in units if means(group, unit)]) for group in groups]


def means(group: Group, unit: Department) -> bool:
    """Whether a collective name means the unit, by kind or by name; one left open means none."""
    if group.is_open_ended or unit.district_id != group.district_id:
        return False
    return unit.kind in group.kinds or unit in group.members.all()


def history_of(unit: Department) -> list[UnitEvent]:
    """Tell what happened to a unit, its register entry and its people, newest first."""
    events = Event.objects.about(unit).filter(action__in=SENTENCES, result=EventResult.DONE)
    return [unit_event(event) for event in events.newest_first()[:50]]


def unit_event(event: Event) -> UnitEvent:
    """Put an event of the register into words."""
    note = event.note or _told(event)
    return UnitEvent(event.at, event.actor_name, SENTENCES[event.action], note)


def _told(event: Event) -> str:
    """Say what an edit changed, before and after."""
    lines = [
        f"{FIELDS[key]}：{_shown(change[0])} → {_shown(change[1])}"
        for key, change in event.data.items()
        if key in FIELDS and key != "host_id"
    ]
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value or "无")

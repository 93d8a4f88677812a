"""How a unit signs what it sends, who signs for its head, and what a leader is in charge of."""

from collections.abc import Collection
from datetime import date, datetime

from accounts.access import end_access
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, Membership, User
from accounts.scope import SIGNERS
from accounts.usecase import lock, refuse_unless, usecase
from accounts.usecases.people import NewPerson, of_unit_or_new


@usecase
def set_sign_off(
    *,
    department_id: int,
    is_online: bool,
    deputy: int | NewPerson | None,
    by: User,
    at: datetime,
    now: datetime,
    today: date,
    expected_version: int | None = None,
) -> Department:
    """Let a unit sign online or on paper, and name the deputy who signs for the head.

    ``deputy`` is a person of the unit, somebody to register, or None for nobody; the deputy there
    was before ends today. Online needs somebody who signs.
    """
    unit = lock(Department, department_id, expected_version)
    authorize(by, "accounts.set_sign_off", unit)
    seats = Membership.objects.active().filter(department=unit)
    before = list(seats.of_role(Role.DEPUTY).select_for_update(of=("self",)).select_related("user"))
    person = None if deputy is None else of_unit_or_new(deputy, seats)
    for seat in before:
        if person is None or seat.user_id != person.pk:
            seat.until_on = today
            seat.save(update_fields=["until_on"])
            end_access({seat.user_id} - {by.pk}, now=now)
    if person is not None and all(seat.user_id != person.pk for seat in before):
        refuse_unless(
            not seats.of_role(Role.HEAD).filter(user=person).exists(),
            f"{person.name}已是审签领导，不用再委托。",
        )
        Membership.objects.create(user=person, department=unit, role=Role.DEPUTY, from_on=today)
        end_access({person.pk} - {by.pk}, now=now)
    if is_online and not seats.of_role(*SIGNERS).exists():
        raise InvalidError("在线审签要有审签领导或受委托签发人，请先登记，或者在这里指定副职。")
    unit.signs_online = is_online
    unit.version += 1
    unit.save(update_fields=["signs_online", "version"])
    way = "在线审签" if is_online else "纸质审签"
    record(
        unit,
        "set_sign_off",
        by=by,
        at=at,
        district=unit.district_id,
        department=unit,
        note=f"{way}，受委托签发人：{person.name if person else '无'}",
        data={"is_online": is_online, "deputy": person.pk if person else None},
    )
    return unit


@usecase
def set_charges(
    *, membership_id: int, departments: Collection[int], by: User, at: datetime, now: datetime
) -> Membership:
    """Say which units a leader is in charge of; with none the leader sees the whole district."""
    seat = lock(Membership, membership_id)
    authorize(by, "accounts.set_charges", seat.department)
    refuse_unless(
        seat.role == Role.VIEWER and seat.until_on is None, "只有在任的领导查阅人员可以定分管单位。"
    )
    units = list(
        Department.objects.filter(
            pk__in=departments, district=seat.department.district_id, ended_on=None
        ).order_by("ordinal", "id")
    )
    if len(units) != len(set(departments)):
        raise InvalidError("分管单位要从本行政区的单位名录里选。")
    seat.charges.set(units)
    end_access({seat.user_id} - {by.pk}, now=now)
    record(
        seat,
        "set_charges",
        by=by,
        at=at,
        within=seat.department,
        district=seat.department.district_id,
        department=seat.department,
        note=f"{seat.user.name}：{'、'.join(unit.name for unit in units) or '不限单位'}",
        data={"units": [unit.pk for unit in units]},
    )
    return seat

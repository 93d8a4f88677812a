"""服务账号: a program's own account, with one role in one unit and no way to sign in."""

import secrets
from datetime import date, datetime

from accounts.access import end_access
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, Membership, User
from accounts.usecase import lock, refuse_unless, usecase

ROLES_OF_SERVICES = (Role.LIAISON, Role.VIEWER, Role.SUPERVISOR, Role.COORDINATOR)
"""What a program can be; signing and administering are for people."""


@usecase
def add_service(
    *, name: str, department_id: int, role: Role, by: User, at: datetime, today: date
) -> User:
    """Make an account for a program; it enters by tokens only, and the coordinators are told."""
    unit = lock(Department, department_id)
    authorize(by, "accounts.add_service", unit)
    if role not in ROLES_OF_SERVICES:
        raise InvalidError("服务账号不能担任这个角色。")
    if not name.strip():
        raise InvalidError("请写明服务账号的名称。")
    account = User(username=f"service-{secrets.token_hex(8)}", name=name.strip(), is_service=True)
    account.set_unusable_password()
    account.save()
    Membership.objects.create(user=account, department=unit, role=role, from_on=today)
    record(
        account,
        "add_service",
        by=by,
        at=at,
        district=unit.district_id,
        department=unit,
        note=account.name,
        data={"role": role},
    )
    return account


@usecase
def end_service(*, user_id: int, by: User, at: datetime, now: datetime, today: date) -> User:
    """Take a program's account out of use, with its tokens; ``now`` is the machine's own time."""
    account = lock(User, user_id)
    authorize(by, "accounts.end_service", account)
    refuse_unless(account.is_active, "这个服务账号已经停用。")
    seat = account.memberships.select_related("department").order_by("id").first()
    end_access({account.pk}, now=now)
    account.memberships.filter(until_on=None).update(until_on=today)
    account.is_active = False
    account.save(update_fields=["is_active"])
    unit = seat.department if seat else None
    record(
        account,
        "end_service",
        by=by,
        at=at,
        district=unit.district_id if unit else None,
        department=unit,
        note=account.name,
    )
    return account

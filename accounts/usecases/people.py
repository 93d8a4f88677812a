"""Who comes, who goes, and how they can be reached."""

import unicodedata
from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, Membership, User
from accounts.usecase import lock, usecase


@usecase
def add_person(
    *,
    username: str,
    name: str,
    password: str,
    department_id: int,
    roles: Collection[Role],
    by: User | None,
    at: datetime,
    today: date,
    email: str = "",
    phone: str = "",
) -> User:
    """Register a person with roles in a department; InvalidError on a taken name or weak password.

    ``by`` is None at the machine itself, where the first coordinator is made.
    """
    if by is not None:
        authorize(by, "accounts.manage_register")
    department = lock(Department, department_id)
    look_alike = unicodedata.normalize("NFKC", username).strip().casefold()
    if not look_alike or not name.strip() or not roles:
        raise InvalidError("请写明用户名、姓名和角色。")
    if User.objects.filter(username=look_alike).exists():
        raise InvalidError(f"用户名“{look_alike}”已有人使用，请换一个。")
    try:
        validate_password(password)
    except ValidationError as error:
        raise InvalidError("".join(error.messages)) from error
    person = User.objects.create_user(
        look_alike, password, name=name.strip(), email=email, phone=phone
    )
    Membership.objects.bulk_create(
        Membership(user=person, department=department, role=role, from_on=today) for role in roles
    )
    record(
        person,
        "add_person",
        by=by,
        at=at,
        district=department.district_id,
        department=department,
        data={"roles": sorted(roles)},
    )
    return person

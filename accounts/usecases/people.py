"""Who comes, who goes, and how they can be reached."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.access import end_access
from accounts.attempts import same_name
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, Membership, User
from accounts.querysets import MembershipQuerySet
from accounts.scope import ADMINISTRATORS
from accounts.usecase import lock, refuse_unless, usecase


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to register; without a username the digits of the telephone are one."""

    name: str
    phone: str = ""
    email: str = ""
    username: str = ""

    @property
    def signs_in_as(self) -> str:
        """The username as it is kept."""
        return same_name(self.username) or same_name("".join(filter(str.isdecimal, self.phone)))


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
    if not username.strip() or not roles:
        raise InvalidError("请写明用户名、姓名和角色。")
    if len(ADMINISTRATORS & set(roles)) > 1:
        raise InvalidError("系统、安全、审计三类管理员不能由一人兼任，请分开登记。")
    try:
        validate_password(password)
    except ValidationError as error:
        raise InvalidError("".join(error.messages)) from error
    person = register_person(NewPerson(name, phone, email, username), password)
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


def register_person(person: NewPerson, password: str | None = None) -> User:
    """Make the account; without a password nobody enters it before a code has set one."""
    username = person.signs_in_as
    if not person.name.strip():
        raise InvalidError("请写明姓名。")
    if not username:
        raise InvalidError("请填写电话（用作用户名），或者写明用户名。")
    if User.objects.filter(username=username).exists():
        raise InvalidError(f"用户名“{username}”已有人使用，请换一个。")
    return User.objects.create_user(
        username,
        password,
        name=person.name.strip(),
        email=person.email.strip(),
        phone=person.phone.strip(),
    )


@usecase
def name_liaison(
    *,
    department_id: int,
    replaced_id: int | None,
    newcomer: int | NewPerson,
    by: User,
    at: datetime,
    now: datetime,
    today: date,
) -> Membership:
    """Make somebody liaison of a unit from today, in the place of the membership ``replaced_id``,
    which ends today, or beside those there are.

    ``newcomer`` is the id of a person of the unit or somebody to register. Work, drafts and
    reminders hang on the unit, so they are the newcomer's at once; the sweep sends the handover.
    What the one replaced has open ends; ``now`` is the machine's own time.
    """
    department = lock(Department, department_id)
    authorize(by, "accounts.name_liaison", department)
    seats = Membership.objects.active().filter(department=department)
    liaisons = list(seats.of_role(Role.LIAISON).select_for_update(of=("self",)))
    before = next((seat for seat in liaisons if seat.pk == replaced_id), None)
    refuse_unless(before or replaced_id is None, "原联络员已经不在任，请刷新后再看。")
    person = of_unit_or_new(newcomer, seats)
    refuse_unless(
        all(seat.user_id != person.pk for seat in liaisons),
        f"{person.name}已经是{department}联络员。",
    )
    if before:
        before.until_on = today
        before.save(update_fields=["until_on"])
        end_access({before.user_id} - {by.pk}, now=now)
    seat = Membership.objects.create(
        user=person, department=department, role=Role.LIAISON, from_on=today
    )
    record(
        seat,
        "name_liaison",
        by=by,
        at=at,
        within=department,
        district=department.district_id,
        department=department,
        note=f"{before.user.name}→{person.name}" if before else person.name,
        data={"user": person.pk, "replaced": before.user_id if before else None},
    )
    return seat


def of_unit_or_new(newcomer: int | NewPerson, seats: MembershipQuerySet) -> User:
    """Return the person of the unit, or register the new one."""
    if isinstance(newcomer, NewPerson):
        return register_person(newcomer)
    person = User.objects.filter(pk=newcomer, memberships__in=seats).first()
    if person is None:
        raise InvalidError("只能从本单位已登记的人员中选，或者登记一位新的同志。")
    return person


@usecase
def change_contact(*, user_id: int, phone: str, email: str, by: User, at: datetime) -> User:
    """Correct how a person is reached; mails that failed can then be sent again."""
    person = lock(User, user_id)
    authorize(by, "accounts.change_contact", person)
    before = {"phone": person.phone, "email": person.email}
    person.phone, person.email = phone.strip(), email.strip()
    person.save(update_fields=["phone", "email"])
    seat = person.memberships.active().select_related("department").first()
    record(
        person,
        "change_contact",
        by=by,
        at=at,
        district=seat.department.district_id if seat else None,
        department=seat.department if seat else None,
        data={"before": before, "after": {"phone": person.phone, "email": person.email}},
    )
    return person

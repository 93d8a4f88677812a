"""Registering many people at once from a checked 联络员登记表."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Membership, SignInCode, User
from accounts.roster import RosterRow, check_rows
from accounts.scope import scope_of
from accounts.usecase import usecase
from accounts.usecases.codes import make_code
from accounts.usecases.people import register_person


@usecase
def enrol(
    *, rows: Sequence[RosterRow], by: User, at: datetime, now: datetime, today: date
) -> list[SignInCode]:
    """Register everybody of the rows, or nobody: InvalidError names the first line that does not
    hold. Return the codes of those who have no password yet, to be printed; ``now`` is the
    machine's own time. A repetition of the same request returns nothing.
    """
    authorize(by, "accounts.enrol")
    checked = check_rows(rows, districts=run_by(by), by=by)
    for entry in checked:
        if entry.problems:
            raise InvalidError(f"第{entry.row.line}行：{entry.problems[0]}")
    codes = []
    for entry in checked:
        if entry.is_known or entry.department is None:
            continue
        person = entry.person or register_person(entry.row.newcomer)
        seat = Membership.objects.create(
            user=person, department=entry.department, role=entry.role, from_on=today
        )
        seat.charges.set(entry.charges)
        record(
            seat,
            "enrol",
            by=by,
            at=at,
            within=entry.department,
            district=entry.department.district_id,
            department=entry.department,
            note=person.name,
            data={"role": entry.role, "user": person.pk},
        )
        if not person.has_usable_password():
            codes.append(make_code(person, by=by, at=at, now=now))
    return codes


def run_by(user: User) -> set[int]:
    """Return the districts that the person coordinates."""
    return scope_of(user).districts_as(Role.COORDINATOR)

"""The register's part of a reorganisation: one unit ends, others go on with what it had.

Plain functions for use cases that hold the units locked.
"""

from collections.abc import Iterable
from datetime import date, datetime

from accounts.access import end_access
from accounts.choices import Role
from accounts.models import Department, Membership, Succession, User


def end_unit(
    unit: Department,
    *,
    successors: Iterable[Department],
    main: Department,
    effective_on: date,
    basis: str,
    today: date,
    by: User,
    now: datetime,
) -> None:
    """Mark the unit as ended and say who goes on; people and hosted units go to the main one."""
    Succession.objects.bulk_create(
        Succession(
            predecessor=unit,
            successor=successor,
            is_main=successor.pk == main.pk,
            effective_on=effective_on,
            basis=basis,
        )
        for successor in successors
    )
    unit.ended_on = effective_on
    unit.version += 1
    unit.save(update_fields=["ended_on", "version"])
    Department.objects.filter(host=unit).exclude(pk=main.pk).update(host=main)
    Department.objects.filter(host=unit, pk=main.pk).update(host=None)
    end_access(_move_people(unit, main, today) - {by.pk}, now=now)


def moving_seats(unit: Department, main: Department) -> list[Membership]:
    """Return the memberships that go on in the main successor: all but a head where there is one
    already, and what the person is there anyway."""
    there = set(main.memberships.active().values_list("user", "role"))
    has_head = any(role == Role.HEAD for _, role in there)
    return [
        seat
        for seat in unit.memberships.active().select_related("user").order_by("id")
        if (seat.user_id, seat.role) not in there and not (has_head and seat.role == Role.HEAD)
    ]


def _move_people(unit: Department, main: Department, today: date) -> set[int]:
    moving = moving_seats(unit, main)
    people = set(unit.memberships.active().values_list("user", flat=True))
    unit.memberships.filter(until_on=None).update(until_on=today)
    made = Membership.objects.bulk_create(
        Membership(user_id=seat.user_id, department=main, role=seat.role, from_on=today)
        for seat in moving
    )
    for before, seat in zip(moving, made, strict=True):
        if before.role == Role.VIEWER:
            seat.charges.set(before.charges.all())
    for seat in Membership.objects.active().filter(charges=unit):
        seat.charges.add(main)
    return people

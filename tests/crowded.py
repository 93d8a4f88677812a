"""A district with as many units and dated tasks as wanted, written in bulk."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from accounts.calendar import WorkCalendar, published_days
from accounts.choices import DepartmentKind, Role
from accounts.models import CalendarDay, Department, Membership, User
from plans.choices import DeadlineKind, ResponsibilityRole
from plans.models import Deadline, Measure
from tests.factories import EditionFactory, PartFactory, member
from tracking.models import Assignment, Dispatch, Milestone

BATCH = 5_000
FAR = date(2019, 12, 31)
FROM = date(2016, 1, 1)


class Crowd(NamedTuple):
    """Who is in it: a liaison a unit, and who runs the plan."""

    liaisons: list[User]
    coordinator: User
    supervisor: User


def crowd(*, units: int, due: int, far: int = 0, due_on: date = date(2017, 12, 31)) -> Crowd:
    """Hand ``due`` tasks of the day and ``far`` ones of the end of 2019 out to the units in turn;
    each is called 任务0000001 and so on."""
    for year in (2016, 2017, 2018):
        CalendarDay.objects.bulk_create(published_days(year), ignore_conflicts=True)
    edition = EditionFactory.create()
    district = edition.plan.district
    part = PartFactory.create(edition=edition)
    departments = Department.objects.bulk_create(
        Department(district=district, name=f"区第{n}局", kind=DepartmentKind.GOVERNMENT)
        for n in range(units)
    )
    liaisons = User.objects.bulk_create(
        User(username=f"liaison{n}", name=f"联{n}", email=f"liaison{n}@example.org")
        for n in range(units)
    )
    Membership.objects.bulk_create(
        Membership(user=user, department=unit, role=Role.LIAISON, from_on=FROM)
        for user, unit in zip(liaisons, departments, strict=True)
    )
    papers = Dispatch.objects.bulk_create(
        Dispatch(
            edition=edition, department=unit, issued_on=FROM, acknowledged_at=edition.imported_at
        )
        for unit in departments
    )
    total = due + far
    rounds = -(-total // units)
    measures = Measure.objects.bulk_create(
        (
            Measure(
                edition=edition,
                part=part,
                ordinal=n,
                number=str(n),
                path=str(n),
                title=f"第{n}项",
                text=f"第{n}项。",
                start=0,
                end=1,
            )
            for n in range(rounds)
        ),
        batch_size=BATCH,
    )
    deadlines = Deadline.objects.bulk_create(
        (
            Deadline(
                measure=measure,
                ordinal=0,
                text="2017年12月底前",
                kind=DeadlineKind.DATE,
                due_on=due_on,
                what="公布",
                start=0,
                end=1,
            )
            for measure in measures
        ),
        batch_size=BATCH,
    )
    for first in range(0, total, BATCH):
        numbers = range(first, min(first + BATCH, total))
        assignments = Assignment.objects.bulk_create(
            Assignment(
                dispatch=papers[n % units],
                measure=measures[n // units],
                department=departments[n % units],
                role=ResponsibilityRole.LEAD,
            )
            for n in numbers
        )
        rows = zip(numbers, assignments, strict=True)
        Milestone.objects.bulk_create(_milestones(rows, deadlines, units, due, due_on))
    office = Department.objects.create(
        district=district, name="区政府办公室", kind=DepartmentKind.GOVERNMENT
    )
    return Crowd(liaisons, member(office, Role.COORDINATOR), member(office, Role.SUPERVISOR))


def _milestones(
    rows: "zip[tuple[int, Assignment]]",
    deadlines: list[Deadline],
    units: int,
    due: int,
    due_on: date,
) -> Iterator[Milestone]:
    calendar = WorkCalendar.load()
    for n, assignment in rows:
        day = due_on if n < due else FAR
        yield Milestone(
            assignment=assignment,
            plan=assignment.measure.edition.plan,
            department=assignment.department,
            deadline=deadlines[n // units],
            what=f"任务{n:07d}",
            due_on=day,
            original_due_on=day,
            report_by=calendar.last_on_or_before(day),
        )

"""反馈截止日 follows the calendar: when days off change, the last working day changes with them."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import F

from accounts.calendar import WorkCalendar
from accounts.events import record
from accounts.models import Department, District
from tracking.models import Milestone

Moved = dict[int, list[tuple[date, date, int]]]


def follow_calendar(calendar: WorkCalendar, *, today: date, at: datetime) -> int:
    """Set the report day of open milestones to the last working day on or before their due day,
    set by set; one event a unit and changed day lets its people be told, one a district its
    coordinators. Days past stay as they were."""
    rows = Milestone.objects.open().filter(due_on__gte=today)
    moved: Moved = defaultdict(list)
    for due_on, report_by in rows.values_list("due_on", "report_by").distinct().order_by("due_on"):
        right = calendar.last_on_or_before(due_on)
        if right == report_by:
            continue
        wrong = rows.filter(due_on=due_on, report_by=report_by)
        owners: dict[int, int] = defaultdict(int)
        for department in wrong.values_list("department_id", flat=True):
            owners[department] += 1
        wrong.update(report_by=right, version=F("version") + 1)
        for department, count in owners.items():
            moved[department].append((report_by, right, count))
    units = list(Department.objects.filter(pk__in=moved).order_by("id"))
    for unit in units:
        for before, after, count in moved[unit.pk]:
            record(
                unit,
                "follow_calendar",
                by=None,
                at=at,
                district=unit.district_id,
                department=unit,
                data={"from": before.isoformat(), "to": after.isoformat(), "count": count},
            )
    _tell_districts(units, moved, at=at)
    return sum(count for rows in moved.values() for *_, count in rows)


def _tell_districts(units: list[Department], moved: Moved, *, at: datetime) -> None:
    of_district: dict[int, list[int]] = defaultdict(list)
    for unit in units:
        of_district[unit.district_id].append(sum(count for *_, count in moved[unit.pk]))
    for district in District.objects.filter(pk__in=of_district).order_by("id"):
        counts = of_district[district.pk]
        data = {"units": len(counts), "count": sum(counts)}
        record(district, "follow_calendar", by=None, at=at, district=district, data=data)

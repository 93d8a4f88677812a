"""反馈截止日 follows the calendar: when days off change, the last working day changes with them."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import F

from accounts.calendar import WorkCalendar
from accounts.events import record
from accounts.models import Department
from tracking.models import Milestone


def follow_calendar(calendar: WorkCalendar, *, today: date, at: datetime) -> int:
    """Set the report day of open milestones to the last working day on or before their due day,
    set by set; one event a unit and changed day lets people be told. Days past stay as they were.
    """
    rows = Milestone.objects.open().filter(due_on__gte=today)
    moved: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
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
    for unit in Department.objects.filter(pk__in=moved).order_by("id"):
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
    return sum(count for rows in moved.values() for *_, count in rows)

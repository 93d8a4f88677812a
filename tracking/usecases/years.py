"""年度日程: the days of a year, and what moves with them."""

from datetime import date, datetime

from django.db.models import F

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, usecase
from tracking.choices import MilestoneKind, MilestoneStatus
from tracking.models import Milestone, ReportingYear
from tracking.selectors.history import chinese_day

DAYS = {
    "opens_on": "集中填报开始",
    "closes_on": "集中填报截止",
    "reports_on": "部门年度报告",
    "draft_on": "年度报告初稿",
    "sent_on": "报区委、区人大常委会",
}


@usecase
def set_reporting_year(
    *,
    year_id: int,
    opens_on: date,
    closes_on: date,
    reports_on: date,
    draft_on: date,
    sent_on: date,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ReportingYear:
    """Set the days of a year; the open rows of its sheets that the plan does not date follow.

    What was extended or decided keeps its day.
    """
    year = lock(ReportingYear, year_id, expected_version)
    authorize(by, "tracking.set_reporting_year", year)
    _refuse_disorder(opens_on, closes_on, reports_on, draft_on, sent_on)
    before = {name: getattr(year, name) for name in DAYS}
    after = dict(
        zip(DAYS, (opens_on, closes_on, reports_on, draft_on, sent_on), strict=True),
    )
    changed = [name for name in DAYS if before[name] != after[name]]
    if not changed:
        return year
    for name in changed:
        setattr(year, name, after[name])
    year.version += 1
    year.save(update_fields=[*changed, "version"])
    if "closes_on" in changed:
        _move_rows(year, before["closes_on"])
    record(
        year,
        "reschedule",
        by=by,
        at=at,
        within=year.plan,
        district=year.plan.district_id,
        note="；".join(
            f"{DAYS[name]}由{chinese_day(before[name].isoformat())}"
            f"改为{chinese_day(after[name].isoformat())}"
            for name in changed
        ),
        data={name: after[name].isoformat() for name in changed},
    )
    return year


def _refuse_disorder(
    opens_on: date, closes_on: date, reports_on: date, draft_on: date, sent_on: date
) -> None:
    if closes_on < opens_on:
        raise InvalidError("集中填报截止不能早于开始。", code="closes_before")
    if not closes_on < reports_on < draft_on < sent_on:
        raise InvalidError(
            "日子要依次往后：集中填报截止、部门年度报告、年度报告初稿、报区委和区人大常委会，"
            "不能是同一天。",
            code="out_of_order",
        )


def _move_rows(year: ReportingYear, closed_on: date) -> None:
    Milestone.objects.filter(
        sheet__year=year,
        status=MilestoneStatus.OPEN,
        kind__in=(MilestoneKind.OCCURRENCE, MilestoneKind.CYCLE),
        due_on=closed_on,
        original_due_on=closed_on,
    ).update(
        due_on=year.closes_on,
        original_due_on=year.closes_on,
        report_by=WorkCalendar.load().last_on_or_before(year.closes_on),
        version=F("version") + 1,
    )

"""What becomes of half years, quarters and months when a new text comes into force."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile

from accounts.models import Department, District, User
from plans.models import Edition
from plans.usecases import import_plan
from tests.factories import DepartmentFactory, SubmissionFactory
from tracking.choices import MilestoneKind, MilestoneStatus
from tracking.models import Milestone, Submission
from tracking.querysets import MilestoneQuerySet
from tracking.selectors.adopting import plan_adoption
from tracking.usecases import adopt_edition, issue_plan, make_periods

ISSUED_ON, TODAY = date(2016, 9, 12), date(2017, 5, 10)
FIRST = """某区实施方案（2016—2020年）

一、主要任务

1.通报情况。每月通报行政执法情况（区财政局牵头）。

2.清理文件。2017年12月底前，完成规范性文件清理（区财政局牵头）。
"""


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def first(district: District, coordinator: User) -> Edition:
    """The text in force, half a year old."""
    DepartmentFactory.create(district=district, name="区财政局")
    DepartmentFactory.create(district=district, name="区司法局")
    draft = read(FIRST, district, coordinator)
    issued = issue_plan(
        edition_id=draft.pk,
        document_number="某政发〔2016〕1号",
        issued_on=ISSUED_ON,
        by=coordinator,
        at=morning(ISSUED_ON),
    )
    make_periods(at=morning(TODAY), today=TODAY)
    return issued


def read(text: str, district: District, by: User, first: Edition | None = None) -> Edition:
    return import_plan(
        upload=ContentFile(text.encode(), name="方案.txt"),
        district=district,
        plan=first.plan if first else None,
        by=by,
        at=morning(TODAY),
    )


def later(first: Edition, by: User, old: str, new: str) -> Edition:
    assert old in FIRST
    return read(FIRST.replace(old, new), first.plan.district, by, first)


def adopt(edition: Edition, by: User) -> None:
    adopt_edition(
        edition_id=edition.pk,
        document_number="某政发〔2017〕2号",
        issued_on=TODAY,
        by=by,
        at=morning(TODAY),
    )


def periods(status: MilestoneStatus = MilestoneStatus.OPEN) -> MilestoneQuerySet:
    rows = Milestone.objects.filter(kind=MilestoneKind.OCCURRENCE, status=status)
    return rows.order_by("due_on", "id")


def test_what_did_not_change_goes_on_with_the_same_milestones(
    first: Edition, coordinator: User
) -> None:
    before = list(periods().values_list("pk", "period", "due_on"))
    second = later(first, coordinator, "完成规范性文件清理", "完成规范性文件清理并公布结果")

    adopt(second, coordinator)
    made = make_periods(at=morning(date(2017, 6, 1)), today=date(2017, 6, 1))

    assert list(periods().values_list("pk", "period", "due_on"))[:-1] == before
    assert made == 1
    assert {row.recurrence.measure.edition for row in periods() if row.recurrence} == {second}


def test_another_frequency_ends_what_is_to_come_and_makes_new_periods(
    first: Edition, coordinator: User
) -> None:
    second = later(first, coordinator, "每月通报", "每季度通报")

    adopt(second, coordinator)

    cancelled = list(periods(MilestoneStatus.CANCELLED).values_list("period", flat=True))
    assert (cancelled[0], cancelled[-1]) == ("2017-05", "2018-05")
    assert [row.period for row in periods() if "Q" in row.period] == [
        *("2017Q2", "2017Q3", "2017Q4", "2018Q1", "2018Q2")
    ]


def test_what_was_missed_before_stays_owed(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, "每月通报", "每季度通报")

    adopt(second, coordinator)

    missed = Milestone.objects.overdue(today=TODAY).values_list("period", flat=True)
    assert list(missed.order_by("period"))[-2:] == ["2017-03", "2017-04"]
    assert make_periods(at=morning(TODAY), today=TODAY) == 0


def test_what_was_due_in_a_month_that_goes_on_is_missed_and_stays(
    first: Edition, coordinator: User
) -> None:
    row = periods().get(period="2017-05")
    Milestone.objects.filter(pk=row.pk).update(due_on=date(2017, 5, 9))
    second = later(first, coordinator, "每月通报", "每季度通报")

    adopt(second, coordinator)

    row.refresh_from_db()
    assert row.status == MilestoneStatus.OPEN


def test_reports_on_what_ends_are_kept(first: Edition, coordinator: User) -> None:
    row = periods().get(period="2017-05")
    SubmissionFactory.create(milestone=row, narrative="已通报")
    second = later(first, coordinator, "每月通报", "每季度通报")

    adopt(second, coordinator)

    assert Submission.objects.get().milestone == row
    row.refresh_from_db()
    assert row.status == MilestoneStatus.CANCELLED


def test_another_day_in_the_month_moves_what_is_to_come(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, "每月通报", "每月20日前通报")

    adopt(second, coordinator)

    may = periods().get(period="2017-05")
    assert (may.due_on, may.original_due_on) == (date(2017, 5, 20), date(2017, 5, 31))
    assert periods().get(period="2017-04").due_on == date(2017, 4, 30)
    assert not periods(MilestoneStatus.CANCELLED).exists()


def test_a_month_is_not_moved_to_a_day_that_has_passed(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, "每月通报", "每月5日前通报")

    adopt(second, coordinator)

    assert periods().get(period="2017-05").due_on == date(2017, 5, 31)
    assert periods().get(period="2017-06").due_on == date(2017, 6, 5)


def test_another_unit_takes_over_what_is_open(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, "执法情况（区财政局牵头）", "执法情况（区司法局牵头）")

    adopt(second, coordinator)
    made = make_periods(at=morning(date(2017, 6, 1)), today=date(2017, 6, 1))

    assert set(periods().values_list("department__name", flat=True)) == {"区司法局"}
    assert made == 1


def test_the_preview_names_what_ends_and_what_is_new(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, "每月通报", "每季度通报")

    adoption = plan_adoption(second, {}, issued_on=TODAY, today=TODAY)

    assert [row.words for row in adoption.recurring_for] == [
        "取消2017年5月至2018年5月，共13期",
        "新增2017年第二季度至2018年第二季度，共5期",
    ]
    assert [row.units for row in adoption.recurring_for] == [
        (Department.objects.get(name="区财政局"),)
    ] * 2

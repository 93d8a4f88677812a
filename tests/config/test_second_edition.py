"""The second edition of the home plan adopted over the demonstration: nothing done is lost."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import Event, User
from config.demo import people
from notifications.choices import Channel, ReminderStatus, Subject
from notifications.models import Notice, Reminder, ReminderRule
from notifications.tick import tick
from plans.comparison import Change
from plans.models import Edition
from plans.usecases import import_plan
from tests.conftest import SHANGHAI, TODAY
from tests.second_edition import EDITS, second_edition
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import (
    Assignment,
    Dispatch,
    Evidence,
    Extension,
    Milestone,
    Review,
    Submission,
)
from tracking.selectors.adopting import plan_adoption
from tracking.selectors.adoption import Adoption
from tracking.selectors.distribution import home_of
from tracking.selectors.paper import Paper, paper_of
from tracking.usecases import adopt_edition

AT = datetime(2017, 11, 20, 15, tzinfo=SHANGHAI)


@pytest.fixture
def second(demo: None) -> Edition:
    first = Edition.objects.get()
    return import_plan(
        upload=ContentFile(second_edition().encode(), name="第二稿.txt"),
        district=first.plan.district,
        plan=first.plan,
        by=coordinator(),
        at=AT,
    )


def coordinator() -> User:
    return User.objects.get(username=people.COORDINATOR.username)


def planned(second: Edition) -> Adoption:
    return plan_adoption(
        second, {}, issued_on=TODAY, today=TODAY, home=home_of(coordinator(), second)
    )


def adopt(second: Edition) -> Edition:
    return adopt_edition(
        edition_id=second.pk,
        document_number="演示〔2017〕9号",
        issued_on=TODAY,
        by=coordinator(),
        at=AT,
    )


def milestone(path: str) -> Milestone:
    return Milestone.objects.counted().with_assignment().get(assignment__measure__path=path)


def test_the_preview_says_what_the_adoption_does(second: Edition) -> None:
    found = planned(second)

    assert {paths(change): change.kind for change in found.comparison.changed} == EDITS
    assert [str(row.milestone.assignment) for row in found.moved] == [
        "第1项（2） 区机构编制和人事管理领导小组办公室"
    ]
    handed_over = [row for row in found.handed_over if row.dated]
    assert [(str(row.milestone.assignment), str(row.to)) for row in handed_over] == [
        ("第5项（3） 区发改局", "区市场监管局")
    ]
    assert {str(row.assignment) for row in found.ended} == {
        "第4项（2） 区财政局",
        "第5项（3） 区发改局",
        "第23项（4） 区委组织部",
        "第23项（4） 区机构编制和人事管理领导小组办公室",
        "第30项 区财政局",
    }
    assert [(row.measure.path, str(row.part.department)) for row in found.issued] == [
        ("5.3", "区市场监管局"),
        ("18.5", "区政府法制办"),
        ("22.3", "区政府法制办"),
        ("22.3", "区司法局"),
        ("34", "区司法局"),
    ]
    assert [str(unit) for unit in found.departments] == ["区政府法制办", "区司法局", "区市场监管局"]
    assert len(found.followings) == 682
    assert not found.left_waiting


def paths(change: Change) -> tuple[str, ...]:
    return tuple(row.path for row in change.befores)


def test_no_report_review_or_extension_is_lost_or_changed(second: Edition) -> None:
    handed_over = Submission.objects.get(status=SubmissionStatus.SIGN_OFF)

    def kept() -> list[object]:
        reports = Submission.objects.exclude(pk=handed_over.pk).order_by("pk")
        rest = [model.objects.order_by("pk") for model in (Evidence, Review, Extension)]
        return [list(rows.values()) for rows in (reports, *rest)]

    before = kept()

    adopt(second)

    assert kept() == before
    words = ("narrative", "work_status", "author_id", "number", "milestone_id", "created_at")
    now = Submission.objects.get(pk=handed_over.pk)
    assert [getattr(now, key) for key in words] == [getattr(handed_over, key) for key in words]


def test_the_work_stands_under_the_new_text(second: Edition) -> None:
    ended = {row.assignment.pk for row in planned(second).ended}
    adopt(second)

    assert not Assignment.objects.live().exclude(measure__edition=second).exists()
    assert set(Assignment.objects.filter(status="terminated").values_list("pk", flat=True)) == ended
    counted = Milestone.objects.counted()
    assert counted.filter(status=MilestoneStatus.DONE).count() == 18
    assert counted.waiting().count() == 2
    assert counted.count() == 38
    cancelled = counted.get(status=MilestoneStatus.CANCELLED)
    assert str(cancelled.assignment) == "第23项（4） 区委组织部"
    moved = milestone("9.5")
    assert (str(moved.department), moved.reference) == ("区政府法制办", "第9项（5）")
    assert second.dispatches.count() == 3


def test_a_changed_day_moves_only_what_is_owed(second: Edition) -> None:
    adopt(second)

    moved = milestone("1.2")
    assert (moved.due_on, moved.original_due_on) == (date(2018, 6, 30), date(2017, 12, 31))
    assert moved.report_by == date(2018, 6, 29)
    event = Event.objects.get(action="redate")
    assert event.data == {"old_due_on": "2017-12-31", "new_due_on": "2018-06-30"}
    assert not Milestone.objects.exclude(pk=moved.pk).filter(version__gt=20).exists()


def test_the_report_before_its_head_goes_to_the_new_lead_as_a_draft(second: Edition) -> None:
    report = Submission.objects.get(status=SubmissionStatus.SIGN_OFF)

    adopt(second)

    handed_over = milestone("5.3")
    assert handed_over.department.name == "区市场监管局"
    assert handed_over.submissions.get(status=SubmissionStatus.DRAFT) == report
    assert Submission.objects.visible_to(report.author).contains(report)
    assert Milestone.objects.visible_to(report.author).contains(handed_over)


def test_what_did_not_change_is_not_touched(second: Edition) -> None:
    found = planned(second)
    touched = {(row.measure.path, row.assignment.department.name) for row in found.reworded}
    assert {path for path, _ in touched} == {"1.2", "4.1", "18.3", "18.4"}
    versions = dict(Assignment.objects.values_list("pk", "version"))

    adopt(second)

    raised = {
        (row.measure.path, row.department.name)
        for row in Assignment.objects.live().select_related("measure", "department")
        if row.version != versions.get(row.pk, row.version)
    }
    assert raised == touched


def test_units_are_told_and_old_reminders_do_not_go_out(second: Edition) -> None:
    office = milestone("1.2")
    person = User.objects.get(username="bb")
    reminder = Reminder.objects.create(
        subject_kind=Subject.MILESTONE,
        subject_id=office.pk,
        rule=ReminderRule.objects.filter(is_active=True)[0],
        day=TODAY + timedelta(days=1),
        channel=Channel.MAIL,
        recipient=person,
        due_on=office.due_on,
    )

    adopt(second)
    tick(at=AT + timedelta(hours=18))

    reminder.refresh_from_db()
    assert reminder.status == ReminderStatus.SUPPRESSED
    assert reminder.reason == "完成时限已改为2018年6月30日"
    told = {row.text for row in Notice.objects.filter(at=AT, recipient=person)}
    name = "《利通区法治政府建设实施方案（2016—2020年）》（演示〔2017〕9号）"
    assert f"第1项（2）的完成时限由2017年12月31日改为2018年6月30日（{name}）。" in told
    assert f"第23项（4）终止办理：{name}不再列入本项。" in told
    lead = Notice.objects.filter(at=AT, recipient__username="scj")
    assert any("移交区市场监管局" in row.text for row in lead)
    assert any("补充任务交办单" in row.text for row in lead)


def test_the_papers_of_the_former_text_stay_as_they_were(second: Edition) -> None:
    def rows(paper: Paper) -> list[tuple[object, ...]]:
        return [
            (row.measure.pk, row.partners, [(day.due_on, day.what) for day in row.days])
            for row in (*paper.lead, *paper.others)
        ]

    dispatches = list(Dispatch.objects.with_edition())
    before = [rows(paper_of(dispatch)) for dispatch in dispatches]

    adopt(second)

    assert [rows(paper_of(dispatch)) for dispatch in dispatches] == before
    supplementary = second.dispatches.with_edition().get(department__name="区市场监管局")
    assert supplementary.title == "补充任务交办单"
    assert [row.measure.path for row in paper_of(supplementary).lead] == ["5.3"]

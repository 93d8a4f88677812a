"""One row of everything that the API lists, all that the coordinator of the district may see."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from accounts import clock
from accounts.choices import Role
from accounts.models import ApiToken, Department, DepartmentName, ExternalId, User
from notifications.models import Notice, Reminder, ReminderRule, Urge
from plans.models import Doubt, ImportJob, Indicator, Metric, Part
from tests.factories import (
    AT,
    AssignmentFactory,
    DepartmentFactory,
    MilestoneFactory,
    SheetFactory,
    StoredFileFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import Decision
from tracking.models import (
    Contribution,
    Extension,
    ExtensionRequest,
    HandBack,
    Instruction,
    Milestone,
    Reading,
    Review,
    Submission,
    TrackedMetric,
)

number = count(1)
DAY, LATER = date(2017, 12, 31), date(2018, 3, 31)


def add_everything(department: Department, coordinator: User) -> Milestone:
    """A plan of its own with all that hangs on a reported milestone."""
    milestone = MilestoneFactory.create(department=department)
    assignment = milestone.assignment
    partner = DepartmentFactory.create(district=department.district, host=department)
    DepartmentName.objects.create(
        district=department.district, department=partner, name=f"{partner.name}（原）"
    )
    AssignmentFactory.create(
        measure=assignment.measure, department=partner, reports_through=assignment
    )
    report = SubmissionFactory.create(milestone=milestone, accepted=True)
    report.evidence.create(name="通知", file=StoredFileFactory.create())
    Review.objects.create(submission=report, by=coordinator, at=AT, decision=Decision.NOTED)
    SheetFactory.create(year__plan=milestone.plan, department=department)
    _read(milestone, coordinator)
    _measured(report, coordinator)
    _asked(milestone, report, partner, coordinator)
    _said(milestone, coordinator)
    member(partner, Role.LIAISON)
    ExternalId.objects.create(
        district=department.district,
        kind="department",
        key=partner.code,
        source="oa",
        value=f"{next(number)}",
    )
    return milestone


def _read(milestone: Milestone, coordinator: User) -> None:
    """What stands in the plan besides its measures, and a file that waits."""
    edition, measure = milestone.assignment.measure.edition, milestone.assignment.measure
    part = Part.objects.create(
        edition=edition, ordinal=30_000, number="（二）", title="标题", start=0, end=2
    )
    indicator = Indicator.objects.create(
        part=part, ordinal=1, number="1", text="达到90%", start=0, end=2
    )
    for owner in ({"indicator": indicator}, {"measure": measure}):
        Metric.objects.create(
            ordinal=1, name="率", operator=">=", value=90, start=0, end=2, **owner
        )
    Doubt.objects.create(
        edition=edition,
        ordinal=1,
        measure=measure,
        code="no_year",
        severity="check",
        message="没有写明年份",
        start=0,
        end=2,
        settled_at=AT,
        settled_by=coordinator,
    )
    ImportJob.objects.create(district=edition.plan.district, name="方案.doc", by=coordinator, at=AT)


def _measured(report: Submission, coordinator: User) -> None:
    metric = TrackedMetric.objects.create(
        plan=report.milestone.plan, lineage=uuid4(), confirmed_by=coordinator, confirmed_at=AT
    )
    Reading.objects.create(submission=report, metric=metric, year=2017, value=91)


def _asked(
    milestone: Milestone, report: Submission, partner: Department, coordinator: User
) -> None:
    """What units ask and add, and what leaders want."""
    asked = {"reason": "理由", "asked_by": coordinator, "asked_at": AT, "asked_on": DAY}
    ExtensionRequest.objects.create(
        milestone=milestone, progress="一半", old_due_on=DAY, new_due_on=LATER, **asked
    )
    HandBack.objects.create(assignment=milestone.assignment, expected_by=DAY, **asked)
    Extension.objects.create(
        milestone=milestone,
        asked_on=DAY,
        reason="理由",
        old_due_on=DAY,
        new_due_on=LATER,
        approved_by="王××",
        approved_on=DAY,
        recorded_by=coordinator,
        recorded_at=AT,
    )
    Instruction.objects.create(
        assignment=milestone.assignment,
        leader="王××",
        given_on=DAY,
        words="抓紧办理",
        addressed_to=milestone.department,
        recorded_by=coordinator,
        recorded_at=AT,
    )
    Contribution.objects.create(
        milestone=milestone,
        department=partner,
        text="已配合",
        author=coordinator,
        at=AT,
        taken_into=report,
    )


def _said(milestone: Milestone, coordinator: User) -> None:
    """What was sent and told."""
    Reminder.objects.create(
        subject_kind="milestone",
        subject_id=milestone.pk,
        rule=ReminderRule.objects.order_by("id")[0],
        day=DAY,
        channel="mail",
        recipient=coordinator,
        due_on=DAY,
    )
    Urge.objects.create(milestone=milestone, day=DAY, by=coordinator, at=AT)
    Notice.objects.create(
        recipient=coordinator, event_seq=next(number), text="已报送", path="/", at=AT
    )
    ApiToken.objects.create(
        user=coordinator,
        name="核对程序",
        digest=f"{next(number):064}",
        created_at=AT,
        expires_at=clock.real_now() + timedelta(days=30),
    )

"""The smallest valid records; related ones agree with each other."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.calendar import WorkCalendar
from accounts.choices import DepartmentKind, Role
from accounts.models import Department, District, Membership, StoredFile, User
from plans.choices import DeadlineKind, EditionStatus, Frequency, ResponsibilityRole
from plans.models import Deadline, Edition, Measure, Part, Plan, Recurrence
from tracking.choices import MilestoneStatus, SubmissionStatus, WorkStatus
from tracking.models import Assignment, Dispatch, Milestone, ReportingYear, Sheet, Submission

AT = datetime(2016, 9, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class DistrictFactory(DjangoModelFactory[District]):
    """A county-level place."""

    class Meta:
        model = District

    name = factory.Sequence(lambda n: f"第{n}区")


class DepartmentFactory(DjangoModelFactory[Department]):
    """A government department."""

    class Meta:
        model = Department

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"区第{n}局")
    kind = DepartmentKind.GOVERNMENT


class UserFactory(DjangoModelFactory[User]):
    """A person without a role."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"张{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.org")


def member(department: Department, *roles: Role) -> User:
    """Return a new person with these roles in the department."""
    user = UserFactory.create()
    for role in roles:
        Membership.objects.create(
            user=user, department=department, role=role, from_on=date(2016, 1, 1)
        )
    return user


class StoredFileFactory(DjangoModelFactory[StoredFile]):
    """A row of a text file; its bytes are not written."""

    class Meta:
        model = StoredFile

    district = factory.SubFactory(DistrictFactory)
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = AT
    name = "方案.txt"
    stored_as = factory.Sequence(lambda n: f"{n:032x}.txt")
    media_type = "text/plain"
    size = 10
    sha256 = "0" * 64


class PlanFactory(DjangoModelFactory[Plan]):
    """A plan."""

    class Meta:
        model = Plan

    district = factory.SubFactory(DistrictFactory)
    title = "某区实施方案（2016—2020年）"


class EditionFactory(DjangoModelFactory[Edition]):
    """An issued edition of a one-sentence plan."""

    class Meta:
        model = Edition

    class Params:
        draft = factory.Trait(
            status=EditionStatus.DRAFT, document_number="", issued_on=None, dispatched_at=None
        )

    plan = factory.SubFactory(PlanFactory)
    file = factory.SubFactory(StoredFileFactory, district=factory.SelfAttribute("..plan.district"))
    status = EditionStatus.ISSUED
    text = "1.公布清单。2016年12月底前，公布清单（区发改局牵头）。"
    title = "某区实施方案（2016—2020年）"
    document_number = "演示〔2016〕1号"
    issued_on = date(2016, 9, 12)
    imported_by = factory.SubFactory(UserFactory)
    imported_at = AT
    dispatched_at = AT


class PartFactory(DjangoModelFactory[Part]):
    """The first part."""

    class Meta:
        model = Part

    edition = factory.SubFactory(EditionFactory)
    ordinal = factory.Sequence(lambda n: n)
    number = "（一）"
    title = "依法全面履行政府职能"
    start = 0
    end = 2


class MeasureFactory(DjangoModelFactory[Measure]):
    """A leaf measure."""

    class Meta:
        model = Measure

    edition = factory.SubFactory(EditionFactory)
    part = factory.SubFactory(PartFactory, edition=factory.SelfAttribute("..edition"))
    ordinal = factory.Sequence(lambda n: n)
    number = factory.LazyAttribute(lambda o: str(o.ordinal))
    path = factory.LazyAttribute(lambda o: str(o.ordinal))
    code = factory.LazyAttribute(lambda o: o.path)
    title = "公布清单"
    text = "公布清单。2016年12月底前，公布清单（区发改局牵头）。"
    start = 2
    end = 30


class DeadlineFactory(DjangoModelFactory[Deadline]):
    """The end of 2017."""

    class Meta:
        model = Deadline

    measure = factory.SubFactory(MeasureFactory)
    ordinal = factory.Sequence(lambda n: n)
    text = "2017年12月底前"
    kind = DeadlineKind.DATE
    due_on = date(2017, 12, 31)
    what = "公布清单"
    start = 8
    end = 18


class RecurrenceFactory(DjangoModelFactory[Recurrence]):
    """A yearly duty."""

    class Meta:
        model = Recurrence

    measure = factory.SubFactory(MeasureFactory)
    ordinal = factory.Sequence(lambda n: n)
    text = "每年"
    frequency = Frequency.YEARLY
    what = "每年组织集中学法"
    start = 8
    end = 10


class DispatchFactory(DjangoModelFactory[Dispatch]):
    """The paper of one department."""

    class Meta:
        model = Dispatch
        django_get_or_create = ("edition", "department")

    edition = factory.SubFactory(EditionFactory)
    department = factory.SubFactory(DepartmentFactory)
    issued_on = date(2016, 9, 12)


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """A measure that a department leads."""

    class Meta:
        model = Assignment

    department = factory.SubFactory(DepartmentFactory)
    measure = factory.SubFactory(
        MeasureFactory,
        edition__plan__district=factory.SelfAttribute("....department.district"),
    )
    dispatch = factory.SubFactory(
        DispatchFactory,
        edition=factory.SelfAttribute("..measure.edition"),
        department=factory.SelfAttribute("..department"),
    )
    role = ResponsibilityRole.LEAD


class MilestoneFactory(DjangoModelFactory[Milestone]):
    """An open milestone due on 2017-12-31 (a Sunday), report by the last working day before."""

    class Meta:
        model = Milestone

    class Params:
        department = factory.SubFactory(DepartmentFactory)
        done = factory.Trait(
            status=MilestoneStatus.DONE,
            completed_on=factory.SelfAttribute("due_on"),
            done_at=AT,
        )

    assignment = factory.SubFactory(
        AssignmentFactory, department=factory.SelfAttribute("..department")
    )
    plan = factory.SelfAttribute("assignment.measure.edition.plan")
    deadline = factory.SubFactory(
        DeadlineFactory,
        measure=factory.SelfAttribute("..assignment.measure"),
        due_on=factory.SelfAttribute("..due_on"),
    )
    what = "公布清单"
    due_on = date(2017, 12, 31)
    original_due_on = factory.SelfAttribute("due_on")
    report_by = factory.LazyAttribute(lambda o: WorkCalendar.load().last_on_or_before(o.due_on))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # type: ignore[no-untyped-def]
        kwargs["department"] = kwargs["assignment"].department
        return super()._create(model_class, *args, **kwargs)


class SubmissionFactory(DjangoModelFactory[Submission]):
    """A draft by an officer of the department that owes it."""

    class Meta:
        model = Submission

    class Params:
        waiting = factory.Trait(
            status=SubmissionStatus.SUBMITTED,
            submitted_at=AT,
            signed_by="李××",
            signed_on=date(2016, 9, 12),
        )
        accepted = factory.Trait(
            status=SubmissionStatus.ACCEPTED,
            submitted_at=AT,
            signed_by="李××",
            signed_on=date(2016, 9, 12),
        )

    milestone = factory.SubFactory(MilestoneFactory)
    number = 1
    author = factory.LazyAttribute(lambda o: member(o.milestone.department, Role.LIAISON))
    work_status = WorkStatus.IN_PROGRESS
    narrative = "已印发权责清单"
    created_at = AT
    updated_at = AT


class ReportingYearFactory(DjangoModelFactory[ReportingYear]):
    """2017: the sheet is open from 11 to 22 December."""

    class Meta:
        model = ReportingYear
        django_get_or_create = ("plan", "year")

    plan = factory.SubFactory(PlanFactory)
    year = 2017
    opens_on = date(2017, 12, 11)
    closes_on = date(2017, 12, 22)
    reports_on = date(2018, 2, 28)
    draft_on = date(2018, 3, 9)
    sent_on = date(2018, 3, 30)


class SheetFactory(DjangoModelFactory[Sheet]):
    """The sheet of a department, without rows."""

    class Meta:
        model = Sheet

    year = factory.SubFactory(ReportingYearFactory)
    department = factory.SubFactory(DepartmentFactory)

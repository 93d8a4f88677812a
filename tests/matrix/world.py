"""One row of everything that has a page, all of one department, and everybody who may knock."""

from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model

from accounts.choices import Role
from accounts.files import store
from accounts.models import ApiToken, Department, District, ExternalId, Group, User
from accounts.tokens import digest
from notifications.channels.mailbox import deliver, keys_of
from notifications.choices import OutboxStatus, RobotKind
from notifications.models import CalendarFeed, Notice, Outbox, Reminder, Robot, Urge
from plans.choices import PassageKind, ResponsibilityRole, Severity
from plans.models import Correction, Doubt, Edition, ImportJob, Indicator, Metric, Part, Passage
from tests.api.everything import add_everything
from tests.conftest import NOON, TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    DistrictFactory,
    EditionFactory,
    MeasureFactory,
    MilestoneFactory,
    SheetFactory,
    StoredFileFactory,
    SubmissionFactory,
    UserFactory,
    member,
)
from tracking.choices import MilestoneKind, MilestoneStatus
from tracking.models import (
    Contribution,
    Evidence,
    Extension,
    ExtensionRequest,
    HandBack,
    Instruction,
    Milestone,
    Phrase,
    Reading,
    Review,
    TrackedMetric,
)

SECRET = "the-address-of-one-calendar"
MISSING = 987_654
LISTED: tuple[type[Model], ...] = (
    *(ApiToken, ExternalId, Notice, Reminder, Urge, Part, Indicator, Contribution, Extension),
    *(Reading, Review),
)
OWN_ROLES = {"liaison": Role.LIAISON, "head": Role.HEAD, "deputy": Role.DEPUTY}
OFFICE_ROLES = {
    "coordinator": Role.COORDINATOR,
    "supervisor": Role.SUPERVISOR,
    "leader": Role.VIEWER,
    "system": Role.SYSTEM_ADMIN,
    "security": Role.SECURITY_ADMIN,
    "audit": Role.AUDIT_ADMIN,
}


class World:
    """The people by what they are, and the keys of rows by their names."""

    def __init__(self) -> None:
        self.district: District = DistrictFactory.create()
        self.bureau: Department = DepartmentFactory.create(district=self.district)
        self.office: Department = DepartmentFactory.create(district=self.district)
        self.people = self._people()
        self.keys: dict[str, Any] = {}
        self._plan()
        self._work()
        self._reports()
        self._requests()
        self._everything()
        self._sheets()
        self._letters()
        self._service()

    def _people(self) -> dict[str, User | None]:
        """Everybody of the district, the strongest from outside it, and two without any role."""
        other = DepartmentFactory.create(district=self.district)
        people: dict[str, User | None] = {
            who: member(self.bureau, role) for who, role in OWN_ROLES.items()
        }
        people["colleague"] = member(other, Role.LIAISON, Role.HEAD)
        people |= {who: member(self.office, role) for who, role in OFFICE_ROLES.items()}
        User.objects.filter(memberships__role=Role.SYSTEM_ADMIN).update(is_staff=True)
        self.supporting = DepartmentFactory.create(district=self.district)
        people["supporter"] = member(self.supporting, Role.LIAISON)
        charged = member(self.office, Role.VIEWER)
        charged.memberships.get().charges.add(other)
        people["leader_of_others"] = charged
        outside = DepartmentFactory.create()
        people["outsider"] = member(
            outside, Role.LIAISON, Role.HEAD, Role.COORDINATOR, Role.SUPERVISOR, Role.VIEWER
        )
        people["unplaced"] = UserFactory.create()
        people["stranger"] = None
        return people

    def person(self, who: str) -> User:
        """Return somebody who can sign in."""
        user = self.people[who]
        assert user is not None
        return user

    def _dated(self, **traits: Any) -> Milestone:
        milestone: Milestone = MilestoneFactory.create(
            assignment__measure__edition=self.edition, department=self.bureau, **traits
        )
        return milestone

    def _plan(self) -> None:
        """An edition in force, the draft of the next, and what a desk has found in it."""
        self.edition: Edition = EditionFactory.create(plan__district=self.district)
        draft: Edition = EditionFactory.create(
            draft=True, plan=self.edition.plan, number=2, former=self.edition
        )
        measure = MeasureFactory.create(edition=draft)
        MeasureFactory.create(edition=draft, part=measure.part)
        checker = self.person("coordinator")
        doubt = Doubt.objects.create(
            edition=draft,
            ordinal=0,
            measure=measure,
            start=2,
            end=4,
            code="lead_from_text",
            severity=Severity.ERROR,
            message="请核对",
        )
        correction = Correction.objects.create(
            measure=measure,
            field="title",
            before="公布",
            after="公布清单",
            by=checker,
            at=NOON,
        )
        Passage.objects.create(
            edition=draft,
            ordinal=0,
            kind=PassageKind.TASK,
            measure=measure,
            start=0,
            end=len(draft.text),
        )
        indicator = Indicator.objects.create(
            part=MeasureFactory.create(edition=self.edition).part,
            ordinal=0,
            number="1",
            text="满意度达到80%",
            start=0,
            end=9,
        )
        metric = Metric.objects.create(
            indicator=indicator, ordinal=0, name="满意度", operator=">=", value=80, start=0, end=9
        )
        job = ImportJob.objects.create(
            district=self.district,
            name="方案.pdf",
            by=checker,
            at=NOON,
            file=StoredFileFactory.create(district=self.district),
        )
        self.keys |= {
            "plan": self.edition.plan_id,
            "edition": self.edition.pk,
            "draft_edition": draft.pk,
            "draft_measure": measure.pk,
            "doubt": doubt.pk,
            "correction": correction.pk,
            "metric": metric.pk,
            "job": job.pk,
            "start": 2,
        }
        TrackedMetric.objects.create(
            plan=self.edition.plan,
            lineage=metric.lineage,
            owner=self.bureau,
            confirmed_by=checker,
            confirmed_at=NOON,
        )

    def _work(self) -> None:
        milestone = self._dated()
        assignment = milestone.assignment
        AssignmentFactory.create(
            measure=assignment.measure,
            department=self.supporting,
            role=ResponsibilityRole.SUPPORT,
            reports_through=assignment,
        )
        summed = self._dated()
        MilestoneFactory.create(
            assignment__measure=summed.assignment.measure,
            gathered_by=summed,
            department=self.supporting,
        )
        self.keys |= {
            "department": self.bureau.pk,
            "milestone": milestone.pk,
            "undecided": self._dated(status=MilestoneStatus.UNDECIDED, due_on=date(2016, 6, 30)).pk,
            "late": self._dated(due_on=date(2017, 6, 30)).pk,
            "assignment": assignment.pk,
            "step": "suspend",
            "measure": assignment.measure_id,
            "dispatch": assignment.dispatch_id,
            "summed": summed.pk,
            "group": Group.objects.create(district=self.district, name="各部门").pk,
            "liaison": self.person("liaison").pk,
            "charges": self.person("leader").memberships.get().pk,
        }

    def _reports(self) -> None:
        """A draft with a document, a report that waits, and one that was sent back."""
        author = self.person("liaison")
        draft = SubmissionFactory.create(
            milestone=self._dated(), author=author, narrative="清单正在征求意见"
        )
        file = store(
            ContentFile("清单".encode(), name="清单.txt"),
            district=self.district,
            department=self.bureau,
            by=author,
            at=NOON,
        )
        evidence = Evidence.objects.create(submission=draft, name="清单", file=file)
        waiting = SubmissionFactory.create(milestone=self._dated(), author=author, waiting=True)
        phrase = Phrase.objects.create(user=self.person("supervisor"), text="请补充文号。")
        self.keys |= {
            "draft": draft.pk,
            "draft_milestone": draft.milestone_id,
            "evidence": evidence.pk,
            "waiting": waiting.pk,
            "file": file.pk,
            "phrase": phrase.pk,
        }

    def _requests(self) -> None:
        asked = {"asked_by": self.person("liaison"), "asked_at": NOON, "asked_on": TODAY}
        extension = ExtensionRequest.objects.create(
            milestone=self._dated(),
            reason="统一编码尚未下发",
            progress="已完成初稿",
            old_due_on=date(2017, 12, 31),
            new_due_on=date(2018, 6, 30),
            **asked,
        )
        hand_back = HandBack.objects.create(
            assignment=self._dated().assignment, reason="非本单位职责", expected_by=TODAY, **asked
        )
        instruction = Instruction.objects.create(
            assignment_id=self.keys["assignment"],
            addressed_to=self.bureau,
            leader="刘××",
            given_on=TODAY,
            words="请说明原因",
            recorded_by=self.person("supervisor"),
            recorded_at=NOON,
        )
        self.keys |= {
            "extension_request": extension.pk,
            "hand_back": hand_back.pk,
            "instruction": instruction.pk,
        }

    def _everything(self) -> None:
        """What the API lists besides, as the coordinator made it."""
        add_everything(self.bureau, self.person("coordinator"))
        self.keys |= {
            str(model._meta.model_name): model._default_manager.latest("pk").pk for model in LISTED
        }

    def _sheets(self) -> None:
        """A sheet that is being filled in, and one that waits for its reviewers."""
        for name, year in (("sheet", 2017), ("sent_sheet", 2016)):
            yearly = {"kind": MilestoneKind.CYCLE, "deadline": None, "period": str(year)}
            sheet = SheetFactory.create(
                year__plan=self.edition.plan,
                year__year=year,
                year__opens_on=date(year, 11, 1),
                year__closes_on=date(year, 12, 22),
                department=self.bureau,
            )
            row = self._dated(sheet=sheet, due_on=date(year, 12, 22), **yearly)
            self.keys |= {name: sheet.pk, f"{name}_row": row.pk, "year": sheet.year_id}
        SubmissionFactory.create(milestone=row, author=self.person("liaison"), waiting=True)

    def _service(self) -> None:
        account = member(self.bureau, Role.LIAISON)
        User.objects.filter(pk=account.pk).update(is_service=True)
        self.keys["service"] = account.pk

    def _letters(self) -> None:
        person = self.person("liaison")
        message = Outbox.objects.create(
            dedupe_key="one",
            recipient=person,
            day=TODAY,
            created_at=NOON,
            status=OutboxStatus.DEAD,
            next_at=NOON,
        )
        robot = Robot.objects.create(
            kind=RobotKind.PLAIN,
            department=self.bureau,
            url="https://robot.invalid/",
            created_by=person,
            created_at=NOON,
        )
        reader = member(self.bureau, Role.LIAISON)
        CalendarFeed.objects.create(user=reader, digest=digest(SECRET), created_at=NOON)
        letter = EmailMessage()
        letter["Subject"] = "提醒"
        letter["Date"] = format_datetime(NOON)
        deliver(person.email, letter)
        self.keys |= {
            "message": message.pk,
            "robot": robot.pk,
            "secret": SECRET,
            "mail": keys_of(person.email)[0],
        }

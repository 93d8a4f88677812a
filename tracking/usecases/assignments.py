"""What changes about an assignment with a leader's consent: who takes part, who leads, whether it
rests or ends; and what units ask to be rid of."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import InvalidError
from accounts.models import Department, User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import ResponsibilityRole
from tracking.choices import AssignmentStatus
from tracking.models import Assignment, HandBack, Milestone
from tracking.transitions import ASSIGNMENT, MILESTONE, move
from tracking.usecases.history import record_work
from tracking.usecases.replacing import assignment_of, take_over, take_part
from tracking.usecases.requests import answer, take
from tracking.usecases.submissions import refuse_secrets

DAYS_TO_HAND_BACK = 3
LIVE = (AssignmentStatus.IN_PROGRESS, AssignmentStatus.SUSPENDED)
WHAT_IS_OWED = {"suspend": "suspend", "resume": "resume", "terminate": "cancel"}
"""The step of a milestone that goes with a step of its assignment."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Why something changes, and which leader agreed to it when."""

    reason: str
    approved_by: str
    approved_on: date

    def require(self, on: date) -> dict[str, str]:
        """Return what enters the record; InvalidError says what is missing."""
        if not self.reason.strip():
            raise InvalidError("请写明理由。", code="no_reason")
        if not self.approved_by.strip():
            raise InvalidError("请填写批准领导。", code="no_consent")
        if self.approved_on > on:
            raise InvalidError("批准日期不能晚于今天。", code="approved_in_the_future")
        return {
            "approved_by": self.approved_by.strip(),
            "approved_on": self.approved_on.isoformat(),
        }


@usecase
def add_department(
    *,
    assignment_id: int,
    department_id: int,
    role: ResponsibilityRole,
    consent: Consent,
    by: User,
    at: datetime,
) -> Assignment:
    """Let a further department take part in a measure; the unit that reports goes on reporting.

    It receives a supplementary dispatch.
    """
    reporter = _locked(assignment_id, by)
    agreed = consent.require(localdate(at))
    refuse_unless(reporter.status in LIVE, "这项任务已经办结或终止，不能再增加单位。")
    unit = _unit(department_id, reporter)
    refuse_unless(assignment_of(reporter, unit) is None, f"{unit}已经承办这项任务。")
    added = take_part(reporter, unit, role=role, by=by, at=at)
    record_work(
        reporter,
        "add_department",
        by=by,
        at=at,
        note=consent.reason.strip(),
        data=agreed | {"unit": unit.name},
    )
    return added


@usecase
def change_lead(
    *,
    assignment_id: int,
    department_id: int,
    consent: Consent,
    keeps_part: bool,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """Let another department lead a measure and report on it: what is open goes over to it.

    The former one supports it where it ``keeps_part``, else its assignment ends.
    """
    former = _locked(assignment_id, by, expected_version)
    agreed = consent.require(localdate(at))
    refuse_unless(former.status in LIVE, "这项任务已经办结或终止，不能再变更牵头单位。")
    unit = _unit(department_id, former)
    if unit.pk == former.department_id:
        raise InvalidError(f"{unit}就是现在的牵头单位。", code="same_lead")
    lead = take_over(former, unit, by=by, at=at)
    if keeps_part:
        former.role, former.reports_through = ResponsibilityRole.SUPPORT, lead
        former.gathered_by = None
        former.version += 1
        former.save(update_fields=["role", "reports_through", "gathered_by", "version"])
    else:
        _move_all(former, "terminate", consent.reason, by=by, at=at, agreed=agreed)
    for row in (former, lead):
        record_work(
            row,
            "change_lead",
            by=by,
            at=at,
            note=consent.reason.strip(),
            data=agreed | {"old_unit": former.department.name, "unit": unit.name},
        )
    return lead


@usecase
def suspend_assignment(
    *,
    assignment_id: int,
    consent: Consent,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """Let a task rest: nothing of it is overdue or reminded of until it is resumed."""
    return _step("suspend", assignment_id, consent, by=by, at=at, version=expected_version)


@usecase
def resume_assignment(
    *,
    assignment_id: int,
    consent: Consent,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """Go on with a task that rested; its days stand as they stood."""
    return _step("resume", assignment_id, consent, by=by, at=at, version=expected_version)


@usecase
def terminate_assignment(
    *,
    assignment_id: int,
    consent: Consent,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """End a task that is not to be done; what is open of it is cancelled."""
    return _step("terminate", assignment_id, consent, by=by, at=at, version=expected_version)


@usecase
def ask_hand_back(
    *, assignment_id: int, reason: str, by: User, at: datetime, today: date
) -> HandBack:
    """Say that a task is not the unit's own; expected within three working days of the paper."""
    assignment = lock(Assignment, assignment_id)
    authorize(by, "tracking.ask", assignment)
    refuse_unless(
        assignment.status == AssignmentStatus.IN_PROGRESS,
        f"这项任务{assignment.get_status_display()}，不能申请退办。",
    )
    refuse_unless(not assignment.hand_backs.open().exists(), "已有一份退办申请待批。")
    if not reason.strip():
        raise InvalidError("请写明退办的理由。", code="no_reason")
    refuse_secrets(reason)
    asked = HandBack.objects.create(
        assignment=assignment,
        reason=reason.strip(),
        asked_by=by,
        asked_at=at,
        asked_on=today,
        expected_by=WorkCalendar.load().after(assignment.dispatch.issued_on, DAYS_TO_HAND_BACK),
    )
    record_work(assignment, "ask_hand_back", by=by, at=at, note=asked.reason)
    return asked


@usecase
def grant_hand_back(
    *,
    request_id: int,
    approved_by: str,
    approved_on: date,
    by: User,
    at: datetime,
    department_id: int | None = None,
    expected_version: int | None = None,
) -> HandBack:
    """Agree: the unit's assignment ends; what it owed goes over to another department.

    Without one, what is open is cancelled; a task that others report through needs one.
    """
    asked = take(HandBack, request_id, "grant", by=by, expected_version=expected_version)
    consent = Consent(asked.reason, approved_by, approved_on)
    agreed = consent.require(localdate(at))
    assignment = lock(Assignment, asked.assignment_id)
    if department_id is not None:
        unit = _unit(department_id, assignment)
        if unit.pk == assignment.department_id:
            raise InvalidError("请选择另一个单位接办。", code="same_lead")
        asked.handed_to = take_over(assignment, unit, by=by, at=at)
        agreed |= {"unit": unit.name}
        record_work(asked.handed_to, "receive", by=by, at=at, data=agreed)
    elif assignment.reporters.filter(status__in=LIVE).exists():
        raise InvalidError("还有共同承办单位由其填报，请选择由谁接办。", code="no_successor")
    _move_all(assignment, "terminate", consent.reason, by=by, at=at, agreed=agreed)
    return answer(asked, by=by, at=at)


@usecase
def refuse_hand_back(
    *, request_id: int, note: str, by: User, at: datetime, expected_version: int | None = None
) -> HandBack:
    """Refuse, with the reason; the task stays with the unit."""
    asked = take(
        HandBack, request_id, "refuse", by=by, expected_version=expected_version, note=note
    )
    record_work(asked.assignment, "refuse_hand_back", by=by, at=at, note=note.strip())
    return answer(asked, by=by, at=at, words=note.strip())


@usecase
def withdraw_hand_back(
    *, request_id: int, by: User, at: datetime, expected_version: int | None = None
) -> HandBack:
    """Take back what nobody has decided."""
    asked = take(HandBack, request_id, "withdraw", by=by, expected_version=expected_version)
    record_work(asked.assignment, "withdraw_hand_back", by=by, at=at)
    return answer(asked, by=by, at=at)


def _locked(pk: int, by: User, expected_version: int | None = None) -> Assignment:
    """Lock the assignment that reports on a measure, for a change by the coordinator."""
    assignment = lock(Assignment, pk, expected_version)
    authorize(by, "tracking.change_assignment", assignment)
    refuse_unless(assignment.reports_through_id is None, "请在填报单位的交办事项上办理。")
    return assignment


def _unit(pk: int, assignment: Assignment) -> Department:
    unit = Department.objects.filter(pk=pk, district=assignment.department.district_id).first()
    if unit is None:
        raise InvalidError("请在本行政区的单位名录里选择单位。", code="no_unit")
    return unit


def _step(
    step: str, pk: int, consent: Consent, *, by: User, at: datetime, version: int | None
) -> Assignment:
    """Take one step with an assignment, those that report through it, and what they owe."""
    assignment = lock(Assignment, pk, version)
    authorize(by, ASSIGNMENT[step].permission, assignment)
    agreed = consent.require(localdate(at))
    _move_all(assignment, step, consent.reason, by=by, at=at, agreed=agreed)
    return assignment


def _move_all(
    assignment: Assignment,
    step: str,
    reason: str,
    *,
    by: User,
    at: datetime,
    agreed: dict[str, str],
) -> None:
    sources = ASSIGNMENT[step].sources
    followers = assignment.reporters.select_for_update(of=("self",)).filter(status__in=sources)
    for row in [assignment, *followers.order_by("id")]:
        move(row, step, note=reason)
        row.version += 1
        row.save(update_fields=["status", "version"])
        record_work(row, step, by=by, at=at, note=reason.strip(), data=agreed)
    owed = WHAT_IS_OWED[step]
    for milestone in (
        Milestone.objects.select_for_update(of=("self",))
        .filter(assignment=assignment, status__in=MILESTONE[owed].sources)
        .order_by("id")
    ):
        move(milestone, owed)
        milestone.version += 1
        milestone.save(update_fields=["status", "version"])

"""Who takes part, who leads, what rests and what ends: with a reason and a leader's consent."""

from datetime import date
from typing import Any

import pytest

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, Event, User
from plans.choices import ResponsibilityRole
from tests.conftest import NOON, TODAY
from tests.factories import AssignmentFactory, DepartmentFactory, SubmissionFactory, member
from tracking.choices import AssignmentStatus, MilestoneState, MilestoneStatus
from tracking.models import Assignment, Dispatch, Milestone
from tracking.selectors.history import timeline_of
from tracking.usecases import (
    Consent,
    Report,
    add_department,
    ask_hand_back,
    change_lead,
    grant_hand_back,
    refuse_hand_back,
    resume_assignment,
    save_draft,
    suspend_assignment,
    terminate_assignment,
    withdraw_hand_back,
)

CONSENT = Consent("机构职责调整", "马××", TODAY)
AGREED: dict[str, Any] = {"approved_by": "马××", "approved_on": TODAY}


@pytest.fixture
def partner(milestone: Milestone) -> Assignment:
    """A second lead that reports through the bureau."""
    row: Assignment = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=milestone.department.district,
        reports_through=milestone.assignment,
    )
    return row


@pytest.fixture
def stranger(milestone: Milestone) -> Department:
    """A unit that does not take part."""
    unit: Department = DepartmentFactory.create(district=milestone.department.district)
    return unit


def state(milestone: Milestone, on: date = date(2018, 3, 1)) -> str:
    rows: Any = Milestone.objects.with_state(today=on, soon_until=on)
    return str(rows.get(pk=milestone.pk).state)


def test_a_further_unit_takes_part_by_a_supplementary_dispatch(
    milestone: Milestone, stranger: Department, coordinator: User
) -> None:
    Dispatch.objects.create(
        edition=milestone.assignment.dispatch.edition,
        department=stranger,
        issued_on=date(2016, 9, 12),
    )

    added = add_department(
        assignment_id=milestone.assignment_id,
        department_id=stranger.pk,
        role=ResponsibilityRole.SUPPORT,
        consent=CONSENT,
        by=coordinator,
        at=NOON,
    )

    assert added.reports_through == milestone.assignment
    assert (added.dispatch.serial, added.dispatch.issued_on) == (2, TODAY)
    told = timeline_of(milestone.assignment, user=coordinator)[0]
    assert told.what == f"增加承办单位{stranger}（马××2017年11月20日批准）"
    assert told.note == "机构职责调整"
    with pytest.raises(ConflictError, match="已经承办"):
        add_department(
            assignment_id=milestone.assignment_id,
            department_id=stranger.pk,
            role=ResponsibilityRole.SUPPORT,
            consent=CONSENT,
            by=coordinator,
            at=NOON,
        )


@pytest.mark.parametrize("keeps_part", [True, False])
def test_a_new_lead_takes_what_is_open_and_who_reports_through(
    milestone: Milestone,
    partner: Assignment,
    stranger: Department,
    coordinator: User,
    liaison: User,
    keeps_part: bool,
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(narrative="半句"), by=liaison, at=NOON)

    lead = change_lead(
        assignment_id=milestone.assignment_id,
        department_id=stranger.pk,
        keeps_part=keeps_part,
        consent=CONSENT,
        by=coordinator,
        at=NOON,
    )

    milestone.refresh_from_db()
    assert (milestone.assignment, milestone.department) == (lead, stranger)
    partner.refresh_from_db()
    former = Assignment.objects.get(department__memberships__user=liaison)
    assert partner.reports_through == lead
    assert (former.status, former.reports_through) == (
        (AssignmentStatus.IN_PROGRESS, lead) if keeps_part else (AssignmentStatus.TERMINATED, None)
    )
    save_draft(
        milestone_id=milestone.pk,
        report=Report(narrative="接着写"),
        by=member(stranger, Role.LIAISON),
        at=NOON,
    )
    with pytest.raises(ForbiddenError):
        save_draft(milestone_id=milestone.pk, report=Report(), by=liaison, at=NOON)


def test_a_partner_becomes_the_lead_with_its_own_assignment(
    milestone: Milestone, partner: Assignment, coordinator: User
) -> None:
    lead = change_lead(
        assignment_id=milestone.assignment_id,
        department_id=partner.department_id,
        keeps_part=True,
        consent=CONSENT,
        by=coordinator,
        at=NOON,
    )

    assert (lead, lead.reports_through, lead.dispatch) == (partner, None, partner.dispatch)
    assert Milestone.objects.get().assignment == partner


def test_what_rests_is_neither_overdue_nor_owed_until_it_is_resumed(
    milestone: Milestone, partner: Assignment, coordinator: User, liaison: User
) -> None:
    given: dict[str, Any] = {"consent": CONSENT, "by": coordinator, "at": NOON}

    suspend_assignment(assignment_id=milestone.assignment_id, **given)

    later = date(2018, 3, 1)
    assert state(milestone, later) == MilestoneState.SUSPENDED
    assert not Milestone.objects.overdue(today=later).exists()
    assert not Milestone.objects.open().exists()
    partner.refresh_from_db()
    assert partner.status == AssignmentStatus.SUSPENDED
    with pytest.raises(ConflictError):
        save_draft(milestone_id=milestone.pk, report=Report(), by=liaison, at=NOON)

    resume_assignment(assignment_id=milestone.assignment_id, **given)

    assert state(milestone, later) == MilestoneState.OVERDUE_UNREPORTED
    partner.refresh_from_db()
    assert partner.status == AssignmentStatus.IN_PROGRESS


def test_what_is_terminated_is_owed_no_more_and_keeps_what_is_done(
    milestone: Milestone, partner: Assignment, coordinator: User
) -> None:
    done = Milestone.objects.create(
        assignment=milestone.assignment,
        plan=milestone.plan,
        department=milestone.department,
        kind="cycle",
        period="2016",
        what="年度",
        due_on=TODAY,
        original_due_on=TODAY,
        report_by=TODAY,
        status=MilestoneStatus.DONE,
        completed_on=TODAY,
    )

    terminate_assignment(
        assignment_id=milestone.assignment_id, consent=CONSENT, by=coordinator, at=NOON
    )

    statuses = dict(Milestone.objects.values_list("pk", "status"))
    assert statuses == {milestone.pk: "cancelled", done.pk: "done"}
    assert set(Assignment.objects.values_list("status", flat=True)) == {"terminated"}


@pytest.mark.parametrize(
    ("consent", "sentence"),
    [
        (Consent(" ", "马××", TODAY), "理由"),
        (Consent("调整", "", TODAY), "批准领导"),
        (Consent("调整", "马××", date(2017, 11, 21)), "不能晚于今天"),
    ],
)
def test_every_change_names_its_reason_and_who_agreed(
    milestone: Milestone, coordinator: User, consent: Consent, sentence: str
) -> None:
    for change in (suspend_assignment, terminate_assignment):
        with pytest.raises(InvalidError, match=sentence):
            change(assignment_id=milestone.assignment_id, consent=consent, by=coordinator, at=NOON)

    assert not Event.objects.exists()


def test_nobody_but_the_coordinator_changes_an_assignment(
    milestone: Milestone, stranger: Department, liaison: User, supervisor: User, outsider: User
) -> None:
    for person in (liaison, supervisor, outsider):
        given: dict[str, Any] = {"consent": CONSENT, "by": person, "at": NOON}
        for change in (suspend_assignment, resume_assignment, terminate_assignment):
            with pytest.raises(ForbiddenError):
                change(assignment_id=milestone.assignment_id, **given)
        with pytest.raises(ForbiddenError):
            change_lead(
                assignment_id=milestone.assignment_id,
                department_id=stranger.pk,
                keeps_part=True,
                **given,
            )


def test_a_task_handed_back_goes_over_to_another_unit(
    milestone: Milestone, stranger: Department, liaison: User, coordinator: User
) -> None:
    asked = ask_hand_back(
        assignment_id=milestone.assignment_id, reason="非本局职责", by=liaison, at=NOON, today=TODAY
    )
    assert asked.is_late
    assert asked.expected_by == date(2016, 9, 15)

    grant_hand_back(
        request_id=asked.pk, department_id=stranger.pk, by=coordinator, at=NOON, **AGREED
    )

    milestone.refresh_from_db()
    asked.refresh_from_db()
    assert asked.handed_to == milestone.assignment
    assert milestone.department == stranger
    assert milestone.assignment.dispatch.department == stranger
    assert asked.assignment.status == AssignmentStatus.TERMINATED


def test_a_task_handed_back_to_nobody_is_owed_no_more(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    asked = ask_hand_back(
        assignment_id=milestone.assignment_id, reason="重复", by=liaison, at=NOON, today=TODAY
    )

    grant_hand_back(request_id=asked.pk, by=coordinator, at=NOON, **AGREED)

    assert Milestone.objects.get().status == MilestoneStatus.CANCELLED


def test_a_task_through_which_others_report_needs_somebody_to_take_it(
    milestone: Milestone, partner: Assignment, liaison: User, coordinator: User
) -> None:
    asked = ask_hand_back(
        assignment_id=milestone.assignment_id, reason="重复", by=liaison, at=NOON, today=TODAY
    )

    with pytest.raises(InvalidError, match="由谁接办"):
        grant_hand_back(request_id=asked.pk, by=coordinator, at=NOON, **AGREED)

    asked.refresh_from_db()
    assert asked.status == "asked"
    grant_hand_back(
        request_id=asked.pk, department_id=partner.department_id, by=coordinator, at=NOON, **AGREED
    )
    assert Milestone.objects.get().assignment == partner


def test_a_refused_or_withdrawn_request_leaves_the_task(
    milestone: Milestone, liaison: User, coordinator: User, supervisor: User
) -> None:
    def ask() -> int:
        given: dict[str, Any] = {"reason": "非本局职责", "by": liaison, "at": NOON, "today": TODAY}
        return ask_hand_back(assignment_id=milestone.assignment_id, **given).pk

    first = ask()
    with pytest.raises(ConflictError, match="已有一份"):
        ask()
    with pytest.raises(ForbiddenError):
        refuse_hand_back(request_id=first, note="应由你局办理", by=supervisor, at=NOON)
    refuse_hand_back(request_id=first, note="应由你局办理", by=coordinator, at=NOON)
    second = ask()
    withdraw_hand_back(request_id=second, by=liaison, at=NOON)

    assert Assignment.objects.get().status == AssignmentStatus.IN_PROGRESS
    with pytest.raises(ForbiddenError):
        ask_hand_back(
            assignment_id=milestone.assignment_id,
            reason="代为申请",
            by=coordinator,
            at=NOON,
            today=TODAY,
        )


def test_a_report_that_waits_stays_in_the_queue_when_the_lead_changes(
    milestone: Milestone, stranger: Department, coordinator: User
) -> None:
    report = SubmissionFactory.create(milestone=milestone, waiting=True)

    change_lead(
        assignment_id=milestone.assignment_id,
        department_id=stranger.pk,
        keeps_part=False,
        consent=CONSENT,
        by=coordinator,
        at=NOON,
    )

    report.refresh_from_db()
    assert (report.status, report.milestone.department) == ("submitted", stranger)

"""领导批示 put on record and answered; and calls by telephone."""

from datetime import date, datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.files import Upload, store
from accounts.models import Department, User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Instruction, Milestone, Sheet, Submission
from tracking.usecases.history import record_work
from tracking.usecases.replacing import assignment_of
from tracking.usecases.submissions import refuse_secrets

SCANS = (".pdf", ".jpg", ".jpeg", ".png")


@usecase
def record_instruction(
    *,
    assignment_id: int,
    leader: str,
    given_on: date,
    words: str,
    addressed_to: int,
    by: User,
    at: datetime,
    today: date,
    answer_by: date | None = None,
    scan: Upload | None = None,
) -> Instruction:
    """Put on record what a leader wrote on a task, for which unit and by when to answer."""
    assignment = lock(Assignment, assignment_id)
    authorize(by, "tracking.record_instruction", assignment)
    district = assignment.department.district
    unit = Department.objects.filter(pk=addressed_to, district=district).first()
    if unit is None or assignment_of(assignment, unit) is None:
        raise InvalidError("请在承办这项任务的单位里选择办理单位。", code="no_unit")
    if not leader.strip() or not words.strip():
        raise InvalidError("请填写批示领导和批示内容。", code="no_words")
    if given_on > today:
        raise InvalidError("批示日期不能晚于今天。", code="given_in_the_future")
    if answer_by is not None and answer_by < given_on:
        raise InvalidError("回复期限不能早于批示日期。", code="answer_before")
    refuse_secrets(words)
    instruction = Instruction.objects.create(
        assignment=assignment,
        leader=leader.strip(),
        given_on=given_on,
        words=words.strip(),
        scan=store(scan, district=district, department=unit, by=by, at=at, kinds=SCANS)
        if scan
        else None,
        addressed_to=unit,
        answer_by=answer_by,
        recorded_by=by,
        recorded_at=at,
    )
    _tell(instruction, "instruct", instruction.words, by=by, at=at)
    return instruction


@usecase
def answer_instruction(
    *,
    instruction_id: int,
    answer: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Instruction:
    """Say what was done on an instruction, once; the unit it went to answers."""
    instruction = lock(Instruction, instruction_id, expected_version)
    authorize(by, "tracking.answer_instruction", instruction)
    refuse_unless(instruction.answered_at is None, "这件批示已经回复。")
    if not answer.strip():
        raise InvalidError("请填写办理情况。", code="no_answer")
    refuse_secrets(answer)
    instruction.answer = answer.strip()
    instruction.answered_by, instruction.answered_at = by, at
    instruction.version += 1
    instruction.save()
    _tell(instruction, "answer_instruction", instruction.answer, by=by, at=at)
    return instruction


def _tell(instruction: Instruction, action: str, note: str, *, by: User, at: datetime) -> None:
    record_work(
        instruction.assignment,
        action,
        by=by,
        at=at,
        note=note,
        data={
            "leader": instruction.leader,
            "given_on": instruction.given_on.isoformat(),
            "unit": instruction.addressed_to.name,
        },
    )


@usecase
def record_call(*, milestone_id: int, person: str, by: User, at: datetime) -> Milestone:
    """Note that somebody of the unit was telephoned about a milestone."""
    milestone = lock(Milestone, milestone_id)
    authorize(by, "tracking.record_call", milestone)
    refuse_unless(milestone.status == MilestoneStatus.OPEN, "这个时间节点不用再催。")
    record_work(
        milestone,
        "call",
        by=by,
        at=at,
        data={"unit": milestone.department.name, "person": person.strip()[:40]},
    )
    return milestone


@usecase
def record_sheet_call(*, sheet_id: int, person: str, by: User, at: datetime) -> Sheet:
    """Note that somebody of the unit was telephoned about its yearly sheet."""
    sheet = lock(Sheet, sheet_id)
    authorize(by, "tracking.record_call", sheet)
    back = Submission.objects.filter(milestone__sheet=sheet, status=SubmissionStatus.RETURNED)
    refuse_unless(
        Sheet.objects.unsent().filter(pk=sheet.pk).exists() or back.exists(),
        "这张集中填报表已经报送，不用再催。",
    )
    record(
        sheet,
        "call",
        by=by,
        at=at,
        within=sheet.year,
        district=sheet.department.district_id,
        department=sheet.department_id,
        data={"unit": sheet.department.name, "person": person.strip()[:40]},
    )
    return sheet

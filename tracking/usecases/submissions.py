"""进展反馈: written by a liaison, signed off in the house, sent to the reviewers."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError, StaleError
from accounts.files import Upload, store
from accounts.models import Department, User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.completeness import require_complete
from tracking.models import Evidence, Milestone, Submission
from tracking.transitions import SUBMISSION, move
from tracking.usecases.history import record_work
from tracking.usecases.metrics import NewReading, copy_readings, keep_readings

MARKED_SECRET = re.compile(r"(?:秘密|机密|绝密)\s*[★☆]")
MARKED_INTERNAL = re.compile(
    r"内部(?!控制|审计|监督|管理|制约|流程|治理|审核|考核|机构|分工|规章|整改)"
)
OPEN = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF, SubmissionStatus.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Report:
    """What a liaison says of a milestone."""

    work_status: str = ""
    completed_on: date | None = None
    is_unchanged: bool = False
    narrative: str = ""
    times: int | None = None
    problems: str = ""
    next_steps: str = ""
    help_wanted: str = ""
    expected_on: date | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is written in words."""
        return self.narrative, self.problems, self.next_steps, self.help_wanted


SAID = [field.name for field in fields(Report)]


def said(submission: Submission) -> Report:
    """Return what stands in a report."""
    return Report(**{name: getattr(submission, name) for name in SAID})


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A document to add: at least its name; the file is optional."""

    name: str
    document_number: str = ""
    issued_on: date | None = None
    url: str = ""
    upload: Upload | None = None


@usecase
def save_draft(
    *,
    milestone_id: int,
    report: Report,
    by: User,
    at: datetime,
    evidence: Sequence[NewEvidence] = (),
    drop_evidence: Collection[int] = (),
    readings: Sequence[NewReading] | None = None,
    draft_id: int | None = None,
    expected_version: int | None = None,
    is_by_itself: bool = False,
) -> Submission:
    """Keep what is written, whole or not; the first save starts the next report.

    The next report after a return takes the evidence of the returned one along, but for what
    ``drop_evidence`` names. ``draft_id`` and ``expected_version`` are those of the draft that was
    on the screen; version 0 where there was none. What the page keeps by itself while a person
    types is no step of theirs and leaves no entry. ``readings`` replace the figures; None keeps.
    """
    draft = keep_draft(
        lock(Milestone, milestone_id),
        report,
        by=by,
        at=at,
        without=drop_evidence,
        draft_id=draft_id,
        expected_version=expected_version,
        is_by_itself=is_by_itself,
    )
    for document in evidence:
        add_evidence(draft, document, by=by, at=at)
    if readings is not None:
        keep_readings(draft, readings)
    return draft


def keep_draft(
    milestone: Milestone,
    report: Report,
    *,
    by: User,
    at: datetime,
    without: Collection[int] = (),
    draft_id: int | None = None,
    expected_version: int | None = None,
    is_by_itself: bool = False,
) -> Submission:
    """Keep what is written on one locked milestone."""
    authorize(by, "tracking.edit_submission", milestone)
    refuse_unless(milestone.status == MilestoneStatus.OPEN, "这个时间节点已经办结，不用再填。")
    for text in report.texts:
        refuse_secrets(text)
    draft = _open_draft(milestone, draft_id, expected_version) or _start(
        milestone, without=without, by=by, at=at
    )
    for name in SAID:
        value = getattr(report, name)
        setattr(draft, name, value.strip() if isinstance(value, str) else value)
    draft.updated_at = at
    draft.version += 1
    draft.save(update_fields=[*SAID, "updated_at", "version"])
    draft.evidence.filter(pk__in=without).delete()
    if not is_by_itself:
        record_work(draft, "save", by=by, at=at)
    return draft


def _open_draft(
    milestone: Milestone, draft_id: int | None, expected_version: int | None
) -> Submission | None:
    found: Submission | None = (
        milestone.submissions.select_for_update().filter(status__in=OPEN).first()
    )
    refuse_unless(
        found is None or found.status == SubmissionStatus.DRAFT,
        "上一次反馈还在审签或待审核，收回后才能修改。",
    )
    refuse_unless(
        draft_id is None or (found is not None and found.pk == draft_id),
        "这次反馈已经审核，不能再修改；请另起一次反馈。",
    )
    if expected_version is not None and (found.version if found else 0) != expected_version:
        raise StaleError
    return found


def _start(milestone: Milestone, *, without: Collection[int], by: User, at: datetime) -> Submission:
    last = milestone.submissions.order_by("-number").first()
    draft = Submission.objects.create(
        milestone=milestone,
        number=last.number + 1 if last else 1,
        author=by,
        created_at=at,
        updated_at=at,
        version=0,
    )
    if last and last.status == SubmissionStatus.RETURNED:
        copy_readings(last, draft)
        for document in last.evidence.exclude(pk__in=without):
            document.pk = None
            document.submission = draft
            document.save(force_insert=True)
    return draft


def add_evidence(draft: Submission, new: NewEvidence, *, by: User, at: datetime) -> None:
    """Add a document to a locked draft, with its file."""
    department = draft.milestone.department
    stored = (
        store(new.upload, district=department.district, department=department, by=by, at=at)
        if new.upload
        else None
    )
    name = new.name.strip() or (stored.name if stored else "")
    if not name:
        raise InvalidError("请填写佐证材料的文件名称。")
    refuse_secrets(name)
    Evidence.objects.create(
        submission=draft,
        name=name,
        document_number=new.document_number.strip(),
        issued_on=new.issued_on,
        url=new.url,
        file=stored,
    )


def refuse_secrets(text: str) -> None:
    """Raise InvalidError for words that bear a mark of secrecy."""
    if MARKED_SECRET.search(text):
        raise InvalidError(
            "内容带有密级标志（秘密★、机密★或绝密★）。本系统为非涉密系统，不能填报、上传涉密信息。",
            code="marked_secret",
        )


@usecase
def send_for_sign_off(
    *, submission_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Submission:
    """Put a complete draft before the head of the unit."""
    submission = lock(Submission, submission_id, expected_version)
    authorize(by, SUBMISSION["send_for_sign_off"].permission, submission)
    require_complete(submission, on=None)
    return _move(submission, "send_for_sign_off", by=by, at=at)


@usecase
def take_back(
    *, submission_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Submission:
    """Make a draft again of what nobody has decided on."""
    submission = lock(Submission, submission_id, expected_version)
    authorize(by, SUBMISSION["take_back"].permission, submission)
    return _move(submission, "take_back", by=by, at=at)


@usecase
def submit(
    *,
    submission_id: int,
    signed_by: str,
    signed_on: date,
    by: User,
    at: datetime,
    today: date,
    is_cleared: bool = False,
    expected_version: int | None = None,
) -> Submission:
    """Send a report to the reviewers; the head who signed it, on paper by default, is named.

    What is marked 内部 leaves the house only when ``is_cleared`` says that somebody looked.
    """
    submission = lock(Submission, submission_id, expected_version, along="milestone")
    if not is_cleared and is_marked_internal(submission):
        raise InvalidError(
            "内容或材料标有“内部”，请核对是否可以在本系统报送，确认后可报送。",
            code="marked_internal",
        )
    return send(submission, signed_by=signed_by, signed_on=signed_on, by=by, at=at, today=today)


def send(
    submission: Submission,
    *,
    signed_by: str,
    signed_on: date,
    by: User,
    at: datetime,
    today: date,
) -> Submission:
    """Send one locked report on its way."""
    authorize(by, SUBMISSION["submit"].permission, submission)
    refuse_unless(
        submission.milestone.status == MilestoneStatus.OPEN, "这个时间节点已经办结，不用再报。"
    )
    require_complete(submission, on=today)
    signed_by, signed_on = signature_of(
        submission.milestone.department, signed_by, signed_on, by=by, today=today
    )
    if not signed_by.strip():
        raise InvalidError("请填写审签人。", code="no_signature")
    if signed_on > today:
        raise InvalidError("审签日期不能晚于今天。", code="signed_in_the_future")
    submission.signed_by = signed_by.strip()
    submission.signed_on = signed_on
    submission.submitted_at = at
    return _move(submission, "submit", by=by, at=at)


def signature_of(
    unit: Department, signed_by: str, signed_on: date, *, by: User, today: date
) -> tuple[str, date]:
    """Return who signed and when: where the unit signs online, the person at the screen, today."""
    return (by.name, today) if unit.signs_online else (signed_by, signed_on)


def is_marked_internal(submission: Submission) -> bool:
    """Say whether the words of a report or the names of its documents bear the word 内部."""
    names = submission.evidence.values_list("name", "file__name")
    texts = [*said(submission).texts, *(name for pair in names for name in pair if name)]
    return any(MARKED_INTERNAL.search(text) for text in texts)


def _move(submission: Submission, step: str, *, by: User, at: datetime) -> Submission:
    move(submission, step)
    submission.version += 1
    submission.save()
    record_work(submission, step, by=by, at=at)
    return submission

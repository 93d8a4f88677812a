"""Reports: kept, signed off, sent, taken back, and mended after a return."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import Role
from accounts.errors import (
    ConflictError,
    ForbiddenError,
    IllegalTransitionError,
    InvalidError,
    StaleError,
)
from accounts.files import path_of
from accounts.models import Department, Event, StoredFile, User
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory, SubmissionFactory, member
from tracking.choices import Decision, SubmissionStatus, WorkStatus
from tracking.models import Milestone, Submission
from tracking.usecases import (
    NewEvidence,
    Report,
    accept_submission,
    return_submission,
    save_draft,
    send_for_sign_off,
    submit,
    take_back,
)

WHOLE = Report(work_status=WorkStatus.IN_PROGRESS, narrative="清单正在征求意见")


@pytest.fixture
def milestone(bureau: Department) -> Milestone:
    return MilestoneFactory.create(department=bureau)


def keep(milestone: Milestone, by: User, report: Report = WHOLE, **options: Any) -> Submission:
    return save_draft(milestone_id=milestone.pk, report=report, by=by, at=NOON, **options)


def send(submission: Submission, by: User, **options: Any) -> Submission:
    given: dict[str, Any] = {"signed_by": "李局长", "signed_on": TODAY}
    return submit(submission_id=submission.pk, by=by, at=NOON, today=TODAY, **(given | options))


def send_back(submission: Submission, by: User) -> Submission:
    return return_submission(
        submission_id=submission.pk,
        note="缺少佐证材料",
        redo_by=date(2017, 11, 24),
        by=by,
        at=NOON,
        today=TODAY,
    )


def test_the_first_save_starts_the_first_report_and_the_next_ones_continue_it(
    milestone: Milestone, liaison: User
) -> None:
    first = keep(milestone, liaison, Report(narrative="半句"))
    second = keep(milestone, liaison)

    assert first == second
    assert (second.number, second.version, second.narrative) == (1, 2, "清单正在征求意见")
    assert list(Event.objects.order_by("seq").values_list("action", flat=True)) == ["save", "save"]


def test_colleagues_of_the_unit_share_one_draft(
    milestone: Milestone, liaison: User, bureau: Department
) -> None:
    draft = keep(milestone, liaison)

    again = keep(milestone, member(bureau, Role.HEAD), Report(narrative="局长改过"))

    assert again == draft
    assert again.author == liaison


def test_only_the_reporting_unit_may_write(
    milestone: Milestone, coordinator: User, supervisor: User, outsider: User
) -> None:
    for stranger in (coordinator, supervisor, outsider):
        with pytest.raises(ForbiddenError):
            keep(milestone, stranger)

    assert not Submission.objects.exists()
    assert Event.objects.filter(result="denied").count() == 3


def test_a_milestone_that_is_done_takes_no_report(bureau: Department, liaison: User) -> None:
    done = MilestoneFactory.create(department=bureau, done=True)

    with pytest.raises(ConflictError, match="已经办结"):
        keep(done, liaison)


@pytest.mark.parametrize("status", [SubmissionStatus.SIGN_OFF, SubmissionStatus.SUBMITTED])
def test_what_is_out_of_hand_is_not_written_on(
    milestone: Milestone, liaison: User, status: SubmissionStatus
) -> None:
    SubmissionFactory.create(milestone=milestone, status=status, submitted_at=NOON)

    with pytest.raises(ConflictError, match="收回后才能修改"):
        keep(milestone, liaison)


def test_two_people_who_start_at_once_do_not_overwrite_each_other(
    milestone: Milestone, liaison: User
) -> None:
    keep(milestone, liaison, expected_version=0)

    with pytest.raises(StaleError):
        keep(milestone, liaison, Report(narrative="另一稿"), expected_version=0)

    assert Submission.objects.get().narrative == "清单正在征求意见"


def test_a_draft_changed_meanwhile_is_not_overwritten(milestone: Milestone, liaison: User) -> None:
    seen = keep(milestone, liaison)
    keep(milestone, liaison, Report(narrative="同事改过"), expected_version=seen.version)

    with pytest.raises(StaleError):
        keep(milestone, liaison, expected_version=seen.version)
    with pytest.raises(StaleError):
        send(seen, liaison, expected_version=seen.version)

    assert Submission.objects.get().narrative == "同事改过"


@pytest.mark.parametrize("mark", ["秘密★", "机密 ★5年", "绝密☆"])
def test_words_and_names_marked_secret_are_not_kept(
    milestone: Milestone, liaison: User, mark: str
) -> None:
    with pytest.raises(InvalidError, match="密级标志") as refused:
        keep(milestone, liaison, Report(narrative=f"正文 {mark}"))
    with pytest.raises(InvalidError, match="密级标志"):
        keep(milestone, liaison, evidence=[NewEvidence(name=f"通知{mark}")])

    assert refused.value.code == "marked_secret"
    assert not Submission.objects.exists()


def test_words_that_only_speak_of_secrets_are_kept(milestone: Milestone, liaison: User) -> None:
    draft = keep(milestone, liaison, Report(narrative="开展商业秘密保护宣传"))

    assert draft.narrative == "开展商业秘密保护宣传"


def test_evidence_is_stored_with_its_unit_and_named_after_its_file(
    milestone: Milestone, liaison: User, bureau: Department
) -> None:
    upload = SimpleUploadedFile("清单.txt", "清单".encode())

    draft = keep(milestone, liaison, evidence=[NewEvidence(name="", upload=upload)])

    document = draft.evidence.get()
    assert document.name == "清单.txt"
    assert document.file is not None
    assert document.file.department == bureau
    assert path_of(document.file).read_text() == "清单"


def test_a_bad_file_leaves_neither_a_draft_nor_a_row(milestone: Milestone, liaison: User) -> None:
    bad = NewEvidence(name="程序", upload=SimpleUploadedFile("a.exe", b"MZ"))

    with pytest.raises(InvalidError, match="exe"):
        keep(milestone, liaison, evidence=[bad])

    assert not Submission.objects.exists()
    assert not StoredFile.objects.filter(name="a.exe").exists()


def test_evidence_without_a_name_and_a_file_is_refused(milestone: Milestone, liaison: User) -> None:
    with pytest.raises(InvalidError, match="文件名称"):
        keep(milestone, liaison, evidence=[NewEvidence(name=" ", document_number="8号")])


def test_evidence_can_be_dropped_from_a_draft(milestone: Milestone, liaison: User) -> None:
    draft = keep(milestone, liaison, evidence=[NewEvidence(name="甲"), NewEvidence(name="乙")])

    keep(milestone, liaison, drop_evidence=[draft.evidence.get(name="甲").pk])

    assert [row.name for row in draft.evidence.all()] == ["乙"]


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report(narrative="正文"), "no_work_status"),
        (Report(work_status="completed", narrative="正文"), "no_completed_on"),
        (Report(work_status="in_progress"), "no_narrative"),
        (Report(work_status="in_progress", is_unchanged=True), "nothing_before"),
    ],
)
def test_what_is_not_whole_neither_goes_to_the_head_nor_leaves(
    milestone: Milestone, liaison: User, report: Report, code: str
) -> None:
    draft = keep(milestone, liaison, report)

    with pytest.raises(InvalidError) as unsigned:
        send_for_sign_off(submission_id=draft.pk, by=liaison, at=NOON)
    with pytest.raises(InvalidError) as unsent:
        send(draft, liaison)

    assert (unsigned.value.code, unsent.value.code) == (code, code)
    draft.refresh_from_db()
    assert draft.status == SubmissionStatus.DRAFT


def test_work_cannot_be_completed_in_the_future(milestone: Milestone, liaison: User) -> None:
    tomorrow = TODAY + timedelta(days=1)
    draft = keep(milestone, liaison, Report("completed", tomorrow, False, "正文"))

    with pytest.raises(InvalidError) as refused:
        send(draft, liaison)

    assert refused.value.code == "completed_in_the_future"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ({"signed_by": "  "}, "no_signature"),
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_in_the_future"),
    ],
)
def test_nothing_leaves_the_house_without_a_signature(
    milestone: Milestone, liaison: User, signature: dict[str, Any], code: str
) -> None:
    draft = keep(milestone, liaison)

    with pytest.raises(InvalidError) as refused:
        send(draft, liaison, **signature)

    assert refused.value.code == code


def test_a_report_is_sent_from_a_draft_and_from_the_heads_desk(
    milestone: Milestone, liaison: User, bureau: Department
) -> None:
    draft = keep(milestone, liaison)
    send_for_sign_off(submission_id=draft.pk, by=liaison, at=NOON)

    sent = send(draft, member(bureau, Role.HEAD))

    assert sent.status == SubmissionStatus.SUBMITTED
    assert (sent.signed_by, sent.signed_on, sent.submitted_at) == ("李局长", TODAY, NOON)
    steps = Event.objects.about(milestone.assignment).order_by("seq")
    assert list(steps.values_list("action", flat=True)) == ["save", "send_for_sign_off", "submit"]


@pytest.mark.parametrize("is_signed", [False, True])
def test_what_nobody_decided_on_can_be_taken_back_and_sent_again(
    milestone: Milestone, liaison: User, is_signed: bool
) -> None:
    draft = keep(milestone, liaison)
    if is_signed:
        send(draft, liaison)
    else:
        send_for_sign_off(submission_id=draft.pk, by=liaison, at=NOON)

    back = take_back(submission_id=draft.pk, by=liaison, at=NOON)
    again = send(keep(milestone, liaison), liaison)

    assert back.status == SubmissionStatus.DRAFT
    assert (again.pk, again.number) == (draft.pk, 1)


def test_what_was_decided_on_cannot_be_taken_back(
    milestone: Milestone, liaison: User, supervisor: User
) -> None:
    sent = send(keep(milestone, liaison), liaison)
    send_back(sent, supervisor)

    with pytest.raises(IllegalTransitionError):
        take_back(submission_id=sent.pk, by=liaison, at=NOON)


def test_others_can_neither_send_nor_take_back(
    milestone: Milestone, liaison: User, outsider: User, supervisor: User
) -> None:
    draft = keep(milestone, liaison)
    for stranger in (outsider, supervisor):
        with pytest.raises(ForbiddenError):
            send(draft, stranger)
    send(draft, liaison)

    for stranger in (outsider, supervisor):
        with pytest.raises(ForbiddenError):
            take_back(submission_id=draft.pk, by=stranger, at=NOON)


def test_the_report_after_a_return_is_a_new_one_with_the_old_documents(
    milestone: Milestone, liaison: User, supervisor: User
) -> None:
    draft = keep(milestone, liaison, evidence=[NewEvidence(name="甲"), NewEvidence(name="乙")])
    returned = send_back(send(draft, liaison), supervisor)
    dropped = returned.evidence.get(name="甲").pk

    again = keep(milestone, liaison, drop_evidence=[dropped], expected_version=0)

    assert (again.number, again.status) == (2, SubmissionStatus.DRAFT)
    assert [row.name for row in again.evidence.all()] == ["乙"]
    assert [row.name for row in returned.evidence.all()] == ["甲", "乙"]
    returned.refresh_from_db()
    assert returned.status == SubmissionStatus.RETURNED


def test_the_report_after_an_accepted_one_starts_empty_and_may_say_no_change(
    milestone: Milestone, liaison: User, supervisor: User
) -> None:
    first = send(keep(milestone, liaison, evidence=[NewEvidence(name="甲")]), liaison)
    accept_submission(submission_id=first.pk, decision=Decision.NOTED, by=supervisor, at=NOON)

    again = keep(milestone, liaison, Report(WorkStatus.IN_PROGRESS, is_unchanged=True))
    sent = send(again, liaison)

    assert (sent.number, sent.evidence.count()) == (2, 0)


def test_a_draft_remembers_when_it_was_last_written_on(milestone: Milestone, liaison: User) -> None:
    later = NOON + timedelta(hours=1)
    keep(milestone, liaison)

    draft = save_draft(milestone_id=milestone.pk, report=WHOLE, by=liaison, at=later)

    moments: tuple[datetime, datetime] = (draft.created_at, draft.updated_at)
    assert moments == (NOON, later)

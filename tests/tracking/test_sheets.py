"""集中填报: kept row by row, sent as one, decided row by row."""

from datetime import date, datetime

import pytest

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from accounts.models import User
from tests.conftest import SHANGHAI
from tests.factories import (
    DepartmentFactory,
    MilestoneFactory,
    RecurrenceFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import (
    AssignmentStatus,
    MilestoneKind,
    MilestoneStatus,
    SubmissionStatus,
    WorkStatus,
)
from tracking.models import Assignment, Milestone, Sheet, Submission
from tracking.usecases import (
    Report,
    SheetRow,
    accept_rows,
    return_submission,
    save_sheet,
    submit_sheet,
    take_back_sheet,
)

TODAY = date(2017, 12, 15)
NOON = datetime(2017, 12, 15, 12, 0, tzinfo=SHANGHAI)
WRITTEN = Report(work_status=WorkStatus.IN_PROGRESS, narrative="已组织两次集中学法")


def fill_in(sheet: Sheet, by: User, report: Report = WRITTEN) -> None:
    rows = {row.pk: SheetRow(report, 0) for row in sheet.milestones.all()}
    save_sheet(sheet_id=sheet.pk, rows=rows, by=by, at=NOON)


def send(sheet: Sheet, by: User) -> Sheet:
    return submit_sheet(
        sheet_id=sheet.pk, signed_by="张××", signed_on=TODAY, by=by, at=NOON, today=TODAY
    )


def test_a_sheet_is_sent_with_one_signature(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison)

    send(sheet, liaison)

    rows = Submission.objects.order_by("pk").values_list("status", "signed_by")
    assert set(rows) == {(SubmissionStatus.SUBMITTED, "张××")}
    sheet.refresh_from_db()
    assert (sheet.signed_by, sheet.submitted_at) == ("张××", NOON)


def test_a_sheet_with_an_empty_row_says_which_and_sends_nothing(
    sheet: Sheet, liaison: User
) -> None:
    first, second = sheet.milestones.select_related("assignment__measure").order_by("id")
    save_sheet(sheet_id=sheet.pk, rows={first.pk: SheetRow(WRITTEN)}, by=liaison, at=NOON)

    with pytest.raises(InvalidError, match=f"{second.reference}：还没有填写"):
        send(sheet, liaison)

    assert Submission.objects.get().status == SubmissionStatus.DRAFT


def test_half_a_row_can_be_kept(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison, Report(narrative="只写了一半"))

    assert set(Submission.objects.values_list("narrative", flat=True)) == {"只写了一半"}


def test_a_row_that_somebody_else_kept_meanwhile_is_not_overwritten(
    sheet: Sheet, liaison: User
) -> None:
    fill_in(sheet, liaison)

    with pytest.raises(StaleError):
        fill_in(sheet, liaison, Report(narrative="旧页面"))

    assert not Submission.objects.filter(narrative="旧页面").exists()


def test_a_row_of_another_sheet_is_refused(sheet: Sheet, liaison: User) -> None:
    stranger = MilestoneFactory.create()

    with pytest.raises(InvalidError):
        save_sheet(sheet_id=sheet.pk, rows={stranger.pk: SheetRow(WRITTEN)}, by=liaison, at=NOON)


def test_nobody_fills_in_the_sheet_of_another_unit(sheet: Sheet) -> None:
    stranger = member(DepartmentFactory.create(), Role.LIAISON)

    with pytest.raises(ForbiddenError):
        fill_in(sheet, stranger)


def test_an_accepted_row_of_the_year_is_done_without_a_day_of_completion(
    sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    versions = dict(Submission.objects.values_list("pk", "version"))

    accept_rows(versions=versions, by=supervisor, at=NOON)

    assert set(sheet.milestones.values_list("status", flat=True)) == {MilestoneStatus.DONE}


def test_several_rows_are_accepted_all_or_none(
    sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    first, second = Submission.objects.order_by("pk")

    with pytest.raises(StaleError):
        accept_rows(
            versions={first.pk: first.version, second.pk: second.version - 1},
            by=supervisor,
            at=NOON,
        )

    assert not Submission.objects.filter(status=SubmissionStatus.ACCEPTED).exists()


def test_a_returned_row_goes_again_alone(sheet: Sheet, liaison: User, supervisor: User) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    back = Submission.objects.order_by("pk")[0]
    return_submission(
        submission_id=back.pk,
        note="缺次数",
        redo_by=date(2017, 12, 29),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )
    save_sheet(
        sheet_id=sheet.pk,
        rows={back.milestone_id: SheetRow(WRITTEN, 0)},
        by=liaison,
        at=NOON,
    )

    send(sheet, liaison)

    assert Submission.objects.filter(status=SubmissionStatus.SUBMITTED).count() == 2
    assert Submission.objects.get(number=2).milestone_id == back.milestone_id


def test_a_sheet_without_anything_new_is_not_sent_again(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)

    with pytest.raises(ConflictError, match="没有要报送的内容"):
        send(sheet, liaison)


def test_nothing_is_written_before_the_sheet_opens(sheet: Sheet, liaison: User) -> None:
    rows = {row.pk: SheetRow(WRITTEN, 0) for row in sheet.milestones.all()}

    with pytest.raises(ConflictError, match="12月11日开始"):
        save_sheet(
            sheet_id=sheet.pk,
            rows=rows,
            by=liaison,
            at=datetime(2017, 12, 10, 23, 59, tzinfo=SHANGHAI),
        )


def test_a_sheet_sent_after_its_last_day_is_late(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison)

    sent = submit_sheet(
        sheet_id=sheet.pk,
        signed_by="张××",
        signed_on=TODAY,
        by=liaison,
        at=datetime(2017, 12, 23, 9, 0, tzinfo=SHANGHAI),
        today=date(2017, 12, 23),
    )

    assert sent.is_late


def test_a_sheet_can_be_taken_back_until_somebody_decides(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)

    taken = take_back_sheet(sheet_id=sheet.pk, by=liaison, at=NOON)

    assert set(Submission.objects.values_list("status", flat=True)) == {SubmissionStatus.DRAFT}
    assert taken.submitted_at is None
    assert Sheet.objects.unsent().get() == sheet


def test_what_was_decided_is_not_taken_back(sheet: Sheet, liaison: User, supervisor: User) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    accept_rows(
        versions=dict(Submission.objects.values_list("pk", "version")), by=supervisor, at=NOON
    )

    with pytest.raises(ConflictError, match="不能收回"):
        take_back_sheet(sheet_id=sheet.pk, by=liaison, at=NOON)


def test_a_duty_with_a_count_asks_how_often(sheet: Sheet, liaison: User) -> None:
    row = sheet.milestones.order_by("id")[0]
    recurrence = RecurrenceFactory.create(measure=row.assignment.measure, times=2)
    Milestone.objects.filter(pk=row.pk).update(kind=MilestoneKind.OCCURRENCE, recurrence=recurrence)
    fill_in(sheet, liaison)

    with pytest.raises(InvalidError, match="请填写本年次数"):
        send(sheet, liaison)


def test_no_change_may_stand_alone_after_an_accepted_year(sheet: Sheet, liaison: User) -> None:
    unchanged = Report(work_status=WorkStatus.IN_PROGRESS, is_unchanged=True)
    for row in sheet.milestones.all():
        last_year = MilestoneFactory.create(
            assignment=row.assignment, kind=MilestoneKind.CYCLE, deadline=None, period="2016"
        )
        SubmissionFactory.create(milestone=last_year, accepted=True)
    fill_in(sheet, liaison, unchanged)

    send(sheet, liaison)

    assert Submission.objects.waiting().count() == 2


def test_the_first_year_no_change_does_not_stand_alone(sheet: Sheet, liaison: User) -> None:
    fill_in(sheet, liaison, Report(work_status=WorkStatus.IN_PROGRESS, is_unchanged=True))

    with pytest.raises(InvalidError, match="第一次反馈不能只填"):
        send(sheet, liaison)


def test_of_two_returned_rows_one_can_go_again_before_the_other(
    sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    for back in Submission.objects.order_by("pk"):
        return_submission(
            submission_id=back.pk,
            note="缺次数",
            redo_by=date(2017, 12, 29),
            by=supervisor,
            at=NOON,
            today=TODAY,
        )
    first = sheet.milestones.order_by("id")[0]
    save_sheet(sheet_id=sheet.pk, rows={first.pk: SheetRow(WRITTEN, 0)}, by=liaison, at=NOON)

    send(sheet, liaison)

    assert Submission.objects.waiting().get().milestone == first


@pytest.mark.parametrize("status", [AssignmentStatus.IN_PROGRESS, AssignmentStatus.DONE])
def test_an_accepted_year_ends_no_assignment_and_needs_none_open(
    sheet: Sheet, liaison: User, supervisor: User, status: AssignmentStatus
) -> None:
    Assignment.objects.update(status=status)
    fill_in(sheet, liaison)
    send(sheet, liaison)

    accept_rows(
        versions=dict(Submission.objects.values_list("pk", "version")), by=supervisor, at=NOON
    )

    assert set(Assignment.objects.values_list("status", flat=True)) == {status}

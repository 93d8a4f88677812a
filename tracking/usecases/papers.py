"""Putting on record that a paper of supervision was sent."""

from datetime import date, datetime

from accounts.authorize import authorize
from accounts.choices import GOVERNMENT_SIDE
from accounts.errors import InvalidError
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from tracking.choices import MilestoneStatus, PaperKind
from tracking.models import Milestone, SentPaper
from tracking.usecases.history import record_work


@usecase
def record_paper(
    *,
    milestone_id: int,
    kind: PaperKind,
    number: str,
    issued_on: date,
    answer_by: date,
    by: User,
    at: datetime,
    today: date,
) -> SentPaper:
    """Note number and day of a paper sent to a government unit about what is past its day; a
    督办通知单 follows a 催办单."""
    milestone = lock(Milestone, milestone_id)
    authorize(by, "tracking.record_paper", milestone)
    refuse_unless(milestone.status == MilestoneStatus.OPEN, "这个时间节点不用再催。")
    refuse_unless(
        milestone.department.kind in GOVERNMENT_SIDE,
        "不属政府口的单位不发催办单、督办通知单，请商请或由区委督查室协调。",
    )
    number = number.strip()
    if not number:
        raise InvalidError("请填写编号。", code="no_number")
    if issued_on > today:
        raise InvalidError("发出日期不能晚于今天。", code="issued_in_the_future")
    if issued_on <= milestone.due_on:
        raise InvalidError("发出日期要在完成时限以后，没有到期的不发文书。", code="issued_early")
    if answer_by < issued_on:
        raise InvalidError("反馈期限不能早于发出日期。", code="answer_too_early")
    papers = SentPaper.objects.filter(milestone=milestone)
    refuse_unless(
        kind == PaperKind.URGE or papers.filter(kind=PaperKind.URGE).exists(),
        "督办通知单在催办单逾期未复以后发，请先登记催办单。",
    )
    refuse_unless(not papers.filter(kind=kind, number=number).exists(), "这份文书已经登记过。")
    paper = SentPaper.objects.create(
        milestone=milestone,
        kind=kind,
        number=number,
        issued_on=issued_on,
        answer_by=answer_by,
        recorded_by=by,
        recorded_at=at,
    )
    data = {
        "paper": str(PaperKind(kind).label),
        "number": number,
        "issued_on": issued_on.isoformat(),
        "answer_by": answer_by.isoformat(),
    }
    record_work(milestone, "record_paper", by=by, at=at, data=data)
    return paper

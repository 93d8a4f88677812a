"""What to check before a report leaves the house: remarks, not walls."""

from datetime import date
from typing import Any

import pytest

from tests.conftest import TODAY
from tests.factories import SubmissionFactory
from tracking.choices import WorkStatus
from tracking.models import Evidence, Milestone, Submission
from tracking.selectors.remarks import remarks_on


def written(milestone: Milestone, **said: Any) -> Submission:
    draft: Submission = SubmissionFactory.create(milestone=milestone, **said)
    return draft


def remarks(draft: Submission) -> str:
    return "".join(remarks_on(draft, draft.milestone, on=TODAY))


def test_what_is_begun_and_in_time_brings_up_nothing(milestone: Milestone) -> None:
    assert remarks(written(milestone, narrative="正在征求意见")) == ""


def test_a_claim_without_a_document_is_asked_about(milestone: Milestone) -> None:
    draft = written(
        milestone, work_status=WorkStatus.COMPLETED, completed_on=TODAY, narrative="已公布"
    )

    assert "未附佐证材料" in remarks(draft)

    Evidence.objects.create(submission=draft, name="公告")
    assert remarks(draft) == ""


def test_a_paper_that_was_set_up_is_asked_for_even_while_the_work_goes_on(
    milestone: Milestone,
) -> None:
    assert "称“印发了中介服务清单”" in remarks(written(milestone, narrative="印发了中介服务清单"))


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [
        ("公开率120%", True),
        ("公开率达100.5％", True),
        ("公开率100%", False),
        ("办件量同比增长120%", False),
        ("完成全年计划的110%", False),
    ],
)
def test_a_rate_above_a_hundred_is_asked_about(
    milestone: Milestone, words: str, is_asked: bool
) -> None:
    assert ("超过100%" in remarks(written(milestone, narrative=words))) is is_asked


def test_the_words_of_last_time_are_asked_about_unless_no_change_is_declared(
    milestone: Milestone,
) -> None:
    SubmissionFactory.create(milestone=milestone, accepted=True, narrative="正在征求意见")
    draft = written(milestone, number=2, narrative="正在征求意见")

    assert "与第1次反馈完全相同" in remarks(draft)

    draft.is_unchanged = True
    assert remarks(draft) == ""


def test_work_completed_before_it_was_handed_out_is_asked_about(milestone: Milestone) -> None:
    draft = written(
        milestone, work_status=WorkStatus.COMPLETED, completed_on=date(2016, 9, 1), narrative="已办"
    )

    assert "早于交办日期（2016年9月12日）" in remarks(draft)


def test_difficulties_and_delays_need_an_expected_day(milestone: Milestone) -> None:
    difficult = written(milestone, work_status=WorkStatus.DIFFICULT, narrative="资金未到位")

    assert "未注明预计完成日期" in remarks(difficult)

    difficult.expected_on = date(2018, 6, 30)
    assert remarks(difficult) == ""
    difficult.work_status, difficult.expected_on = WorkStatus.IN_PROGRESS, None
    milestone.due_on = date(2017, 6, 30)
    assert "未注明预计完成日期" in remarks(difficult)

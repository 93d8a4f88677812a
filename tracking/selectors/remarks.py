"""提示: what a reader would ask about a report; remarks, nothing stands in the way."""

import re
from datetime import date

from tracking.choices import SubmissionStatus, WorkStatus
from tracking.models import Milestone, Submission

RATE = re.compile(r"(?P<rate>\d+(?:\.\d+)?)\s*[%％]")
GROWTH = re.compile(r"(?:增长|提高|提升|上升|增加|增幅|超额|完成)[^。；，,;]{0,6}$")
SET_UP = re.compile(
    r"(?:印发|出台|制定|修订|建立)了?[^。；，,;]*"
    r"(?:制度|办法|方案|清单|意见|规定|机制|通知|文件)"
)


def remarks_on(submission: Submission, milestone: Milestone, *, on: date) -> list[str]:
    """Return what to check before a report leaves the house, as sentences; two queries.

    ``milestone`` carries its assignment with the dispatch.
    """
    found = []
    text = submission.narrative
    if not submission.evidence.exists():
        if submission.work_status == WorkStatus.COMPLETED:
            found.append("办理状态为已完成，未附佐证材料。")
        elif claim := SET_UP.search(text):
            found.append(f"称“{claim[0]}”，未附佐证材料。")
    found += [
        f"“{match[0]}”超过100%，请核对。"
        for match in RATE.finditer(text)
        if float(match["rate"]) > 100 and not GROWTH.search(text, 0, match.start())
    ]
    last = _last_accepted(submission)
    if last and text and not submission.is_unchanged and text == last.narrative:
        found.append(f"进展情况与第{last.number}次反馈完全相同；没有新进展的，请勾选“无变化”。")
    issued_on = milestone.assignment.dispatch.issued_on
    if submission.completed_on and submission.completed_on < issued_on:
        day = f"{issued_on.year}年{issued_on.month}月{issued_on.day}日"
        found.append(f"实际完成日期早于交办日期（{day}），请核对。")
    if _owes_a_day(submission, milestone, on) and submission.expected_on is None:
        found.append("未注明预计完成日期。")
    return found


def _last_accepted(submission: Submission) -> Submission | None:
    earlier = Submission.objects.filter(
        milestone=submission.milestone_id,
        number__lt=submission.number,
        status=SubmissionStatus.ACCEPTED,
    )
    return earlier.order_by("-number").first()


def _owes_a_day(submission: Submission, milestone: Milestone, on: date) -> bool:
    if submission.work_status == WorkStatus.DIFFICULT:
        return True
    return submission.work_status == WorkStatus.IN_PROGRESS and milestone.due_on < on

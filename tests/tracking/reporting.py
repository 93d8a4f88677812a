"""What a liaison types into the form of a milestone."""

from typing import Any
from uuid import uuid4

from tracking.models import Milestone


def url(milestone: Milestone) -> str:
    return f"/milestones/{milestone.pk}/"


def typed(step: str = "save", **fields: Any) -> dict[str, Any]:
    return {
        "request_key": str(uuid4()),
        "expected_version": "0",
        "step": step,
        "work_status": "in_progress",
        "narrative": "清单正在征求意见",
        "evidence-TOTAL_FORMS": "3",
        "evidence-INITIAL_FORMS": "0",
    } | fields


SIGNED = {"signed_by": "李局长", "signed_on": "2017-11-20"}

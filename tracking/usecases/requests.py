"""What a decision on something that a unit asked for has in common: 延期申请, 申请退办."""

from datetime import datetime
from typing import TypeVar

from accounts.authorize import authorize
from accounts.models import User
from accounts.usecase import lock
from tracking.models import ExtensionRequest, HandBack
from tracking.transitions import REQUEST, move

Asked = TypeVar("Asked", ExtensionRequest, HandBack)


def take(
    model: type[Asked],
    pk: int,
    step: str,
    *,
    by: User,
    expected_version: int | None,
    note: str = "",
) -> Asked:
    """Lock what was asked for, and let the person take the step with it."""
    asked = lock(model, pk, expected_version)
    authorize(by, REQUEST[step].permission, asked)
    move(asked, step, note=note)
    return asked


def answer(asked: Asked, *, by: User, at: datetime, words: str = "") -> Asked:
    """Note who decided, when and with which words."""
    asked.decided_by, asked.decided_at, asked.answer = by, at, words
    asked.version += 1
    asked.save()
    return asked

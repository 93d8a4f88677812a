"""What every app stands on."""

from accounts.models.base import (
    CalendarDay,
    Department,
    DepartmentName,
    District,
    Event,
    EventSequence,
    ExternalId,
    Group,
    Membership,
    RequestKey,
    StoredFile,
    Succession,
    User,
    UserManager,
)
from accounts.models.sign_in import ApiToken, FailedSignIn, SignInCode, UsedPassword

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Department",
    "DepartmentName",
    "District",
    "Event",
    "EventSequence",
    "ExternalId",
    "FailedSignIn",
    "Group",
    "Membership",
    "RequestKey",
    "SignInCode",
    "StoredFile",
    "Succession",
    "UsedPassword",
    "User",
    "UserManager",
]

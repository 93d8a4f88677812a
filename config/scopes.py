"""Which scope of a token opens which route: one list, asked by the one permission of the API."""

from typing import Any

from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.api.permissions import InGoodStanding
from accounts.choices import TokenScope
from accounts.models import ApiToken

REPORTING = frozenset(
    {
        *("submission-list", "submission-detail", "submission-submit", "submission-take-back"),
        *("submission-add-evidence", "submission-drop-evidence", "submission-send-for-sign-off"),
        *("sheet-save-rows", "sheet-submit", "sheet-take-back"),
        *("milestone-ask-extension", "milestone-contribute", "contribution-take-over"),
        *("assignment-hand-back", "handback-withdraw", "extensionrequest-withdraw"),
        *("dispatch-acknowledge", "dispatch-acknowledge-many", "instruction-reply"),
        *("notice-read",),
    }
)
"""Routes on which a unit says what it does."""

REVIEWING = frozenset(
    {
        *("submission-accept", "submission-send-back", "review-list"),
        *("milestone-call", "sheet-call", "urge-list"),
    }
)
"""Routes on which what was reported is judged and urged."""


def scope_needed(route: str, method: str) -> TokenScope:
    """Return the scope that a call wants; what nobody has listed is managing."""
    if route == "events":
        return TokenScope.FEED
    if method in SAFE_METHODS or route == "parse":
        return TokenScope.READ
    if route in REPORTING:
        return TokenScope.REPORT
    return TokenScope.REVIEW if route in REVIEWING else TokenScope.MANAGE


class InScope(InGoodStanding):
    """Somebody in good standing whose token, where one was sent, has the scope that is needed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse a token that was not made for this, and say which scope it lacks."""
        if not super().has_permission(request, view):
            return False
        token = request.auth
        match = request.resolver_match
        if isinstance(token, ApiToken) and match is not None:
            needed = scope_needed(match.url_name or "", request.method or "")
            if needed not in token.scopes:
                raise exceptions.PermissionDenied(
                    f"这个令牌没有“{needed.label}”（{needed.value}）权限，请换用有这项权限的令牌。",
                    code="scope_missing",
                )
        return True

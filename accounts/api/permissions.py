"""Who may call the API at all."""

from typing import Any

from rest_framework import exceptions, permissions
from rest_framework.request import Request

from accounts import clock
from accounts.models import User
from accounts.passwords import is_expired


class InGoodStanding(permissions.IsAuthenticated):
    """Somebody signed in, whose password is not too old."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse strangers, and with its own code a person who has to change the password."""
        if not super().has_permission(request, view):
            return False
        if isinstance(request.user, User) and is_expired(request.user, now=clock.real_now()):
            raise exceptions.PermissionDenied(
                "密码已用满90天，请在网页上换一个新密码后再调用。", code="password_expired"
            )
        return True

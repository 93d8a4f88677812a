"""Who may call the API at all."""

from typing import Any

from rest_framework import exceptions, permissions
from rest_framework.request import Request

from accounts.duties import has_old_password, lacks_second_factor
from accounts.models import User


class InGoodStanding(permissions.IsAuthenticated):
    """Somebody signed in, whose password is not too old and who came with all factors asked for.

    A token is a factor of its own, made at the machine; a session needs the second one.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse strangers, and with a code of its own whoever has something to do first."""
        if not super().has_permission(request, view):
            return False
        user = request.user
        if not isinstance(user, User):
            return False
        if has_old_password(request, user):
            raise exceptions.PermissionDenied(
                "密码已用满90天，请在网页上换一个新密码后再调用。", code="password_expired"
            )
        if request.auth is None and lacks_second_factor(request, user):
            raise exceptions.PermissionDenied(
                "审核人员和管理员要先在网页上设置两步验证。", code="second_factor_required"
            )
        return True

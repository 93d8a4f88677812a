"""How often somebody may call."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from accounts.models import ApiToken


class TokenRateThrottle(UserRateThrottle):
    """Counts each token by itself, so that one program does not slow another, and the session of
    the pages by its person."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return under which name the calls are counted."""
        if isinstance(request.auth, ApiToken):
            return f"throttle_{self.scope}_token{request.auth.pk}"
        return super().get_cache_key(request, view)

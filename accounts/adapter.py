"""How allauth behaves here: people are registered, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up from outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: accounts come from the register."""
        return False

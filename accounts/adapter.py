"""How allauth behaves here: people are registered, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import clock
from accounts.attempts import forget_failures, note_failure, refuse_locked
from accounts.errors import TooManyError
from accounts.sessions import begin


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up from outside; wrong passwords are counted in the database."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: accounts come from the register."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Look at no password while the way of this name from this source is closed."""
        name, source = credentials.get("username", ""), self.get_client_ip(request)
        try:
            refuse_locked(name, source, now=clock.real_now())
        except TooManyError as error:
            raise ValidationError(error.message) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the person of a right name and password, and count a wrong one."""
        name, source = credentials.get("username", ""), self.get_client_ip(request)
        user = super().authenticate(request, **credentials)
        if user is None:
            note_failure(name, source, now=clock.real_now())
        else:
            forget_failures(name, source)
        return None if user is not None and user.is_service else user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in, and let the session begin to run out."""
        super().login(request, user)
        begin(request.session, clock.real_now())

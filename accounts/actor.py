"""Who makes a request."""

from django.http import HttpRequest

from accounts.models import User


def actor(request: HttpRequest) -> User:
    """Return the person who is signed in; the middleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user

"""Addresses as they stand in mails, papers and API answers: of our own base, never of a request."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """Return the full address of a page."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"

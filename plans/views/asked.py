"""What the views of measures share: the measure asked for, its page, the version that was seen."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from plans.models import Measure

REFUSALS = (InvalidError, ConflictError, StaleError)


def visible_measure(user: User, pk: int, **asked: int) -> Measure:
    """Return a measure that the person may correct, or answer 404."""
    rows = Measure.objects.visible_to(user).correctable()
    return get_object_or_404(
        rows.select_related("edition__plan__district", "part", "checked_by"), pk=pk, **asked
    )


def measure_page(found: Measure) -> str:
    """Return the address of the page of a measure."""
    return reverse("plans:measure", args=[found.edition_id, found.pk])


def asked_version(request: HttpRequest) -> int | None:
    """Return the version of the edition that the person saw, if the form carries it."""
    given = request.POST.get("expected_version", "")
    return int(given) if given.isascii() and given.isdigit() else None


def new_key() -> uuid.UUID:
    """Return the key under which one request is carried out once."""
    return uuid.uuid4()

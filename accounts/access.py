"""The end of what somebody holds: sessions and tokens, at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from accounts.models import ApiToken, User


def end_access(people: Iterable[int], *, now: datetime) -> None:
    """End the sessions and tokens of people whose roles changed; inside a use case."""
    ids = list(people)
    User.objects.filter(pk__in=ids).update(access_version=F("access_version") + 1)
    ApiToken.objects.usable(at=now).filter(user__in=ids).update(revoked_at=now)

"""The address of a calendar feed: made, shown once, taken back."""

import secrets
from datetime import datetime

from accounts.authorize import authorize
from accounts.events import record
from accounts.models import User
from accounts.tokens import digest
from accounts.usecase import refuse_unless, usecase
from notifications.models import CalendarFeed


@usecase
def make_feed(*, by: User, at: datetime) -> CalendarFeed:
    """Give the person a new secret address and end the one before; ``secret`` of the row returned
    is the only place where it can be read, empty when the same request comes again."""
    authorize(by, "notifications.subscribe")
    CalendarFeed.objects.live().filter(user=by).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=by, digest=digest(secret), created_at=at)
    feed.secret = secret
    record(by, "make_feed", by=by, at=at)
    return feed


@usecase
def revoke_feed(*, by: User, at: datetime) -> None:
    """End the person's address at once."""
    ended = CalendarFeed.objects.live().filter(user=by).update(revoked_at=at)
    refuse_unless(ended, "没有在用的订阅地址。")
    record(by, "revoke_feed", by=by, at=at)

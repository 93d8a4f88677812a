"""API tokens: 256 random bits shown once, kept as a hash, expiring, revocable.

They live by the machine's clock: a demonstration date must not keep one alive.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.errors import ConflictError, InvalidError
from accounts.events import record
from accounts.models import ApiToken, User
from accounts.usecase import refuse_unless, usecase

PREFIX = "pt_"
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and the secret that nobody can read again."""

    token: ApiToken
    secret: str


@usecase
def create_token(
    *, user: User, name: str, expires_at: datetime, by: User | None, at: datetime
) -> NewToken:
    """Give a person a token for a program; at most a year, and only to a person in use."""
    refuse_unless(user.is_active, "这个人员已停用，不能建立令牌。")
    if not name.strip():
        raise InvalidError("请写明令牌的用途。")
    if not at < expires_at <= at + LONGEST:
        raise InvalidError("令牌的有效期要在一年以内。")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=digest(secret),
        created_at=at,
        expires_at=expires_at,
    )
    record(token, "create_token", by=by, at=at, note=token.name, data={"user": user.pk})
    return NewToken(token, secret)


@usecase
def revoke_token(*, token_id: int, by: User | None, at: datetime) -> ApiToken:
    """End a token at once."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or token.revoked_at is not None:
        raise ConflictError("没有这个令牌，或它已经停用。")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(token, "revoke_token", by=by, at=at, note=token.name, data={"user": token.user_id})
    return token


def digest(secret: str) -> str:
    """Return what is kept of a secret; 256 random bits want no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the usable token of this secret and note the day of its use, once a day."""
    token = (
        ApiToken.objects.usable(at=at).select_related("user").filter(digest=digest(secret)).first()
    )
    if token is not None:
        today = timezone.localdate(at)
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token

"""API tokens: 256 random bits shown once, kept as a hash, scoped, expiring, revocable.

They live by the machine's clock: a demonstration date must not keep one alive.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.authorize import authorize
from accounts.choices import TokenScope
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.events import record
from accounts.models import ApiToken, User
from accounts.usecase import refuse_unless, usecase

PREFIX = "pt_"
LONGEST = timedelta(days=366)
WARNED_BEFORE = timedelta(days=14)
MOST_TOKENS = 20


@usecase
def create_token(
    *,
    user: User,
    name: str,
    expires_at: datetime,
    by: User | None,
    at: datetime,
    scopes: Collection[TokenScope] = tuple(TokenScope),
    asked_with: ApiToken | None = None,
) -> ApiToken:
    """Give a person or a service account a token for a program; at most a year, and only to one in
    use. The answer carries the ``secret``, which nobody can read again.

    ``by`` is None at the machine itself. A token that asks, ``asked_with``, gives no more than it
    has: neither another scope nor a later end.
    """
    if by is not None:
        authorize(by, "accounts.make_token", user)
    refuse_unless(user.is_active, "这个账号已停用，不能建立令牌。")
    if not name.strip():
        raise InvalidError("请写明令牌的用途。")
    if not scopes:
        raise InvalidError("请至少选一项权限。")
    if not at < expires_at <= at + LONGEST:
        raise InvalidError("令牌的有效期要在一年以内。")
    if asked_with is not None:
        _refuse_more(asked_with, scopes, expires_at)
    in_use = ApiToken.objects.usable(at=at).filter(user=user).count()
    refuse_unless(in_use < MOST_TOKENS, f"在用的令牌已有{MOST_TOKENS}个，请先停用不用的。")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=digest(secret),
        scopes=[scope.value for scope in TokenScope if scope in scopes],
        created_at=at,
        expires_at=expires_at,
    )
    token.secret = secret
    _record(token, "create_token", by=by, at=at, scopes=token.scopes)
    return token


def _refuse_more(held: ApiToken, scopes: Collection[TokenScope], expires_at: datetime) -> None:
    more = [
        str(scope.label) for scope in TokenScope if scope in scopes and scope not in held.scopes
    ]
    if more:
        raise ForbiddenError(
            f"新令牌的权限不能多于所用的令牌，请去掉{'、'.join(more)}。", code="scope_missing"
        )
    if expires_at > held.expires_at:
        until = timezone.localtime(held.expires_at)
        raise ForbiddenError(
            f"新令牌的失效时间不能晚于所用的令牌（{until:%Y年%-m月%-d日 %H:%M}）。",
            code="later_than_own",
        )


@usecase
def revoke_token(*, token_id: int, by: User | None, at: datetime) -> ApiToken:
    """End a token at once: one's own, or as system administrator one of the district."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is not None and by is not None:
        authorize(by, "accounts.revoke_token", token.user)
    if token is None or token.revoked_at is not None:
        raise ConflictError("没有这个令牌，或它已经停用。")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    _record(token, "revoke_token", by=by, at=at)
    return token


@usecase
def warn_of_ending_tokens(*, at: datetime, now: datetime) -> int:
    """Note once of each token that it runs out within two weeks, so that its owner is told; return
    how many. Those made for so short a time are not worth a word. ``now`` is the machine's time."""
    ending = ApiToken.objects.usable(at=now).filter(
        warned_at=None,
        expires_at__lte=now + WARNED_BEFORE,
        created_at__lt=F("expires_at") - WARNED_BEFORE,
    )
    tokens = list(ending.select_related("user").select_for_update(of=("self",)).order_by("id"))
    for token in tokens:
        until = timezone.localdate(token.expires_at).isoformat()
        _record(token, "end_soon", by=None, at=at, until=until)
    ApiToken.objects.filter(pk__in=[token.pk for token in tokens]).update(warned_at=now)
    return len(tokens)


def _record(token: ApiToken, action: str, *, by: User | None, at: datetime, **more: object) -> None:
    seat = token.user.memberships.held().select_related("department").order_by("id").first()
    unit = seat.department if seat else None
    record(
        token,
        action,
        by=by,
        at=at,
        district=unit.district_id if unit else None,
        department=unit,
        note=token.name,
        data={"user": token.user_id, **more},
    )


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

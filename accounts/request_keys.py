"""Request keys: the same form or call sent twice is carried out once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts import clock
from accounts.errors import ConflictError, KeyReusedError

if TYPE_CHECKING:
    from accounts.models import RequestKey, User


@dataclass(frozen=True, slots=True)
class RequestKeyClaim:
    """The key that came with a request and a hash of what it carried."""

    key: str
    body_hash: str


_carried: ContextVar[RequestKeyClaim | None] = ContextVar("request_key", default=None)


@contextmanager
def carrying(claim: RequestKeyClaim) -> Iterator[None]:
    """Let the use case that runs inside find the key."""
    token = _carried.set(claim)
    try:
        yield
    finally:
        _carried.reset(token)


@contextmanager
def carrying_row(place: int) -> Iterator[None]:
    """Give one row of a list a key of its own, made of the carried one."""
    carried = _carried.get()
    if carried is None:
        yield
        return
    key = hashlib.sha256(f"{carried.key}:{place}".encode()).hexdigest()
    with carrying(RequestKeyClaim(key=key, body_hash=carried.body_hash)):
        yield


def claim(*, user: "User", route: str) -> "tuple[RequestKey | None, bool]":
    """Insert the carried key in the open transaction; return its row and whether it is new.

    (None, True) where no key is carried. KeyReusedError when the earlier request had another body.
    """
    carried = _carried.get()
    if carried is None:
        return None, True
    keys = apps.get_model("accounts", "RequestKey")
    row = keys(
        user=user,
        route=route,
        key=carried.key,
        body_hash=carried.body_hash,
        created_at=clock.real_now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        seen: RequestKey = keys.objects.get(user=user, route=route, key=carried.key)
        if seen.body_hash != carried.body_hash:
            raise KeyReusedError from None
        return seen, False
    return row, True


def remember(row: "RequestKey", result: Any) -> None:
    """Keep which object the request made or changed."""
    if isinstance(result, Model):
        row.object_kind = result._meta.label_lower
        row.object_id = result.pk
        row.save(update_fields=["object_kind", "object_id"])


def earlier_result(row: "RequestKey") -> Any:
    """Return the object that the first request made or changed."""
    if not row.object_kind:
        return None
    found = apps.get_model(row.object_kind)._default_manager.filter(pk=row.object_id).first()
    if found is None:
        raise ConflictError("这次操作已经完成过，相关记录后来已被删除。")
    return found

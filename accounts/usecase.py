"""@usecase, the one door for every change: the only opener of transactions."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.module_loading import import_string

from accounts import clock, events, request_keys
from accounts.choices import EventResult
from accounts.errors import ConflictError, DomainError, NotFoundError, StaleError
from accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)
_running: ContextVar[str] = ContextVar("running_usecase", default="")


def usecase(body: Callable[P, R]) -> Callable[P, R]:
    """Run the body in one durable transaction of its own.

    The transaction claims the carried request key (a repetition returns the first result and runs
    nothing), runs the body, writes its events last and commits; then the sweep is woken. A refusal
    for lack of a right rolls back and leaves a denied event of its own. Nesting is a RuntimeError.
    The acting person is the keyword argument ``by``.
    """
    route = f"{body.__module__}.{body.__qualname__}"

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _running.get():
            raise RuntimeError(f"{route} called inside {_running.get()}")
        by = kwargs.get("by")
        running = _running.set(route)
        collecting = events.begin()
        try:
            with transaction.atomic(durable=True):
                key, is_new = (
                    request_keys.claim(user=by, route=route)
                    if isinstance(by, User)
                    else (None, True)
                )
                if key is not None and not is_new:
                    return request_keys.earlier_result(key)  # type: ignore[no-any-return]
                result = body(*args, **kwargs)
                if key is not None:
                    request_keys.remember(key, result)
                if events.write() and settings.AFTER_COMMIT:
                    transaction.on_commit(import_string(settings.AFTER_COMMIT), robust=True)
                return result
        except DomainError as error:
            if error.lacks_right and isinstance(by, User):
                _write_denied(by, body.__name__)
            raise
        finally:
            events.end(collecting)
            _running.reset(running)

    return run


def _write_denied(by: User, step: str) -> None:
    token = events.begin()
    try:
        with transaction.atomic(durable=True):
            events.record(by, step, by=by, at=clock.now(), result=EventResult.DENIED)
            events.write()
    finally:
        events.end(token)


def lock(
    model: type[M], pk: int, expected_version: int | None = None, *, along: str | None = None
) -> M:
    """Return the row locked until the commit; NotFoundError, or StaleError on another version.

    ``along`` names a related row that is read with it, unlocked.
    """
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk=pk)
    row = (rows.select_related(along) if along else rows).first()
    if row is None:
        raise NotFoundError
    if expected_version is not None and row.version != expected_version:  # type: ignore[attr-defined]
        raise StaleError
    return row


def refuse_unless(condition: object, message: str) -> None:
    """Raise ConflictError with the sentence unless the condition holds."""
    if not condition:
        raise ConflictError(message)

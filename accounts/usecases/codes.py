"""开通码: the first sign-in and the forgotten password, by a printed code and without mail."""

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from accounts.attempts import forget_failures, note_failure, open_again, refuse_locked, same_name
from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import SignInCode, User
from accounts.usecase import lock, refuse_unless, usecase

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
LIFE = timedelta(days=3)


@usecase
def issue_code(*, user_id: int, by: User, at: datetime, now: datetime) -> SignInCode:
    """Make a code for a person and end the one before it; ``secret`` of the row returned is the
    only place where it can be read, and empty when the same request comes again.

    ``now`` is the machine's own time: a demonstration day must not keep a code alive.
    """
    person = lock(User, user_id)
    authorize(by, "accounts.issue_code", person)
    return make_code(person, by=by, at=at, now=now)


def make_code(person: User, *, by: User, at: datetime, now: datetime) -> SignInCode:
    """Make and record the code of a locked person, inside a use case."""
    SignInCode.objects.live().filter(user=person).update(ended_at=now)
    open_again(person.username)
    secret = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    code = SignInCode.objects.create(
        user=person, digest=_digest(secret), issued_by=by, issued_at=now, expires_at=now + LIFE
    )
    code.secret = "-".join(secret[start : start + 4] for start in range(0, LENGTH, 4))
    seat = person.memberships.active().select_related("department").first()
    record(
        person,
        "issue_code",
        by=by,
        at=at,
        district=seat.department.district_id if seat else None,
        department=seat.department if seat else None,
    )
    return code


@usecase
def unlock_sign_in(*, user_id: int, by: User, at: datetime) -> User:
    """Let a person try again whose sign-in was closed by wrong passwords."""
    person = lock(User, user_id)
    authorize(by, "accounts.issue_code", person)
    refuse_unless(open_again(person.username), "这个账号没有被锁定，可以直接登录。")
    record(person, "unlock_sign_in", by=by, at=at)
    return person


@usecase
def set_password_by_code(
    *, username: str, code: str, password: str, source: str, at: datetime, now: datetime
) -> User | None:
    """Set the password of the person to whom the code was given, once; None for a wrong name or
    code, whichever it is, which counts as a failed sign-in. Sessions and tokens end."""
    refuse_locked(username, source, now=now)
    found = (
        SignInCode.objects.usable(at=now)
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(digest=_digest(code), user__username=same_name(username))
        .first()
    )
    if found is None:
        note_failure(username, source, now=now)
        return None
    person = found.user
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidError("".join(error.messages)) from error
    person.set_password(password)
    person.save(update_fields=["password"])
    found.used_at = now
    found.save(update_fields=["used_at"])
    forget_failures(username, source)
    record(person, "set_password_by_code", by=person, at=at)
    return person


def _digest(secret: str) -> str:
    """Return what is kept of a code, however it was typed: twelve signs are 59 random bits."""
    typed = unicodedata.normalize("NFKC", secret).upper()
    kept = "".join(sign for sign in typed if sign.isalnum())
    return salted_hmac("accounts.sign_in_code", kept, algorithm="sha256").hexdigest()
